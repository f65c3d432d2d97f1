"""Memoranda for tests: `draft()` makes one that can be locked, `locked()` one whose text is locked, with its PDFs if asked."""

import datetime

from django.conf import settings
from django.db import transaction

from network.models import Memorandum, MemorandumCounter, MemorandumTemplate, OtherOrganisation, Party
from network.tasks import make_memorandum_files

from .factories import AuthorityFactory, CoordinatorFactory, MembershipFactory, SeatFactory, ThemeFactory

SEEDS = settings.BASE_DIR / "clavet" / "seeds" / "memorandum"
PARTY = "Secretariat of the Sample Network"


def template(**fields):
    """Version 1 as `setup` makes it, read by a lawyer unless told."""
    texts = {f"text_{code}": (SEEDS / f"{code}.md").read_text() for code in settings.LANGUAGE_CODES}
    values = {"dated": datetime.date(2026, 11, 1), "reviewed_on": datetime.date(2026, 11, 20), **texts, **fields}
    return MemorandumTemplate.objects.get_or_create(number=1, defaults=values)[0]


@transaction.atomic
def draft(authorities=None, *, languages=("en", "el"), authentic=("en",), status="eligible", **fields):
    """A complete draft between `authorities` (one by default, with a representative) and the network."""
    values = {
        "code": MemorandumCounter.next(2026),
        "template": template(),
        "languages": list(languages),
        "authentic_languages": list(authentic),
        "in_force_from": datetime.date(2027, 1, 1),
        "in_force_until": datetime.date(2030, 12, 31),
        "review_due": datetime.date(2029, 7, 1),
        **fields,
    }
    memorandum = Memorandum.objects.create(**values)
    for position, authority in enumerate(authorities or [joining(status=status)], 1):
        coordinating = authority.kind == "euroregion"
        Party.objects.create(
            memorandum=memorandum,
            authority=authority,
            capacity="coordinating" if coordinating else "member",
            position=position,
            signatory_name="Ana Sample",
            signatory_title="Mayor",
            address="1 Town Hall Square, Sample",
            contact=f"Education office, {authority.official_address}",
            decision_body="Town council",
            decision_date=datetime.date(2026, 10, 14),
            decision_reference="2026/118",
        )
    Party.objects.create(memorandum=memorandum, name=PARTY, capacity="countersigning", position=99)
    return memorandum


def joining(status="eligible", **fields):
    """An authority whose application is approved, with a representative."""
    authority = AuthorityFactory(**fields)
    MembershipFactory(authority=authority, status=status)
    SeatFactory(authority=authority, role="representative")
    return authority


def locked(authorities=None, *, files=False, by=None, **fields):
    memorandum = draft(authorities, **fields)
    memorandum.lock(by=by or CoordinatorFactory())
    if files:
        make_memorandum_files(memorandum.pk)
    return memorandum


def organisations(party, *names):
    for name in names:
        OtherOrganisation.objects.create(
            party=party, name=name, country="HR", source="Statutes", source_date=datetime.date(2026, 3, 1)
        )


def themes(memorandum, *slugs):
    memorandum.themes.add(*(ThemeFactory(slug=slug) for slug in slugs))
