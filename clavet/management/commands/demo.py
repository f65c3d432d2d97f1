"""`make demo`: everything from an empty folder to a running portal with content, in one process to stop."""

import os
import sys
from functools import partial

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from clavet import supervisor
from clavet.demonstration.people import DOMAIN, PASSWORD, ROLES


# Of the demonstration only.
def explanation(person) -> str:
    """What this log-in is for; nothing for people who registered themselves."""
    return ROLES.get(person.email.split("@")[0], ("",))[0]


def welcome(port, say):
    """The address and the log-ins."""
    address = f"http://localhost:{port}"
    say(f"\nCLAVET is at    {address}/\nIts mail is at  {address}/demo/mail/\n")
    people = get_user_model().objects.filter(email__endswith=f"@{DOMAIN}").order_by("pk")
    if people:
        say(f"Sign in, with the password {PASSWORD}, as")
    for person in people:
        say(f"  {person.email:<28} {explanation(person)}")
    say("\nCtrl-C stops it.")


class Command(BaseCommand):
    help = "Prepare and run the demonstration portal: server, worker and content."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))

    def handle(self, port, **options):
        if not settings.DEMO:
            raise CommandError("The demonstration does not exist under these settings.")
        server = [sys.executable, "-m", "gunicorn", "-c", str(settings.BASE_DIR / "clavet/gunicorn.py"), "clavet.wsgi"]
        content = [("Demonstration content:", step) for step in supervisor.available("demonstration")]
        steps = [*supervisor.ground(), *content, ("Static files", supervisor.collect_static)]
        supervisor.session(server, port, steps, self.say, partial(welcome, port, self.say))

    def say(self, text, ending="\n"):
        self.stdout.write(text, ending=ending)
        self.stdout.flush()
