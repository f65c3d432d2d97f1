"""Geometry of the small charts: every number stays in the page as text, the drawing is beside it.

Positions are strings, so that no language writes them with a decimal comma inside the drawing.
"""

from django.utils.formats import number_format

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 48, 8, 32, 8


def bars(points):
    """Rows of a bar chart from (label, value): bar lengths in percent of the greatest value."""
    greatest = max((abs(value) for _, value in points), default=0) or 1
    return {
        "rows": [
            {"label": label, "value": value, "length": str(_share(abs(value), greatest))} for label, value in points
        ]
    }


def dots(points):
    """Rows of a before-and-after chart from (label, before, after): positions in percent, both on one scale from 0."""
    greatest = max((max(before, after) for _, before, after in points), default=0) or 1
    rows = []
    for label, before, after in points:
        start, end = 3 + _share(before, greatest) * 0.94, 3 + _share(after, greatest) * 0.94
        rows.append(
            {
                "label": label,
                "before": before,
                "after": after,
                "start": str(round(start, 1)),
                "end": str(round(end, 1)),
                "from": str(round(min(start, end), 1)),
                "length": str(round(abs(end - start), 1)),
            }
        )
    return {"rows": rows}


def line(points):
    """A line through (label, value) in drawing units, the scale starting at 0, with three rules to read it by."""
    step = nice_step(max((value for _, value in points), default=0))
    top = step * 3
    across = (WIDTH - LEFT - RIGHT) / max(len(points) - 1, 1)
    marks = [
        {"label": label, "value": value, "x": str(round(LEFT + index * across, 1)), "y": _height(value, top)}
        for index, (label, value) in enumerate(points)
    ]
    rules = [{"y": _height(step * n, top), "value": number_format(step * n)} for n in range(4)]
    path = " ".join(f"{mark['x']},{mark['y']}" for mark in marks)
    return {"rows": marks, "rules": rules, "path": path, "width": WIDTH, "height": HEIGHT, "box": HEIGHT + 32}


def nice_step(greatest):
    """A third of the scale, rounded up to 1, 2, 2.5 or 5 times a power of ten."""
    third = (greatest or 1) / 3
    power = 1
    while power * 10 <= third:
        power *= 10
    while power > third:
        power /= 10
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= third)


def _height(value, top):
    return str(round(HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM), 1))


def _share(value, greatest):
    return round(value / greatest * 100, 1)
