"""Mails about documents: a new version comes, a version waits for an acceptance."""

from django.template.defaultfilters import date as written
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.mail import Mail, mail

WHO = "everybody with an account, and representatives of members, as the document says; who accepted it is left out"
MAILS = {}
# (occasion, who, kind of mail) without a change of state
OCCASIONS = [
    ("30 days before a published version takes force", WHO, "document_new_version"),
    ("on the day a version takes force, and after 14 days", WHO, "document_accept_reminder"),
]


def _is_asked(version, user) -> bool:
    return user is not None and version.everybody_asked().filter(pk=user.pk).exists()


def _title(version) -> str:
    return getattr(version, f"title_{get_language()}") or version.title


@mail("document_new_version")
def document_new_version(notification):
    """To everybody who must accept it, before it takes force."""
    version, user = notification.subject, notification.recipient
    if not _is_asked(version, user) or version.is_in_force:
        return None
    own = [
        _("Accept it for your authority as well: {authority}.").format(authority=authority.name)
        for authority in version.authorities_asked_of(user)
    ]
    return Mail(
        subject=_("New version: {document}").format(document=_title(version)),
        paragraphs=(
            _("This document has a new version: {document}.").format(document=_title(version)),
            _("It takes force on {date}. The page shows what has changed.").format(date=written(version.in_force_from)),
            _("Read it and accept it. Nothing is accepted by silence."),
            *own,
        ),
        button=(_("See what has changed"), version.changes_url),
    )


@mail("document_accept_reminder")
def document_accept_reminder(notification):
    """To who has not accepted what is in force."""
    version, user = notification.subject, notification.recipient
    if not _is_asked(version, user) or not version.is_in_force:
        return None
    return Mail(
        subject=_("Still to accept: {document}").format(document=_title(version)),
        paragraphs=(
            _("The new version of this document is in force, and you have not accepted it yet: {document}.").format(
                document=_title(version)
            ),
            _("Until you do, you can read everything, but you cannot publish or answer."),
        ),
        button=(_("Read and accept"), reverse("accept_documents")),
    )
