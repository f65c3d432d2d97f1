from modeltranslation.translator import TranslationOptions, register

from .models import Authority, DocumentVersion, Memorandum, MemorandumTemplate, Party, Theme


@register(Theme)
class ThemeTranslation(TranslationOptions):
    fields = ["name", "description"]


@register(Authority)
class AuthorityTranslation(TranslationOptions):
    fields = ["name", "description", "vet_competences"]


@register(DocumentVersion)
class DocumentVersionTranslation(TranslationOptions):
    fields = ["title", "text", "change_note"]


@register(MemorandumTemplate)
class MemorandumTemplateTranslation(TranslationOptions):
    fields = ["text"]


@register(Memorandum)
class MemorandumTranslation(TranslationOptions):
    fields = ["purpose", "additional_information"]


@register(Party)
class PartyTranslation(TranslationOptions):
    fields = ["commitments"]
