from django.db import models
from django.db.models import Q

from accounts.workdays import today
from network.seats import authorities_of, represented_by
from translations import search

from .. import vouching
from ..vocabularies import Disclosure, Status


class FicheQuerySet(models.QuerySet):
    def public(self):
        """What everybody may read: published, no embargo left, not a revision in the making."""
        return self.filter(status=Status.PUBLISHED, revises__isnull=True).filter(
            Q(embargo_until__isnull=True) | Q(embargo_until__lte=today())
        )

    def visible_to(self, user):
        """What `user` may read: the public fiches, their own, their authorities', and what they are to moderate."""
        if user is None or not user.is_authenticated:
            return self.public()
        if user.is_coordinator:
            return self.filter(~Q(status=Status.DRAFT) | Q(submitted_by=user))
        theirs = Q(authority__in=authorities_of(user)) | Q(authority__in=represented_by(user, "fiches"))
        return self.filter(
            Q(pk__in=type(self)(self.model, using=self._db).public().values("pk"))
            | Q(submitted_by=user)
            | (theirs & Q(status__in=[Status.PUBLISHED, Status.ARCHIVED]))
            | (Q(revises__isnull=False) & (theirs | Q(revises__submitted_by=user)))
            | Q(opinions__reader=user, status__in=[Status.SUBMITTED, Status.IN_REVIEW])
        ).distinct()

    def with_editions(self):
        """What was ever handed in; a draft has no reader yet, and a revision is read in its own preview."""
        return self.filter(revises__isnull=True).exclude(status=Status.DRAFT)

    def of_authority(self, authority, user):
        """Fiches that `user` may know to be of `authority`: an anonymised lesson is on no authority's page."""
        fiches = self.visible_to(user).filter(authority=authority, revises__isnull=True)
        if user is not None and user.is_authenticated and user.is_coordinator:
            return fiches
        return fiches.filter(disclosure=Disclosure.OPEN)

    def objected(self, authority, coordinator, *, by=None) -> int:
        """`authority` objects: what `coordinator` confirmed on its behalf is no longer called confirmed by it."""
        return vouching.objected(self.filter(authority=authority), authority, coordinator, by=by)

    def matching(self, query: str, language: str):
        """Fiches whose text answers `query` from an interface in `language`, best first (translations.search)."""
        return search.matching(self, query, language)
