"""Everything on an authority's page: what its Edition shows, and what holds today – membership, representation, fiches.

At most five statements for a stranger, however many authorities a Euroregion represents.
"""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, F, FilteredRelation, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from accounts.workdays import today
from translations.search.matching import literal

from .. import rendering
from ..models import Authority, Expertise, Memorandum, Party, Representation

CARDS = 6  # fiches of its own that the page shows, and as many of those it represents
SHOWN = ("title", "summary", "body_html", "state", "outdated", "title_language", "shown_language")


def shown(rows, language: str):
    """Rows with what readers of `language` are shown of them as shown_title …, and what stands in other tables."""
    rows = rows.alias(found=FilteredRelation("editions", condition=Q(editions__language=literal(language))))
    rows = rows.annotate(**{f"shown_{name.removeprefix('shown_')}": F(f"found__{name}") for name in SHOWN})
    return rows.annotate(taken_expertise=expertise(language)).select_related("region", "membership")


def expertise(language: str):
    """For annotate(): what it can share and what it needs, theme by theme."""
    rows = Expertise.objects.filter(authority=OuterRef("pk")).exclude(expertise=None, need=None)
    name = Coalesce(
        NullIf(F(f"theme__name_{language}"), Value("")), F("theme__name_en"), F("theme__slug"), output_field=CharField()
    )
    made = JSONObject(theme=F("theme__slug"), name=name, expertise="expertise", need="need")
    return ArraySubquery(rows.order_by("theme__position", "theme__slug").values(json=made))


def memoranda():
    """For annotate(): the memoranda to which it is or was a party, once they took force; drafts are the parties' own."""
    was_valid = Q(memorandum__status__in=Memorandum.VALID) | Q(memorandum__took_force_on__isnull=False)
    rows = Party.objects.filter(was_valid, authority=OuterRef("pk"), memorandum__round__gt=0)
    names = ("code", "status", "in_force_from", "in_force_until", "ended_on", "verification_code", "demonstration")
    made = JSONObject(left_on="left_on", **{name: f"memorandum__{name}" for name in names})
    return ArraySubquery(
        rows.order_by("-memorandum__in_force_from", "-memorandum_id").annotate(json=made).values("json")
    )


def read(slug: str, user):
    """The authority that `user` may see, with all that its page says of itself; None where there is none."""
    rows = shown(Authority.objects.visible_to(user).filter(slug=slug), get_language())
    return rows.annotate(taken_memoranda=memoranda(), fiche_number=number_of_fiches(user)).first()


# --- fiches: the app above owns them, so they are met from their authority ------------------------------------------


def fiches(user):
    """Published fiches whose authority is told: an anonymised lesson stands on no authority's page."""
    rows = Authority._meta.get_field("fiches").related_model.objects.visible_to(user)
    return rows.filter(status="published", revises=None, disclosure="open")


def number_of_fiches(user, authority="pk"):
    """For annotate(): how many there are of the authority to which the path `authority` leads."""
    rows = fiches(user).filter(authority=OuterRef(authority)).order_by().values("authority")
    counted = rows.annotate(number=Count("pk", distinct=True)).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def cards(rows) -> list[str]:
    """The stored cards of the newest."""
    found = FilteredRelation("editions", condition=Q(editions__language=literal(get_language())))
    newest = rows.model.objects.filter(pk__in=rows.order_by().values("pk")).alias(found=found)
    newest = newest.filter(found__isnull=False).order_by("-published_at", "-pk")
    return [mark_safe(html) for html in newest.values_list("found__card_html", flat=True)[:CARDS]]


# --- representation ------------------------------------------------------------------------------------------------


def representations(authority, user) -> dict[str, list[dict]]:
    """Who may act for it and for whom it may act today, each with the other side; one statement."""
    rows = Representation.objects.visible_to(user).in_force().filter(Q(authority=authority) | Q(coordinator=authority))
    columns = ["pk", "authority_id", "status", "scopes", "basis", "language", "basis_url", "basis_date", "start"]
    columns += ["end", "demonstration", *_of("authority"), *_of("coordinator"), "authority__membership__status"]
    rows = rows.annotate(number=number_of_fiches(user, "authority_id")).order_by("pk")
    found = {"represented_by": [], "represents": []}
    for row in rows.values(*columns, "number"):
        side = "represented_by" if row["authority_id"] == authority.pk else "represents"
        found[side].append(row | other(row, "coordinator" if side == "represented_by" else "authority"))
    return found


def _of(side: str) -> list[str]:
    names = ("slug", "official_name", "official_language", "country", "hidden")
    return [f"{side}__{name}" for name in (*names, *{"name_en", f"name_{get_language()}"})]


def other(row, side: str) -> dict:
    """Name and address of the other side, the name with its language where that is not the reader's."""
    for code in (get_language(), "en"):
        if name := row[f"{side}__name_{code}"]:
            break
    else:
        name, code = row[f"{side}__official_name"], row[f"{side}__official_language"]
    return {
        "name": name,
        "lang": code if code != get_language() else "",
        "slug": row[f"{side}__slug"],
        "url": reverse("network:detail", args=[row[f"{side}__slug"]]),
        "country": row[f"{side}__country"],
    }


# --- who reads it --------------------------------------------------------------------------------------------------


def name_of(authority) -> tuple[str, str]:
    """(its name for the reader, the language to mark)."""
    name, language = rendering.name_in(authority, get_language())
    return name, language if language != get_language() else ""


def way(name: str, *arguments, query="") -> str:
    """An address of the network; nothing while that page is not built."""
    try:
        return reverse(f"network:{name}", args=arguments) + query
    except NoReverseMatch:
        return ""


def people(authority) -> list[dict]:
    """Representatives and deputies of today, by name, for members of the network; addresses stay hidden."""
    seats = authority.seats.of_representatives().select_related("user").order_by("-role", "start", "pk")
    return [
        {"label": seat.get_role_display(), "value": seat.user.name, "note": seat.title}
        for seat in seats
        if seat.user.is_active
    ]


def holds_seat(authority, user) -> bool:
    return user.is_authenticated and authority.seats.current().filter(user=user).exists()


def is_current(day) -> bool:
    """Whether a last day has not passed yet, or there is none."""
    return day is None or day >= today()
