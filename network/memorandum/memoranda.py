"""The making of memoranda: what a text needs before it is locked, locking it, taking it back. It imports no model.

The models’ verbs (models/memorandum.py) come here; related managers give the rows.
"""

import hashlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from accounts import history
from accounts.history import LostRace
from accounts.workdays import today

from ..emails import recipients
from .memorandum_text import VARIABLES, fill

__all__ = ["VARIABLES", "discard", "fill", "lock", "missing", "people_of", "take_back", "unsigned"]

MEMBERSHIPS = ("eligible", "active", "on_hold")  # whose authorities may be parties of a new text


def unsigned(memorandum) -> list:
    """Parties that have not signed the text as it stands, in their order: the first of them has its turn."""
    signed = memorandum.parties.filter(signatures__round=memorandum.round)
    return list(memorandum.parties.exclude(pk__in=signed.values("pk")).select_related("authority").order_by("position"))


def people_of(party) -> list:
    """To whom one writes about a party: its representatives; the coordinators, where it is no authority here."""
    return recipients.representatives(party.acting) if party.authority_id else recipients.coordinators()


def all_people(memorandum) -> list:
    """The representatives of all parties that are authorities here."""
    parties = memorandum.parties.exclude(authority=None).select_related("authority")
    return [person for party in parties for person in people_of(party)]


def staying_people(memorandum) -> list:
    """The representatives of the parties that have not said that they leave: they review it and ask for the next one."""
    parties = memorandum.parties.filter(left_on=None).exclude(authority=None).select_related("authority")
    return [person for party in parties for person in people_of(party)]


def memberships(memorandum) -> list:
    """Those of the authorities that act for its parties today, each once, without who has left."""
    rows = memorandum.parties.exclude(authority=None).exclude(left_on__lt=today())
    rows = rows.select_related("authority__membership", "authority__merged_into__membership")
    found = [getattr(party.acting, "membership", None) for party in rows]
    return list({membership.pk: membership for membership in found if membership}.values())


# --- what is missing -------------------------------------------------------------------------------------------


def missing(memorandum) -> list[str]:
    """What the text still needs before it can be locked, as sentences."""
    parties = list(memorandum.parties.select_related("authority"))
    found = [*_parties(parties), *_languages(memorandum), *_words(memorandum, parties), *_template(memorandum)]
    if not settings.COUNTERSIGNING_PARTY:
        found.append(_("Set the party that countersigns for the network (CLAVET_COUNTERSIGNING_PARTY)."))
    return found


def _parties(parties: list) -> list[str]:
    found = []
    if sum(party.capacity == "countersigning" for party in parties) != 1:
        found.append(_("Name exactly one countersigning party."))
    others = [party for party in parties if party.capacity != "countersigning"]
    if not others:
        found.append(_("Name at least one party besides the countersigning one."))
    for party in others:
        found += _party(party)
    return found


def _party(party) -> list[str]:
    if not (party.decision_body and party.decision_date and party.decision_reference):
        return [_("Add body, date and reference of the decision: {party}").format(party=party)]
    membership = getattr(party.authority, "membership", None)
    if membership is None or membership.status not in MEMBERSHIPS:
        return [_("Approve the application first, or take this party out: {party}").format(party=party)]
    return []


def _languages(memorandum) -> list[str]:
    found, languages = [], memorandum.languages
    if "en" not in languages:
        found.append(_("Add English to the languages."))
    if not memorandum.authentic_languages:
        found.append(_("Choose at least one authentic language."))
    if set(memorandum.authentic_languages) - set(languages):
        found.append(_("Choose the authentic languages among the languages of the memorandum."))
    if not memorandum.in_force_from < memorandum.review_due < memorandum.in_force_until:
        found.append(_("Choose a review date between the first and the last day."))
    return found


def _words(memorandum, parties: list) -> list[str]:
    """What the parties say in their own words is there in each language of the memorandum, or in none."""
    asked = [
        (_("further aims of the parties"), memorandum, "purpose"),
        (_("further information"), memorandum, "additional_information"),
        *((_("further commitments of {party}").format(party=party), party, "commitments") for party in parties),
    ]
    found = []
    for what, row, name in asked:
        lacking = [code for code in memorandum.languages if not getattr(row, f"{name}_{code}")]
        if lacking and len(lacking) < len(memorandum.languages):
            languages = ", ".join(code.upper() for code in lacking)
            found.append(
                _("Add this text in {languages}, or in no language: {text}").format(languages=languages, text=what)
            )
    return found


def _template(memorandum) -> list[str]:
    template, found = memorandum.template, []
    if not settings.DEMO and not template.reviewed_on:
        found.append(
            _("Record first that a lawyer has reviewed version {number} of the template.").format(
                number=template.number
            )
        )
    if lacking := [code for code in memorandum.languages if not getattr(template, f"text_{code}")]:
        languages = ", ".join(code.upper() for code in lacking)
        found.append(_("The template has no text in these languages: {languages}").format(languages=languages))
    return found


# --- verbs -----------------------------------------------------------------------------------------------------


def hold(memorandum, verb: str, to_state: str, *, while_in) -> None:
    """Lock its row until the transaction ends and read it anew; LostRace if it has left the states `while_in`."""
    rows = type(memorandum)._base_manager.select_for_update(of=("self",))
    memorandum.refresh_from_db(from_queryset=rows)
    if memorandum.status not in while_in:
        raise LostRace(memorandum, verb, to_state)


@transaction.atomic
def lock(memorandum, *, by, documents: dict):
    """Fix the text in each language for ever; ValidationError says what is missing. The PDFs are made right after."""
    hold(memorandum, "lock", "locked", while_in=("draft",))
    if lacking := missing(memorandum):
        raise ValidationError(lacking, code="incomplete")
    now = timezone.now()
    changes = {"round": memorandum.round + 1, "locked_at": now}
    event = history.move(memorandum, "locked", verb="lock", by=by, changes=changes)
    memorandum.texts.bulk_create(_text(memorandum, code, documents, now) for code in memorandum.languages)
    for membership in memberships(memorandum):
        if membership.status == "eligible":
            membership.send_memorandum(by=by)
    make_files(memorandum)
    key = f"memorandum:{memorandum.pk}:round:{memorandum.round}"
    recipients.tell("memorandum_ready", memorandum, all_people(memorandum), key=key)
    tell_turn(memorandum)
    return event


def _text(memorandum, language: str, documents: dict, now):
    filled = fill(memorandum, language, documents)
    return memorandum.texts.model(
        memorandum=memorandum,
        round=memorandum.round,
        language=language,
        authentic=language in memorandum.authentic_languages,
        text=filled.text,
        data=filled.data,
        sha256=hashlib.sha256(filled.text.encode()).hexdigest(),
        locked_at=now,
    )


def make_files(memorandum) -> None:
    """Queue the PDFs of the locked text (network.tasks) in the running transaction; nobody signs before they are there."""
    app.configure_task("network.make_memorandum_files").defer(pk=memorandum.pk)


def tell_turn(memorandum) -> None:
    """Tell the party whose turn it is, once in each round."""
    for party in unsigned(memorandum)[:1]:
        key = f"party:{party.pk}:round:{memorandum.round}"
        recipients.tell("memorandum_your_turn", memorandum, people_of(party), key=key, party=party.pk)


@transaction.atomic
def take_back(memorandum, *, by, **why):
    """Withdraw the locked text before all have signed: signatures, open links and waiting copies count no more."""
    hold(memorandum, "take_back", "draft", while_in=("locked", "signing"))
    event = history.move(memorandum, "draft", verb="take_back", by=by, **why)
    now = timezone.now()
    for party in memorandum.parties.select_related("authority__membership"):
        party.links.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=now)
        membership = getattr(party.authority, "membership", None)
        if membership and membership.status in ("mou_sent", "signed"):
            membership.take_back_memorandum(by=by, **why)
    memorandum.files.filter(kind="signed", check_state="waiting").update(check_state="refused")
    key = f"event:{event.pk}"
    recipients.tell("memorandum_text_withdrawn", memorandum, all_people(memorandum), key=key, event=event.pk)
    return event


@transaction.atomic
def discard(memorandum, *, by, **why):
    """Give up a draft; its code is not used again."""
    hold(memorandum, "discard", "discarded", while_in=("draft",))
    return history.move(memorandum, "discarded", verb="discard", by=by, **why)
