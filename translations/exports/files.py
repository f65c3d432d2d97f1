"""Lists and single things as files: how a format is written, and the answers that carry it.

Records are read in chunks by key: the order is fixed by one statement, then each chunk asks again what its reader may
see. Memory does not grow with the list, no statement runs long, and what is hidden while somebody downloads is left out
of the rest. A download (`Taking`) names its `language`, the `separator` of a table and whether its headings are `codes`.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from .table import SEPARATORS
from .turns import taking_turns

ATOM = "application/atom+xml; charset=utf-8"
CHUNK = 200  # records read at a time
RETRY_AFTER = 30  # seconds


class Format(NamedTuple):
    """How a list and one thing of it are written: pieces of text, from a download and records."""

    media_type: str
    head: Callable[[NamedTuple], str]
    entry: Callable[[NamedTuple, dict], str]
    foot: Callable[[NamedTuple, int], str]  # the number of records written
    between: str = ""
    single: Callable[[NamedTuple, dict], str] | None = None
    parts: tuple[str, ...] = ()  # what is read besides the facts


def nothing(*_arguments) -> str:
    return ""


def named(formats: dict[str, Format], name: str, *, single: bool = False) -> Format:
    """The format of an address; one that does not exist, or not for one thing, is a 404."""
    written = formats.get(name)
    if written is None or (single and written.single is None):
        raise Http404(_("There is no such file format."))
    return written


def of_table(data) -> dict:
    """How an address wants a table written, as columns of a download."""
    return {"separator": SEPARATORS[data.get("separator", "comma")], "codes": data.get("header") == "codes"}


def not_understood(data, selection, facets, tables, *, table_too: bool = False) -> list[tuple]:
    """What makes no file: values of an address that nobody knows, with the names of their filters.

    A file cannot say that a filter was left out, as the list does. `tables` (filter → model, column) are looked up;
    what is not there is taken out of the selection.
    """
    unknown = [*selection.unknown]
    for name, (model, column) in tables.items():
        if asked := selection.chosen.get(name):
            there = set(model.objects.filter(**{f"{column}__in": asked}).values_list(column, flat=True))
            unknown += [(facets[name].label, value) for value in asked if value not in there]
            selection.chosen[name] = [value for value in asked if value in there]
    for name, known in {"separator": SEPARATORS, "header": {"codes"}}.items() if table_too else ():
        if name in data and data[name] not in known:
            unknown.append((name, data[name][:40]))
    return unknown


def pieces(written: Format, taking, keys, read: Callable) -> Iterator[str]:
    """The file, chunk by chunk. Between chunks the thread serves no one else's language: each sets its own."""
    with translation.override(taking.language):
        head = written.head(taking)
    yield head
    number = 0
    for start in range(0, len(keys), CHUNK):
        with translation.override(taking.language):
            texts = [written.entry(taking, record) for record in read(keys[start : start + CHUNK])]
        if texts:
            yield (written.between if number else "") + written.between.join(texts)
            number += len(texts)
    with translation.override(taking.language):
        foot = written.foot(taking, number)
    yield foot


def stream(request, written: Format, taking, keys: Callable, read: Callable):
    """A file that grows while it is read: `keys()` gives the order, `read(keys)` the records of some of them."""
    text = iter(())
    if request.method == "GET":
        found = keys()
        text = pieces(written, taking, found, read)
        if len(found) > CHUNK and not (text := taking_turns(text)):
            return _busy(request)
    return StreamingHttpResponse(text, content_type=written.media_type)


def _busy(request):
    response = render(request, "503.html", {"busy": True, "back": request.get_full_path()}, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def saved_as(response, name: str):
    """To be saved under a name of its own, and not to be listed by search engines beside its page."""
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response
