"""The texts of a fiche by key (`title`, `section:12:text` …): where each is kept and how it is written."""

from .models.parts import Attachment, Result, Section

PARTS = {"section": Section, "result": Result, "attachment": Attachment}
OWN = ("title", "summary", "budget_note")


def set_texts(fiche, language: str, texts) -> None:
    """Write texts by key into their columns in `language`; rows of another fiche are never touched."""
    own = {f"{key}_{language}": text for key, text in texts.items() if key in OWN}
    for column, text in own.items():
        setattr(fiche, column, text)
    if own:
        type(fiche)._base_manager.filter(pk=fiche.pk).update(**own)
    for key, text in texts.items():
        if key not in OWN:
            part, pk, name = key.split(":")
            PARTS[part]._base_manager.filter(pk=int(pk), fiche=fiche).update(**{f"{name}_{language}": text})


def texts_in(fiche, language: str) -> dict[str, str]:
    """Key → what stands in the columns of `language`, released or not."""
    texts = {name: getattr(fiche, f"{name}_{language}") or "" for name in OWN}
    for part, names in {"section": ["text"], "result": ["indicator", "note"], "attachment": ["title"]}.items():
        for row in PARTS[part].objects.filter(fiche=fiche):
            texts |= {f"{part}:{row.pk}:{name}": getattr(row, f"{name}_{language}") or "" for name in names}
    return texts


def section_texts(fiche) -> dict[tuple[str, int], str]:
    """(name, position) → source text."""
    column = f"text_{fiche.source_language}"
    return {(row.name, row.position): getattr(row, column) or "" for row in fiche.sections.all()}
