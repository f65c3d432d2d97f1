"""The first person of a real installation."""

import getpass
import os

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from accounts import history


class Command(BaseCommand):
    help = "Create an administrator, or make an existing person one. Asks for what is not given."

    def add_arguments(self, parser):
        parser.add_argument("--email")
        parser.add_argument("--name")
        parser.add_argument("--language", default="en")

    @transaction.atomic
    def handle(self, email, name, language, **options):
        email = (email or input("E-mail address: ")).strip().lower()
        user = get_user_model().objects.filter(email=email).first()
        if user is None:
            user = get_user_model()(email=email, name=name or input("Name: ").strip(), language=language)
            user.set_password(self.password(user))
        user.is_staff = user.is_superuser = user.is_active = True
        try:
            validate_email(email)
            user.full_clean()
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        user.save()
        EmailAddress.objects.update_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
        history.record(user, "made_administrator")
        self.stdout.write(f"{email} is an administrator. The second factor is set up at the first log-in.")

    def password(self, user):
        """From CLAVET_ADMIN_PASSWORD where nobody can type, else typed twice."""
        password = os.environ.get("CLAVET_ADMIN_PASSWORD") or getpass.getpass("Password: ")
        if "CLAVET_ADMIN_PASSWORD" not in os.environ and password != getpass.getpass("Password again: "):
            raise CommandError("The two passwords differ.")
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        return password
