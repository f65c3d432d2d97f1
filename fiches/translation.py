from modeltranslation.translator import TranslationOptions, register

from .models import Attachment, Fiche, Result, Section


@register(Fiche)
class FicheTranslation(TranslationOptions):
    fields = ["title", "summary", "budget_note"]


@register(Section)
class SectionTranslation(TranslationOptions):
    fields = ["text"]


@register(Result)
class ResultTranslation(TranslationOptions):
    fields = ["indicator", "note"]


@register(Attachment)
class AttachmentTranslation(TranslationOptions):
    fields = ["title"]
