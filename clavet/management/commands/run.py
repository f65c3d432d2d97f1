"""`make run`: the development server, which reloads changed code, with a worker beside it."""

import os

from django.core.management.base import CommandError

from clavet import supervisor

from .demo import Command as Demo


class Command(Demo):
    help = "Run the development server with reload, debug pages and a worker."

    def handle(self, port, **options):
        os.environ["CLAVET_DEBUG"] = "1"
        self.port = port
        server = [*supervisor.MANAGE, "runserver", f"127.0.0.1:{port}"]
        try:
            with supervisor.alone():
                supervisor.free(port)
                supervisor.prepare(supervisor.ground(), self.say)
                supervisor.supervise(server, port, self.welcome)
        except supervisor.CannotStart as error:
            raise CommandError(str(error)) from None
        self.say("Stopped.")
