"""Rows for tests: documents and their versions."""

import datetime

import factory
from django.conf import settings
from django.utils import timezone
from factory.django import DjangoModelFactory

from network.models import Document, DocumentVersion


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = Document
        django_get_or_create = ["slug"]

    slug = "terms"
    accepted_by = "both"


class DocumentVersionFactory(DjangoModelFactory):
    """A published version, in force since yesterday; `draft=True` for one that is not published, `text` for all languages."""

    class Meta:
        model = DocumentVersion

    class Params:
        draft = False

    document = factory.SubFactory(DocumentFactory)
    number = factory.LazyAttribute(lambda version: version.document.versions.count() + 1)
    in_force_from = factory.LazyFunction(lambda: timezone.now().date() - datetime.timedelta(days=1))
    published_at = factory.LazyAttribute(lambda version: None if version.draft else timezone.now())
    text = "## Reading {#reading}\n\nEverybody may read.\n"
    change_note = "Some words are clearer."

    @classmethod
    def _create(cls, model_class, *args, **fields):
        codes = settings.LANGUAGE_CODES
        title = fields.pop("title", "Terms of use")
        text, note = fields.pop("text"), fields.pop("change_note")
        for code in codes:
            texts = {"title": f"{title} {code}", "text": text, "change_note": note if fields["number"] > 1 else ""}
            fields = {f"{name}_{code}": words for name, words in texts.items()} | fields
        return super()._create(model_class, *args, **fields)
