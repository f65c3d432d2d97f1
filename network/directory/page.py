"""Everything on an authority's page: what its Edition shows, and what holds today – membership, representation, fiches.

One statement, composed and planned once for all strangers, however many authorities a Euroregion represents.
"""

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    CharField,
    Count,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from accounts.workdays import today
from translations.prepared import OTHERS, VALUE, VALUES, prepared
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


def read(slug: str, user, represented: list[int], of: list[int]):
    """The authority that `user` may see, with all that its page says of itself; None where there is none.

    `represented`: the primary keys of those it represents whom this page names, `of` all of them. One statement.
    """
    if user.is_authenticated:
        return _whole(user, slug, represented, of).first()
    return next(iter(_of_many(slug, represented, of) if of else _of_itself(slug)), None)


@prepared(Authority)
def _of_itself():
    return _whole(None, VALUE, None, None)


@prepared(Authority)
def _of_many():
    return _whole(None, VALUE, VALUES, OTHERS)


def _whole(user, slug, represented, of):
    language = get_language()
    rows = shown(Authority.objects.visible_to(user).filter(slug=slug).order_by(), language).annotate(
        written_in=written_in(),
        taken_memoranda=memoranda(),
        fiche_number=number_of_fiches(user),
        taken_represented_by=represented_by(user, language),
        taken_cards=cards(fiches(user).filter(authority__slug=slug)),
    )
    if of:
        theirs = fiches(user).filter(authority__in=of)
        counted = theirs.order_by().annotate(all=Value(1)).values("all").annotate(number=Count("pk", distinct=True))
        rows = rows.annotate(
            taken_represents=represents(user, language, represented),
            taken_more=cards(theirs),
            more_number=_number(counted.values("number")),
        )
    names = [f"name_{code}" for code in settings.LANGUAGE_CODES if code not in (language, "en")]
    texts = [f"{name}_{code}" for name in ("description", "vet_competences") for code in settings.LANGUAGE_CODES]
    return rows.defer(*names, *texts)


def written_in():
    """For annotate(): the languages in which something is written of it; rendering.own_languages() of a whole row."""
    written = {code: ~Q(**{f"name_{code}": ""}) | ~Q(**{f"description_{code}": ""}) for code in settings.LANGUAGE_CODES}
    return JSONObject(**{code: ExpressionWrapper(found, BooleanField()) for code, found in written.items()})


# --- fiches: the app above owns them, so they are met from their authority ------------------------------------------


def fiches(user):
    """Published fiches whose authority is told: an anonymised lesson stands on no authority's page."""
    rows = Authority._meta.get_field("fiches").related_model.objects.visible_to(user)
    return rows.filter(status="published", revises=None, disclosure="open")


def number_of_fiches(user, authority="pk"):
    """For annotate(): how many there are of the authority to which the path `authority` leads."""
    rows = fiches(user).filter(authority=OuterRef(authority)).order_by().values("authority")
    return _number(rows.annotate(number=Count("pk", distinct=True)).values("number"))


def _number(counted):
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def cards(rows):
    """For annotate(): the stored cards of the newest of `rows`.

    All keys are read and the first taken: told a LIMIT, PostgreSQL may walk through every fiche there is.
    """
    if rows.query.distinct:
        rows = rows.model.objects.filter(pk__in=rows.order_by().values("pk"))
    newest = ("-published_at", "-pk")
    keys = rows.order_by().annotate(all=Value(1)).values("all").annotate(keys=ArrayAgg("pk", order_by=newest))
    found = FilteredRelation("editions", condition=Q(editions__language=literal(get_language())))
    first = Func(Subquery(keys.values("keys")), template=f"(SELECT unnest((%(expressions)s)[1:{CARDS}]))")
    wanted = rows.model.objects.filter(pk__in=first).alias(found=found).filter(found__isnull=False).order_by(*newest)
    return ArraySubquery(wanted.values("found__card_html"))


# --- representation ------------------------------------------------------------------------------------------------


def represented_by(user, language: str):
    """For annotate(): who may act for it today, as `user` may know, the first first."""
    rows = Representation.objects.visible_to(user).acting().filter(authority=OuterRef("pk")).order_by("pk")
    return ArraySubquery(rows.values(json=JSONObject(**_told("coordinator", language), scopes="scopes")))


def represents(user, language: str, wanted):
    """For annotate(): for which of `wanted` it may act today."""
    rows = Representation.objects.visible_to(user).acting().filter(coordinator=OuterRef("pk"), authority__in=wanted)
    rows = rows.annotate(number=number_of_fiches(user, "authority_id"))
    told = _told("authority", language) | {"member": "authority__membership__status", "number": "number"}
    return ArraySubquery(rows.values(json=JSONObject(key="authority_id", **told)))


def _told(side: str, language: str) -> dict[str, str]:
    """Name in JSON → where it stands: the representation, and its other side."""
    columns = ("status", "basis", "language", "basis_url", "basis_date", "demonstration")
    names = ("slug", "official_name", "official_language", "name_en", f"name_{language}")
    return {name: name for name in columns} | {name: f"{side}__{name}" for name in names}


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
