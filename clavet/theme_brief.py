"""What the printable brief of a theme says, as data for templates/typst/theme.typ: the best of its page, on two pages."""

import segno
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from fiches import facts
from fiches.vocabularies import Kind
from translations import typesetting

EACH_STAGE, LESSONS, RESULTS, OF_ONE_FICHE, AUTHORITIES = 4, 3, 10, 3, 8


def pdf(made: dict, site: str) -> bytes:
    """The brief of a theme from what its page shows (clavet.themes.context); `site` is the portal's address."""
    name = made["theme"].name
    return typesetting.pdf("theme", data(made, site), language=get_language(), title=name)


def data(made: dict, site: str) -> dict:
    theme = made["theme"]
    url = site + reverse("theme", args=[theme.slug])
    parts = [*stages(made, site), lessons(made, site), results(made, site), authorities(made)]
    return {
        "at": int(newest(made).timestamp()),
        "eyebrow": made["upper"].name if made["upper"] else "",
        "lead": theme.description,
        "lead_lang": theme.description_lang,
        "url": url,
        "qr": segno.make(url, error="l").svg_inline(border=0),
        "facts": [fact(row["label"], row["value"]) for row in made["glance"]],
        "parts": [part for part in parts if part] or [nothing(site)],
        "contact": _("Everything on this theme, as it stands today: {address}").format(address=url),
        "citation": _("CLAVET: theme “{theme}”, {date}.").format(
            theme=theme.name, date=date_format(timezone.localdate(), "DATE_FORMAT")
        ),
        "labels": {
            "qr": _("QR code with the address of this page"),
            "replaced": _("Square brackets hold Latin letters for others that this typeface does not have."),
            "document": _("Theme brief"),
        },
    }


def newest(made: dict):
    """When the last of what the brief names was published; today where it names nothing."""
    dates = [entry["fiche"].published_at for stage in made["stages"] for entry in stage["entries"]]
    return max(filter(None, dates), default=timezone.now().replace(hour=0, minute=0, second=0, microsecond=0))


def fact(label: str, value: str) -> dict:
    return {"label": str(label), "value": str(value), "note": "", "note_lang": "", "unknown": False}


def entry(row: dict, site: str, **more) -> dict:
    kind = dict(Kind.choices)[row["kind"]]
    told = [kind, row["authority"], row["country"], row["period"]]
    if row["fiche"].demonstration:
        told.append(_("Demonstration"))
    named = {"kind": row["kind"], "eyebrow": " · ".join(str(part) for part in told if part)}
    return named | {"title": row["title"], "lang": row["lang"], "url": site + row["url"]} | more


def stages(made: dict, site: str) -> list[dict]:
    """The fiches with the strongest evidence at each stage; one that stands in several is said to."""
    parts = []
    for stage in made["stages"]:
        shown = stage["entries"][:EACH_STAGE]
        if shown:
            address = f"{site}{made['list_url']}&policy_stage={stage['code']}"
            entries = [entry(row, site) for row in shown]
            parts.append({"heading": str(stage["label"]), "entries": entries, "more": _more(stage, shown, address)})
    return parts


def _more(part: dict, shown: list, address: str) -> str:
    number = part["number"]
    if number <= len(shown):
        return ""
    found = ngettext("{number} fiche in all: {address}", "{number} fiches in all: {address}", number)
    return found.format(number=facts.number(number), address=address)


def lessons(made: dict, site: str) -> dict | None:
    shown = made["lessons"]["entries"][:LESSONS]
    address = f"{site}{made['list_url']}&kind={Kind.LESSON_LEARNED}"
    entries = [entry(row, site, text=_warning(row)) for row in shown]
    more = _more(made["lessons"], shown, address)
    return {"heading": _("Lessons that warn"), "entries": entries, "more": more} if shown else None


def _warning(row: dict) -> str:
    """What happened – or the summary, where only that is in the language of the title."""
    happened = row.get("happened")
    return happened["text"] if happened and happened["lang"] == row["lang"] else row["summary"]


def results(made: dict, site: str) -> dict | None:
    number = sum(len(fiche["rows"]) for fiche in made["results"])
    found = [(fiche, row) for fiche in made["results"] for row in fiche["rows"][:OF_ONE_FICHE]][:RESULTS]
    rows = [
        (
            {"text": row["indicator"], "lang": row["lang"]},
            row["before"] or "–",
            row["after"],
            row["year"] or "–",
            _source(fiche, site, again=row is not fiche["rows"][0]),
        )
        for fiche, row in found
    ]
    columns = [
        {"label": _("Indicator"), "number": False},
        {"label": _("Before"), "number": True},
        {"label": _("After"), "number": True},
        {"label": _("Year"), "number": True},
        {"label": _("Fiche"), "number": False},
    ]
    more = _("More figures: {address}").format(address=site + reverse("theme", args=[made["theme"].slug]))
    table = {"columns": columns, "rows": rows}
    return {"heading": _("Results"), "table": table, "more": more if number > len(found) else ""} if rows else None


def _source(fiche: dict, site: str, again: bool) -> dict:
    """The fiche of a figure: its title once, below that only whose it is."""
    if again and fiche["authority"]:
        return {"text": fiche["authority"], "url": site + fiche["url"]}
    return {"text": fiche["title"], "lang": fiche["lang"], "url": site + fiche["url"], "note": fiche["authority"]}


def authorities(made: dict) -> dict | None:
    rated, published = made["authorities"]["rated"], made["authorities"]["published"]
    own = _("says itself: {level}")
    rows = [(row, own.format(level=row["label"])) for row in rated]
    rows += [(row, _number(row["number"])) for row in published]
    entries = [{"title": row["name"], "note": f"{_country(row)} · {what}"} for row, what in rows[:AUTHORITIES]]
    return {"heading": _("Who knows about it"), "entries": entries} if rows else None


def _country(row: dict) -> str:
    return f"{row['country']} · {_('Demonstration')}" if row["demonstration"] else row["country"]


def _number(number: int) -> str:
    return ngettext("{number} fiche", "{number} fiches", number).format(number=facts.number(number))


def nothing(site: str) -> dict:
    address = site + reverse("fiches:create")
    text = _("Write the first fiche: {address}").format(address=address)
    return {"heading": _("No fiche on this theme yet"), "text": text}
