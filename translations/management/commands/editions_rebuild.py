"""Write every Edition anew: after an upgrade of the templates, of the search or of PostgreSQL's major version."""

import sys

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction

from translations import editions, search


def models():
    """The models of which readers are shown Editions."""
    return [model for model in apps.get_models() if hasattr(model, "edition") and hasattr(model, "editions")]


class Command(BaseCommand):
    help = "Write every Edition anew, each object in a transaction of its own; readers go on reading."

    def handle(self, **options):
        search.warm()
        for model in models():
            keys = list(model.objects.with_editions().order_by("pk").values_list("pk", flat=True))
            for number, pk in enumerate(keys, start=1):
                with transaction.atomic():
                    if row := model.objects.select_for_update(of=("self",)).filter(pk=pk).first():
                        editions.write(row)
                if sys.stdout.isatty():
                    self.stdout.write(f"\r{model._meta.verbose_name_plural}: {number}/{len(keys)}", ending="")
            self.stdout.write(f"\r{model._meta.verbose_name_plural}: {len(keys)}/{len(keys)}")
