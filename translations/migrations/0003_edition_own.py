from django.db import migrations, models



class Migration(migrations.Migration):
    dependencies = [("translations", "0002_search")]
    operations = [
        migrations.AlterField(
            model_name="edition",
            name="state",
            field=models.CharField(
                choices=[
                    ("original", "Original"),
                    ("reviewed", "Human-reviewed"),
                    ("own", "Written by a person, not reviewed"),
                    ("machine", "Machine draft"),
                    ("partial", "Title and summary only"),
                    ("fallback", "In another language"),
                ],
                max_length=10,
            ),
        ),
    ]
