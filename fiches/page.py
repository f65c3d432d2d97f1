"""Everything around the stored body of a fiche's page: notices, contents, who vouches, related fiches, history."""

import re

from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from accounts.models import Event
from accounts.workdays import today
from translations import search
from translations.models import Edition, Translation

from . import facts, listing, rendering
from .citation import citation
from .exports import linked, records
from .models import Fiche
from .notices import sentence as notice_sentence
from .vocabularies import LICENCE_URLS, Origin, Status, Vouched

RELATED = 3
PUBLIC_EVENTS = {
    "submit": gettext_lazy("Submitted"),
    "approve": gettext_lazy("Published"),
    "revise": gettext_lazy("Revised"),
    "confirm": gettext_lazy("Confirmed by the authority"),
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
    rows = rows.annotate(**records.names(get_language()))
    columns = [f"{name}_{code}" for name in (*TRANSLATED, "authority__description") for code in settings.LANGUAGE_CODES]
    return rows.select_related("authority", "region", "submitted_by").defer(*columns)


def context(fiche, user, site: str) -> dict:
    """For templates/fiches/detail.html; `fiche` comes from with_edition(), `site` is the portal's address."""
    glance, _end, body = fiche.shown_body_html.partition(rendering.GLANCE_END)
    here = get_language() if fiche.shown_state in OWN_TEXT else fiche.shown_language
    alternates = {code: address(fiche, code) for code in fiche.available_languages}
    return {
        "fiche": fiche,
        "title": fiche.shown_title,
        "summary": fiche.shown_summary,
        "title_lang": fiche.shown_title_language if fiche.shown_title_language != get_language() else "",
        "glance": mark_safe(glance),  # both were rendered and sanitised when they were stored
        "body": mark_safe(body),
        "contents": contents(body),
        "authority": facts.authority_name(fiche),
        "notices": [row | {"sentence": notice_sentence(row)} for row in notices(fiche)],
        "vouching": vouching(fiche),
        "contact": fiche.contact_for(user),
        "citation": citation(fiche, fiche.shown_title, site + address(fiche, get_language())),
        "licence_url": LICENCE_URLS.get(fiche.licence, ""),
        "history": history(fiche),
        "related": related(fiche, user),
        "site": site,
        "canonical": address(fiche, here),
        "alternates": alternates,
        "x_default": alternates.get("en") or address(fiche, fiche.source_language),
        "text_language": facts.language_name(fiche.shown_language) if fiche.shown_language != get_language() else "",
        "json_ld": linked.of_page(fiche, site),
        "can_be_revised": user.is_authenticated and fiche.can_be_revised_by(user),
    }


def contents(body: str) -> list[dict]:
    """The headings of the body and of what stands below it."""
    entries = [{"id": key, "label": mark_safe(label)} for key, label in HEADING.findall(body)]
    below = [("vouched", _("Who stands behind it")), ("take", _("Take it with you")), ("cite", _("Cite and reuse")), ("history", _("History"))]
    return entries + [{"id": key, "label": label} for key, label in below]


def address(fiche, language: str) -> str:
    with override(language):
        return reverse("fiches:detail", args=[fiche.pk, fiche.slug])


def notices(fiche) -> list[dict]:
    """What must be said about the language: for components/language_notice.html."""
    state, language = fiche.shown_state, get_language()
    if state == Edition.State.ORIGINAL:
        return []
    original = {
        "original": facts.language_name(fiche.source_language),
        "url": address(fiche, fiche.source_language),
        "lang": fiche.source_language,
    }
    shown = {"shown": facts.language_name(fiche.shown_language)}
    if state == Edition.State.FALLBACK:
        return [original | shown | {"state": "fallback"}]
    row = _provenance(fiche, language)
    made = {"made": _made(row)} if row else {}
    found = [original | shown | made | {"state": state}]
    if fiche.shown_outdated:
        found.append(original | {"state": "outdated"})
    return found


def _provenance(fiche, language: str) -> Translation | None:
    return fiche.translations.filter(language=language).select_related("reviewer").first()


def _made(row: Translation) -> str:
    """Who made a translation, as it truly was."""
    method = row.get_method_display()
    made = f"{method}, {row.engine}" if row.engine else method
    if row.reviewed_at and row.reviewer and row.reviewer.name:
        return _("{made}, reviewed by {reviewer}").format(made=made, reviewer=row.reviewer.name)
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
    if fiche.vouched == Vouched.AUTHORITY:
        text = _("{authority} confirms this text.").format(authority=name or _("The authority"))
        return {"label": fiche.get_vouched_display(), "text": text, "tone": "good"}
    person = fiche.submitted_by.name if fiche.submitted_by and fiche.shows("submitter") else ""
    text = _("{person} submitted this text.").format(person=person) if person else ""
    return {"label": fiche.get_vouched_display(), "text": text, "tone": "wait"}


def history(fiche) -> list[dict]:
    """What the public may know of its life, newest first; no person is named."""
    events = Event.objects.of(fiche).filter(internal=False, verb__in=PUBLIC_EVENTS)
    words = PUBLIC_EVENTS | ({"submit": _("Compiled")} if fiche.origin == Origin.COMPILED else {})
    return [{"at": at, "text": words[verb]} for verb, at in events.values_list("verb", "at")][::-1]


def related(fiche, user) -> list:
    """Cards of other published fiches: those with most themes in common, then those of the same country."""
    links = Fiche.themes.through.objects
    shared = links.filter(fiche=OuterRef("pk"), theme__in=links.filter(fiche=fiche.pk).values("theme"))
    shared = shared.order_by().values("fiche").annotate(number=Count("pk")).values("number")
    rows = Fiche.objects.visible_to(user).filter(status=Status.PUBLISHED, revises=None).exclude(pk=fiche.pk)
    rows = rows.annotate(shared=Coalesce(Subquery(shared), 0), near=Q(country=fiche.country))
    rows = rows.filter(Q(shared__gt=0) | Q(near=True))
    rows = search.matching(rows, "", get_language()).order_by("-shared", "-near", "-published_at", "pk")
    return listing.cards(rows[:RELATED])


def gone(pk: int) -> dict | None:
    """What is said of a fiche that was public and is archived: its reference, when and why – nothing of its text."""
    ended = Q(embargo_until=None) | Q(embargo_until__lte=today())
    row = Fiche.objects.filter(ended, pk=pk, status=Status.ARCHIVED, revises=None).only("reference").first()
    if row is None:
        return None
    event = Event.objects.of(row).filter(verb="archive", internal=False).select_related("reason").last()
    return {"reference": row.reference, "at": event.at if event else None, "reason": event and event.reason}
