"""What was typed beside what is stored, in words, for the page that says that somebody else was faster."""

from django.forms import BoundField


def words(field, value) -> str:
    """A value as people read it: labels instead of codes."""
    if value in (None, "", [], False):
        return ""
    if value is True or value == "on":
        return "✓"
    labels = {str(code): str(label) for code, label in _flat(getattr(field, "choices", ()))}
    values = value if isinstance(value, list | tuple) else [value]
    return ", ".join(labels.get(str(one), str(one)) for one in values)


def _flat(choices):
    for code, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield code, label


def row(bound: BoundField, prefix="") -> dict:
    """One row for components/compare.html: stored on the left, typed on the right."""
    left, right = words(bound.field, bound.initial), words(bound.field, bound.data)
    return {"label": f"{prefix}{bound.label}", "left": left, "right": right, "changed": left != right}


def of(form) -> list[dict]:
    """Every difference in the form and in its tables."""
    found = [row(form[name]) for name in form.changed_data if name != "upload"]
    for table in form.rows.values():
        for number, part in enumerate(table.formset.forms, start=1):
            found += [row(part[name], f"{number}. ") for name in part.changed_data if name != "DELETE"]
    return [entry for entry in found if entry["changed"]]
