"""The pages that are measured."""

from urllib.parse import quote

from django.urls import NoReverseMatch, reverse

from fiches.models import Fiche
from network.models import Theme

from .authorities import EUROREGIONS
from .words import FREQUENT, RARER

FICHES_READ = 200  # how many different ones


def cases(size: int, etag: str):
    """(name, n → path, headers). A query of its own makes each reading a new page; without one it is kept ready.

    `size` is how many bytes the list has, `etag` its name.
    """
    fiches = list(Fiche.objects.public().only("pk", "slug").order_by("pk")[:FICHES_READ])
    searches = [f"language={code}&q={quote(words)}" for code, words in RARER.items()]
    rarer, frequent = (
        [f"/{code}/fiches/?q={quote(typed)}" for code, typed in queries.items()] for queries in (RARER, FREQUENT)
    )
    found = [
        ("floor: empty view", lambda n: f"/en/bench/empty/?n={n}", {}),
        ("floor: SELECT 1", lambda n: f"/en/bench/select/?n={n}", {}),
        ("floor: skeleton as long as the list", lambda n: f"/en/bench/page/?n={n}&size={max(0, size - 9000)}", {}),
        ("floor: bare SQL of the list", lambda n: f"/en/bench/sql/?n={n}", {}),
        ("floor: bare SQL of the search", lambda n: f"/en/bench/sql/?n={n}&{searches[n % 9]}", {}),
        ("home", lambda n: f"/en/?n={n}", {}),
        ("list", lambda n: f"/en/fiches/?n={n}", {}),
        ("list, Greek, page 3", lambda n: f"/el/fiches/?page=3&n={n}", {}),
        ("faceted list", lambda n: f"/en/fiches/?kind=best_practice&target_group=adults&n={n}", {}),
        ("search, nine languages in turn", lambda n: f"{rarer[n % 9]}&n={n}", {}),
        ("search for frequent words", lambda n: f"{frequent[n % 9]}&n={n}", {}),
        ("search without a hit", lambda n: f"/en/fiches/?q=zeppelin{n}", {}),
        ("search of the portal", lambda n: f"/en/search/?q={quote(RARER['en'])}&n={n}", {}),
        ("suggestions", lambda n: f"/en/fiches/suggestions/?q=vocat&n={n}", {}),
        ("detail", lambda n: _of(fiches[n % len(fiches)], "fiches:detail", n), {}),
        ("theme", _theme(), {}),
        ("directory", lambda n: f"/en/network/?n={n}", {}),
        ("faceted directory", lambda n: f"/el/network/?kind=local&country=HR&n={n}", {}),
        ("search of the directory", lambda n: f"/en/network/?q=town+{n % 300}&n={n}", {}),
        ("authority", lambda n: _authority(EUROREGIONS + n % 200, n), {}),
        ("Euroregion of many authorities", lambda n: _authority(n % EUROREGIONS, n), {}),
        ("brief (PDF)", lambda n: _of(fiches[n % len(fiches)], "fiches:brief", n), {}),
        ("whole list as CSV", lambda n: f"{_path('fiches:export', 'csv')}?n={n}", {}),
        ("feed", lambda n: f"{_path('fiches:feed')}?n={n}", {}),
        ("repeated anonymous read of the list", lambda n: "/en/fiches/", {}),
        ("304", lambda n: "/en/fiches/", {"If-None-Match": etag}),
    ]
    return [case for case in found if _exists(case)]


def _of(fiche, name: str, n: int) -> str:
    return f"{_path(name, fiche.pk, fiche.slug)}?n={n}"


def _authority(number: int, n: int) -> str:
    return f"{_path('network:detail', f'authority-{number}')}?n={n}"


def _theme():
    slug = Theme.objects.exclude(parent=None).order_by("pk").values_list("slug", flat=True).first()
    return lambda n: f"{_path('theme', slug)}?n={n}"


def _path(name: str, *args) -> str:
    return "/en" + reverse(name, args=args)[3:]


def _exists(case) -> bool:
    """Whether the portal has the page."""
    try:
        case[1](0)
    except NoReverseMatch:
        return False
    return True
