"""Demonstration content: 18 real practices, the network, seven log-ins, fiches and memoranda in every state."""

import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from clavet.demonstration import content, expertise, memoranda, network, people, samples
from fiches.models import Fiche
from fiches.vocabularies import Origin, Vouched
from translations import editions

WIDTH = 30


class Command(BaseCommand):
    help = "Add what is missing of the demonstration content."

    def add_arguments(self, parser):
        parser.add_argument("--reload", action="store_true", help="compile the practices anew from their files")

    def handle(self, *, reload, **options):
        if not settings.DEMO:
            raise CommandError("The demonstration does not exist under these settings.")
        for path in content.authority_files():
            content.add_authority(path)
        people.add_people()
        people.add_seats()
        people.add_acceptances()
        network.add()
        memoranda.add()
        if reload:
            Fiche.objects.filter(origin=Origin.COMPILED).delete()
        steps = [(compiled, folder) for folder in content.fiche_folders()]
        steps += [(samples.add, path) for path in samples.files()]
        for number, (step, path) in enumerate(steps, start=1):
            with transaction.atomic(), editions.written_once():
                step(path)
            self.progress(number, len(steps), path.stem)
        expertise.add()

    def progress(self, number, total, name):
        if not sys.stdout.isatty() and number < total:
            return
        bar = "█" * (WIDTH * number // total)
        self.stdout.write(f"\r  {bar:<{WIDTH}} {number}/{total} {name[:40]:<40}", ending="" if number < total else "\n")
        self.stdout.flush()


def compiled(folder):
    """Publish one practice as compiled by CLAVET: moderated like any other, without consent, contact or seat."""
    facts = content.read(folder / "facts.toml")
    title = content.read(folder / f"{facts['source_language']}.toml")["title"]
    if Fiche.objects.filter(origin=Origin.COMPILED, **{f"title_{facts['source_language']}": title}).exists():
        return
    fiche = content.add_fiche(folder, origin=Origin.COMPILED, vouched=Vouched.COMPILED)
    content.add_translations(fiche, folder)
    coordinator = people.person("coordinator")
    fiche.submit(by=None)
    fiche.take(by=coordinator)
    fiche.approve(by=coordinator)
