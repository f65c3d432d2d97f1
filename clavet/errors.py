"""The pages that say what went wrong, in the reader's language and within the skeleton.

None of them asks the database for anything that the request does not already know; 500 and 503 ask for nothing.
"""

import logging
import sys

from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import translation
from django.utils.html import escape
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from translations import typesetting

from . import database, languages
from .context_processors import portal

log = logging.getLogger(__name__)

RETRY_AFTER = 5  # seconds


def bare(request, template: str, status: int, **context) -> HttpResponse:
    """A page made without the person: no session, no query, and a plain one if even the skeleton fails."""
    code = languages.of_path(request.path_info) or languages.of_browser(request) or "en"
    user, request.user = getattr(request, "user", None), AnonymousUser()
    try:
        with translation.override(code):
            try:
                body = loader.get_template(template).render({"request": request, **portal(request), **context})
            except Exception:  # whatever it is, a person waits for an answer
                log.exception("The page %s cannot be made", template)
                body = _plain(code)
    finally:
        request.user = user
    return HttpResponse(body, status=status, headers={"Cache-Control": "no-store", "Content-Language": code})


def _plain(code):
    title, text = (
        escape(_("Something went wrong here")),
        escape(_("The error was recorded. Try again in a few minutes.")),
    )
    return (
        f'<!doctype html><html lang="{code}"><meta charset="utf-8"><title>{title}</title>'
        f'<h1>{title}</h1><p>{text}</p><p><a href="/{code}/">CLAVET</a></p>'
    )


def page(request, template: str, status: int, **context) -> HttpResponse:
    """A page in the skeleton, in the language of the request; bare if the request has not met everybody yet."""
    if not hasattr(request, "user") or database.is_down():
        return bare(request, template, status, **context)
    try:
        with translation.override(languages.of_request(request)):
            response = render(request, template, context, status=status)
    except (OperationalError, InterfaceError) as error:
        return unavailable(request, error)
    response.headers["Cache-Control"] = "no-store"
    return response


def bad_request(request, exception=None):
    return bare(request, "400.html", 400)


def permission_denied(request, exception=None):
    reason = str(exception) if exception and exception.args else ""
    return page(request, "403.html", 403, reason=reason)


def csrf_failure(request, reason=""):
    """The form was open too long, or in a browser that keeps no cookies."""
    return page(request, "403.html", 403, form_expired=True)


def wrong_method(request, allowed: str):
    """405: opened or sent in a way that the address does not know; `allowed` are the ways that it knows."""
    back = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = ""
    response = page(request, "405.html", 405, back=back)
    response.headers["Allow"] = allowed
    return response


def page_not_found(request, exception=None):
    return page(request, "404.html", 404, counts={})


def gone(request, **context):
    """What was here is no longer public, on purpose (an archived fiche)."""
    return page(request, "410.html", 410, **context)


def conflict(request, **context):
    """Two people changed the same thing; context: title, state, url, mine and theirs ({label, left, right})."""
    return page(request, "409.html", 409, **context)


def lost_race(request, exception):
    """A move that came too late: the page says in which state the thing is now."""
    subject = exception.object
    url = subject.get_absolute_url() if hasattr(subject, "get_absolute_url") else ""
    with translation.override(languages.of_request(request)):
        return conflict(request, subject=str(subject), state=subject.get_status_display(), url=url)


def no_document(request, exception):
    """A PDF that was not made: 413 for too much text, 503 for too much work (the page says: ask for less)."""
    if isinstance(exception, typesetting.TooLong):
        return page(request, "413.html", 413)
    log.error("No PDF of %s: %s", request.get_full_path(), exception)
    response = page(request, "503.html", 503, busy=True, back=request.get_full_path())
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def server_error(request):
    """Also reached by a database that fails outside views, in the middleware."""
    exception = sys.exc_info()[1]
    if isinstance(exception, OperationalError | InterfaceError):
        return unavailable(request, exception)
    return bare(request, "500.html", 500)


def unavailable(request, exception=None):
    """503: the database cannot be reached, or the answer would take too long (`busy`)."""
    busy = exception is not None and not database.is_unreachable(exception)
    if exception is not None:
        log.error("%s: %s", "Too slow" if busy else "Database down", exception)
        if not busy:
            database.watch()
    back = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    response = bare(request, "503.html", 503, busy=busy, back=back)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
