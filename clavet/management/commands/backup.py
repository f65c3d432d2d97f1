"""Everything that cannot be made anew, in one file."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clavet import backups

INCOMPLETE = 2  # exit status: there is a backup, and something to look into


class Command(BaseCommand):
    help = "Save database and files in one file, while people go on reading and writing. Exit status 2: files missing."
    requires_system_checks = []

    def add_arguments(self, parser):
        folder = settings.VAR / "backups"
        parser.add_argument("target", nargs="?", default=folder, help=f"a folder, or a new .tar file; else {folder}")
        parser.add_argument("--keep", type=int, default=0, metavar="N", help="keep the newest N of that folder")

    def handle(self, target, keep, **options):
        if keep < 0:
            raise CommandError("--keep takes the number of backups to keep.")
        try:
            done = backups.make(Path(target), keep=keep, say=self.stdout.write)
        except backups.BackupError as error:
            raise CommandError(str(error)) from None
        manifest = done["manifest"]
        rows = sum(table["rows"] for table in manifest["tables"].values())
        size = done["path"].stat().st_size / 1e6
        self.stdout.write(f"{done['path']}: {rows} rows, {len(manifest['files'])} files, {size:.1f} MB")
        self.stdout.write(f"SHA-256 of its manifest: {done['seal']}")
        for path in done["removed"]:
            self.stdout.write(f"Removed {path.name}")
        if done["missing"]:
            names = "\n  ".join(done["missing"])
            raise CommandError(
                f"The backup is made, but these files are not in the storage any more:\n  {names}",
                returncode=INCOMPLETE,
            )
