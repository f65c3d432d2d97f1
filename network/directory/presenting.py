"""What templates/network/detail.html says about an authority of page.read(): facts, standing, both sides, ways on."""

from datetime import date

from babel.numbers import format_decimal
from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format, localize
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from accounts.workdays import today
from translations.languages import language_name
from translations.models import Edition
from translations.notices import sentence

from ..countries import country_name
from ..exports import linked, records
from ..models import Authority, Expertise, Membership, Memorandum, Representation
from ..seats import is_member
from . import page
from .represented import Part

IN_WORDS = {
    "profile": lambda: _("keep its profile"),
    "fiches": lambda: _("submit fiches for it"),
    "answers": lambda: _("answer questions for it"),
    "reports": lambda: _("submit its reports"),
}
OWN_TEXT = {Edition.State.ORIGINAL, Edition.State.REVIEWED, Edition.State.OWN, Edition.State.MACHINE}


def context(authority, user, site: str, part: Part) -> dict:
    """For templates/network/detail.html; `site` is the portal's address, `part` whom of those it represents we tell of."""
    name, lang = page.name_of(authority)
    taking = records.Taking(get_language(), site)
    membership = records.membership_of(authority)
    path = authority.get_absolute_url()
    acts = [acting(row) for row in authority.taken_represented_by]
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
        "represented_by": acts,
        "represents": represented(authority.taken_represents, part) if part.keys else [],
        "narrower": narrower(authority, part) if part.page else None,
        "totals": totals(authority, part.whom),
        "cards": list(map(mark_safe, authority.taken_cards)),  # stored safe
        "more_cards": list(map(mark_safe, authority.taken_more)) if part.keys else [],
        "fiches_url": f"{reverse('fiches:list')}?authority={authority.slug}",
        "people": page.people(authority) if is_member(user) or (user.is_authenticated and user.is_coordinator) else [],
        "ways": ways(authority, membership, user),
        "contact_url": page.way("contact", authority.slug),
        "site": site,
        "path": path,
    }
    authority.taken_represented_by = [{"code": row["slug"], **row} for row in acts]
    made["json_ld"] = linked.of_page(records.record(authority, taking), taking)
    return made | alternates(authority, path) | {"contents": contents(made)}


def foreign(language: str | None) -> str:
    """The language to mark, where it is not the reader's."""
    return language if language and language != get_language() else ""


def alternates(authority, path: str) -> dict:
    """For search engines: the languages with something of its own, and where a stand-in really stands."""
    here = get_language()

    def there(code):
        return f"/{code}{path.removeprefix(f'/{here}')}"

    own = [code for code in settings.LANGUAGE_CODES if authority.written_in[code]] or [authority.source_language]
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


def other(row) -> dict:
    """Name and address of the other side, the name with its language where that is not the reader's."""
    name, language = row["official_name"], row["official_language"]
    for code in (get_language(), "en"):
        if own := row[f"name_{code}"]:
            name, language = own, code
            break
    return {"name": name, "lang": foreign(language)}


def acting(row) -> dict:
    """One representation in words: what may be done, on which basis, from which list."""
    told = {"url": reverse("network:detail", args=[row["slug"]])}
    told |= {"scope_words": [IN_WORDS[scope]() for scope in row["scopes"] if scope in IN_WORDS]}
    return row | other(row) | source(row) | told | {"status_label": Representation.Status(row["status"]).label}


def source(row) -> dict:
    """Basis and date of a list as templates/network/_list_source.html says them."""
    return {
        "granted": row["status"] == Representation.Status.GRANTED,
        "basis_lang": foreign(row["language"]),
        "list_date": day(row["basis_date"]),
    }


def represented(found: list[dict], part: Part) -> list[dict]:
    """Of those it represents the part asked for, by country, each as an item of a list."""
    rows = {row["key"]: row for row in found}
    keys = set(part.keys)
    groups, words = [], Words()
    for code, all_of_it in part.whom.by_country.items():
        here = [rows[key] for key in all_of_it if key in keys and key in rows]
        if here:
            items = mark_safe("".join(words.item(row) for row in here))  # escaped piece by piece
            groups.append(
                {"name": country_name(code), "code": code, "number": len(all_of_it), "items": items, "first": here[0]}
            )
    for group in groups[:1]:
        group["source"] = group["first"] | source(group["first"])
    return groups


class Words:
    """What the items of one list share, looked up once."""

    def __init__(self):
        self.status = {str(one): escape(one.label) for one in Representation.Status}
        self.member = f"<span>{escape(pgettext('membership class', 'Member'))}</span>"
        self.demonstration = f"<span>{escape(_('Demonstration'))}</span>"
        self.fiches, self.network = reverse("fiches:list"), reverse("network:list")

    def item(self, row: dict) -> str:
        """Its name and what holds today: state, member, fiches, an example."""
        told = other(row)
        lang = f' lang="{escape(told["lang"])}"' if told["lang"] else ""
        facts = [f"<span>{self.status[row['status']]}</span>"]
        if row["member"] in Membership.IN_THE_NETWORK:
            facts.append(self.member)
        if row["number"]:
            facts.append(f'<span><a href="{self.fiches}?authority={row["slug"]}">{number_of(row["number"])}</a></span>')
        if row["demonstration"]:
            facts.append(self.demonstration)
        name = f'<a href="{self.network}{row["slug"]}/"{lang}>{escape(told["name"])}</a>'
        return f'<li>{name} <span class="card-meta">{" ".join(facts)}</span></li>'


def number_of(fiches: int) -> str:
    return escape(ngettext("one fiche", "%(number)s fiches", fiches) % {"number": localize(fiches)})


def narrower(authority, part: Part) -> dict:
    """Ways through a long list: one country, page by page, or by name in the directory."""
    chosen = part.country
    return {
        "page": part.page,
        "base": f"?country={chosen}&" if chosen else "?",
        "chips": [
            {
                "label": f"{country_name(code)} ({number(len(keys))})",
                "url": f"?{'' if code == chosen else f'country={code}'}#represents",
                "chosen": code == chosen,
            }
            for code, keys in part.whom.by_country.items()
        ],
        "by_name": f"{reverse('network:list')}?euroregion={authority.slug}",
    }


def totals(authority, whom) -> dict:
    """What a Euroregion brings together: each authority and each fiche once, member, represented or both."""
    return {
        "represented": whom.total,
        "members": whom.members,
        "countries": len(whom.by_country),
        "fiches": authority.fiche_number + (authority.more_number if whom.by_country else 0),
    }


# --- ways on -------------------------------------------------------------------------------------------------------


def ways(authority, membership, user) -> list[dict]:
    """What this reader may do here, the likeliest first; pages that are not built have no address and are left out."""
    found = []
    joined = membership is not None and membership.status in Membership.IN_THE_NETWORK
    seated = page.holds_seat(authority, user)
    if user.is_authenticated and (authority.can_be_edited_by(user)):
        found.append(("edit", _("Edit the profile"), page.way("profile", authority.slug)))
    found.append(("mail", _("Write to the authority"), page.way("contact", authority.slug)))
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
