import shutil
import subprocess
import time
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.management import BaseCommand
from django.utils import translation

from fiches import printing
from fiches.models import Fiche


class Command(BaseCommand):
    """Writes briefs and full PDFs of the portal's fiches in nine languages, and pictures of their pages, to look at."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, default=settings.VAR / "pdf-samples")
        parser.add_argument("--languages", nargs="*", default=settings.LANGUAGE_CODES)

    def handle(self, **options):
        self.folder = options["to"]
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for language in options["languages"]:
            with translation.override(language):
                for fiche in self.chosen(language):
                    self.write(printing.brief, [fiche], "brief")
                    self.write(printing.full, [fiche], "full")
                self.write(printing.brief, list(printing.rows(self.public()).order_by("pk")[:4]), "brief")
        self.stdout.write(f"{self.folder}")

    def public(self):
        return Fiche.objects.visible_to(AnonymousUser())

    def chosen(self, language):
        """One of each kind, written in this language or translated into it if there is one."""
        rows = printing.rows(self.public())
        for kind in Fiche._meta.get_field("kind").choices:
            own = rows.filter(kind=kind[0])
            found = own.filter(source_language=language).first() or own.filter(available_languages__contains=[language])
            fiche = found if isinstance(found, Fiche) else found.first() or own.first()
            if fiche:
                yield fiche

    def write(self, make, fiches, what):
        began = time.perf_counter()
        made = make(fiches, AnonymousUser(), settings.SITE_URL)
        took = 1000 * (time.perf_counter() - began)
        path = self.folder / printing.filename(fiches, what)
        path.write_bytes(made)
        self.stdout.write(f"{path.name}: {len(made) / 1000:.0f} kB, {took:.0f} ms")
        if shutil.which("pdftoppm"):
            subprocess.run(["pdftoppm", "-r", "80", "-png", path, path.with_suffix("")], check=True)
