"""What templates/network/detail.html says about an authority of page.read(): facts, standing, both sides, ways on."""

from datetime import date

from babel.numbers import format_decimal
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.workdays import today
from translations.languages import language_name
from translations.models import Edition
from translations.notices import sentence
from translations.search import sort_key

from ..countries import country_name
from ..exports import linked, records
from ..models import Authority, Expertise, Membership, Memorandum, Representation
from ..seats import is_member
from . import page

IN_WORDS = {
    "profile": lambda: _("keep its profile"),
    "fiches": lambda: _("submit fiches for it"),
    "answers": lambda: _("answer questions for it"),
    "reports": lambda: _("submit its reports"),
}
OWN_TEXT = {Edition.State.ORIGINAL, Edition.State.REVIEWED, Edition.State.OWN, Edition.State.MACHINE}


def context(authority, user, site: str) -> dict:
    """For templates/network/detail.html; `site` is the portal's address."""
    name, lang = page.name_of(authority)
    sides = page.representations(authority, user)
    taking = records.Taking(get_language(), site)
    membership = records.membership_of(authority)
    path = authority.get_absolute_url()
    made = {
        "authority": authority,
        "name": name,
        "name_lang": lang,
        "official": authority.official_name if authority.official_name != name else "",
        "official_lang": foreign(authority.official_language),
        "summary": authority.shown_summary or "",
        "summary_lang": foreign(authority.shown_title_language),
        "body": mark_safe((authority.shown_body_html or "").strip()),  # rendered and sanitised when it was stored
        "notices": notices(authority),
        "membership": membership,
        "membership_facts": membership_facts(membership),
        "memoranda": memoranda(authority),
        "glance": glance(authority),
        "expertise": expertise(authority),
        "represented_by": [acting(row) for row in sides["represented_by"]],
        "represents": represented(sides["represents"]),
        "totals": totals(authority, membership, sides["represents"]),
        "cards": page.cards(page.fiches(user).filter(authority=authority)) if authority.fiche_number else [],
        "more_cards": cards_of_represented(sides["represents"], user),
        "fiches_url": f"{reverse('fiches:list')}?authority={authority.slug}",
        "people": page.people(authority) if is_member(user) or (user.is_authenticated and user.is_coordinator) else [],
        "ways": ways(authority, membership, user),
        "contact_url": page.way("contact", authority.slug),
        "site": site,
        "path": path,
    }
    authority.taken_represented_by = [linkable(row) for row in sides["represented_by"]]
    made["json_ld"] = linked.of_page(records.record(authority, taking), taking)
    return made | alternates(authority, path) | {"contents": contents(made)}


def foreign(language: str | None) -> str:
    """The language to mark, where it is not the reader's."""
    return language if language and language != get_language() else ""


def linkable(row) -> dict:
    """A row of representations() as a record names it."""
    names = ("status", "basis_url", "demonstration", "name")
    day = row["basis_date"]
    return {"code": row["slug"], "basis_date": day and day.isoformat(), **{name: row[name] for name in names}}


def alternates(authority, path: str) -> dict:
    """For search engines: the languages with something of its own, and where a stand-in really stands."""
    here = get_language()

    def there(code):
        return f"/{code}{path.removeprefix(f'/{here}')}"

    own = authority.own_languages
    found = {code: there(code) for code in own}
    return {
        "alternates": found,
        "canonical": found.get(here) or there(authority.source_language),
        "x_default": found.get("en") or there(authority.source_language),
    }


def notices(authority) -> list[dict]:
    """Why its text is shown in another language, or how the translation was made."""
    state = authority.shown_state
    if not authority.shown_body_html or state in (None, Edition.State.ORIGINAL, Edition.State.OWN):
        return []
    original = authority.source_language
    known = {
        "original": language_name(original),
        "url": f"/{original}{authority.get_absolute_url().removeprefix(f'/{get_language()}')}",
        "lang": original,
        "shown": language_name(authority.shown_language),
    }
    states = [state] + (["outdated"] if authority.shown_outdated and state != Edition.State.FALLBACK else [])
    return [row | {"sentence": sentence(row)} for row in (known | {"state": state} for state in states)]


# --- facts ---------------------------------------------------------------------------------------------------------


def number(value) -> str:
    return format_decimal(value, locale=get_language())


def glance(authority) -> list[dict]:
    """The almanac: what it is, where, how large, in which languages it works."""
    region = authority.region
    year = str(authority.population_year or "")
    website = authority.website
    return [
        {"label": _("Kind"), "value": authority.get_kind_display(), "strong": True},
        {"label": _("Governance level"), "value": authority.get_governance_level_display()},
        {"label": _("Country"), "value": authority.country_name},
        {"label": _("Region"), "value": region.name if region else ""},
        {"label": _("Town"), "value": authority.town},
        {
            "label": _("Inhabitants"),
            "value": number(authority.population) if authority.population else "",
            "note": year,
        },
        {
            "label": _("Working languages"),
            "value": ", ".join(language_name(code) for code in authority.working_languages),
        },
        {"label": _("Website"), "value": website.split("://")[-1].strip("/"), "url": website},
        {"label": _("Role in the CLAVET project"), "value": authority.get_partner_role_display()},
        {"label": _("Fiches"), "value": number(authority.fiche_number) if authority.fiche_number else ""},
    ]


def membership_facts(membership) -> list[dict]:
    """Class, state, since when, the adhesion: the decision of its own governing body."""
    if membership is None:
        return []
    day = membership.decision_date
    return [
        {"label": pgettext("membership", "Class"), "value": membership.get_membership_class_display()},
        {"label": pgettext("membership", "Status"), "value": membership.get_status_display(), "strong": True},
        {"label": _("Member since"), "value": membership.since and date_format(membership.since)},
        {
            "label": _("Adhesion"),
            "value": membership.decision_body or (day and date_format(day)),
            "note": ", ".join(
                filter(
                    None, [day and date_format(day) if membership.decision_body else "", membership.decision_reference]
                )
            ),
        },
        {"label": _("Last day"), "value": membership.ends and date_format(membership.ends)},
    ]


def memoranda(authority) -> list[dict]:
    """Those it is a party to, with their public page."""
    made = []
    for row in authority.taken_memoranda:
        left = row["left_on"] and row["left_on"] < today().isoformat()
        status = pgettext("party", "Left") if left else Memorandum.Status(row["status"]).label
        made.append(
            row
            | {
                "status": status,
                "good": not left and row["status"] in Memorandum.VALID,
                "from": day(row["in_force_from"]),
                "until": day(row["left_on"] or row["ended_on"] or row["in_force_until"]),
                "url": Memorandum(verification_code=row["verification_code"]).get_verification_url(),
            }
        )
    return made


def day(text: str | None) -> str:
    """A day from JSON as people write it."""
    return date_format(date.fromisoformat(text)) if text else ""


def expertise(authority) -> list[dict]:
    """Theme by theme: how much it can share and how much it needs, as a figure and in words."""
    made = []
    for row in authority.taken_expertise:
        levels = [("expertise", Expertise.Level), ("need", Expertise.Need)]
        made.append(
            {
                "name": row["name"],
                "url": reverse("theme", args=[row["theme"]]),
                "levels": [
                    {"value": row[name], "words": choices(row[name]).label if row[name] else "", "name": name}
                    for name, choices in levels
                ],
            }
        )
    return sorted(made, key=lambda row: [-(level["value"] or 0) for level in row["levels"]])


# --- representation ------------------------------------------------------------------------------------------------


def acting(row) -> dict:
    """One representation in words: what may be done, on which basis, from which list."""
    return row | {
        "scope_words": [IN_WORDS[scope]() for scope in row["scopes"] if scope in IN_WORDS],
        "status_label": Representation.Status(row["status"]).label,
        "granted": row["status"] == Representation.Status.GRANTED,
        "basis_lang": foreign(row["language"]),
        "list_date": row["basis_date"] and date_format(row["basis_date"]),
        "since": row["start"] and date_format(row["start"]),
    }


def represented(rows) -> list[dict]:
    """The authorities it represents by country, both in the order of the reader's alphabet."""
    countries = {}
    for row in rows:
        countries.setdefault(row["country"], []).append(
            acting(row)
            | {
                "member": row["authority__membership__status"] in Membership.IN_THE_NETWORK,
                "fiches_url": f"{reverse('fiches:list')}?authority={row['slug']}",
            }
        )
    language = get_language()
    made = [
        {
            "name": country_name(code),
            "code": code,
            "rows": sorted(found, key=lambda row: sort_key(row["name"], language)),
        }
        for code, found in countries.items()
    ]
    return sorted(made, key=lambda group: sort_key(group["name"], language))


def totals(authority, membership, rows) -> dict:
    """What a Euroregion brings together: each authority and each fiche once, member, represented or both."""
    each = {row["authority_id"]: row for row in rows}
    members = sum(row["authority__membership__status"] in Membership.IN_THE_NETWORK for row in each.values())
    return {
        "represented": len(each),
        "members": members,
        "countries": len({row["country"] for row in each.values()}),
        "fiches": sum(row["number"] for row in each.values()) + authority.fiche_number,
    }


def cards_of_represented(rows, user) -> list[str]:
    """The newest fiches of those it represents."""
    keys = {row["authority_id"] for row in rows if row["number"]}
    return page.cards(page.fiches(user).filter(authority__in=keys)) if keys else []


# --- ways on -------------------------------------------------------------------------------------------------------


def ways(authority, membership, user) -> list[dict]:
    """What this reader may do here: pages that are not built have no address and are left out."""
    found = []
    joined = membership is not None and membership.status in Membership.IN_THE_NETWORK
    seated = page.holds_seat(authority, user)
    if user.is_authenticated and (authority.can_be_edited_by(user)):
        found.append(("edit", _("Edit the profile"), page.way("profile", authority.slug)))
    if seated:
        found.append(("person", _("Seats"), page.way("seats", authority.slug)))
        if authority.kind == Authority.Kind.EUROREGION or (joined and membership.membership_class == "coordinator"):
            found.append(("list", _("Represented authorities"), page.way("represented", authority.slug)))
        found.append(("people", _("Who acts for us"), page.way("representation", authority.slug)))
        if joined:
            found.append(("file", _("Report"), page.way("report", authority.slug)))
    elif joined:
        found.append(("person", _("Ask for a seat"), page.way("seat_ask", authority.slug)))
    else:
        found.append(("plus", _("Join with this authority"), page.way("apply", query=f"?authority={authority.slug}")))
    return [{"icon": icon, "label": label, "url": url} for icon, label, url in found if url]


def contents(made) -> list[dict]:
    """The parts of the page that have something to say, in their order."""
    parts = [
        ("about", _("Description"), made["body"]),
        ("membership", _("Membership"), made["membership_facts"]),
        ("memoranda", _("Memorandum of understanding"), made["memoranda"]),
        ("expertise", _("What it can share and what it needs"), made["expertise"]),
        ("represented-by", _("Represented by"), made["represented_by"]),
        ("represents", pgettext("authority", "Represents"), made["represents"]),
        ("fiches", _("Fiches"), made["cards"] or made["more_cards"]),
        ("contact", _("Contact"), True),
        ("take", _("Take it with you"), True),
        ("sources", _("Sources"), made["authority"].sources),
    ]
    return [{"id": key, "label": label} for key, label, there in parts if there]
