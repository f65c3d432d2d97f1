"""Which language a request asks for: its path says so, else the person's choice, else the browser. Never a cookie."""

from functools import lru_cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

NAMES = dict(settings.LANGUAGES)


def of_path(path: str) -> str | None:
    """The language that a path begins with, or None: /el/fiches/ → el."""
    code = path[1:3]
    return code if code in NAMES and path[3:4] in ("", "/") else None


def of_browser(request) -> str | None:
    """The first of the nine that the browser asks for, or None."""
    return _first_of_ours(request.META.get("HTTP_ACCEPT_LANGUAGE", "")[:500])


@lru_cache(maxsize=1000)
def _first_of_ours(header: str) -> str | None:
    for wanted, _quality in parse_accept_lang_header(header):
        if wanted == "*":
            return None
        try:
            found = get_supported_language_variant(wanted)
        except LookupError:
            continue
        return found
    return None


def of_request(request) -> str:
    """The language in which `request` is answered: of the path, of the signed-in person, of the browser."""
    if found := of_path(request.path_info):
        return found
    user = getattr(request, "user", None)
    # A stranger has no session; looking for one would cost a query and vary the answer by cookie.
    if user is not None and settings.SESSION_COOKIE_NAME in request.COOKIES and user.is_authenticated:
        return user.language
    return of_browser(request) or settings.LANGUAGE_CODE


def offered(request) -> str | None:
    """The browser's own language, if the page is in another one of the nine."""
    shown, own = of_path(request.path_info), of_browser(request)
    return own if shown and own and own != shown else None


def in_language(request, code: str) -> str:
    """The address of this page, with its query, in another language; the home page where it has no prefix."""
    if not of_path(request.path_info):
        return f"/{code}/"
    return f"/{code}{request.get_full_path()[3:]}"


def links(request) -> list[dict]:
    """The language switch: this page in each language, named in that language."""
    shown, rest = translation.get_language(), in_language(request, "xx").removeprefix("/xx")
    return [
        {"code": code, "name": name, "url": f"/{code}{rest}", "current": code == shown}
        for code, name in settings.LANGUAGES
    ]


def offer(request) -> dict | None:
    """One line in the browser's own language that leads to this page in it."""
    code = offered(request)
    if not code:
        return None
    with translation.override(code):
        sentence = _("This page is also available in your language.")
    return {"code": code, "name": NAMES[code], "sentence": sentence, "url": in_language(request, code)}
