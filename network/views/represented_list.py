"""A Euroregion’s list as a file: tried, corrected, taken."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from translations.letters import capitalised

from ..forms.representation import EntryForm
from ..representation import enrolment
from .merged import leads_on
from .represented import FORMS, coordinating


@never_cache
@require_http_methods(FORMS)
@leads_on
def represented_list(request, slug):
    """Upload a list: what would happen to each row; nothing is stored until the rows are taken."""
    authority = coordinating(request, slug, change=True)
    rows, problem = [], ""
    if request.method == "POST":
        try:
            rows = _rows(request, authority)
        except ValidationError as error:
            problem = " ".join(error.messages)
    if rows and request.POST.get("then") == "take":
        claims, rows = enrolment.take(rows, authority, request.user)
        messages.success(request, _said(len(claims)))
        if not rows:
            return redirect("network:represented", slug)
    else:
        enrolment.check(rows, authority, request.user)
    return render(
        request,
        "network/represented_list.html",
        _list_context(authority, rows, problem),
        status=422 if problem else 200,
    )


def _said(number: int) -> str:
    text = ngettext(
        "%(number)s row taken. A coordinator checks it.", "%(number)s rows taken. A coordinator checks them.", number
    )
    return text % {"number": number}


def _rows(request, authority):
    if upload := request.FILES.get("file"):
        return enrolment.read(upload)
    if word := request.POST.get("kept"):
        return enrolment.kept(word, authority, request.POST)
    raise ValidationError(_("Choose a file."))


EDITED_AT_ONCE = 40
DECIDED_AT_ONCE = 100


def _list_context(authority, rows, problem) -> dict:
    totals = enrolment.totals(rows)
    labels = {
        "new": _("new authorities"),
        "known": _("authorities that are there already"),
        "near": _("to decide: perhaps there already"),
        "wrong": _("to correct"),
        "already": _("in your list already"),
        "double": _("twice in this file"),
    }
    return {
        "authority": authority,
        "problem": problem,
        "rows": rows,
        "kept": enrolment.keep(rows, authority) if rows else "",
        "totals": [(capitalised(label), totals[state]) for state, label in labels.items() if totals[state]],
        "ready": totals["new"] + totals["known"],
        "wrong": [row for row in rows if row.state == "wrong"][:EDITED_AT_ONCE],
        "near": [row for row in rows if row.state == "near" or row.decision][:DECIDED_AT_ONCE],
        "others": [row for row in rows if row.state not in ("wrong", "near") and not row.decision],
        "columns": _columns(),
        "limit": settings.REPRESENTED_ROWS,
    }


def _columns() -> list[dict]:
    """What stands in each column, for the page."""
    form = EntryForm()
    said = []
    for name in enrolment.COLUMNS:
        asked = form.fields[name]
        values = ""
        if name in ("kind", "governance_level"):
            values = ", ".join(f"{code} ({label})" for code, label in asked.choices if code)
        if name == "official_language":
            values = _("Its name or code, such as hr.")
        if name == "country":
            values = _("Its name or code, such as HR.")
        said.append({"name": name, "label": asked.label, "needed": asked.required, "help": values or asked.help_text})
    return said


@never_cache
@require_safe
@leads_on
def represented_sample(request, slug):
    """A file to fill in: headings and one row."""
    coordinating(request, slug, change=True)
    response = HttpResponse(enrolment.sample(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="represented.csv"'
    return response
