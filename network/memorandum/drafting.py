"""Drafts of memoranda: prefilled from what the parties have said, and changed by coordinators until the text is locked."""

import datetime
import hashlib
import json

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.forms import model_to_dict

from accounts import history
from accounts.workdays import today

from ..models import Membership, Memorandum, MemorandumCounter, MemorandumTemplate, OtherOrganisation, Party, Seat
from .memoranda import MEMBERSHIPS

OPEN = ("draft", "locked", "signing")
LAST = 99  # the turn of the party that countersigns


def to_prepare():
    """Approved applications for which no memorandum is on its way."""
    begun = Party.objects.filter(memorandum__status__in=OPEN).exclude(authority=None)
    return Membership.objects.filter(status="eligible").exclude(authority__in=begun.values("authority"))


def possible_parties(memorandum=None, *, by=None):
    """Memberships whose authorities may be parties of a new text, approved applications first; none where `by` sits."""
    rows = Membership.objects.filter(status__in=MEMBERSHIPS).select_related("authority")
    if by:
        rows = rows.exclude(authority__in=Seat.objects.current().filter(user=by).values("authority"))
    if memorandum:
        rows = rows.exclude(authority__in=memorandum.parties.exclude(authority=None).values("authority"))
    return rows.order_by("-status", "authority__slug")


@transaction.atomic
def new_draft(memberships, *, by) -> Memorandum:
    """A draft between these members and the network, with everything that is known filled in."""
    start = today().replace(day=1) + relativedelta(months=1)
    end = start + relativedelta(months=settings.MEMORANDUM_MONTHS) - datetime.timedelta(days=1)
    memorandum = Memorandum.objects.create(
        code=MemorandumCounter.next(today().year),
        template=MemorandumTemplate.objects.first(),
        languages=languages_of([row.authority for row in memberships]),
        authentic_languages=["en"],
        in_force_from=start,
        in_force_until=end,
        review_due=start + (end - start) / 2,
        demonstration=any(row.demonstration for row in memberships),
    )
    for membership in memberships:
        add_party(memorandum, membership)
    Party.objects.create(
        memorandum=memorandum,
        name=settings.COUNTERSIGNING_PARTY,
        contact=settings.COUNTERSIGNING_CONTACT,
        capacity=Party.Capacity.COUNTERSIGNING,
        position=LAST,
    )
    history.record(memorandum, "create", by=by)
    return memorandum


def languages_of(authorities) -> list[str]:
    """English, and what the authorities work and are written to in, among the languages of the portal."""
    spoken = {code for row in authorities for code in [row.language_of_contact, *row.working_languages]}
    return [code for code in settings.LANGUAGE_CODES if code == "en" or code in spoken]


def add_party(memorandum, membership) -> Party:
    """The authority of a membership as a party: its decision, who signs, how to reach it."""
    authority = membership.authority
    seat = authority.seats.of_representatives().select_related("user").order_by("-role", "pk").first()
    taken = memorandum.parties.exclude(capacity=Party.Capacity.COUNTERSIGNING).order_by("-position").first()
    coordinates = authority.kind == "euroregion" or membership.membership_class == Membership.Class.COORDINATOR
    return Party.objects.create(
        memorandum=memorandum,
        authority=authority,
        capacity=Party.Capacity.COORDINATING if coordinates else Party.Capacity.MEMBER,
        position=taken.position + 1 if taken else 1,
        signatory_name=seat.user.name if seat else membership.representative_name,
        signatory_title=seat.title if seat else "",
        contact=authority.official_address,
        decision_body=membership.decision_body,
        decision_date=membership.decision_date,
        decision_reference=membership.decision_reference,
    )


@transaction.atomic
def take_represented(party) -> int:
    """Name the authorities that this party represents today, with source and date; returns how many were new."""
    known = set(party.names.values_list("name", flat=True))
    rows = [
        OtherOrganisation(
            party=party,
            name=row.authority.official_name,
            country=row.authority.country,
            source=(row.basis_url or row.basis)[:300],
            source_date=row.basis_date,
        )
        for row in party.authority.represents.in_force().select_related("authority")
        if row.authority.official_name not in known
    ]
    return len(OtherOrganisation.objects.bulk_create(rows))


def fingerprint(memorandum) -> str:
    """What a draft says, in short: an edit of another state than the one that was shown is refused."""
    parties = list(memorandum.parties.order_by("pk"))
    names = OtherOrganisation.objects.filter(party__memorandum=memorandum).order_by("pk")
    said = [
        {**model_to_dict(memorandum), "themes": sorted(memorandum.themes.values_list("pk", flat=True))},
        *map(model_to_dict, parties),
        *map(model_to_dict, names),
        list(memorandum.annexes().values_list("pk", flat=True)),
        memorandum.round,
    ]
    return hashlib.sha256(json.dumps(said, cls=DjangoJSONEncoder).encode()).hexdigest()[:32]
