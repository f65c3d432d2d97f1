"""What no page can be faster than: an empty view, one statement, the skeleton, the bare SQL of list and search."""

from functools import cache
from unittest import mock

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from clavet import context_processors
from fiches.views import reading

SKELETON = '{% extends "base.html" %}{% block title %}Bench{% endblock %}{% block content %}{{ text }}{% endblock %}'


def counting(get_response):
    """Says how many statements a request took."""

    def middleware(request):
        number = 0

        def count(execute, *arguments):
            nonlocal number
            number += 1
            return execute(*arguments)

        with connection.execute_wrapper(count):
            response = get_response(request)
        response.headers["X-Bench-Sql"] = str(number)
        return response

    return middleware


@login_not_required
def empty(request):
    return HttpResponse("ok")


@login_not_required
def select(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchall()
    return HttpResponse("ok")


@login_not_required
def page(request):
    """The skeleton of every page around as much plain text as the list has."""
    text = "x" * int(request.GET.get("size", "20000"))
    context = {"text": text, "user": request.user, "request": request, **context_processors.portal(request)}
    return HttpResponse(engines["django"].from_string(SKELETON).render(context, request))


@cache
def statements(language, query):
    """What the list asks the database, word for word; with a query what the search asks.

    As through a pooler: a statement that one connection has prepared means nothing to the others.
    """
    request = RequestFactory().get(f"/{language}/fiches/", {"q": query} if query else {})
    request.user, request.htmx = AnonymousUser(), False
    pooled = mock.patch.dict(connection.settings_dict, DISABLE_SERVER_SIDE_CURSORS=True)
    with pooled, translation.override(language), CaptureQueriesContext(connection) as captured:
        reading.fiche_list(request)
    return [captured_query["sql"] for captured_query in captured.captured_queries]


@login_not_required
def sql(request):
    with connection.cursor() as cursor:
        for statement in statements(request.GET.get("language", "en"), request.GET.get("q", "")):
            cursor.execute(statement)
            cursor.fetchall()
    return HttpResponse("ok")
