"""The database itself refuses to change what was locked, signed, accepted or published, whoever asks.

Columns that name an account may become empty (the account is deleted); a published version may gain a language.
"""

from django.db import migrations

# What may change in a row, as jsonb expressions of OLD and NEW that must hold.
RULES = {
    "network_memorandumtext": ("false", "false"),
    "network_signature": ("to_jsonb(NEW) @> jsonb_strip_nulls(to_jsonb(OLD) - 'by_id')", "false"),
    "network_acceptance": ("to_jsonb(NEW) @> jsonb_strip_nulls(to_jsonb(OLD) - 'user_id')", "false"),
    "network_memorandumfile": (
        "to_jsonb(NEW) @> (to_jsonb(OLD) - 'uploaded_by_id' - 'check_state')",
        "OLD.kind = 'annex' AND EXISTS (SELECT 1 FROM network_memorandum WHERE id = OLD.memorandum_id"
        " AND status = 'draft')",
    ),
    "network_documentversion": (
        "OLD.published_at IS NULL OR to_jsonb(NEW) @> jsonb_strip_nulls(to_jsonb(OLD) - 'published_by_id')",
        "OLD.published_at IS NULL",
    ),
}


def create(schema_editor, table: str, update: str, delete: str) -> None:
    schema_editor.execute(f"""
        CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF {update} THEN RETURN NEW; END IF;
            ELSIF TG_OP = 'DELETE' THEN
                IF {delete} THEN RETURN OLD; END IF;
            END IF;
            RAISE EXCEPTION 'rows of {table} stay as they are (%%)', TG_OP USING ERRCODE = 'restrict_violation';
        END $$
    """)
    schema_editor.execute(
        f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {table}_stays()"
    )
    schema_editor.execute(f"""
        CREATE FUNCTION {table}_stays_whole() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'rows of {table} stay as they are (%%)', TG_OP USING ERRCODE = 'restrict_violation';
        END $$
    """)
    schema_editor.execute(
        f"CREATE TRIGGER {table}_stays_whole BEFORE TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_stays_whole()"
    )


def forwards(_apps, schema_editor):
    for table, (update, delete) in RULES.items():
        create(schema_editor, table, update, delete)


def backwards(_apps, schema_editor):
    for table in RULES:
        for name in (f"{table}_stays", f"{table}_stays_whole"):
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [("network", "0003_membership_memoranda_documents")]

    operations = [migrations.RunPython(forwards, backwards)]
