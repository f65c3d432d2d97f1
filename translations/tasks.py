"""Jobs about texts: what readers are shown is made anew when a name that it carries has changed."""

from django.apps import apps
from django.db import transaction
from procrastinate.contrib.django import app

from . import editions


@app.task(name="translations.rewrite_editions", retry=3)
def rewrite_editions(model: str, pks: list[int]) -> None:
    """Rewrite the Editions of some rows of `model` (“fiches.Fiche”), each in a transaction of its own."""
    rows = apps.get_model(model)._base_manager
    for pk in pks:
        with transaction.atomic():
            if row := rows.select_for_update(of=("self",)).filter(pk=pk).first():
                editions.write(row)
