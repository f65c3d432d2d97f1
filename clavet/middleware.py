"""What holds for every request: headers, a page when the database is down, ready pages, language and time zone."""

import zoneinfo
from urllib.parse import urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponseNotModified, HttpResponseRedirect
from django.middleware.gzip import GZipMiddleware
from django.urls import is_valid_path
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from accounts.history import LostRace
from translations import typesetting

from . import database, errors, languages, page_cache


def content_security_policy() -> str:
    """Own files only, nothing inline; a form may lead on to the log-in of a configured OpenID provider."""
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    servers = [urlsplit(app["settings"]["server_url"]) for app in apps if app.get("settings", {}).get("server_url")]
    logins = "".join(f" {server.scheme}://{server.netloc}" for server in servers)
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; manifest-src 'self'; form-action 'self'{logins}; base-uri 'none'; frame-ancestors 'none'"
    )


def security_headers(get_response):
    """Strict Content Security Policy and its companions, on every answer."""
    policy = content_security_policy()
    allowed = "publickey-credentials-get=(self), publickey-credentials-create=(self), fullscreen=(self)"
    nothing = ", ".join(
        f"{feature}=()"
        for feature in [
            "accelerometer",
            "camera",
            "display-capture",
            "geolocation",
            "gyroscope",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "usb",
        ]
    )

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", f"{nothing}, {allowed}")
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response

    return middleware


def database_down(get_response):
    """A page instead of an error while the database cannot be reached, or a lost race tells who was faster."""

    def middleware(request):
        if database.is_down() and request.path_info not in ("/healthz", "/readyz"):
            return errors.unavailable(request)
        return get_response(request)

    def process_exception(request, exception):
        if isinstance(exception, OperationalError | InterfaceError):
            return errors.unavailable(request, exception)
        if isinstance(exception, LostRace):
            return errors.lost_race(request, exception)
        if isinstance(exception, typesetting.Failed | typesetting.TooLong):
            return errors.no_document(request, exception)
        return None

    middleware.process_exception = process_exception
    return middleware


def compressed(get_response):
    """Text leaves compressed; the length of a person's page is blurred by some random bytes (BREACH)."""
    gzip = GZipMiddleware(get_response)

    def middleware(request):
        response = get_response(request)
        return gzip.process_response(request, response) if page_cache.is_compressible(response) else response

    return middleware


def cached_pages(get_response):
    """Strangers get ready pages and 304s, nobody else's pages are kept anywhere (see page_cache)."""

    def middleware(request):
        limit = settings.PAGE_CACHE_BYTES
        if not limit or not page_cache.is_for_strangers(request):
            return with_cache_rules(request, get_response(request))
        try:
            name = page_cache.etag(request)
        except OperationalError as error:
            return errors.unavailable(request, error)
        if name in request.headers.get("If-None-Match", ""):
            return HttpResponseNotModified(headers={"ETag": name, "Cache-Control": "public, no-cache", "Vary": VARY})
        packed = page_cache.accepts_gzip(request)
        if ready := page_cache.pages.get(f"{name} {packed}"):
            return ready
        response = get_response(request)
        if not page_cache.may_be_kept(response):
            return with_cache_rules(request, response)
        response.headers["ETag"] = name
        with_cache_rules(request, response)
        if packed and page_cache.is_compressible(response) and len(response.content) > page_cache.SHORT:
            page_cache.pack(response)
        page_cache.pages.put(f"{name} {packed}", response, limit)
        return response

    return middleware


VARY = "Accept-Encoding, Accept-Language, HX-Request"


def with_cache_rules(request, response):
    """Strangers' pages may be kept if one asks before using them; what a person sees may be kept nowhere."""
    if "Cache-Control" in response.headers:
        return response
    if page_cache.is_for_strangers(request) and page_cache.may_be_kept(response):
        response.headers["Cache-Control"] = "public, no-cache"
        # Looking whether somebody is signed in varies by cookie; here we know that nobody is.
        response.headers["Vary"] = VARY
    else:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def language(get_response):
    """The page's language is in its path; an address without one leads to the reader's."""

    def middleware(request):
        code = languages.of_path(request.path_info) or languages.of_browser(request) or settings.LANGUAGE_CODE
        translation.activate(code)
        request.LANGUAGE_CODE = code
        response = get_response(request)
        if languages.of_path(request.path_info):
            response.headers.setdefault("Content-Language", code)
        elif response.status_code == 404 and request.method in ("GET", "HEAD"):
            response = to_a_language(request) or response
        return response

    return middleware


def to_a_language(request):
    """A redirect to the same address in the reader's language, or None where there is no such page."""
    code = languages.of_request(request)
    path = f"/{code}{request.path_info}"
    missing_slash = not is_valid_path(path)
    if missing_slash and not is_valid_path(f"{path}/"):
        return None
    redirect = HttpResponseRedirect(f"/{code}{request.get_full_path(force_append_slash=missing_slash)}")
    patch_vary_headers(redirect, ["Accept-Language", "Cookie"])
    return redirect


def personal_preferences(get_response):
    """Time zone of the signed-in person; on pages without a language prefix also their language."""

    def middleware(request):
        if not request.user.is_authenticated:
            return get_response(request)
        if languages.of_path(request.path_info) is None:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        with timezone.override(zoneinfo.ZoneInfo(request.user.time_zone)):
            return get_response(request)

    return middleware


def wrong_method(get_response):
    """People get a page where an address does not know the method; programs and htmx the bare answer."""

    def middleware(request):
        response = get_response(request)
        if response.status_code != 405 or response.content or request.htmx:
            return response
        if request.get_preferred_type(["text/html", "application/json"]) != "text/html":
            return response
        return errors.wrong_method(request, response.headers["Allow"])

    return middleware
