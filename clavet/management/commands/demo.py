"""`make demo`: everything from an empty folder to a running portal with content, in one process to stop."""

import os
import sys

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from clavet import supervisor

PASSWORD = "clavet-demo"  # noqa: S105: of the demonstration only
ROLES = {
    "visitor": "registered, without a seat",
    "member": "contributor of a municipality",
    "representative": "representative of a municipality",
    "euroregion": "coordinator of a EuroRegion",
    "translator": "translator of Greek, Turkish and Croatian",
    "coordinator": "coordinator, moderates in /admin/",
    "admin": "administrator",
}


class Command(BaseCommand):
    help = "Prepare and run the demonstration portal: server, worker and content."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))

    def handle(self, port, **options):
        if not settings.DEMO:
            raise CommandError("The demonstration does not exist under these settings.")
        self.port = port
        server = [sys.executable, "-m", "gunicorn", "-c", str(settings.BASE_DIR / "clavet/gunicorn.py"), "clavet.wsgi"]
        try:
            with supervisor.alone():
                supervisor.free(port)
                supervisor.prepare(self.steps(), self.say)
                status = supervisor.supervise(server, port, self.welcome)
        except supervisor.CannotStart as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            status = 130
        self.say("Stopped.")
        sys.exit(status)

    def steps(self):
        content = [("Demonstration content", step) for step in supervisor.available("demonstration")]
        return [*supervisor.ground(), *content, ("Static files", supervisor.collect_static)]

    def say(self, text, ending="\n"):
        self.stdout.write(text, ending=ending)
        self.stdout.flush()

    def welcome(self):
        address = f"http://localhost:{self.port}"
        self.say(f"\nCLAVET is at   {address}/\nIts mail is at {address}/demo/mail/\n")
        people = get_user_model().objects.filter(email__endswith="@demo.example").order_by("pk")
        if people:
            self.say(f"Sign in, with the password {PASSWORD}, as")
        for person in people:
            self.say(f"  {person.email:<28} {ROLES.get(person.email.split('@')[0], '')}")
        self.say("\nCtrl-C stops it.")
