"""Of a locked row an account may only go, never be another; a checked copy is not checked anew; nothing empty is filled.

The functions of 0004_locked_rows are written again with narrower rules; the triggers stay.
"""

from django.db import migrations

SAME = "to_jsonb(NEW) - '{name}' = to_jsonb(OLD) - '{name}' AND ({kept})"
GONE = "NEW.{name} IS NULL OR NEW.{name} IS NOT DISTINCT FROM OLD.{name}"


def only_gone(name: str) -> str:
    return SAME.format(name=name, kept=GONE.format(name=name))


FILE = (
    "to_jsonb(NEW) - 'uploaded_by_id' - 'check_state' = to_jsonb(OLD) - 'uploaded_by_id' - 'check_state'"
    f" AND ({GONE.format(name='uploaded_by_id')})"
    " AND (NEW.check_state = OLD.check_state OR OLD.check_state = 'waiting')"
)
ANNEX = (
    "OLD.kind = 'annex' AND EXISTS (SELECT 1 FROM network_memorandum WHERE id = OLD.memorandum_id AND status = 'draft')"
)
# What may change in a row, and when it may go; before that what 0004 said.
RULES = {
    "network_signature": (only_gone("by_id"), "false"),
    "network_acceptance": (only_gone("user_id"), "false"),
    "network_memorandumfile": (FILE, ANNEX),
}
BEFORE = {
    "network_signature": ("to_jsonb(NEW) @> jsonb_strip_nulls(to_jsonb(OLD) - 'by_id')", "false"),
    "network_acceptance": ("to_jsonb(NEW) @> jsonb_strip_nulls(to_jsonb(OLD) - 'user_id')", "false"),
    "network_memorandumfile": ("to_jsonb(NEW) @> (to_jsonb(OLD) - 'uploaded_by_id' - 'check_state')", ANNEX),
}


def write(schema_editor, rules) -> None:
    for table, (update, delete) in rules.items():
        schema_editor.execute(f"""
            CREATE OR REPLACE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'UPDATE' THEN
                    IF {update} THEN RETURN NEW; END IF;
                ELSIF TG_OP = 'DELETE' THEN
                    IF {delete} THEN RETURN OLD; END IF;
                END IF;
                RAISE EXCEPTION 'rows of {table} stay as they are (%%)', TG_OP USING ERRCODE = 'restrict_violation';
            END $$
        """)


class Migration(migrations.Migration):
    dependencies = [("network", "0005_confirmed_with")]

    operations = [
        migrations.RunPython(
            lambda _apps, schema_editor: write(schema_editor, RULES),
            lambda _apps, schema_editor: write(schema_editor, BEFORE),
        )
    ]
