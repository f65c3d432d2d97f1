"""Writing a fiche: begin, fill in its steps, look at it, hand it in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Event
from accounts.once import once
from network.forms import on_behalf

from .. import completeness, steps
from ..forms import CreateForm, LanguageChoice, LanguageForm, StepForm, SubmitForm, differences, fields
from ..forms.languages import release_work
from ..models import Fiche
from ..submitting import first_accept, too_many_drafts, too_many_today
from ..vocabularies import Kind, Status

FORMS = ["GET", "HEAD", "POST"]
CONSENT_STEPS = ("short", "check")  # where a fiche can be handed in


@never_cache
@require_http_methods(FORMS)
@once
def fiche_create(request):
    form = CreateForm(request.POST or None, initial=_begin_with(request))
    if request.method == "POST" and form.is_valid():
        if not too_many_drafts(request.user):
            fiche = form.save(request.user)
            return redirect("fiches:edit", fiche.pk, steps.steps_of(fiche)[0].key)
        form.add_error(None, _("You keep very many drafts. Finish or delete one of them first."))
    kinds = [{"kind": kind, "radio": radio, **ABOUT[kind]()} for kind, radio in zip(Kind, form["kind"], strict=True)]
    return render(request, "fiches/create.html", {"form": form, "kinds": kinds}, status=422 if form.errors else 200)


def _begin_with(request):
    """The interface language, and a kind if a link names one."""
    kind = request.GET.get("kind", "")
    return {"source_language": get_language(), "kind": kind if kind in Kind.values else ""}


ABOUT = {
    Kind.BEST_PRACTICE: lambda: {
        "about": _("Something that works, with results, told so that another authority can do the same."),
        "time": _("About an hour, in steps; the draft is kept."),
    },
    Kind.LESSON_LEARNED: lambda: {
        "about": _("Something that did not go as expected, and what you would do differently. You may stay unnamed."),
        "time": _("About 40 minutes, in steps; the draft is kept."),
    },
    Kind.PRACTICAL_EXAMPLE: lambda: {
        "about": _("One tool, procedure or small solution, in three steps."),
        "time": _("About 10 minutes, on one page."),
    },
}


def editable(request, pk, *, lock=False) -> Fiche:
    """The fiche, if this person may see it (else 404) and write in it (else 403)."""
    fiche = get_object_or_404(Fiche.objects.visible_to(request.user), pk=pk)
    if lock:
        fiche = Fiche.objects.select_for_update(of=("self",)).get(pk=fiche.pk)
    if not fiche.can_be_edited_by(request.user):
        raise PermissionDenied(_("This fiche cannot be changed now, or not by you."))
    return fiche


def form_of(request, fiche, step, data=None, files=None):
    """The form of one step: of the source text, or of one other language."""
    if step is not steps.LANGUAGES:
        return StepForm(fiche, step, request.user, data, files)
    chosen = LanguageChoice(fiche, data or request.GET)
    return LanguageForm(fiche, chosen.language, request.user, data)


@never_cache
@require_http_methods(FORMS)
@transaction.atomic
def fiche_edit(request, pk, step=""):
    if request.POST.get("then") == "submit" and _is_handed_in(request, pk):
        return redirect("fiches:submitted", pk)
    fiche = editable(request, pk, lock=request.method == "POST")
    chosen = steps.find(fiche, step)
    if chosen is None:
        if step:
            raise Http404(_("This form has no such step."))
        return redirect("fiches:edit", fiche.pk, _first_open(fiche))
    if request.method != "POST":
        return _page(request, fiche, chosen, form_of(request, fiche, chosen))
    form = form_of(request, fiche, chosen, request.POST, request.FILES)
    if form.is_stale():
        return _conflict(request, fiche, chosen, form)
    kept = form.keep_upload()
    if kept:
        messages.success(request, _("The file “%(name)s” is kept.") % {"name": kept.filename})
    if not form.is_valid():
        return _page(request, fiche, chosen, form, status=422)
    form.save()
    return _onward(request, fiche, chosen, form, stay=bool(kept))


def _is_handed_in(request, pk) -> bool:
    """Whether this is a second click on “Submit”."""
    return Fiche.objects.filter(pk=pk, submitted_by=request.user, status=Status.SUBMITTED).exists()


def _first_open(fiche) -> str:
    """The step at which to go on: the first with something required missing."""
    missing = completeness.missing(completeness.requirements(fiche))
    return missing[0].step if missing else steps.steps_of(fiche)[-1].key


def _onward(request, fiche, step, form, *, stay):
    """After saving: hand it in, go on to the next step, look at it, or stay here."""
    then = request.POST.get("then", "")
    if then == "submit" and step.key in CONSENT_STEPS:
        return _hand_in(request, fiche, step)
    if then == "preview":
        return redirect("fiches:preview", fiche.pk)
    all_steps = steps.steps_of(fiche)
    number = all_steps.index(step)
    if then == "next" and not stay and number + 1 < len(all_steps):
        return redirect("fiches:edit", fiche.pk, all_steps[number + 1].key)
    if not stay:
        messages.success(request, _("Saved."))
    language = f"?to={form.language}" if step is steps.LANGUAGES else ""
    return redirect(reverse("fiches:edit", args=[fiche.pk, step.key]) + language)


def _hand_in(request, fiche, step):
    """Submit with consent; whatever is missing is said with links, and what was typed is saved already."""
    consent = SubmitForm(request.POST)
    missing = completeness.missing(completeness.requirements(fiche))
    if not consent.is_valid() or missing:
        form = form_of(request, fiche, step)
        return _page(request, fiche, step, form, status=422, consent=consent, missing=missing)
    if address := first_accept(request.user, fiche, step):
        return redirect(address)
    if too_many_today(request.user):
        consent.add_error(None, _("You have handed in many fiches today. The draft is kept: hand it in tomorrow."))
        return _page(request, fiche, step, form_of(request, fiche, step), status=429, consent=consent)
    if fiche.has_lost_scope(request.user, lock=True):
        consent.add_error(None, on_behalf.ENDED)
        return _page(request, fiche, step, form_of(request, fiche, step), status=422, consent=consent)
    release_work(fiche, request.user)
    fiche.submit(by=request.user, on_behalf_of=fiche.on_behalf_of)
    return redirect("fiches:submitted", fiche.pk)


def _page(request, fiche, step, form, *, status=200, **more):
    context = {
        "fiche": fiche,
        "title": fiche.source("title") or _("Untitled draft"),
        "step": step,
        "form": form,
        "groups": _groups(form, step),
        "wrong_rows": [field for rows in form.rows.values() for field in rows.wrong()],
        "steps": _steps(fiche, step),
        "next": steps.steps_of(fiche)[-1] is not step,
        "consent": more.pop("consent", None) or _consent(request, step),
        "languages": LanguageChoice(fiche, request.POST or request.GET) if step is steps.LANGUAGES else None,
        "fresh": form if not form.is_bound else form_of(request, fiche, step),
        **_complete(fiche),
        **more,
    }
    return render(request, "fiches/edit.html", context, status=status)


def _consent(request, step) -> SubmitForm | None:
    """Not asked yet; a tick that came with answers to correct stays."""
    return SubmitForm(initial={"consent": "consent" in request.POST}) if step.key in CONSENT_STEPS else None


def _groups(form, step):
    """Fields in the order of the step; the side-by-side fields of a language have their own template."""
    return [form[name] for name in form.fields if name != "upload"]


def _complete(fiche) -> dict:
    asked = completeness.requirements(fiche)
    open_ = [row for row in asked if not row.done]
    return {
        "percent": completeness.percent(asked),
        "open_required": [row for row in open_ if row.required],
        "open_wished": [row for row in open_ if not row.required],
    }


def _steps(fiche, current) -> list[dict]:
    """For components/steps.html."""
    asked = completeness.requirements(fiche)
    found = []
    for step in steps.steps_of(fiche):
        own = [row for row in asked if row.step == step.key and row.required]
        done = bool(own) and all(row.done for row in own)
        state = "current" if step is current else "done" if done else "todo"
        found.append({"label": step.label, "url": reverse("fiches:edit", args=[fiche.pk, step.key]), "state": state})
    return found


def _conflict(request, fiche, step, form):
    """Both texts side by side, and the typed one ready to be saved after all: nothing is lost."""
    rows = differences.of(form)
    return _page(request, fiche, step, form, status=409, differences=rows, conflict=True)


@never_cache
@require_POST
@transaction.atomic
def fiche_autosave(request, pk, step):
    """Keep what has been typed so far; answers with a line that says so and the state of completeness."""
    fiche = editable(request, pk, lock=True)
    chosen = steps.find(fiche, step)
    if chosen is None:
        raise Http404(_("This form has no such step."))
    form = form_of(request, fiche, chosen, request.POST)
    if form.is_stale():
        return render(request, "fiches/_saved.html", {"conflict": True}, status=409)
    form.is_valid()
    form.save(autosave=True)
    wrong = [form.fields[name].label for name in form.errors if name in form.fields]
    fresh = form_of(request, Fiche.objects.get(pk=fiche.pk), chosen)
    context = {"fiche": fresh.fiche, "fresh": fresh, "wrong": wrong, "at": timezone.localtime(), **_complete(fiche)}
    return render(request, "fiches/_saved.html", context)


@never_cache
@require_safe
def fiche_regions(request):
    """The options of the field “region” for a country, as htmx puts them in."""
    found = fields.regions(request.GET.get("country", "")[:2])
    return render(request, "fiches/_regions.html", {"regions": found})


READ_BY_ROWS = ("themes", "sections", "results", "sources", "attachments")


@never_cache
@require_safe
def fiche_my(request):
    """“My fiches”: drafts to go on with, what coordinators asked for, and how far the others are."""
    fiches = Fiche.objects.visible_to(request.user).filter(submitted_by=request.user).order_by("-updated_at")
    fiches = fiches.select_related("revises").prefetch_related(*READ_BY_ROWS)[:100]
    events = Event.objects.of_each(fiches)
    for fiche in fiches:
        fiche.history = events[fiche.pk]
    rows = [my_row(fiche, request.user) for fiche in fiches]
    context = {
        "asked": [row for row in rows if row["fiche"].status == Status.CHANGES_REQUESTED],
        "drafts": [row for row in rows if row["fiche"].status in (Status.DRAFT, Status.REJECTED)],
        "others": [row for row in rows if row["fiche"].status in (Status.SUBMITTED, Status.IN_REVIEW)],
        "published": [row for row in rows if row["fiche"].status in (Status.PUBLISHED, Status.ARCHIVED)],
    }
    return render(request, "fiches/my.html", context)


def my_row(fiche, user) -> dict:
    open_decision = fiche.status in (Status.CHANGES_REQUESTED, Status.REJECTED)
    decisions = [event for event in fiche.history if event.to_state == fiche.status and not event.internal]
    open_ = len(completeness.missing(completeness.requirements(fiche)))
    return {
        "fiche": fiche,
        "title": fiche.source("title") or _("Untitled draft"),
        "asked": decisions[-1] if open_decision and decisions else None,
        "open": ngettext("%(number)s thing is missing", "%(number)s things are missing", open_) % {"number": open_}
        if open_
        else _("Ready to hand in"),
        "timeline": timeline(fiche),
        "may": {
            "edit": fiche.can_be_edited_by(user),
            "withdraw": fiche.can_be_withdrawn_by(user),
            "reopen": fiche.can_be_reopened_by(user),
            "revise": fiche.can_be_revised_by(user),
            "delete": fiche.can_be_deleted_by(user),
        },
    }


WAY = (Status.DRAFT, Status.SUBMITTED, Status.IN_REVIEW, Status.PUBLISHED)


def timeline(fiche) -> list[dict]:
    """The way to publication for components/timeline.html: what is done, where it stands, what comes."""
    reached = {event.to_state: event.at for event in fiche.history if event.to_state}
    reached.setdefault(Status.DRAFT, fiche.created_at)
    if fiche.status not in WAY:
        dates = [(state, "done") for state in WAY if state in reached and state != Status.PUBLISHED]
        dates.append((fiche.status, "current"))
    else:
        here = WAY.index(fiche.status)
        dates = [(state, "done" if n < here else "current" if n == here else "todo") for n, state in enumerate(WAY)]
    return [
        {"label": Status(state).label, "state": how, "date": reached.get(state) if how != "todo" else None}
        for state, how in dates
    ]
