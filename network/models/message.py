from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class RelayedMessage(models.Model):
    """A message that a reader writes to the owners of a page; neither side sees the other's address."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    object = GenericForeignKey()
    name = models.CharField(_("your name"), max_length=120)
    organisation = models.CharField(_("your organisation"), max_length=200, blank=True)
    email = models.EmailField(_("your e-mail address"))
    text = models.TextField(_("message"), max_length=3000)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    address_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["address_hash", "created_at"])]
        verbose_name = _("relayed message")
        verbose_name_plural = _("relayed messages")

    def __str__(self):
        return f"{self.name}: {self.created_at:%Y-%m-%d}"
