"""Ready pages for strangers: kept per process, void as soon as anything public changes.

A page is named by its ETag, made from everything it depends on before it is rendered: release, corpus version,
date (an embargo ends at midnight), language, full address, the language offered, the kind of htmx request.
"""

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from functools import cache

from django.conf import settings
from django.http import HttpResponse

from accounts.workdays import today
from translations import corpus

from . import languages

KEPT = (
    "Content-Type",
    "Content-Encoding",
    "Content-Language",
    "Content-Length",
    "Vary",
    "ETag",
    "Cache-Control",
    "Link",
    "Content-Disposition",
    "X-Robots-Tag",
)
COMPRESSIBLE = ("text/", "application/json", "application/ld+json", "application/xml", "application/atom+xml")
COMPRESSION = 2  # of gzip’s 9: a seventh larger than its best, for a third of the work
SHORT = 200  # bytes that are not worth it
HTMX = ("HTTP_HX_REQUEST", "HTTP_HX_BOOSTED", "HTTP_HX_HISTORY_RESTORE_REQUEST", "HTTP_HX_TARGET")
FOLDERS = ("accounts", "clavet", "fiches", "locale", "network", "oer", "rapidresponse", "templates", "translations")
MADE_WITH = (".html", ".md", ".mo", ".py", ".svg", ".typ", ".xml")
ENTRY_OVERHEAD = 1000  # bytes we reckon for the headers and the key of one page


class Version:
    """The corpus version as this process knows it, at most CORPUS_VERSION_MAX_AGE seconds old."""

    def __init__(self):
        self.lock = threading.Lock()
        self.number, self.read_at = None, float("-inf")

    def get(self) -> int:
        with self.lock:
            now = time.monotonic()  # before the query: what is committed while it runs belongs to the next
            if now - self.read_at >= settings.CORPUS_VERSION_MAX_AGE:
                self.number = corpus.version()
                self.read_at = now
            return self.number


class Pages:
    """The pages used last, as many as fit into a number of bytes."""

    def __init__(self):
        self.lock = threading.Lock()
        self.entries = OrderedDict()
        self.bytes = 0

    def get(self, name: str) -> HttpResponse | None:
        with self.lock:
            if name not in self.entries:
                return None
            self.entries.move_to_end(name)
            headers, body = self.entries[name]
        return HttpResponse(body, headers=headers)

    def put(self, name: str, response, limit: int) -> None:
        body = response.content
        cost = len(body) + ENTRY_OVERHEAD
        if cost > limit // 20:
            return
        headers = {header: response.headers[header] for header in KEPT if header in response.headers}
        with self.lock:
            if name in self.entries:
                return
            self.entries[name] = headers, body
            self.bytes += cost
            while self.bytes > limit:
                _name, (_headers, oldest) = self.entries.popitem(last=False)
                self.bytes -= len(oldest) + ENTRY_OVERHEAD

    def clear(self) -> None:
        with self.lock:
            self.entries.clear()
            self.bytes = 0


version, pages = Version(), Pages()


@cache
def release() -> str:
    """The release and a digest of what pages are made with, so that a new template never meets an old ETag."""
    digest = hashlib.sha256(settings.RELEASE.encode())
    for folder in FOLDERS:
        for path in sorted((settings.BASE_DIR / folder).rglob("*.*")):
            if path.suffix in MADE_WITH:
                digest.update(path.read_bytes())
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    digest.update(manifest.read_bytes() if manifest.exists() else b"")
    return digest.hexdigest()[:16]


def etag(request) -> str:
    """The name of the page that answers `request` now."""
    parts = [
        release(),
        str(version.get()),
        today().isoformat(),
        languages.of_path(request.path_info) or "",
        languages.offered(request) or "",
        request.build_absolute_uri(),
        *(request.META.get(name, "") for name in HTMX),
    ]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f'W/"{digest[:32]}"'


def accepts_gzip(request) -> bool:
    return "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")


def is_compressible(response) -> bool:
    """Whether it is text, and not compressed already as pictures and PDF files are."""
    return response.headers.get("Content-Type", "").startswith(COMPRESSIBLE)


def pack(response) -> None:
    """Compress a stranger's page once, for all its readers: it holds no secret that its length could tell."""
    response.content = gzip.compress(response.content, COMPRESSION, mtime=0)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.content))


def is_for_strangers(request) -> bool:
    """Whether a ready page may answer: somebody without a session reads a page in a language."""
    return (
        request.method in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and (languages.of_path(request.path_info) is not None or request.path_info.startswith("/sitemap"))
    )


def may_be_kept(response) -> bool:
    """Whether a view's answer is the same for every stranger: it set no cookie and no rule of its own."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "Cache-Control" not in response.headers
    )
