from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

COORDINATORS = "Coordinators"
TRANSLATORS = "Translators"


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("Choose a time zone from the list."), code="time_zone")


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())

    def coordinators(self):
        """Everybody who may decide in the admin."""
        return (
            self.filter(is_active=True, is_staff=True)
            .filter(models.Q(is_superuser=True) | models.Q(groups__name=COORDINATORS))
            .distinct()
        )

    def translators_of(self, language: str):
        """Active people who translate and review in `language`."""
        return self.filter(is_active=True, groups__name=TRANSLATORS, translator_languages__contains=[language])


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(
        _("time zone"), max_length=50, default="Europe/Brussels", validators=[validate_time_zone]
    )
    translator_languages = ArrayField(
        models.CharField(max_length=2, choices=settings.LANGUAGES),
        verbose_name=_("translates into"),
        default=list,
        blank=True,
    )
    mail_frequency = models.JSONField(
        _("mail preferences"), default=dict, blank=True
    )  # kind → immediate, daily, weekly, never
    mail_bounced_at = models.DateTimeField(_("mail refused since"), null=True, blank=True)
    is_staff = models.BooleanField(_("may use the administration"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("registered"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_caseless")]

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    @cached_property
    def group_names(self) -> frozenset[str]:
        return frozenset(self.groups.values_list("name", flat=True))

    @property
    def is_coordinator(self) -> bool:
        """Whether this person may moderate in the admin."""
        return self.is_active and self.is_staff and (self.is_superuser or COORDINATORS in self.group_names)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def can_translate(self, language: str) -> bool:
        return self.is_active and language in self.translator_languages and TRANSLATORS in self.group_names
