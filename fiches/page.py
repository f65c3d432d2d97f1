"""Everything around the stored body of a fiche's page: notices, contents, who vouches, related fiches, history."""

import re
from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Event
from accounts.workdays import today
from network.models import Representation
from translations import search
from translations.models import Edition, Translation
from translations.prepared import VALUE, prepared

from . import facet_index, facts, languages, listing, rendering
from .citation import citation
from .exports import linked, records
from .languages import in_language
from .models import Fiche
from .vocabularies import LICENCE_URLS, Origin, Status, Vouched

RELATED = 3
PUBLIC_EVENTS = {
    "submit": gettext_lazy("Submitted"),
    "approve": gettext_lazy("Published"),
    "revise": gettext_lazy("Revised"),
    "confirm": gettext_lazy("Confirmed by the authority"),
    "object": pgettext_lazy("history", "No longer confirmed: the authority objected to being represented"),
    "archive": gettext_lazy("Archived"),
    "restore": gettext_lazy("Published again"),
}
TRANSLATED = ("title", "summary", "budget_note")
SHOWN = ("title", "summary", "body_html", "state", "outdated", "title_language", "shown_language")
OWN_TEXT = {Edition.State.ORIGINAL, Edition.State.REVIEWED, Edition.State.OWN, Edition.State.MACHINE}
HEADING = re.compile(r'<h2 id="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)


def with_edition(rows):
    """Rows with what their Edition shows the reader, as shown_title, shown_body_html …; one statement."""
    rows = search.matching(rows, "", get_language()).order_by()
    rows = rows.annotate(**{f"shown_{name.removeprefix('shown_')}": F(f"found__{name}") for name in SHOWN})
    rows = rows.annotate(**records.names(get_language()), provenance=_provenance(get_language()))
    rows = rows.annotate(acting=_acting(get_language()))
    columns = [f"{name}_{code}" for name in (*TRANSLATED, "authority__description") for code in settings.LANGUAGE_CODES]
    return rows.select_related("authority", "region", "submitted_by").defer(*columns)


def read(pk: int, user):
    """The fiche that `user` may read, with its Edition and its public events, or None."""
    if not user.is_authenticated:
        keys = facet_index.current().related(pk, RELATED)
        for fiche in _public(pk, keys):
            cards = {card["pk"]: card["html"] for card in fiche.found_cards}
            fiche.related = [mark_safe(cards[key]) for key in keys if key in cards]
            return fiche
        return None
    return with_events(with_edition(Fiche.objects.visible_to(user).filter(pk=pk, revises=None))).first()


@prepared(Fiche)
def _public():
    """With the cards of related fiches: all that a stranger's page needs is one statement."""
    rows = with_events(with_edition(Fiche.objects.visible_to(None).filter(pk=VALUE, revises=None)))
    cards = listing.public_rows().annotate(json=JSONObject(pk="pk", html="found__card_html"))
    return rows.annotate(found_cards=ArraySubquery(cards.values("json")))


def with_events(rows):
    """Rows with what the public may know of their life, oldest first, as `told`."""
    content_type = ContentType.objects.get_for_model(Fiche)
    events = Event.objects.filter(content_type=content_type, object_id=OuterRef("pk"), internal=False)
    events = events.filter(verb__in=PUBLIC_EVENTS).order_by("at", "pk")
    return rows.annotate(told=ArraySubquery(events.values(json=JSONObject(verb="verb", at="at"))))


def context(fiche, user, site: str) -> dict:
    """For templates/fiches/detail.html; `fiche` comes from with_edition(), `site` is the portal's address."""
    glance, _end, body = fiche.shown_body_html.partition(rendering.GLANCE_END)
    here = get_language() if fiche.shown_state in OWN_TEXT else fiche.shown_language
    path = reverse("fiches:detail", args=[fiche.pk, fiche.slug])
    alternates = {code: in_language(path, code) for code in fiche.available_languages}
    return {
        "fiche": fiche,
        "title": fiche.shown_title,
        "summary": fiche.shown_summary,
        "title_lang": fiche.shown_title_language if fiche.shown_title_language != get_language() else "",
        "glance": mark_safe(glance),  # both were rendered and sanitised when they were stored
        "body": mark_safe(body),
        "contents": contents(body),
        "authority": facts.authority_name(fiche),
        "notices": notices(fiche),
        "vouching": vouching(fiche),
        "contact": fiche.contact_for(user),
        "citation": citation(fiche, fiche.shown_title, site + path),
        "licence_url": LICENCE_URLS.get(fiche.licence, ""),
        "history": (told := history(fiche)),
        "has_versions": any(row["verb"] == "revise" for row in told),
        "related": related(fiche, user),
        "site": site,
        "path": path,
        "files": records.files(),
        "contact_url": reverse("fiches:contact", args=[fiche.pk]),
        "canonical": in_language(path, here),
        "alternates": alternates,
        "x_default": alternates.get("en") or in_language(path, fiche.source_language),
        "text_language": facts.language_name(fiche.shown_language) if fiche.shown_language != get_language() else "",
        "json_ld": linked.of_page(fiche, site),
        "can_be_revised": user.is_authenticated and fiche.can_be_revised_by(user),
    }


def contents(body: str) -> list[dict]:
    """The headings of the body and of what stands below it."""
    entries = [{"id": key, "label": mark_safe(label)} for key, label in HEADING.findall(body)]
    below = [
        ("vouched", _("Who stands behind it")),
        ("take", _("Take it with you")),
        ("cite", _("Cite and reuse")),
        ("history", _("History")),
    ]
    return entries + [{"id": key, "label": label} for key, label in below]


def notices(fiche, *, named=True) -> list[dict]:
    """What must be said about the language, with who reviewed the translation only where people are `named`."""
    made = _made(fiche.provenance, named) if fiche.provenance else ""
    return languages.notices(fiche, fiche.shown_state, fiche.shown_language, outdated=fiche.shown_outdated, made=made)


def _provenance(language: str):
    """For annotate(): how the translation into `language` was made, in the same statement."""
    rows = Translation.objects.filter(
        content_type=ContentType.objects.get_for_model(Fiche), object_id=OuterRef("pk"), language=language
    )
    made = JSONObject(method="method", engine="engine", reviewed="reviewed_at", reviewer="reviewer__name")
    return Subquery(rows.values(json=made)[:1])


def _acting(language: str):
    """For annotate(): the name of the Euroregion whose coordinator handed it in on behalf of the authority."""
    rows = Representation.objects.filter(
        authority=OuterRef("on_behalf_of"), coordinator__seats__user=OuterRef("submitted_by"), coordinator__hidden=False
    )
    text = {"output_field": CharField()}
    names = [NullIf(F(f"coordinator__name_{code}"), Value(""), **text) for code in (language, "en")]
    rows = rows.exclude(status="claimed").exclude(scopes=[]).order_by("-start", "pk")
    return Subquery(rows.values(name=Coalesce(*names, F("coordinator__official_name"), **text))[:1])


def _made(provenance: dict, named: bool) -> str:
    """Who made a translation, as it truly was."""
    made = languages.how(provenance["method"], provenance["engine"])
    if named and provenance["reviewed"] and provenance["reviewer"]:
        return _("{made}, reviewed by {reviewer}").format(made=made, reviewer=provenance["reviewer"])
    return made


def vouching(fiche) -> dict:
    """Who stands behind the text, in a sentence."""
    name = facts.authority_name(fiche)
    if fiche.origin == Origin.COMPILED:
        text = _("Compiled by CLAVET from public sources; not submitted or endorsed by {authority}.")
        return {
            "label": _("Compiled by CLAVET"),
            "text": text.format(authority=name or _("the authority")),
            "icon": "book",
            "compiled": True,
        }
    acting = getattr(fiche, "acting", None)
    themselves = any(row["verb"] == "confirm" for row in getattr(fiche, "told", ()))
    if fiche.vouched == Vouched.AUTHORITY and acting and name and not themselves:
        text = _("{coordinator} submitted and confirmed this text on behalf of {authority}.")
        text = text.format(coordinator=acting, authority=name)
        return {"label": fiche.get_vouched_display(), "text": text, "tone": "good"}
    if fiche.vouched == Vouched.AUTHORITY:
        text = _("{authority} confirms this text.").format(authority=name or _("The authority"))
        return {"label": fiche.get_vouched_display(), "text": text, "tone": "good"}
    person = fiche.submitted_by.name if fiche.submitted_by and fiche.shows("submitter") else ""
    text = _("{person} submitted this text.").format(person=person) if person else ""
    return {"label": fiche.get_vouched_display(), "text": text, "tone": "wait", "person": person}


def history(fiche) -> list[dict]:
    """What the public may know of its life, newest first; no person is named."""
    words = PUBLIC_EVENTS | ({"submit": _("Compiled")} if fiche.origin == Origin.COMPILED else {})
    return [
        {"at": datetime.fromisoformat(event["at"]), "text": words[event["verb"]], "verb": event["verb"]}
        for event in reversed(fiche.told)
    ]


def related(fiche, user) -> list:
    """Cards of other published fiches: those with most themes in common, then those of the same country."""
    if not user.is_authenticated:
        return fiche.related
    links = Fiche.themes.through.objects
    shared = links.filter(fiche=OuterRef("pk"), theme__in=links.filter(fiche=fiche.pk).values("theme"))
    shared = shared.order_by().values("fiche").annotate(number=Count("pk")).values("number")
    rows = Fiche.objects.visible_to(user).filter(status=Status.PUBLISHED, revises=None).exclude(pk=fiche.pk)
    rows = rows.annotate(shared=Coalesce(Subquery(shared), 0), near=Q(country=fiche.country))
    rows = rows.filter(Q(shared__gt=0) | Q(near=True))
    rows = search.matching(rows, "", get_language()).order_by("-shared", "-near", "-published_at", "pk")
    return [card.html for card in listing.cards(rows[:RELATED])]


def gone(pk: int) -> dict | None:
    """What is said of a fiche that was public and is archived: its reference, when and why – nothing of its text."""
    ended = Q(embargo_until=None) | Q(embargo_until__lte=today())
    row = Fiche.objects.filter(ended, pk=pk, status=Status.ARCHIVED, revises=None).only("reference").first()
    if row is None:
        return None
    event = Event.objects.of(row).filter(verb="archive", internal=False).select_related("reason").last()
    return {"reference": row.reference, "at": event.at if event else None, "reason": event and event.reason}
