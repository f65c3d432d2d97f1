"""The life of a signed memorandum: in force, reviewed, renewed, left, ended; what a day brings. It imports no model."""

import datetime

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from accounts import history
from accounts.workdays import today
from translations import corpus

from ..emails import recipients
from . import memoranda

VALID = ("in_force", "review_due")
ENDS = ("memorandum_ends_180", "memorandum_ends_90", "memorandum_ends_30")  # in the order of MEMORANDUM_REMINDER_DAYS
IN_THE_NETWORK = ("active", "on_hold")
REAPPLIED = ("applied", "eligible")  # who applied again before the renewal was signed by all


def make_finals(memorandum) -> None:
    """Queue the PDFs with all signatures (network.tasks) in the running transaction."""
    app.configure_task("network.make_final_files").defer(pk=memorandum.pk)


# --- in force --------------------------------------------------------------------------------------------------


@transaction.atomic
def take_force_if_due(memorandum, *, by=None) -> bool:
    """In force once all have signed and its first day has come; what it replaces ends with that."""
    memoranda.hold(memorandum, "take_force", "in_force", while_in=("signing",))
    if memorandum.in_force_from > today() or memoranda.unsigned(memorandum):
        return False
    event = history.move(memorandum, "in_force", verb="take_force", by=by, changes={"took_force_on": today()})
    corpus.bump()
    # Before the mails of the memberships: it tells of them as well.
    people = [*memoranda.all_people(memorandum), *_signers(memorandum)]
    recipients.tell("memorandum_in_force", memorandum, people, key=f"event:{event.pk}")
    _tell_signatories(memorandum, event, people)
    for membership in memoranda.memberships(memorandum):
        if membership.status == "mou_sent":
            membership.sign(by=by)
        if membership.status == "signed":
            membership.activate(by=by)
        elif _is_renewed(memorandum, membership):
            membership.activate(by=by, renewed=True)
    _replace(memorandum, by)
    return True


def _is_renewed(memorandum, membership) -> bool:
    """Whether it had expired and goes on, because all signed after the old memorandum had ended; not for who left that."""
    ended = (membership.former or {}).get("status", "") if membership.status in REAPPLIED else membership.status
    if ended != "expired" or memorandum.replaces is None:
        return False
    left = memorandum.replaces.parties.model.objects.of([membership.authority_id]).filter(left_on__lte=today())
    return not left.filter(memorandum=memorandum.replaces_id).exists()


def _replace(memorandum, by) -> None:
    """The one that it renews or amends was replaced by it."""
    old = memorandum.replaces
    if old is None:
        return
    memoranda.hold(old, "renew", "renewed", while_in=old.Status.values)
    if old.status in VALID:
        history.move(old, "renewed", verb="renew", by=by, changes={"ended_on": today()}, note=memorandum.code)


def _signers(memorandum) -> list:
    """Who signed with an account of their own."""
    parties = memorandum.parties.all()
    rows = [row for party in parties for row in party.signatures.filter(round=memorandum.round, method="portal")]
    return [row.by for row in rows if row.by]


def _tell_signatories(memorandum, event, told) -> None:
    """Who signed by a link and has no account gets the copy as well."""
    known = {person.email.lower() for person in told}
    for party in memorandum.parties.all():
        for link in party.links.filter(round=memorandum.round).exclude(used_at=None):
            if link.email.lower() not in known:
                key = f"event:{event.pk}"
                recipients.tell_address(
                    "memorandum_in_force", memorandum, link.email, link.language, key=key, link=link.pk
                )


# --- review ----------------------------------------------------------------------------------------------------


def call_review(memorandum):
    """The day of the review has come."""
    return history.move(
        memorandum,
        "review_due",
        verb="call_review",
        then=lambda event: _tell(memorandum, event, "memorandum_review_due", memoranda.staying_people(memorandum)),
    )


@transaction.atomic
def review(memorandum, *, by, note: str, note_language: str, on_behalf_of=None):
    """Note what the parties found, when it was due or when a party asked for it."""
    memoranda.hold(memorandum, "review", "in_force", while_in=VALID)
    said = {"by": by, "note": note, "note_language": note_language, "on_behalf_of": on_behalf_of}
    corpus.bump()
    if memorandum.status == "review_due":
        return history.move(memorandum, "in_force", verb="review", origins=("review_due",), **said)
    return history.record(memorandum, "review", **said)


def _tell(memorandum, event, kind: str, people=None, **data) -> None:
    """All parties, unless told; the pages of their authorities say it as well."""
    corpus.bump()
    people = memoranda.all_people(memorandum) if people is None else people
    recipients.tell(kind, memorandum, people, key=f"event:{event.pk}", event=event.pk, **data)


# --- leaving and ending ----------------------------------------------------------------------------------------


def last_day(memorandum) -> datetime.date:
    """The last day of a party that leaves today with the notice that was agreed."""
    return min(today() + relativedelta(months=memorandum.notice_months), memorandum.in_force_until)


@transaction.atomic
def leave(party, *, by, on=None, note="", note_language=""):
    """A party leaves with notice; `on` is an earlier last day on which the parties have agreed."""
    memorandum = party.memorandum
    memoranda.hold(memorandum, "leave", "terminated", while_in=VALID)
    party.refresh_from_db(fields=["left_on"])
    limit = party.left_on or last_day(memorandum)
    if on and not today() <= on <= limit:
        raise ValidationError(_("Choose a day from today on that is not after the end of the notice."), code="day")
    if party.left_on and not on:
        raise ValidationError(_("This party has said already that it leaves."), code="left")
    party.left_on = on or limit
    party.save(update_fields=["left_on"])
    said = {"note": note, "note_language": note_language, "on_behalf_of": party.acting}
    event = history.record(memorandum, "leave", by=by, **said)
    _tell(memorandum, event, "memorandum_terminated", party=party.pk)
    return event


@transaction.atomic
def end_for_who_left(memorandum) -> bool:
    """After the last day of who leaves: their membership ends, and the memorandum if too few remain."""
    memoranda.hold(memorandum, "terminate", "terminated", while_in=VALID)
    day = today()
    parties = list(memorandum.parties.select_related("authority__membership"))
    gone = [party for party in parties if party.left_on and party.left_on < day]
    staying = [party for party in parties if party not in gone]
    if not gone:
        return False
    for party in gone:  # first of all: the other parties are told as long as it is valid
        _end_membership(party, party.left_on, verb="withdraw")
    countersigns = any(party.capacity == "countersigning" for party in staying)
    if over := not countersigns or len(staying) < 2:
        ended = max(party.left_on for party in gone)
        event = history.move(memorandum, "terminated", verb="terminate", changes={"ended_on": ended})
        _tell(memorandum, event, "memorandum_terminated")
        for party in staying:
            _end_membership(party, party.left_on or day)
    return over


@transaction.atomic
def expire(memorandum):
    """It ended without a renewal; a membership that rests on it alone ends with it."""
    memoranda.hold(memorandum, "expire", "expired", while_in=VALID)
    ended = memorandum.in_force_until
    event = history.move(memorandum, "expired", verb="expire", changes={"ended_on": ended})
    lost = [party for party in memorandum.parties.select_related("authority") if _end_membership(party, ended)]
    # Who loses the membership gets the mail that says so; one mail a person.
    told = {person.pk for party in lost for person in memoranda.people_of(party)}
    people = [person for person in memoranda.all_people(memorandum) if person.pk not in told]
    recipients.tell("memorandum_expired", memorandum, people, key=f"event:{event.pk}", event=event.pk)
    corpus.bump()
    return event


def _end_membership(party, on, *, verb="expire") -> bool:
    """The membership of a party ends unless another memorandum of the authority is valid: it left, or it expired."""
    membership = getattr(party.acting, "membership", None)
    if membership is None or membership.status not in IN_THE_NETWORK or _has_another(party):
        return False
    getattr(membership, verb)(by=None, ends=on)
    return True


def _has_another(party) -> bool:
    day = today()
    others = type(party).objects.of([party.acting])
    others = others.filter(memorandum__status__in=VALID, memorandum__in_force_until__gte=day)
    return others.exclude(left_on__lt=day).exclude(memorandum=party.memorandum_id).exists()


# --- what is done day by day -----------------------------------------------------------------------------------


def day_by_day(memoranda_) -> None:
    """Each thing that a day brings, one memorandum at a time; done twice it does nothing more."""
    for row in memoranda_.filter(status="signing", in_force_from__lte=today()):
        _once(row, take_force_if_due)
    for row in memoranda_.filter(status__in=VALID):
        if row.in_force_until < today():
            _once(row, expire)
        elif not _once(row, end_for_who_left):
            _look(row)


def _once(memorandum, do):
    """Do it unless somebody else was faster."""
    try:
        return do(memorandum)
    except history.LostRace:
        return None


def _look(memorandum) -> None:
    if memorandum.status == "in_force" and memorandum.review_due <= today() and not _was_called(memorandum):
        _once(memorandum, call_review)
    remind(memorandum)


def _was_called(memorandum) -> bool:
    return memorandum.events.filter(verb="call_review").exists()


def remind(memorandum) -> None:
    """The reminder whose time has come, once; none when a renewal makes it needless."""
    left = (memorandum.in_force_until - today()).days
    due = [(days, kind) for days, kind in zip(settings.MEMORANDUM_REMINDER_DAYS, ENDS, strict=True) if left <= days]
    if not due:
        return
    days, kind = due[-1]
    if not needs(memorandum, kind):
        return
    people = memoranda.staying_people(memorandum)
    if kind == ENDS[-1]:
        people += recipients.coordinators()
    recipients.tell(kind, memorandum, people, key=f"memorandum:{memorandum.pk}:ends-{days}")


def needs(memorandum, kind: str) -> bool:
    """Whether this reminder is still of use: at 90 days no renewal has begun, at 30 days none is signed."""
    if memorandum.status not in VALID:
        return False
    begun = memorandum.replaced_by.exclude(status="discarded")
    if kind == ENDS[1]:
        return not begun.exists()
    return not any(row.status not in ("draft", "locked") and not memoranda.unsigned(row) for row in begun)


# --- renewal ---------------------------------------------------------------------------------------------------


@transaction.atomic
def begin_successor(memorandum, code: str, *, by, replacing: str, note="", note_language="", on_behalf_of=None):
    """Ask for a renewal or an amendment: a draft with everything that the parties agreed, for coordinators to finish."""
    memoranda.hold(memorandum, "ask_renewal", "draft", while_in=VALID)
    if open_successor(memorandum):
        raise ValidationError(_("The next memorandum is being prepared already."), code="begun")
    row = type(memorandum)(
        code=code,
        template=type(memorandum.template).objects.order_by("-number").first(),
        replaces=memorandum,
        replacing=replacing,
        demonstration=memorandum.demonstration,
        **_dates(memorandum, replacing),
        **{name: getattr(memorandum, name) for name in ("languages", "authentic_languages", "notice_months")},
    )
    _copy_texts(memorandum, row, ("purpose", "additional_information"))
    row.save()
    row.themes.set(memorandum.themes.all())
    for party in _going_on(memorandum, row.in_force_from):
        _copy_party(party, row)
    said = {"note": note, "note_language": note_language, "on_behalf_of": on_behalf_of}
    history.record(row, "create", by=by, **said)
    history.record(memorandum, "ask_renewal", by=by, **said)
    return row


def open_successor(memorandum):
    """The renewal or amendment that is on its way, if there is one."""
    return memorandum.replaced_by.filter(status__in=["draft", "locked", "signing"]).first()


def _dates(memorandum, replacing: str) -> dict:
    """A renewal begins the day after the end; an amendment today, until the same end."""
    start = max(memorandum.in_force_until + datetime.timedelta(days=1), today()) if replacing == "renews" else today()
    months = relativedelta(months=settings.MEMORANDUM_MONTHS)
    end = start + months - datetime.timedelta(days=1) if replacing == "renews" else memorandum.in_force_until
    end = max(end, start + datetime.timedelta(days=2))
    return {"in_force_from": start, "in_force_until": end, "review_due": start + (end - start) / 2}


def _copy_texts(source, target, names) -> None:
    for name in names:
        for code in settings.LANGUAGE_CODES:
            setattr(target, f"{name}_{code}", getattr(source, f"{name}_{code}"))


def _going_on(memorandum, start) -> list:
    """The parties of the next one: without who has left before it begins; two that became one authority are one."""
    last = max(today(), start - datetime.timedelta(days=1))
    rows = list(memorandum.parties.exclude(left_on__lte=last).select_related("authority__merged_into"))
    taken = {row.authority for row in rows}
    found = []
    for row in rows:
        if row.acting == row.authority or row.acting not in taken:
            found.append(row)
            taken.add(row.acting)
    return found


def _copy_party(party, memorandum) -> None:
    """The same party; of an authority that was merged, the one that it became, whose decision has to be added."""
    names = ("name", "capacity", "position", "left_on")
    own = ("signatory_name", "signatory_title", "address", "contact")
    own += ("decision_body", "decision_date", "decision_reference")
    is_merged = party.acting != party.authority
    values = {name: getattr(party, name) for name in (names if is_merged else names + own)}
    copy = type(party)(memorandum=memorandum, authority=party.acting, **values)
    _copy_texts(party, copy, ("commitments",))
    copy.save()
    rows = party.names.all()
    rows.model.objects.bulk_create(
        rows.model(party=copy, name=row.name, country=row.country, source=row.source, source_date=row.source_date)
        for row in rows
    )
