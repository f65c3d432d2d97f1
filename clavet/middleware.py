"""What holds for every request: headers, a page when the database is down, cached pages, the person's language."""

import zoneinfo

from django.utils import timezone, translation


def security_headers(get_response):
    """Strict Content Security Policy and its companions."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'",
        )
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        return response

    return middleware


def database_down(get_response):
    return get_response


def cached_pages(get_response):
    return get_response


def personal_preferences(get_response):
    """Time zone of the signed-in person; on pages without a language prefix also their language."""

    def middleware(request):
        if not request.user.is_authenticated:
            return get_response(request)
        if translation.get_language_from_path(request.path_info) is None:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        with timezone.override(zoneinfo.ZoneInfo(request.user.time_zone)):
            return get_response(request)

    return middleware
