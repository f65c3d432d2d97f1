from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clavet import states


class Command(BaseCommand):
    """Write docs/states.md from the tables in the code."""

    help = "Writes docs/states.md: each life cycle with its verbs and mails. --check fails when it is not current."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="only say whether the file is current")

    def handle(self, *, check, **options):
        path = settings.BASE_DIR / "docs" / "states.md"
        current = path.read_text(encoding="utf-8") if path.exists() else ""
        if check and current != states.document():
            raise CommandError("docs/states.md is not current: run manage.py states.")
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(states.document(), encoding="utf-8")
