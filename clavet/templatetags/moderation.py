"""What waits for a coordinator, for the first page of the admin."""

from django import template
from django.conf import settings

from accounts.queues import waiting_for

register = template.Library()


@register.simple_tag
def queues(user):
    """{% queues user as rows %}: number, oldest age and overdue rows of each queue."""
    return waiting_for(user)


@register.simple_tag
def review_working_days():
    return settings.REVIEW_WORKING_DAYS
