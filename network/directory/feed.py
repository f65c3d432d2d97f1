"""Atom: who joined, and whose standing or profile changed last, in one language."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import DateTimeField, F, Max, OuterRef, Subquery
from django.db.models.functions import Cast, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Event
from translations.exports.cleaning import clean, one_line
from translations.exports.feeds import tag

from .. import rendering
from ..exports import records
from ..exports.records import Taking
from ..models import Authority, Membership

ENTRIES = 50
OF_MEMBERSHIP = ("activate", "hold", "resume", "withdraw", "expire")


def latest(visible):
    """Members of today and of before, last changed first; an application is no news for anybody yet."""
    rows = visible.filter(membership__in=Membership.objects.public())
    began = Cast("membership__since", DateTimeField())
    rows = rows.annotate(
        begun=began,
        changed=Greatest(began, last(Authority, "pk", ["profile"]), last(Membership, "membership__pk", OF_MEMBERSHIP)),
    )
    return rows.filter(changed__isnull=False).order_by("-changed", "-pk")


def last(model, key: str, verbs):
    """For annotate(): when one of `verbs` was last done to the row to which `key` leads."""
    content_type = ContentType.objects.get_for_model(model)
    rows = Event.objects.filter(content_type=content_type, object_id=OuterRef(key), verb__in=verbs, internal=False)
    return Subquery(rows.order_by().values("object_id").annotate(at=Max("at")).values("at"))


def context(visible, taking: Taking) -> dict:
    """For templates/network/feed.xml."""
    rows = records.complete(latest(visible), taking.language).annotate(told=F("changed"))
    entries = [entry(row, taking) for row in rows[:ENTRIES]]
    query = f"?{taking.query}" if taking.query else ""
    return {
        "id": tag("network", taking.language, *([taking.query] if taking.query else [])),
        "title": f"CLAVET – {_('Network')}",
        "updated": entries[0]["updated"] if entries else timezone.now().replace(microsecond=0),
        "page": taking.listed,
        "address": f"{taking.base}feed.atom{query}",
        "others": [
            (code, f"{taking.site}/{code}/network/feed.atom{query}")
            for code in settings.LANGUAGE_CODES
            if code != taking.language
        ],
        "base": taking.base,
        "entries": entries,
    }


def entry(authority, taking: Taking) -> dict:
    name, language = rendering.name_in(authority, taking.language)
    membership = authority.membership.shown
    said = f"{membership.get_membership_class_display()}: {membership.get_status_display()}"
    if membership.demonstration:
        said = f"{said} ({_('Demonstration')})"
    return {
        "id": tag("authority", authority.slug, taking.language),
        "title": one_line(name),
        "language": language,
        "summary": clean(" · ".join(filter(None, [said, authority.country_name, authority.shown_summary]))),
        "page": f"{taking.base}{authority.slug}/",
        "updated": authority.changed,
        "published": authority.begun,
        "categories": [
            (authority.kind, "kind", authority.get_kind_display()),
            (authority.country, "country", authority.country_name),
        ],
    }
