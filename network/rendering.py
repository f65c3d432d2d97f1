"""What a reader is shown of an authority: the card in lists and the texts of its page, made once per change.

Standing in the network is in neither: a representation ends by itself, so lists and pages say it from today's rows,
the list in place of STANDING.
"""

from django.conf import settings
from django.template.loader import render_to_string

from translations import markdown
from translations.languages import language_name

STANDING = "<!-- standing -->"
TRANSLATED = ("name", "description", "vet_competences")
CAN_ADVISE = 3  # level of expertise from which an authority is named as one that can advise
LONGEST_SUMMARY = 300


def source_texts(authority) -> dict[str, str]:
    """Key → text in the source language."""
    return {name: getattr(authority, f"{name}_{authority.source_language}") or "" for name in TRANSLATED}


def set_texts(authority, language: str, texts) -> None:
    """Write released texts into their columns."""
    columns = {f"{key}_{language}": text for key, text in texts.items() if key in TRANSLATED}
    for column, text in columns.items():
        setattr(authority, column, text)
    if columns:
        type(authority)._base_manager.filter(pk=authority.pk).update(**columns)


def name_in(authority, language: str) -> tuple[str, str]:
    """(name, its language) for readers of `language`: theirs, else the English one, else the official one."""
    for code in (language, "en"):
        if name := getattr(authority, f"name_{code}"):
            return name, code
    return authority.official_name, authority.official_language


def own_languages(authority) -> list[str]:
    """The languages in which something is written of it; its page in others is a stand-in."""
    written = [
        code
        for code in settings.LANGUAGE_CODES
        if getattr(authority, f"name_{code}") or getattr(authority, f"description_{code}")
    ]
    return written or [authority.source_language]


def text_in(authority, field: str, language: str) -> tuple[str, str]:
    """(text, its language): in the reader's, else in English, else in the source language."""
    for code in (language, "en", authority.source_language):
        if text := getattr(authority, f"{field}_{code}"):
            return text, code
    return "", language


def edition(authority, shown) -> dict[str, str]:
    """Its Edition in the language that `shown` names; the columns say what is released, names need no translation."""
    name, name_language = name_in(authority, shown.language)
    passages = [passage(authority, field, shown) for field in ("description", "vet_competences")]
    passages = [row for row in passages if row["html"]]
    body_language = passages[0]["language"] if passages else shown.language
    in_title = name_language if name_language in settings.LANGUAGE_CODES else shown.language
    summary = passages[0]["plain"].split("\n")[0] if passages and body_language == in_title else ""
    return {
        "title": name,
        "summary": shortened(summary),
        "card_html": render_to_string("network/_card.html", card(authority, name, name_language, shown.language)),
        "body_html": render_to_string("network/_body.html", {"passages": passages}),
        "plain": "\n".join(row["plain"] for row in passages),
        "names": "\n".join(names(authority, shown.language)),
        "title_language": in_title,
        "shown_language": body_language,
        "state": state(shown, body_language, authority),
    }


def state(shown, body_language: str, authority) -> str:
    """How its text was made; what coordinators wrote into several languages counts as written by a person."""
    if body_language != shown.language:
        return "fallback"
    if shown.language == authority.source_language:
        return "original"
    return "own" if shown.state in ("fallback", "partial") else shown.state


def passage(authority, field: str, shown) -> dict:
    text, language = text_in(authority, field, shown.language)
    read = markdown.read(text.strip())
    lang = language if language != shown.language else ""
    return {"field": field, "html": read.html, "plain": read.plain, "language": language, "lang": lang}


def shortened(text: str) -> str:
    """At most LONGEST_SUMMARY characters, cut between words."""
    return text if len(text) <= LONGEST_SUMMARY else f"{text[:LONGEST_SUMMARY].rsplit(' ', 1)[0]} …"


def card(authority, name: str, name_language: str, language: str) -> dict:
    """What stands in a list."""
    return {
        "authority": authority,
        "url": authority.get_absolute_url(),
        "name": name,
        "lang": name_language if name_language != language else "",
        "official": authority.official_name if authority.official_name != name else "",
        "official_lang": authority.official_language if authority.official_language != language else "",
        "advises": [_named(row.theme, language) for row in advising(authority)],
        "standing": STANDING,
    }


def advising(authority) -> list:
    """Its expertise on what it can advise others, the greatest first."""
    rows = [row for row in authority.expertise.all() if (row.expertise or 0) >= CAN_ADVISE]
    return sorted(rows, key=lambda row: (-row.expertise, row.theme.position))


def names(authority, language: str) -> list[str]:
    """Names under which readers of a language find it; the search puts those of all nine together."""
    found = [getattr(authority, f"name_{language}"), authority.official_name, authority.town, authority.country_name]
    if authority.region_id:
        found.append(authority.region.name)
    for row in advising(authority):
        found += [_named(theme, language) for theme in (row.theme, row.theme.parent) if theme]
    return list(dict.fromkeys(name.replace("\n", " ") for name in found if name))


def _named(theme, language: str) -> str:
    return getattr(theme, f"name_{language}") or theme.name_en or theme.slug


def working_languages(authority) -> list[str]:
    """Their names in the reader's language."""
    return [language_name(code) for code in authority.working_languages]
