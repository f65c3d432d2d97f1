"""Memoranda, an application and a request for the demonstration, brought there by the verbs that everybody uses.

Every signature is of the method “demonstration”, and each memorandum is labelled so. What exists stays as it is.
"""

import datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import translation

from accounts import history
from accounts.workdays import today
from network import asking
from network.memorandum import drafting, memorandum_life, printing
from network.models import Authority, Expertise, Membership, Memorandum, SeatRequest, Signature, Theme

from .people import EUROREGION, MUNICIPALITY, OTHER, person

APPLICANT = "demonstration-county"
DECISION = {
    "decision_body": "Council (demonstration, invented)",
    "decision_reference": "DEMO/1",
}
SIGNATORY = {"name": "N. N. (demonstration)", "title": "Signatory (demonstration)"}
LANGUAGES = {MUNICIPALITY: "it", EUROREGION: "el", OTHER: "it"}
COMMITMENTS = {
    "en": "Shows this page to visitors of the demonstration.",
    "it": "Mostra questa pagina a chi visita la dimostrazione.",
}


def membership(slug: str) -> Membership:
    return Membership.objects.select_related("authority").get(authority__slug=slug)


def add_members() -> None:
    """Since when they take part, what their governing bodies decided, when they report; a town that is joining."""
    town = Authority.objects.get(slug=OTHER)
    Membership.objects.get_or_create(authority=town, defaults={"status": Membership.Status.ELIGIBLE})
    began = today() - relativedelta(months=23)
    for slug in (MUNICIPALITY, EUROREGION):
        due = began + relativedelta(months=24) if slug == MUNICIPALITY else began + relativedelta(months=30)
        Membership.objects.filter(authority__slug=slug, since=None).update(since=began, report_due=due)
    euroregion = Membership.objects.filter(authority__slug=EUROREGION)
    euroregion.update(membership_class=Membership.Class.COORDINATOR)
    ours = Membership.objects.filter(authority__slug__in=[MUNICIPALITY, EUROREGION, OTHER], decision_date=None)
    ours.update(decision_date=began, **DECISION)
    for theme, level, need in (("learning-city", 4, 1), ("digital-skills", 2, 4), ("early-school-leaving", 3, 3)):
        Expertise.objects.get_or_create(
            authority=membership(MUNICIPALITY).authority,
            theme=Theme.objects.get(slug=theme),
            defaults={"expertise": level, "need": need},
        )
    for row in Authority.objects.filter(slug__in=LANGUAGES):
        row.working_languages, row.language_of_contact = ["en", LANGUAGES[row.slug]], LANGUAGES[row.slug]
        row.save(update_fields=["working_languages", "language_of_contact"])
        row.rewrite()


def draft(slug: str, start: datetime.date, months: int, **fields) -> Memorandum:
    """A draft between one demonstration authority and the network, with everything that the text needs."""
    with translation.override("en"):
        memorandum = drafting.new_draft([membership(slug)], by=person("coordinator"))
    end = start + relativedelta(months=months) - datetime.timedelta(days=1)
    values = {"in_force_from": start, "in_force_until": end, "review_due": start + (end - start) / 2, **fields}
    Memorandum.objects.filter(pk=memorandum.pk).update(demonstration=True, **values)
    memorandum.refresh_from_db()
    memorandum.themes.set(Theme.objects.filter(slug__in=["learning-city", "digital-skills"]))
    return memorandum


def lock(memorandum: Memorandum) -> Memorandum:
    """Its text for ever, with the PDFs that the worker would make a moment later."""
    memorandum.lock(by=person("coordinator"))
    printing.make_frozen(memorandum)
    return memorandum


def sign(memorandum: Memorandum, parties: int = 2) -> None:
    """The first parties sign, as a demonstration."""
    text = memorandum.texts.filter(round=memorandum.round, language="en").get()
    for party in memorandum.parties.all()[:parties]:
        party.sign(
            method=Signature.Method.DEMONSTRATION,
            language="en",
            round=memorandum.round,
            text_sha256=text.sha256,
            **SIGNATORY,
        )
    memorandum.refresh_from_db()
    if memorandum.status == Memorandum.Status.IN_FORCE:
        printing.finals(memorandum)


def add_memoranda() -> None:
    """In force; with a review that is due; replaced by a renewal that is being signed; locked and waiting; a draft."""
    if Memorandum.objects.filter(demonstration=True).exists():
        return
    sign(lock(draft(MUNICIPALITY, today() - relativedelta(months=2), 48, authentic_languages=["en", "it"])))
    review = draft(EUROREGION, today() - relativedelta(months=30), 36, review_due=today() - relativedelta(days=2))
    drafting.take_represented(review.parties.get(authority__slug=EUROREGION))
    sign(lock(review))
    memorandum_life.call_review(review)
    renewal = draft(EUROREGION, today() + relativedelta(months=6), 48, replaces=review, replacing="renews")
    sign(lock(renewal), parties=1)
    town = draft(OTHER, today(), 48)
    party = town.parties.get(authority__slug=OTHER)
    for code in town.languages if set(town.languages) <= set(COMMITMENTS) else []:
        setattr(party, f"commitments_{code}", COMMITMENTS[code])
    party.signatory_title = "Mayor (demonstration)"
    party.save()
    lock(town)


def add_application() -> None:
    """An application that a coordinator has to read, for an authority that nobody sees yet."""
    county = Authority.objects.get(slug=APPLICANT)
    if Membership.objects.filter(authority=county).exists():
        return
    Authority.objects.filter(pk=county.pk).update(hidden=True)
    applicant = person("visitor")
    Membership(authority=county).apply(
        by=applicant,
        decision_date=today() - relativedelta(days=20),
        representative_name=applicant.name,
        representative_email=applicant.email,
        deputy_name="Dora Deputy",
        deputy_email="deputy@demo.example",
        motivation="Demonstration: the county wants to learn how others keep young people in training.",
        language="en",
        **DECISION,
    )


def add_request() -> None:
    """Somebody asks for a seat at the municipality."""
    user, authority = person("translator"), Authority.objects.get(slug=MUNICIPALITY)
    if not SeatRequest.objects.filter(user=user, authority=authority).exists():
        words = "Επίδειξη: θέλω να μεταφράζω τα δελτία σας."
        row = SeatRequest.objects.create(authority=authority, user=user, message=words, language="el")
        history.record(row, "ask_for_seat", by=user)
        asking.sent(row)


@transaction.atomic
def add() -> None:
    add_members()
    add_memoranda()
    add_application()
    add_request()
