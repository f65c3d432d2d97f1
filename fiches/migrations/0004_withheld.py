from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fiches", "0003_changed_at")]

    operations = [
        migrations.AddField(
            model_name="ficheversion",
            name="withheld_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
