"""What a reader is shown of a fiche: the card in lists and the body of its page, made once per change."""

from django.template.loader import render_to_string


def source_texts(fiche) -> dict[str, str]:
    """Key → text in the source language, for everything that is translated with the fiche."""
    column = fiche.source_language
    texts = {name: fiche.source(name) for name in ("title", "summary", "budget_note")}
    for row in fiche.sections.all():
        texts[f"section:{row.pk}:text"] = getattr(row, f"text_{column}") or ""
    for row in fiche.results.all():
        texts[f"result:{row.pk}:indicator"] = getattr(row, f"indicator_{column}") or ""
        texts[f"result:{row.pk}:note"] = getattr(row, f"note_{column}") or ""
    for row in fiche.attachments.all():
        texts[f"attachment:{row.pk}:title"] = getattr(row, f"title_{column}") or ""
    return texts


def edition(fiche, shown) -> dict[str, str]:
    """Title, summary, card, body and plain text in the language that `shown` decides; names for the search."""
    title = getattr(fiche, f"title_{shown.title_language}")
    summary = getattr(fiche, f"summary_{shown.title_language}") or ""
    context = {"fiche": fiche, "shown": shown, "title": title, "summary": summary}
    return {
        "title": title,
        "summary": summary,
        "card_html": render_to_string("fiches/_card.html", context),
        "body_html": render_to_string("fiches/_body.html", context),
        "plain": "",
        "names": "",
    }
