"""The demonstration log-ins and their seats, always at labelled demonstration authorities."""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.utils import translation

from accounts.models import COORDINATORS, TRANSLATORS, User
from network import acceptances
from network.models import Authority, Membership, Representation, Seat

PASSWORD = "clavet-demo"  # noqa: S105 – of the demonstration only
DOMAIN = "demo.example"
MUNICIPALITY, OTHER, EUROREGION = "demonstration-municipality", "demonstration-town", "demonstration-euroregion"
ROLES = {
    "visitor": ("registered, without a seat", "Vera Visitor", "en"),
    "member": ("contributor of a municipality", "Marko Member", "hr"),
    "representative": ("representative of a municipality", "Rita Representative", "it"),
    "euroregion": ("coordinator of a EuroRegion", "Elena Euroregion", "el"),
    "translator": ("translator of Greek, Turkish and Croatian", "Thanos Translator", "el"),
    "coordinator": ("coordinator, moderates in /admin/", "Carla Coordinator", "en"),
    "admin": ("administrator", "Ada Admin", "en"),
}
SEATS = [
    ("member", MUNICIPALITY, Seat.Role.CONTRIBUTOR),
    ("representative", MUNICIPALITY, Seat.Role.REPRESENTATIVE),
    ("representative", OTHER, Seat.Role.REPRESENTATIVE),
    ("euroregion", EUROREGION, Seat.Role.REPRESENTATIVE),
]


def person(role: str) -> User:
    return User.objects.get(email=f"{role}@{DOMAIN}")


def add_people() -> None:
    """The seven log-ins; who exists already stays as they are."""
    for role, (_explanation, name, language) in ROLES.items():
        email = f"{role}@{DOMAIN}"
        if User.objects.filter(email=email).exists():
            continue
        staff = role in ("coordinator", "admin")
        user = User.objects.create_user(
            email, PASSWORD, name=name, language=language, is_staff=staff, is_superuser=role == "admin"
        )
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        if role == "coordinator":
            user.groups.add(Group.objects.get(name=COORDINATORS))
        if role == "translator":
            user.translator_languages = ["el", "tr", "hr"]
            user.save(update_fields=["translator_languages"])
            user.groups.add(Group.objects.get(name=TRANSLATORS))


def add_seats() -> None:
    """Memberships, seats and one confirmed representation of the demonstration authorities."""
    authorities = {row.slug: row for row in Authority.objects.filter(slug__in=[MUNICIPALITY, OTHER, EUROREGION])}
    for slug in (MUNICIPALITY, EUROREGION):
        Membership.objects.get_or_create(authority=authorities[slug], defaults={"status": Membership.Status.ACTIVE})
    for role, slug, seat in SEATS:
        Seat.objects.get_or_create(user=person(role), authority=authorities[slug], role=seat)
    Representation.objects.get_or_create(
        coordinator=authorities[EUROREGION],
        authority=authorities[OTHER],
        defaults={
            "status": Representation.Status.CONFIRMED,
            "scopes": [Representation.Scope.PROFILE, Representation.Scope.FICHES],
            "demonstration": True,
        },
    )


def add_acceptances() -> None:
    """The invented people accepted the first versions, also for their authorities; later ones ask them as anybody."""
    for role in ROLES:
        user = person(role)
        with translation.override(user.language):
            for row in acceptances.needed(user):
                if row.version.number == 1:
                    acceptances.accept(row.version, user, row.authority)
