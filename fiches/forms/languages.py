import hashlib
import json

from django import forms
from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from translations import release
from translations.letters import capitalised
from translations.models import Translation

from .. import texts
from ..models import Fiche
from ..models.parts import Result
from ..sections import spec
from .fields import TextField

LENGTHS = {"title": 100, "summary": 300, "budget_note": 200, "indicator": 200, "note": 200}
SHORT = ("title", "budget_note", "indicator", "note")


class LanguageChoice(forms.Form):
    """Into which language the author writes next; English comes first."""

    to = forms.ChoiceField(label=gettext_lazy("Language"), required=False)

    def __init__(self, fiche, data=None):
        super().__init__(data)
        names = dict(settings.LANGUAGES)
        codes = [code for code in settings.LANGUAGE_CODES if code != fiche.source_language]
        self.fields["to"].choices = [(code, names[code]) for code in codes]
        asked = (data or {}).get("to", "")
        self.language = asked if asked in codes else codes[0]
        self.initial["to"] = self.language


class LanguageForm(forms.Form):
    """The texts of a fiche in one other language, each beside its original; keys are those of `source_texts`."""

    rows = {}

    def __init__(self, fiche, language, user, data=None):
        self.fiche, self.language, self.user = fiche, language, user
        super().__init__(data)
        self.sources = {key: text for key, text in fiche.source_texts().items() if text.strip()}
        row = fiche.translations.filter(language=language).first()
        written = texts.texts_in(fiche, language) | (row.texts if row else {})
        for key, source in self.sources.items():
            self.fields[key] = self._field(key, source)
            self.initial[key] = written.get(key, "")
        held = json.dumps([language, self.initial, self.sources], sort_keys=True)
        self.base = hashlib.sha256(held.encode()).hexdigest()[:16]

    def _field(self, key, source):
        name = key.rsplit(":", 1)[-1]
        attrs = {"lang": self.language}
        short = name in SHORT or (name == "title" and key != "title")
        if not short:
            attrs |= {"rows": 3 + len(source) // 80, "data-autosize": ""}
            if name == "text":
                attrs["data-markdown"] = ""
        asked = (forms.CharField if short else TextField)(
            label=capitalised(self._label(key, name)),
            required=False,
            max_length=LENGTHS.get(name, settings.SECTION_MAX_LENGTH) if not key.startswith("attachment") else 200,
            widget=(forms.TextInput if short else forms.Textarea)(attrs),
        )
        asked.source, asked.count, asked.needed = source, short, True
        return asked

    def _label(self, key, name):
        if name == "text":
            return self.headings[key]
        if ":" not in key:
            return Fiche._meta.get_field(name).verbose_name
        if key.startswith("attachment"):
            return _("Title of a file")
        return Result._meta.get_field(name).verbose_name

    @cached_property
    def headings(self) -> dict[str, str]:
        found = {}
        for row in self.fiche.sections.all():
            section = spec(self.fiche.kind, row.name)
            several = _("Step %(number)s") % {"number": row.position}
            found[f"section:{row.pk}:text"] = section.heading if section.rows == 1 else several
        return found

    def is_stale(self) -> bool:
        return self.data.get("base") != self.base

    def keep_upload(self):
        return None

    def save(self, *, autosave=False) -> None:
        """Release what was written; autosave only keeps it as work in progress, which `submit` releases."""
        if autosave:
            row = release.locked(self.fiche, self.language)
            row.texts = row.texts | {key: text for key, text in self.cleaned_data.items() if key in self.changed_data}
            row.version += 1
            row.save(update_fields=["texts", "version"])
        elif any(self.cleaned_data.values()) or self.has_changed():
            put(self.fiche, self.language, self.cleaned_data, self.user)


def put(fiche, language, written, user):
    release.release(fiche, language, written, method=Translation.Method.HUMAN, translator=user)


def release_work(fiche, user) -> None:
    """Release what the author wrote in other languages and autosave alone has kept."""
    for row in fiche.translations.exclude(texts={}):
        put(fiche, row.language, row.texts, user)
