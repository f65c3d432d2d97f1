"""JSON as text, in a file and inside a page."""

import json

from django.utils.safestring import SafeString, mark_safe

UNREAD_BY_HTML = {sign: f"\\u{ord(sign):04x}" for sign in "<>&"}


def written(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def known(node: dict) -> dict:
    """Without what is not known."""
    return {name: value for name, value in node.items() if value not in (None, "", [])}


def in_page(text: str) -> SafeString:
    """For the inside of <script type="application/ld+json">: < > & are written so that no text ends the element."""
    for sign, written_as in UNREAD_BY_HTML.items():  # str.translate() asks for each character
        text = text.replace(sign, written_as)
    return mark_safe(text)
