import uuid

from django import template
from django.utils.html import format_html

from accounts.once import FIELD, token_of

register = template.Library()


@register.simple_tag(takes_context=True)
def once(context):
    """{% once %} inside a form that creates a row: its token, kept while the form comes back with errors."""
    request = context.get("request")
    token = token_of(request) if request and request.method == "POST" else uuid.uuid4()
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, token)
