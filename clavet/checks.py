"""What `manage.py check --deploy` looks at besides Django's own checks."""

from django.core.checks import Error, Tags, register
from django.db import DatabaseError

from accounts.models import User


@register(Tags.security, deploy=True)
def no_demonstration_people(app_configs, **kwargs):
    """A real installation holds no log-in whose password everybody knows."""
    try:
        found = User.objects.filter(email__endswith="@demo.example").exists()
    except DatabaseError:
        return []  # not migrated yet, or no database: nobody can sign in
    hint = "Begin with an empty database; demonstration content is not meant to become a real installation."
    return [Error("Demonstration accounts exist.", hint=hint, id="clavet.E001")] if found else []
