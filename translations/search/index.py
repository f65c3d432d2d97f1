"""What is searched: two vectors for each Edition."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from translations.models import Edition, SearchText

from .lexemes import Lexicon, Vector, lexicon
from .words import LANGUAGES, fold, words

MAX_LENGTH = 100_000  # characters of a body that are searched; a tsvector holds 1 MB
WRITTEN = ["in_language", "head", "document"]


class Text(NamedTuple):
    """A text taken apart: the language it is analysed in, its folded words."""

    language: str
    words: list[str]

    @classmethod
    def of(cls, text: str, language: str) -> "Text":
        return cls(language, words(fold(text[:MAX_LENGTH], language)))


def index(editions: Iterable[Edition]) -> None:
    """Compute and save what is searched of saved Editions; one statement, and one for words not met before.

    Title and summary are analysed in `title_language`, the body in `shown_language`. The names of an object's nine
    Editions go into each of its documents, each analysed in its own language: who names a theme or an authority in
    any language finds what carries it. Weights: title A, summary and names B, body C.
    """
    owners = defaultdict(list)
    for edition in editions:
        owners[edition.content_type_id, edition.object_id].append(edition)
    texts = [text for owner, siblings in owners.items() for text in _texts(siblings, _names(owner, siblings))]
    SearchText.objects.bulk_create(
        texts, batch_size=50, update_conflicts=True, unique_fields=["edition"], update_fields=WRITTEN
    )


def _texts(editions: list[Edition], names: dict[str, str]):
    named = [Text.of(names.get(language, ""), language) for language in LANGUAGES]
    heads = [
        (Text.of(edition.title, edition.title_language), Text.of(edition.summary, edition.title_language))
        for edition in editions
    ]
    bodies = [Text.of(edition.plain, edition.shown_language) for edition in editions]
    known = lexicon([*named, *bodies, *(text for head in heads for text in head)])
    for edition, (title, summary), body in zip(editions, heads, bodies, strict=True):
        head = _vector([(title, "A"), (summary, "B")], known)
        document = _vector([*((text, "B") for text in named), (body, "C")], known, head)
        yield SearchText(
            edition=edition,
            content_type_id=edition.content_type_id,
            object_id=edition.object_id,
            language=edition.language,
            in_language=edition.shown_language == edition.language,
            head=str(head),
            document=str(document),
        )


def _vector(texts: list[tuple[Text, str]], known: Lexicon, *before: Vector) -> Vector:
    vector = Vector(*before)
    for text, weight in texts:
        vector.add(text.words, text.language, weight, known)
    return vector


def _names(owner: tuple[int, int], editions: list[Edition]) -> dict[str, str]:
    """Language → names of the object; of Editions that are not at hand, as they are stored."""
    names = {edition.language: edition.names for edition in editions}
    if len(names) < len(LANGUAGES):
        content_type_id, object_id = owner
        stored = Edition.objects.filter(content_type_id=content_type_id, object_id=object_id)
        names = dict(stored.values_list("language", "names")) | names
    return names
