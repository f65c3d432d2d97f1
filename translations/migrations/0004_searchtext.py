"""What is searched moves from the Editions into narrow rows of its own (DESIGN §7).

The vectors are copied, not made anew. Going back makes the columns again and copies them back.
"""

import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

LANGUAGES = ("en", "es", "it", "fr", "nl", "el", "ro", "hr", "tr")

# Vectors lie outside the row, which then has 90 bytes: a hundred rows share a page, and so do their hits.
NARROW = [
    "ALTER TABLE translations_searchtext SET (toast_tuple_target = 128)",
    "ALTER TABLE translations_searchtext ALTER COLUMN head SET STORAGE EXTERNAL",
]
COPY = [
    "SET CONSTRAINTS ALL IMMEDIATE",  # or the new rows' checks would be pending when the columns go
    """
    INSERT INTO translations_searchtext (edition_id, content_type_id, object_id, language, in_language, head, document)
    SELECT id, content_type_id, object_id, language, shown_language = language, head, document
    FROM translations_edition ORDER BY id
    """,
]
COPY_BACK = [
    "SET CONSTRAINTS ALL IMMEDIATE",
    "ALTER TABLE translations_edition ALTER COLUMN head SET STORAGE MAIN",
    """
    UPDATE translations_edition SET head = text.head, document = text.document
    FROM translations_searchtext AS text WHERE text.edition_id = translations_edition.id
    """,
    *(
        f"CREATE INDEX edition_document_{language} ON translations_edition USING gin (document) "
        f"WITH (gin_pending_list_limit = 256) WHERE language = '{language}'"
        for language in LANGUAGES
    ),
]


def indexes():
    """One partial index per language: words anywhere, in title and summary, in the title."""
    for language in LANGUAGES:
        name = f"searchtext_{language}"
        yield migrations.RunSQL(
            f"CREATE INDEX {name} ON translations_searchtext USING gin (document, head, ts_filter(head, '{{a}}')) "
            f"WITH (gin_pending_list_limit = 256) WHERE language = '{language}'",
            f"DROP INDEX {name}",
        )


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("translations", "0003_edition_own"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="translations.edition",
                    ),
                ),
                ("object_id", models.PositiveBigIntegerField()),
                ("language", models.CharField(choices=settings.LANGUAGES, max_length=2)),
                ("in_language", models.BooleanField()),
                ("head", django.contrib.postgres.search.SearchVectorField(null=True)),
                ("document", django.contrib.postgres.search.SearchVectorField(null=True)),
                (
                    "content_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="contenttypes.contenttype",
                    ),
                ),
            ],
            options={
                "verbose_name": "text that is searched",
                "verbose_name_plural": "texts that are searched",
            },
        ),
        migrations.RunSQL(NARROW, migrations.RunSQL.noop),
        migrations.RunSQL(COPY, COPY_BACK),
        *indexes(),
        migrations.RemoveField(model_name="edition", name="document"),
        migrations.RemoveField(model_name="edition", name="head"),
    ]
