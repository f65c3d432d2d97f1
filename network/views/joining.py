"""Joining: find the authority by its name, apply for it."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Event, User
from accounts.once import once

from .. import addresses
from ..directory import finding
from ..forms.join import ApplicationForm, FindForm
from ..membership import pending
from ..models import Authority, Membership
from .merged import successor

PREFILLED = (
    "membership_class",
    "decision_body",
    "decision_date",
    "decision_reference",
    "representative_name",
    "representative_email",
    "deputy_name",
    "deputy_email",
    "motivation",
)


@never_cache
@require_safe
def join(request):
    """Find your authority; each one says what you can do with it."""
    form = FindForm(request.GET or None)
    typed = form.cleaned_data if form.is_bound and form.is_valid() else {}
    name, country = typed.get("q", "").strip(), typed.get("country", "")
    found = [_offer(authority, request.user) for authority in finding.near(name, request.user, country=country)]
    context = {"form": form, "name": name, "country": country, "found": found}
    return render(request, "network/join.html", context)


def _offer(authority, user) -> dict:
    """What stands beside an authority in the list of those found."""
    membership = Membership.objects.filter(authority=authority).first()
    offer = {"authority": authority, "state": "", "label": _("Apply for this authority"), "url": _apply(authority)}
    if membership is None:
        return offer
    if membership.status in Membership.IN_THE_NETWORK:
        there = authority.seats.current().filter(user=user).exists()
        if there:
            return offer | {"state": _("You hold a seat there"), "label": _("Open its page"), "url": _page(authority)}
        return offer | {"state": _("Member already"), "label": _("Ask for a seat"), "url": _ask(authority)}
    if membership.status not in Membership.JOINING:
        return offer
    if membership.application_is_for(user):
        mine = reverse("network:application", args=[membership.pk])
        return offer | {"state": membership.get_status_display(), "label": _("Open the application"), "url": mine}
    return offer | {"state": _("Somebody has applied for it"), "label": _("Write to us"), "url": reverse("contact")}


def _apply(authority) -> str:
    return f"{reverse('network:apply')}?authority={authority.slug}"


def _page(authority) -> str:
    return authority.get_absolute_url()


def _ask(authority) -> str:
    return reverse("network:seat_ask", args=[authority.slug])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@once
def apply(request):
    """The application: a known authority by ?authority=<slug>, or a new one."""
    if (slug := request.GET.get("authority")) and (one := successor(request.user, slug)):
        return redirect(_apply(one))
    authority = _known(request)
    membership = Membership.objects.filter(authority=authority).first() if authority else None
    if membership and not membership.can_be_applied_for_again_by(request.user):
        return redirect(_offer(authority, request.user)["url"])
    form = _form(request, authority, membership)
    if request.method != "POST":
        return _show(request, form, membership)
    if "remove" in request.POST or "regions" in request.POST:
        return _show(request, form, membership, quiet=True)
    if not form.is_valid():
        return _show(request, form, membership, status=422)
    if _too_many_today(request.user):
        form.add_error(None, _("You have applied for many authorities today. Go on tomorrow."))
        return _show(request, form, membership, status=429)
    chosen = form.cleaned_data.get("same_as", "none")
    if chosen != "none":
        return _go_on_with(request, form, chosen)
    return _hand_in(request, form, authority, membership)


def _known(request) -> Authority | None:
    slug = request.GET.get("authority", "")
    if not slug:
        return None
    return get_object_or_404(Authority.objects.visible_to(request.user), slug=slug, merged_into=None)


def _form(request, authority, membership) -> ApplicationForm:
    """Filled with what was typed, or with the earlier application where it is this person’s to read."""
    mine = membership if membership and membership.application_is_for(request.user) else None
    ask = authority is None or (authority.hidden and mine is not None and mine.applied_by_id == request.user.pk)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ApplicationForm(
        request.user, authority, data, files, ask_authority=ask, kept=_kept(request, mine), initial=_initial(request)
    )
    if mine:
        form.initial |= {name: getattr(mine, name) for name in PREFILLED} | {"i_am": ""}
    if authority and ask:
        form.fill_with(authority)
    return form


def _kept(request, mine):
    """The file that stands already: sent with an earlier try, or with the application that was declined."""
    if "remove" in request.POST:
        return None
    sent = pending.find(request.POST.get("kept", ""), request.user)
    stays = request.method != "POST" or request.POST.get("kept") == pending.STORED
    return sent or (pending.stored(mine) if mine and stays else None)


def _initial(request) -> dict:
    language = get_language()
    country = request.GET.get("country", "")
    name = request.GET.get("name", "")[:200]
    return {
        "official_name": name,
        "country": country,
        "official_language": language,
        "language_of_contact": language,
        "i_am": "representative",
    }


def _too_many_today(user) -> bool:
    """Whether `user` has applied as often as allowed within 24 hours; locks the person, so it holds for all processes."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    since = timezone.now() - timedelta(days=1)
    return Event.objects.filter(by=user, verb="apply", at__gte=since).count() >= settings.APPLICATIONS_PER_DAY


def _go_on_with(request, form, slug):
    """It is one that we know: the application goes on with that one, unless there is something better to do."""
    authority = next(row for row in form.near if row.slug == slug)
    membership = Membership.objects.filter(authority=authority).first()
    if membership and not membership.can_be_applied_for_again_by(request.user):
        offer = _offer(authority, request.user)
        messages.info(request, f"{authority}: {offer['state']}.")
        return redirect(offer["url"])
    return _hand_in(request, form, authority, membership)


def _hand_in(request, form, authority, membership):
    if authority is None:
        columns = form.authority_columns()
        slug = addresses.free_slug(Authority.objects, columns["official_name"])
        authority = Authority.objects.create(slug=slug, hidden=True, **columns)
        authority.rewrite()
    else:
        Authority.objects.select_for_update(of=("self",)).get(pk=authority.pk)  # who applies at once waits here
        membership = Membership.objects.filter(authority=authority).first()
        if membership and not membership.can_be_applied_for_again_by(request.user):
            return redirect(_offer(authority, request.user)["url"])
        if form.asks_about(authority):
            form.correct(authority)
    membership = membership or Membership(authority=authority)
    membership.apply(by=request.user, language=get_language(), **form.answers(), **_file(form, membership))
    messages.success(request, _("Your application has arrived."))
    return redirect("network:application", membership.pk)


def _file(form, membership) -> dict:
    """The text of the decision: the one kept, the one that stands already, or none."""
    kept = form.kept
    if kept is None:
        return {"decision_file": "", "decision_filename": ""}
    if kept.token == pending.STORED:
        return {"decision_file": membership.decision_file.name, "decision_filename": membership.decision_filename}
    return {"decision_file": kept.moved(membership), "decision_filename": kept.name}


def _show(request, form, membership, *, status=200, quiet=False):
    if quiet:  # a file was taken away, a country chosen: nothing was handed in yet, so nothing is wrong
        form.errors.clear()
    context = {
        "form": form,
        "authority": form.authority,
        "again": membership,
        "groups": form.groups(),
        "kept": form.kept,
        "files": [{"name": form.kept.name, "size": form.kept.size, "remove_name": "remove", "remove_value": "1"}]
        if form.kept
        else [],
    }
    return render(request, "network/apply.html", context, status=status)
