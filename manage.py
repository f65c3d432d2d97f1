#!/usr/bin/env python
"""Every command of the portal; the embedded PostgreSQL is up while one runs that needs it."""

import os
import signal
import sys
from contextlib import nullcontext

WITHOUT_DATABASE = {
    *("help", "version", "--help", "--version"),
    *("bench", "check", "collectstatic", "compilemessages", "makemessages", "messages", "startapp", "startproject"),
}
SUPERVISORS = {"demo", "run"}  # the cluster is theirs and goes when they go
ROLES = {"migrate": "migrate", "procrastinate": "worker", "runserver": "web"}


def main():
    # A broken pipe or `kill` must still let go of the cluster.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clavet.settings.demo")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    os.environ.setdefault("CLAVET_ROLE", ROLES.get(command, "command"))

    from django.core.management import execute_from_command_line

    from clavet import embedded_postgres

    if command in WITHOUT_DATABASE or "--help" in sys.argv or "production" in os.environ["DJANGO_SETTINGS_MODULE"]:
        database = nullcontext()
    else:
        database = embedded_postgres.attached(dies_with_us=command in SUPERVISORS)
    with database:
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
