"""What stands on the review page of one fiche: the text as it will look, what is asked of it, what may be done."""

from django.conf import settings
from django.contrib.admin import site
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from network.models import Authority
from translations import editions

from . import comparison, completeness, queues, rendering, submissions, verbs
from .moderation_forms import DecisionForm, InvitationForm, LinkForm, NoteForm, OpinionForm, WithholdForm, choice_of
from .vocabularies import Status, Vouched


def show(request, fiche, filled=None):
    """Render the page; `filled` are the forms that were sent with mistakes, by verb."""
    user = request.user
    context = {
        **site.each_context(request),
        "title": fiche.source("title") or _("Without a title"),
        "subtitle": _("Revision") if fiche.revises_id else fiche.reference,
        "fiche": fiche,
        "may": permissions(fiche, user),
        "read_by_another": fiche.is_read_by_another(user),
        "forms": {**forms(fiche, user), **(filled or {})},
        "filled": list(filled or {}),
        **text(fiche, request.GET.get("language", "")),
        **around(fiche, user),
    }
    if fiche.revises_id:
        rows = comparison.rows(fiche.revises, fiche)
        context["changed"] = [row for row in rows if row["changed"]]
        context["unchanged"] = [row for row in rows if not row["changed"]]
    return render(request, "admin/fiches/fiche/review.html", context)


def permissions(fiche, user) -> dict[str, bool]:
    """Which verbs the page offers; the views ask the same predicates."""
    moderates = fiche.can_be_moderated_by(user)
    return {
        "moderate": moderates,
        "take": fiche.can_be_taken_by(user),
        "decide": fiche.can_be_decided_by(user),
        "archive": moderates and fiche.status == Status.PUBLISHED,
        "restore": moderates and fiche.status == Status.ARCHIVED,
        "link": moderates and can_be_linked(fiche),
        "confirm": moderates and can_ask_confirmation(fiche),
    }


def can_be_linked(fiche) -> bool:
    """Whether its authority is still a typed name, or nothing; a revision follows the fiche it revises."""
    return not fiche.revises_id and fiche.authority_id is None


def can_ask_confirmation(fiche) -> bool:
    """Whether there is an authority with a published address that has not confirmed yet."""
    return bool(
        fiche.authority_id
        and not fiche.revises_id
        and fiche.vouched == Vouched.PERSON
        and fiche.status in submissions.CONFIRMABLE
        and fiche.authority.official_address
    )


def forms(fiche, user) -> dict:
    """An empty form for each verb that asks for words."""
    decisions = ("request_changes", "reject", "archive")
    return {
        **{verb: DecisionForm(verb=verb, language=user.language) for verb in decisions},
        "withhold_version": WithholdForm(fiche=fiche, language=user.language),
        "link_authority": LinkForm(user=user, initial={"authority": ""}),
        "ask_opinion": OpinionForm(readers=submissions.readers_to_ask(fiche, user), auto_id="id_opinion_%s"),
        "add_note": NoteForm(auto_id="id_internal_%s"),
        "invite_coordinator": InvitationForm(auto_id="id_invite_%s", initial={"language": user.language}),
    }


def text(fiche, language: str) -> dict:
    """The fiche as a reader of `language` will see it, in its source language unless told otherwise."""
    rows = fiche.for_editions()
    choices = {choice.language: choice for choice in editions.shown_in_all_languages(rows)}
    shown = choices[language if language in choices else fiche.source_language]
    with translation.override(shown.language):
        parts = rendering.edition(rows, shown)
    own = [code for code, choice in choices.items() if choice.title_language == code]
    return {
        "shown": shown,
        "parts": parts,
        "languages": [(code, name) for code, name in settings.LANGUAGES if code in own],
    }


def around(fiche, user) -> dict:
    """What one weighs besides the text."""
    asked, moderates = completeness.requirements(fiche), fiche.can_be_moderated_by(user)
    return {
        "asked": asked,
        "missing": completeness.missing(asked),
        "facts": [fact for fact in comparison.facts(fiche) if fact["value"]],
        # Whose fiche it is does not read what coordinators say about it among themselves.
        "opinions": fiche.opinions.select_related("reader", "asked_by") if moderates else [],
        "has_versions": fiche.status == Status.PUBLISHED and any(event.verb == "revise" for event in fiche.history),
        "versions": fiche.versions.order_by("number").defer("data") if moderates else [],
        "entries": verbs.entries(fiche, internal=moderates),
        "confirmed": confirmation(fiche),
        "objected": moderates and queues.objected(user).filter(pk=fiche.pk).exists(),
        "others": [] if moderates else submissions.others_who_may_decide(fiche, user),
        "authorities": known_authorities(fiche, user),
        "lease_ends": fiche.read_since + settings.READING_LEASE if fiche.read_since else None,
        "next": submissions.next_to_read(user, after=fiche),
    }


def known_authorities(fiche, user) -> list[str]:
    """The names offered while linking."""
    if fiche.authority_id:
        return []
    return [choice_of(authority) for authority in Authority.objects.visible_to(user)]


def confirmation(fiche):
    """The Event by which the authority stands behind the fiche: a seat holder's submission or the mailed link."""
    if fiche.vouched != Vouched.AUTHORITY:
        return None
    events = [event for event in fiche.history if event.verb in ("submit", "confirm")]
    return events[-1] if events else None
