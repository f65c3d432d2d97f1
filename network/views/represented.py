"""A Euroregion and the authorities it represents: the list, one of them, a new one."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, F, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.history import LostRace
from accounts.once import once

from ..countries import country_name
from ..directory import finding
from ..forms.representation import BasisForm, EntryForm, ScopesForm, countries
from ..models import Authority, Representation
from ..representation import enrolment, register, representing
from ..representation.representation_page import entries, facts, listed, next_step
from .merged import leads_on

FORMS = ["GET", "HEAD", "POST"]
PER_PAGE = 50
SORTS = {
    "name": ["authority__official_name"],
    "country": ["authority__country", "authority__official_name"],
    "state": ["status", "authority__official_name"],
    "end": [F("end").asc(nulls_last=True), "authority__official_name"],
}


def coordinating(request, slug, *, change=False) -> Authority:
    """The Euroregion, for those with a seat there and coordinators; `change`: for its representatives only."""
    authority = get_object_or_404(Authority.objects.visible_to(request.user), slug=slug)
    if not (request.user.is_coordinator or representing.holds_seat(authority, request.user)):
        raise PermissionDenied(_("Only people with a seat there see this page."))
    if change and not representing.can_claim(authority, request.user):
        raise PermissionDenied(
            _("Only representatives of a Euroregion or coordinating authority in the network may do this.")
        )
    return authority


@never_cache
@require_safe
@leads_on
def represented(request, slug):
    """The authorities that a Euroregion represents: state, basis, next step, end."""
    authority = coordinating(request, slug)
    rows = authority.represents.select_related("authority")
    chosen = {name: request.GET.get(name, "") for name in ("status", "country", "sort", "q")}
    states = dict(rows.order_by().values_list("status").annotate(Count("pk")))
    lands = sorted(
        {(code, country_name(code)) for code in rows.order_by().values_list("authority__country", flat=True)}
    )
    if chosen["status"] in Representation.Status.values:
        rows = rows.filter(status=chosen["status"])
    elif not chosen["status"]:
        rows = rows.exclude(status="ended")
    if chosen["country"]:
        rows = rows.filter(authority__country=chosen["country"][:2])
    if words := chosen["q"].strip()[:100]:
        rows = rows.filter(authority__pk__in=named(words))
    rows = rows.order_by(*SORTS.get(chosen["sort"], SORTS["name"]), "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "authority": authority,
        "rows": [listed(row) for row in page],
        "page": page,
        "base": "?" + "".join(f"{urlencode({name: value})}&" for name, value in chosen.items() if value),
        "chosen": chosen,
        "totals": [(status, Representation.Status(status).label, states.get(status, 0)) for status in STATES],
        "filters": _filters(chosen, lands),
        "any": bool(states),
        "may_claim": representing.can_claim(authority, request.user),
    }
    return render(request, "network/represented.html", context)


STATES = ["claimed", "confirmed", "granted", "ended"]


def _filters(chosen, lands) -> dict:
    """Options for components/select."""
    states = [("", _("all that have not ended")), *((s, Representation.Status(s).label) for s in STATES)]
    states.append(("all", _("all")))
    sorts = [("name", _("by name")), ("country", _("by country")), ("state", _("by state")), ("end", _("by end"))]
    options = {"status": states, "country": [("", _("all countries")), *lands], "sort": sorts}
    return {
        name: [{"value": value, "label": label, "selected": value == chosen[name]} for value, label in rows]
        for name, rows in options.items()
    }


def named(words: str):
    """Authorities whose official or English name holds these words."""
    return Authority.objects.filter(Q(official_name__icontains=words) | Q(name_en__icontains=words)).values("pk")


def one_of(request, slug, pk) -> Representation:
    authority = coordinating(request, slug)
    rows = authority.represents.select_related("authority", "coordinator__membership")
    return get_object_or_404(rows, pk=pk)


@never_cache
@require_http_methods(FORMS)
@leads_on
def represented_one(request, slug, pk):
    """One authority that is represented: what holds, what was done, and what one may do next."""
    row = one_of(request, slug, pk)
    then = request.POST.get("then", "") if request.method == "POST" else ""
    forms = {
        "ask": ScopesForm(request.POST if then == "ask" else None, row=row, prefix="ask"),
        "renew": BasisForm(request.POST if then == "renew" else None, prefix="renew", initial=_basis(row)),
    }
    if request.method == "POST":
        if then not in DONE:
            return redirect(request.path)
        if not DONE[then][0](row, request.user):
            raise PermissionDenied
        if _done(request, row, then, forms.get(then)):
            return redirect(request.path)
    context = {
        "authority": row.coordinator,
        "row": row,
        "facts": facts(row, address=request.user.is_coordinator),
        "next_step": next_step(row),
        "entries": entries(row, internal=request.user.is_coordinator),
        "ask": forms["ask"] if row.can_be_asked_for_by(request.user) and len(row.scopes) < 4 else None,
        "renew": forms["renew"] if row.can_be_asked_for_by(request.user) else None,
        "may_end": row.can_be_ended_by(request.user),
    }
    return render(request, "network/represented_one.html", context, status=422 if then else 200)


def _basis(row) -> dict:
    return {name: getattr(row, name) for name in ("basis", "basis_url", "basis_date", "end")}


DONE = {
    "ask": (Representation.can_be_asked_for_by, lambda row, by, data: row.ask_for_scopes(data["scopes"], by=by)),
    "renew": (
        Representation.can_be_asked_for_by,
        lambda row, by, data: row.renew(by=by, language=get_language(), **data),
    ),
    "end": (Representation.can_be_ended_by, lambda row, by, data: row.end_it(by=by)),
}


def _done(request, row, then, form) -> bool:
    """Whether the verb was done; otherwise the form says why not."""
    if form is not None and not form.is_valid():
        return False
    told = (
        _("Renewed. The authority is told at its official address.") if row.authority.official_address else _("Saved.")
    )
    said = {
        "ask": _("The authority is asked. It answers on its own page."),
        "renew": told,
        "end": _("Ended. You no longer act for this authority."),
    }
    try:
        DONE[then][1](row, request.user, form.cleaned_data if form else {})
    except LostRace:
        messages.warning(request, _("It has changed meanwhile. See how it stands now."))
        return True
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, said[then])
    return True


@never_cache
@require_http_methods(FORMS)
@once
@leads_on
def claim(request, slug):
    """Add one authority: find it first; what is not there yet is entered anew."""
    authority = coordinating(request, slug, change=True)
    typed, country = request.GET.get("name", "").strip()[:200], request.GET.get("country", "")[:2]
    known = _known(request, authority)
    anew = "new" in request.GET
    form, found = None, []
    if known or anew:
        kind = BasisForm if known else EntryForm
        form = kind(request.POST or None, initial={"official_name": typed, "country": country})
    elif typed and country:
        found = _near(authority, request.user, typed, country)
    if form is not None and request.method == "POST" and form.is_valid():
        row = _claim(request, authority, known, form)
        if row:
            messages.success(request, _("Claimed. A coordinator checks it; you get a mail."))
            return redirect(reverse("network:represented_one", args=[slug, row.pk]))
    context = {
        "authority": authority,
        "form": form,
        "known": known,
        "name": typed,
        "country": country,
        "countries": [{"value": code, "label": name, "selected": code == country} for code, name in countries()],
        "found": found,
        "asked": bool(typed and country),
    }
    return render(request, "network/claim.html", context, status=422 if form is not None and form.errors else 200)


def _near(authority, user, name, country) -> list:
    """What everybody sees, and what this Euroregion entered itself."""
    own = register.Register(enrolment.known_to(authority, user, [country])).near(name, country)
    found = {row.pk: row for row in [*own, *finding.near(name, user, country=country)]}
    return [row for row in found.values() if row.pk != authority.pk]


def _known(request, authority) -> Authority | None:
    """The authority that was chosen among those that may be known."""
    slug = request.GET.get("authority", "")
    if not slug:
        return None
    rows = Authority.objects.visible_to(request.user) | Authority.objects.filter(
        pk__in=authority.represents.values("authority")
    )
    return get_object_or_404(rows.filter(merged_into=None).distinct(), slug=slug)


@transaction.atomic
def _claim(request, authority, known, form):
    if known is None:
        data = form.cleaned_data
        known_here = register.Register(enrolment.known_to(authority, request.user, [data["country"]]))
        if same := known_here.same(data["official_name"], data["country"]):
            form.add_error(
                "official_name",
                _("This authority is there already: %(name)s. Choose it from the list.") % {"name": same[0]},
            )
            return None
        [known] = enrolment.create([form.about_the_authority()])
        known.rewrite()
    try:
        facts_ = {name: form.cleaned_data[name] for name in BasisForm.base_fields}
        row = representing.claim(authority, known, by=request.user, language=get_language(), **facts_)
    except ValidationError as error:
        form.add_error(None, error)
        return None
    representing.tell_claimed(authority, [row])
    return row
