"""What machines ask: whether the process lives, whether it can serve, what they may read, whom they may tell."""

import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

TEXT = "text/plain; charset=utf-8"
SECURITY_TXT_VALID = datetime.timedelta(days=180)  # RFC 9116 wants an end; the file is made anew each time

_migrated = False  # once true it stays true for this process


@login_not_required
@require_safe
@never_cache
def healthz(request):
    """The process lives; asks nothing of the database."""
    return HttpResponse("ok\n", content_type=TEXT)


@login_not_required
@require_safe
@never_cache
def readyz(request):
    """The database answers and has every migration of this release; else 503 and the reason."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        reason = "" if all_migrations_applied() else "migrations are missing"
    except Error:
        reason = "the database does not answer"
    return HttpResponse(f"{reason or 'ok'}\n", content_type=TEXT, status=503 if reason else 200)


def all_migrations_applied() -> bool:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def robots_txt(request):
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    context = {"sitemap": sitemap, "languages": settings.LANGUAGE_CODES}
    return render(request, "robots.txt", context, content_type=TEXT)


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def security_txt(request):
    expires = (timezone.now() + SECURITY_TXT_VALID).replace(microsecond=0)
    context = {"expires": expires.isoformat().replace("+00:00", "Z"), "address": settings.CONTACT_EMAIL}
    context |= {"url": request.build_absolute_uri(), "languages": settings.LANGUAGE_CODES}
    return render(request, "security.txt", context, content_type=TEXT)
