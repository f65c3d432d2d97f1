"""A backup becomes a portal again."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from clavet import backups


class Command(BaseCommand):
    help = "Put a backup into an empty database and its files into the storage; both are checked before and after."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("backup", help="a file made by manage.py backup")
        parser.add_argument("--check", action="store_true", help="only say whether the backup is whole")
        parser.add_argument("--replace", action="store_true", help="lose what the database holds; asks first")
        parser.add_argument("--yes", action="store_true", help="with --replace: do not ask")
        parser.add_argument("--no-migrate", action="store_true", help="leave the data as that release had them")

    def handle(self, backup, *, check, replace, yes, no_migrate, **options):
        say = self.stdout.write
        try:
            if check:
                manifest = backups.verify(backup, say)
                say(f"It is whole: release {manifest['release']}, made at {manifest['made_at']}.")
                return
            if replace and not yes:
                self.confirm()
            done = backups.restore(backup, replace=replace, migrate=not no_migrate, say=say)
        except backups.BackupError as error:
            raise CommandError(str(error)) from None
        rows = sum(table["rows"] for table in done["manifest"]["tables"].values())
        say(f"Restored: {rows} rows, {len(done['manifest']['files'])} files, as of {done['manifest']['made_at']}.")
        say(f"{done['mails']} mails that waited then are not sent; everybody signs in again.")
        for name in done["manifest"]["missing_files"]:
            say(f"Not in this backup, for it was missing then: {name}")

    def confirm(self):
        name = connection.settings_dict["NAME"]
        if input(f"Everything in the database {name} will be lost. Type its name to go on: ").strip() != name:
            raise CommandError("Nothing was touched.")
