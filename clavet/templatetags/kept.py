"""{% kept %}: a part of a page that is made once and then only copied."""

from django import template
from django.conf import settings
from django.template.base import token_kwargs
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

register = template.Library()
_by_process: dict[tuple, str] = {}  # what only a new release changes


class Kept(template.Node):
    def __init__(self, name, store, keys, values, parts):
        self.name, self.store, self.keys, self.parts = name, store, keys, parts
        # Names stand in the kept text between two signs of the private use area, which nobody types.
        self.values = {f"\ue0c1{name}\ue0c2": expression for name, expression in values.items()}
        self.places = {name: mark_safe(place) for name, place in zip(values, self.values, strict=True)}

    def render(self, context):
        store = self.store.resolve(context, ignore_failures=True) if self.store else _by_process
        if store is None or settings.DEBUG:
            given = {name: self.values[place].resolve(context) for name, place in self.places.items()}
            with context.push(**given):
                return self.parts.render(context)
        key = (self.name, get_language(), *[key.resolve(context, ignore_failures=True) for key in self.keys])
        text = store.get(key)
        if text is None:
            with context.push(**self.places):
                text = store[key] = str(self.parts.render(context))
        for place, value in self.values.items():
            text = text.replace(place, conditional_escape(value.resolve(context)))
        return text


@register.tag
def kept(parser, token):
    """{% kept filters in store by number with here=request.path %} … {% endkept %}: made once for each language.

    in: a dict whose owner says how long it lives; where it is None the part is made each time. Without it the process
    keeps the part for its life. by: what else the part depends on; there must be few such values, and nothing personal.
    with: texts that are put into the finished part each time, where it says {{ here }}; it can do nothing else with them.
    """
    name, *words = token.split_contents()[1:]
    store, keys, values = None, [], {}
    if words[:1] == ["in"]:
        store, words = parser.compile_filter(words[1]), words[2:]
    if words[:1] == ["by"]:
        end = words.index("with") if "with" in words else len(words)
        keys, words = [parser.compile_filter(word) for word in words[1:end]], words[end:]
    if words[:1] == ["with"]:
        words = words[1:]
        values = token_kwargs(words, parser)
    if words:
        raise template.TemplateSyntaxError(f"“kept” does not understand “{' '.join(words)}”.")
    parts = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(name, store, keys, values, parts)
