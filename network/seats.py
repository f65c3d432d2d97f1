"""Who may act for an authority: seats and representations in force today."""

from .models import Authority, Membership, Representation, Seat


def authorities_of(user):
    """Authorities at which `user` holds a seat today."""
    return Authority.objects.filter(pk__in=Seat.objects.current().filter(user=user).values("authority"))


def acting_for_others(user, scope: str):
    """Representations with `scope` by which `user` may act today."""
    rows = Representation.objects.acting().filter(scopes__contains=[scope])
    return rows.filter(coordinator__in=authorities_of(user))


def represented_by(user, scope: str):
    """Authorities for which `user` may act today through a coordinating authority's representation with `scope`."""
    return Authority.objects.filter(pk__in=acting_for_others(user, scope).values("authority"))


def still_acts_for(user, authority, scope: str, *, lock=False) -> bool:
    """Whether `user` may act for `authority` with `scope`; with `lock` nobody can end it before the transaction ends."""
    rows = acting_for_others(user, scope).filter(authority=authority)
    return bool(rows.select_for_update(of=("self",)).order_by("pk")) if lock else rows.exists()


def may_act_for(user, authority, scope: str, *, lock=False) -> bool:
    """Whether `user` holds a seat there today, or still acts for it with `scope`."""
    return authorities_of(user).filter(pk=authority.pk).exists() or still_acts_for(user, authority, scope, lock=lock)


def is_member(user) -> bool:
    """Whether `user` holds a seat today at an authority whose membership is active or on hold."""
    if user is None or not user.is_authenticated:
        return False
    return authorities_of(user).filter(membership__status__in=Membership.IN_THE_NETWORK).exists()
