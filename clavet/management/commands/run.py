"""`make run`: the development server, which reloads changed code, with a worker beside it."""

import os
from functools import partial

from django.core.management.base import BaseCommand

from clavet import supervisor

from .demo import welcome


class Command(BaseCommand):
    help = "Run the development server with reload, debug pages and a worker."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))

    def handle(self, port, **options):
        os.environ["CLAVET_DEBUG"] = "1"
        server = [*supervisor.MANAGE, "runserver", f"127.0.0.1:{port}"]
        supervisor.session(server, port, supervisor.ground(), self.say, partial(welcome, port, self.say))

    def say(self, text, ending="\n"):
        self.stdout.write(text, ending=ending)
        self.stdout.flush()
