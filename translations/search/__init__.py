"""Search in nine languages: what is indexed, how a query is read, what is marked and suggested.

Everything public starts from `Model.objects.visible_to(user)`; nothing here looks at rows it was not given.
"""

from .index import index
from .marking import excerpt, mark
from .matching import count, matching
from .ranked import ranked, ranked_each
from .suggesting import did_you_mean, suggestions
from .words import fold, lemmas, sort_key, warm, words

__all__ = [
    "count",
    "did_you_mean",
    "excerpt",
    "fold",
    "index",
    "lemmas",
    "mark",
    "matching",
    "ranked",
    "ranked_each",
    "sort_key",
    "suggestions",
    "warm",
    "words",
]
