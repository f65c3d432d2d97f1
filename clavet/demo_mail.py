"""The mail of the demonstration: kept as files, readable by everybody at /demo/mail/. Absent in production."""

import email
import re
import time
import uuid
from datetime import datetime
from email import policy
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SHOWN = 200
NAME = re.compile(r"\d{20}-[0-9a-f]{8}")
SEALED = (
    "sandbox allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "frame-ancestors 'self'"
)


class EmailBackend(BaseEmailBackend):
    """Writes each mail as one file, whole or not at all, whichever process sends it."""

    def send_messages(self, email_messages):
        folder = Path(settings.DEMO_MAIL_ROOT)
        folder.mkdir(parents=True, exist_ok=True)
        for sent in email_messages:
            path = folder / f"{time.time_ns():020}-{uuid.uuid4().hex[:8]}.eml"
            part = path.with_suffix(".part")
            part.write_bytes(sent.message().as_bytes(linesep="\r\n"))
            part.replace(path)
        return len(email_messages)


def _names() -> list[str]:
    """The newest mails first."""
    folder = Path(settings.DEMO_MAIL_ROOT)
    return sorted((path.stem for path in folder.glob("*.eml")), reverse=True)


def _read(name: str) -> dict:
    """One mail; 404 where there is none."""
    if not NAME.fullmatch(name):
        raise Http404
    try:
        with (Path(settings.DEMO_MAIL_ROOT) / f"{name}.eml").open("rb") as file:
            message = email.message_from_binary_file(file, policy=policy.default)
    except FileNotFoundError:
        raise Http404 from None
    parts = {kind: message.get_body((kind,)) for kind in ("plain", "html")}
    return {
        "name": name,
        "to": str(message["to"]),
        "subject": str(message["subject"]),
        "language": str(message["content-language"] or ""),
        "at": datetime.fromtimestamp(int(name[:20]) / 1e9, tz=timezone.get_current_timezone()),
        "headers": [(key, str(value)) for key, value in message.items()],
        "text": _here(parts["plain"].get_content()) if parts["plain"] else "",
        "html": _here(parts["html"].get_content()) if parts["html"] else "",
    }


def _here(text: str) -> str:
    """Links to the portal lead to the host at which the mail is being read."""
    return text.replace(f"{settings.SITE_URL}/", "/")


def _linked(text: str) -> list[tuple[str, bool]]:
    """Pieces of the text, and whether each is an address."""
    pieces = re.split(r"(https?://[^\s<>\"]+|(?:(?<=\s)|^)/[^\s<>\"]+)", text, flags=re.MULTILINE)
    return [(piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece]


@login_not_required
@never_cache
@require_safe
def mail_list(request):
    mails = [_read(name) for name in _names()[:SHOWN]]
    chosen = request.GET.get("to", "")
    return render(
        request,
        "demo/mail_list.html",
        {
            "mails": [mail for mail in mails if chosen in ("", mail["to"])],
            "addresses": sorted({mail["to"] for mail in mails}),
            "chosen": chosen,
        },
    )


@login_not_required
@never_cache
@require_safe
def mail_detail(request, name):
    mail = _read(name)
    response = render(request, "demo/mail_detail.html", {"mail": mail, "pieces": _linked(mail["text"])})
    response["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return response


@login_not_required
@never_cache
@require_safe
def mail_html(request, name):
    """The HTML of a mail, sealed: it may do nothing but be read and lead somewhere by a click."""
    html = _read(name)["html"].replace("<head>", '<head><base target="_top">', 1)
    response = HttpResponse(html)
    response["Content-Security-Policy"] = SEALED
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response
