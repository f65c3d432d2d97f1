"""Text search configurations, helpers and indexes (DESIGN §7).

A tenth language: add its two configurations and its two indexes in a migration of its own.
"""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

STOCK = {
    "en": "english",
    "es": "spanish",
    "it": "italian",
    "fr": "french",
    "nl": "dutch",
    "el": "greek",
    "ro": "romanian",
    "hr": "serbian",
    "tr": "turkish",
}
WORDS = "asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart"

# The exact leg of Croatian: roots of the words without accents, with the sound changes c/k and z/g undone
# (ucenic-i and ucenik are one word). Words come parted by single spaces.
ROOTS = """
CREATE OR REPLACE FUNCTION clavet_roots(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(string_agg(regexp_replace(regexp_replace(root, 'c$', 'k'), 'z$', 'g'), ' ' ORDER BY place), '')
  FROM (
    SELECT (ts_lexize('pg_catalog.serbian_stem', translate(word, 'čćšžđ', 'ccszd')))[1] AS root, place
    FROM unnest(string_to_array(words, ' ')) WITH ORDINALITY AS parts (word, place)
  ) AS roots
$$
"""

# Text without accents and capitals, for trigrams. The schema is bound when it is created, so an index may use it.
BARE = """
DO $do$
DECLARE place text := (SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'unaccent');
BEGIN
  EXECUTE format(
    'CREATE OR REPLACE FUNCTION clavet_bare(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
     RETURN lower(%s.unaccent(%L::regdictionary, written))', place, place || '.unaccent');
END $do$
"""

# Any of several queries, each lexeme once: ranking costs by the number of lexemes.
ANY = """
CREATE OR REPLACE FUNCTION clavet_any(queries tsquery[]) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(string_agg(DISTINCT query::text, ' | ')::tsquery, '') FROM unnest(queries) AS parts (query)
  WHERE numnode(query) > 0
$$
"""

# The three legs of one text: unaccented stems, the same of its lemmas, and the stock configuration.
VECTOR = """
CREATE OR REPLACE FUNCTION clavet_vector(language text, words text, lemmas text) RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT to_tsvector(('clavet_' || language)::regconfig, words)
      || to_tsvector(('clavet_' || language)::regconfig, lemmas)
      || to_tsvector(('clavet_' || language || '_exact')::regconfig,
                     CASE language WHEN 'hr' THEN clavet_roots(words) ELSE words END)
$$
"""


def configurations():
    """clavet_xx (words without accents, then stems) and clavet_xx_exact (PostgreSQL's own) of each language.

    The stems come from dictionaries without stop words: a title that is typed as it stands is found from every
    interface, although its small words are small in its own language only. Queries drop their small words themselves.
    """
    for language, stock in STOCK.items():
        name, exact = f"clavet_{language}", "simple" if language == "hr" else stock
        yield migrations.RunSQL(
            [
                f"DROP TEXT SEARCH CONFIGURATION IF EXISTS {name}",
                f"DROP TEXT SEARCH CONFIGURATION IF EXISTS {name}_exact",
                f"DROP TEXT SEARCH DICTIONARY IF EXISTS {name}_stem",
                f"CREATE TEXT SEARCH DICTIONARY {name}_stem (TEMPLATE = pg_catalog.snowball, LANGUAGE = {stock})",
                f"CREATE TEXT SEARCH CONFIGURATION {name} (COPY = pg_catalog.{stock})",
                f"ALTER TEXT SEARCH CONFIGURATION {name} ALTER MAPPING FOR {WORDS} WITH unaccent, {name}_stem",
                f"CREATE TEXT SEARCH CONFIGURATION {name}_exact (COPY = pg_catalog.{exact})",
            ],
            [
                f"DROP TEXT SEARCH CONFIGURATION {name}",
                f"DROP TEXT SEARCH CONFIGURATION {name}_exact",
                f"DROP TEXT SEARCH DICTIONARY {name}_stem",
            ],
        )


def indexes():
    """One partial index per language: a search reads the rows of one interface only; few new rows wait outside it."""
    for language in STOCK:
        trigrams = ", ".join(f"clavet_bare({column}) gin_trgm_ops" for column in ("title", "names", "summary"))
        for name, columns in ((f"edition_document_{language}", "document"), (f"edition_trigram_{language}", trigrams)):
            drop = f"DROP INDEX CONCURRENTLY IF EXISTS {name}"
            yield migrations.RunSQL(
                [
                    drop,
                    f"CREATE INDEX CONCURRENTLY {name} ON translations_edition USING gin ({columns}) "
                    f"WITH (gin_pending_list_limit = 256) WHERE language = '{language}'",
                ],
                drop,
            )


class Migration(migrations.Migration):
    atomic = False  # indexes are built without locking the table; each step can be repeated

    dependencies = [("translations", "0001_initial")]

    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        *configurations(),
        migrations.RunSQL(ROOTS, "DROP FUNCTION IF EXISTS clavet_roots(text)"),
        migrations.RunSQL(BARE, "DROP FUNCTION IF EXISTS clavet_bare(text)"),
        migrations.RunSQL(ANY, "DROP FUNCTION IF EXISTS clavet_any(tsquery[])"),
        migrations.RunSQL(VECTOR, "DROP FUNCTION IF EXISTS clavet_vector(text, text, text)"),
        # Ranking reads every match's head: it stays in the row.
        migrations.RunSQL(
            "ALTER TABLE translations_edition ALTER COLUMN head SET STORAGE MAIN",
            "ALTER TABLE translations_edition ALTER COLUMN head SET STORAGE EXTENDED",
        ),
        *indexes(),
    ]
