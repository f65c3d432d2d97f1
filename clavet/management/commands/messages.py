"""`make messages`: extract the texts of the portal into the nine catalogues, and check them."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from clavet import catalogues


class Command(BaseCommand):
    help = "Extract texts into the nine catalogues; with --check only say what is wrong with them."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, **options):
        if not options["check"]:
            settings.LOCALE_PATHS[0].mkdir(exist_ok=True)
            languages = [f"--locale={code}" for code in settings.LANGUAGE_CODES]
            call_command("makemessages", *languages, *catalogues.EXTRACTION)
            catalogues.complete_english()
            catalogues.compile_stale()
        found = catalogues.problems() + (catalogues.stale() if options["check"] else [])
        for problem in found:
            self.stdout.write(problem)
        if options["check"] and found:
            raise CommandError(f"{len(found)} problems in the catalogues")
        if not found:
            self.stdout.write("The catalogues are complete.")
