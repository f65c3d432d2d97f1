"""Applications for tests: one whose texts and file hold a marker, and every address at which a stranger may look."""

import re

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import history
from network.models import Authority, Membership

from . import factories as made

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def applied(status="applied", **fields):
    """An application for an authority that was born with it."""
    fields = {"applied_by": made.UserFactory(), "language": "hr", "decision_body": "Općinsko vijeće"} | fields
    fields.setdefault("authority", made.AuthorityFactory(hidden=True))
    return made.MembershipFactory(status=status, **fields)


def hidden(plant, marker: str) -> None:
    """Applications in each state before membership, and what was handed in by one that is a member now."""
    for status in (*Membership.JOINING, Membership.Status.DECLINED):
        row = applied(status)
        plant(row.authority)
        _fill(row, plant, marker)
    _fill(applied("active", authority=made.AuthorityFactory()), plant, marker)
    known = applied("applied", authority=made.AuthorityFactory())  # a public authority of which somebody is applying
    _fill(known, plant, marker)


def _fill(row, plant, marker) -> None:
    row.decision_file.save("x.pdf", ContentFile(f"{marker} in the file".encode()))
    row.decision_filename = f"{marker}.pdf"
    row.save()
    plant(row, skip=("decision_file",))
    history.record(row, "note", by=row.applied_by, note=f"{marker} internal note", internal=True)


def addresses(word: str) -> set[str]:
    """Each application, its file, the form to apply again, and searches for a name."""
    found = {f"{reverse('network:join')}?q={query}" for query in (word, word[:5], "Sample")}
    for pk in Membership.objects.values_list("pk", flat=True):
        found |= {reverse(f"network:{name}", args=[pk]) for name in ("application", "decision_file")}
        found.add(reverse("admin:network_membership_change", args=[pk]))
    for authority in Authority.objects.all():
        found.add(f"{reverse('network:apply')}?authority={authority.slug}")
        found.add(reverse("admin:network_authority_merge", args=[authority.pk]))
    return found


def pages(person):
    """(path, status): searches, forms, and the page of an application in each state."""
    known = made.AuthorityFactory(official_name="Grad Zadar", name="City of Zadar", town="Zadar")
    made.MembershipFactory(authority=made.AuthorityFactory(official_name="Zadarska županija", name="Zadar County"))
    yield reverse("network:join"), 200
    yield f"{reverse('network:join')}?q=Zadar", 200
    yield f"{reverse('network:join')}?q=Nowhere&country=HR", 200
    yield f"{reverse('network:apply')}?name=Zadar&country=HR", 200
    yield f"{reverse('network:apply')}?authority={known.slug}", 200
    for status in ("applied", "mou_sent", "active", "declined"):
        row = applied(status, applied_by=person, decision_reference="KLASA 1/26", motivation="To learn.")
        history.record(row, "apply", by=person, to_state="applied")
        yield reverse("network:application", args=[row.pk]), 200


def pdf(name="decision.pdf"):
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def typed(**changes):
    """A whole application for an authority that is not known."""
    answers = {
        "official_name": "Općina Vrbovec",
        "official_language": "hr",
        "kind": "local",
        "governance_level": "local",
        "country": "HR",
        "town": "Vrbovec",
        "official_address": "ured@vrbovec.example",
        "website": "vrbovec.example",
        "language_of_contact": "hr",
        "membership_class": "member",
        "decision_body": "Općinsko vijeće",
        "decision_date": "2026-01-15",
        "decision_reference": "KLASA 1/26",
        "i_am": "representative",
        "deputy_name": "Ivo Marić",
        "deputy_email": "Ivo@vrbovec.example",
        "motivation": "We run an evening school.",
        "consent": "on",
    }
    return {name: value for name, value in (answers | changes).items() if value is not None}


def apply(client, query="", **changes):
    return client.post(reverse("network:apply") + query, typed(**changes))


def kept_token(response) -> str:
    return re.search(r'name="kept" value="([^"]+)"', response.content.decode())[1]
