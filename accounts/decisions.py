"""Deciding in the admin: the page of one object, read-only, with a form for each verb that its state offers.

A ModelAdmin names its decisions; nothing is saved through a change form. Whoever comes too late is told so (409).
"""

from collections.abc import Callable
from typing import NamedTuple

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from .history import LostRace
from .models import Reason


class Decision(NamedTuple):
    """A verb that coordinators have: who may do it now, what they fill in, what it does."""

    name: str
    label: Promise
    may: Callable  # (obj, user) → bool; asked again when it is sent
    do: Callable  # (obj, user, cleaned_data) → anything; raises LostRace or ValidationError
    form: Callable | None = None  # (data, files, *, prefix, obj, user) → Form
    help: Promise | str = ""
    done: Promise | str = ""  # what the coordinator is told afterwards
    danger: bool = False


class ReasonForm(forms.Form):
    """Why: a reason from the table, own words, or both; `reasons` names the decision in the table of reasons."""

    reasons = ""
    note = forms.CharField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy("It reaches the people concerned untranslated, marked with its language."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )
    note_language = forms.ChoiceField(label=gettext_lazy("Language of your words"), choices=settings.LANGUAGES)

    def __init__(self, *args, obj, user, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Reason.objects.filter(active=True, verb=self.reasons).order_by("position")
        self.fields["reason"] = forms.ModelChoiceField(
            rows, label=gettext_lazy("Reason"), required=False, empty_label=gettext_lazy("Choose a reason")
        )
        self.fields["reason"].help_text = gettext_lazy("The people concerned read this sentence in their own language.")
        self.fields["note_language"].initial = user.language
        self.fields["reason"].needed = self.fields["note"].needed = True  # one of the two: not simply optional
        self.order_fields([*(name for name in self.fields if name not in ("note", "note_language")), "note"])

    def clean(self):
        data = super().clean()
        if not self.errors and not data.get("reason") and not data.get("note"):
            raise ValidationError(_("Choose a reason, or say it in your own words."), code="why")
        if not data.get("note"):
            data["note_language"] = ""
        return data


def said(data: dict) -> dict:
    """Of the cleaned data what an Event keeps: reason, note and its language."""
    return {name: data[name] for name in ("reason", "note", "note_language") if data.get(name)}


def urls(model_admin, decisions: list[Decision], about: Callable) -> list:
    """Addresses for ModelAdmin.get_urls: the page, where a change form would stand, and one for each verb.

    `about(request, obj)` gives the context: title, subtitle, badge, facts (components/key_facts), entries
    (components/history) and whatever admin/<app>/<model>/decide.html shows; that template is optional.
    """
    name = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}"
    known = {decision.name: decision for decision in decisions}

    def found(request, pk):
        if not request.user.is_coordinator:
            raise PermissionDenied
        obj = model_admin.get_queryset(request).filter(pk=pk).first()
        if obj is None:
            raise Http404
        return obj

    @require_safe
    def page(request, pk):
        return _page(request, model_admin, found(request, pk), decisions, about)

    @require_POST
    def decide(request, pk, verb):
        if verb not in known:
            raise Http404
        return _decide(request, model_admin, found(request, pk), known[verb], decisions, about)

    def wrap(view):
        return model_admin.admin_site.admin_view(view)

    return [
        path("<int:pk>/change/", wrap(page), name=f"{name}_change"),
        path("<int:pk>/decide/<slug:verb>/", wrap(decide), name=f"{name}_decide"),
    ]


def _decide(request, model_admin, obj, decision, decisions, about):
    if request.POST.get("seen", state(obj)) != state(obj):
        return _lost(request, model_admin, obj)
    if not decision.may(obj, request.user):
        raise PermissionDenied
    form = _form(decision, obj, request.user, request.POST, request.FILES)
    if form is not None and not form.is_valid():
        return _page(request, model_admin, obj, decisions, about, {decision.name: form}, 400)
    try:
        decision.do(obj, request.user, form.cleaned_data if form else {})
    except LostRace:
        return _lost(request, model_admin, obj)
    except ValidationError as error:
        if form is None:
            messages.error(request, " ".join(error.messages))
            return redirect(_address(model_admin, "change"), obj.pk)
        form.add_error(None, error)
        return _page(request, model_admin, obj, decisions, about, {decision.name: form}, 400)
    if decision.done:
        messages.success(request, decision.done)
    return redirect(_address(model_admin, "change"), obj.pk)


def state(obj) -> str:
    """What the page remembers of the object's state, so that a decision on an older one is refused."""
    return str(getattr(obj, "status", ""))


def _address(model_admin, name: str) -> str:
    return f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_{name}"


def _form(decision, obj, user, data=None, files=None):
    return decision.form and decision.form(data, files, prefix=decision.name, obj=obj, user=user)


def _page(request, model_admin, obj, decisions, about, filled=None, status=200):
    offered = [
        {"decision": row, "form": (filled or {}).get(row.name) or _form(row, obj, request.user)}
        for row in decisions
        if row.may(obj, request.user)
    ]
    context = {
        **site.each_context(request),
        "opts": model_admin.opts,
        "object": obj,
        "seen": state(obj),
        "offered": offered,
        "filled": list(filled or {}),
        "decide_url": _address(model_admin, "decide"),
        "list_url": _address(model_admin, "changelist"),
        **about(request, obj),
    }
    own = f"admin/{model_admin.opts.app_label}/{model_admin.opts.model_name}/decide.html"
    return render(request, [own, "admin/decide.html"], context, status=status)


def _lost(request, model_admin, obj):
    """409: somebody else was faster; nothing was changed."""
    obj.refresh_from_db()
    context = {
        **site.each_context(request),
        "title": _("Somebody else was faster"),
        "status": obj.get_status_display() if hasattr(obj, "get_status_display") else "",
        "page_url": _address(model_admin, "change"),
        "list_url": _address(model_admin, "changelist"),
        "object": obj,
    }
    return render(request, "admin/decide_lost.html", context, status=409)
