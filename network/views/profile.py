"""Editing the profile of an authority: names, texts, place, languages, calendar, and what it can share and needs."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import history

from ..admin.places import rewrite_fiches
from ..directory import page
from ..emails import profile as mails
from ..forms.profile import NAMES, ProfileForm
from ..forms.ratings import RatingsForm
from ..models import Authority
from .merged import leads_on


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
@leads_on
def profile(request, slug):
    authority = get_object_or_404(Authority.objects.visible_to(request.user), slug=slug)
    if request.method == "POST":
        authority = Authority.objects.select_for_update(of=("self",)).get(pk=authority.pk)
    if not authority.can_be_edited_by(request.user):
        raise PermissionDenied(_("Representatives and deputies of an authority edit its profile."))
    if request.method != "POST":
        return answer(request, authority, ProfileForm(authority, request.user), RatingsForm(authority))
    form, ratings = ProfileForm(authority, request.user, request.POST), RatingsForm(authority, request.POST)
    if form.is_stale():
        return conflict(request, authority, form, ratings)
    if not (form.is_valid() & ratings.is_valid()):
        return answer(request, Authority.objects.get(pk=authority.pk), form, ratings, status=422)
    save(request.user, form, ratings)
    messages.success(request, _("Saved."))
    return redirect("network:detail", slug)


def save(user, form, ratings) -> None:
    """Write it, note who did it for whom, tell the old address where that changed, and show it to readers."""
    before = Authority.objects.get(pk=form.instance.pk)
    authority = form.save()
    ratings.save()
    on_behalf_of = form.on_behalf_of()
    event = history.record(authority, "profile", by=user, on_behalf_of=on_behalf_of)
    if authority.official_address != before.official_address:
        history.record(authority, "official_address", by=user, on_behalf_of=on_behalf_of, internal=True)
        mails.tell_old_address(authority, before.official_address, event)
    authority.rewrite()
    if any(getattr(before, name) != getattr(authority, name) for name in NAMES):
        rewrite_fiches(authority)


def conflict(request, authority, form, ratings):
    """Somebody saved meanwhile: both texts side by side; sending it again replaces theirs."""
    rows = [
        difference(bound) for bound in [*(form[name] for name in form.fields), *(ratings[n] for n in ratings.fields)]
    ]
    rows = [row for row in rows if row["changed"]]
    form.data = form.data.copy()
    form.data["version"] = str(authority.version)
    return answer(request, authority, form, ratings, rows=rows, conflict=True, status=409)


def difference(bound) -> dict:
    """One field for components/compare.html: stored on the left, typed on the right."""
    left, right = words(bound.field, bound.initial), words(bound.field, bound.data)
    hidden = bound.is_hidden or bound.name == "on_behalf_of"
    return {"label": bound.label, "left": left, "right": right, "changed": left != right and not hidden}


def words(field, value) -> str:
    """A value as people read it: labels instead of codes."""
    labels = {str(code): str(label) for code, label in flatten_choices(getattr(field, "choices", ()))}
    values = value if isinstance(value, list | tuple) else [value]
    said = [labels.get(str(one), str(one).replace("\r\n", "\n").strip()) for one in values if one not in (None, "")]
    return ", ".join(said)


def answer(request, authority, form, ratings, *, rows=(), conflict=False, status=200):
    name, lang = page.name_of(authority)
    context = {
        "authority": authority,
        "name": name,
        "name_lang": lang,
        "form": form,
        "ratings": ratings,
        "rows": rows,
        "conflict": conflict,
        "source_lang": authority.source_language,
    }
    return render(request, "network/profile.html", context, status=status)
