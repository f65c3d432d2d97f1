import copy
import hashlib
import json

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import uploads
from translations.letters import capitalised

from .. import completeness, derived, places
from ..models import Attachment, Section
from ..sections import spec
from ..texts import section_texts
from . import fields
from .rows import Rows

OWN_TEXTS = ("title", "summary", "budget_note")


class StepForm(forms.Form):
    """One step of a fiche: its columns, its sections in the source language, its tables."""

    def __init__(self, fiche, step, user, data=None, files=None):
        self.fiche, self.step, self.user = fiche, step, user
        super().__init__(data, files, initial={})
        for name in self._asked():
            if asked := fields.build(self, name):
                self.fields[name] = asked
                self.initial[name] = self._stored(name)
        written = section_texts(fiche)
        for key, (name, position) in self._sections().items():
            self.fields[key] = fields.section(self, name, position)
            self.fields[key].guide = name  # where the writing guide tells how
            self.initial[key] = written.get((name, position), "")
        self.rows = {name: Rows(name, fiche, data) for name in step.rows}
        if "attachments" in step.rows:
            self.fields["upload"] = fields.upload()
        self.base = self._fingerprint()
        required = {row.key for row in completeness.requirements(fiche) if row.required} | {"licence", "disclosure"}
        for key, asked in self.fields.items():
            asked.label = capitalised(asked.label)
            asked.needed = key.split("_")[0] in required or key in required

    def _asked(self):
        fixed = ("authority", "on_behalf_of") if self.fiche.revises_id else ()
        return [name for name in self.step.fields if name not in fixed]

    def _sections(self) -> dict[str, tuple[str, int]]:
        """Name in the form → section and position: `problem`, or `step_1` to `step_3`."""
        found = {}
        for name in self.step.sections:
            rows = spec(self.fiche.kind, name).rows
            for position in range(1, rows + 1):
                found[name if rows == 1 else f"{name}_{position}"] = (name, position)
        return found

    def _stored(self, name):
        if name in OWN_TEXTS:
            return self.fiche.source(name)
        if name == "themes":
            return sorted(self.fiche.themes.values_list("pk", flat=True))
        if name == "tags":
            return ", ".join(sorted(self.fiche.tags.values_list("name", flat=True)))
        if name == "authority":
            return fields.label_of(self.fiche.authority) if self.fiche.authority else self.fiche.authority_claimed
        if name in ("region", "on_behalf_of"):
            return getattr(self.fiche, f"{name}_id")
        return getattr(self.fiche, name)

    def _fingerprint(self) -> str:
        """What this step held when the page was made; if it differs later, somebody else has written in between."""
        rows = {name: [rows.values(row) for row in rows.stored] for name, rows in self.rows.items()}
        held = json.dumps([self.initial, rows], default=str, sort_keys=True)
        return hashlib.sha256(held.encode()).hexdigest()[:16]

    def is_stale(self) -> bool:
        """Whether this step changed since the page was made that is now sent."""
        typed_base = self.data.get("base")
        if typed_base is None:
            return self.data.get("version") != str(self.fiche.version)
        return typed_base != self.base

    # Checking

    def is_valid(self):
        return all([super().is_valid(), *(rows.formset.is_valid() for rows in self.rows.values())])

    def clean(self):
        scratch = copy.copy(self.fiche)
        for name in ("start_year", "end_year", "ongoing", "country", "region"):
            if name in self.cleaned_data:
                setattr(scratch, name, self.cleaned_data[name])
        try:
            scratch.clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.add_error(name if name in self.fields else None, messages)
        if "region" in self.cleaned_data and scratch.region and scratch.region.country != scratch.country:
            self.add_error("region", fields.REGION_ELSEWHERE)
        day = self.cleaned_data.get("embargo_until")
        if day and "embargo_until" in self.changed_data and day < timezone.localdate():
            self.add_error("embargo_until", fields.EMBARGO_PAST)
        return self.cleaned_data

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if upload is None:
            return None
        if self.fiche.attachments.count() >= fields.settings.ATTACHMENTS_PER_FICHE:
            raise ValidationError(fields.TOO_MANY_FILES)
        return uploads.check(upload)

    # Saving: whatever is well-formed, under a lock that the view holds

    def keep_upload(self) -> Attachment | None:
        """Store an accepted file even if something else on the page must be corrected first: it is not sent again."""
        self.errors  # noqa: B018 – runs the checks
        checked = (getattr(self, "cleaned_data", None) or {}).get("upload")
        if not checked:
            return None
        language = self.fiche.source_language
        attachment = Attachment(
            fiche=self.fiche,
            filename=checked.filename,
            language=language,
            media_type=checked.media_type,
            size=checked.size,
            sha256=checked.sha256,
        )
        setattr(attachment, f"title_{language}", checked.filename.rsplit(".", 1)[0][:200])
        attachment.file.save(checked.filename, checked.file, save=False)
        attachment.save()
        self._touch([])
        return attachment

    def save(self, *, autosave=False) -> None:
        """Store every well-formed value of this step; what is not is left as it was."""
        columns = self._set_columns()
        places.drop_foreign_region(self.fiche)
        self._touch([*columns, *places.COPIED])
        for name in ("themes", "tags"):
            if name in self.cleaned_data and name in self.changed_data:
                getattr(self.fiche, name).set(self.cleaned_data[name])
        self._save_sections()
        for rows in self.rows.values():
            rows.save(keep_all=autosave)
        derived.refresh(self.fiche)

    def _set_columns(self) -> list[str]:
        columns = []
        chosen = {}
        for name, value in self.cleaned_data.items():
            if name in OWN_TEXTS:
                chosen[f"{name}_{self.fiche.source_language}"] = value
            elif name not in ("themes", "tags", "upload", "authority", *self._sections()):
                chosen[name] = value
        for column, value in chosen.items():
            setattr(self.fiche, column, value)
            columns.append(column)
        if "authority" in self.cleaned_data:
            columns += self._set_authority()
        return columns

    def _set_authority(self) -> list[str]:
        """The authority on whose behalf it is, else the one chosen from the list, else the name as typed."""
        typed = self.cleaned_data["authority"]
        found = self.cleaned_data.get("on_behalf_of") or (fields.find_authority(typed, self.user) if typed else None)
        known = self.fiche.authority_id
        self.fiche.authority, self.fiche.authority_claimed = found, "" if found else typed
        if found and found.pk != known:
            places.copy(self.fiche, keep=self.changed_data)
        return ["authority", "authority_claimed"]

    def _save_sections(self):
        column = f"text_{self.fiche.source_language}"
        for key, (name, position) in self._sections().items():
            if key in self.cleaned_data and key in self.changed_data:
                Section.objects.update_or_create(
                    fiche=self.fiche, name=name, position=position, defaults={column: self.cleaned_data[key]}
                )

    def _touch(self, columns):
        self.fiche.version += 1
        self.fiche.save(update_fields=[*dict.fromkeys(columns), "version", "updated_at"])
