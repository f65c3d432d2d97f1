from modeltranslation.translator import TranslationOptions, register

from .models import Authority, Theme


@register(Theme)
class ThemeTranslation(TranslationOptions):
    fields = ["name", "description"]


@register(Authority)
class AuthorityTranslation(TranslationOptions):
    fields = ["name", "description"]
