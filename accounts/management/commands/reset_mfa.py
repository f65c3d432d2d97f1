from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import history


class Command(BaseCommand):
    help = "Remove the second factors of a person who lost them; they set up new ones when they next sign in."

    def add_arguments(self, parser):
        parser.add_argument("email")

    @transaction.atomic
    def handle(self, email, **options):
        user = get_user_model().objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"Nobody signs in with {email}.")
        removed, _ = Authenticator.objects.filter(user=user).delete()
        history.record(user, "reset_mfa", note=f"{removed}", internal=True)
        self.stdout.write(f"{user.email}: {removed} second factors removed.")
