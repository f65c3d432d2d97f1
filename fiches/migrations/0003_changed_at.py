from django.db import migrations, models
from django.db.models import OuterRef, Subquery

CHANGES = ("approve", "revise", "restore")


def from_events(apps, schema_editor):
    """What is there already changed last when its last public Event happened."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Event, Fiche = apps.get_model("accounts", "Event"), apps.get_model("fiches", "Fiche")
    of_fiches = ContentType.objects.filter(app_label="fiches", model="fiche")
    events = Event.objects.filter(
        content_type__in=of_fiches, object_id=OuterRef("pk"), verb__in=CHANGES, internal=False
    ).order_by("-at", "-pk")
    Fiche.objects.update(changed_at=Subquery(events.values("at")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("fiches", "0002_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="fiche",
            name="changed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunPython(from_events, migrations.RunPython.noop),
    ]
