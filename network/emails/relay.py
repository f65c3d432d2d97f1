"""Messages that pass through the portal: neither side sees the other's address."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.mail import Mail, Quote, mail


def page_of(message) -> str:
    return message.object.get_absolute_url()


@mail("relayed_message")
def relayed_message(notification):
    """To an owner of the page."""
    message = notification.subject
    if message.object is None:
        return None
    who = f"{message.name}, {message.organisation}" if message.organisation else message.name
    return Mail(
        subject=_("A message about “{title}”").format(title=message.object),
        paragraphs=(Quote(message.text, message.language, _("{name} wrote to you:").format(name=who)),),
        button=(pgettext("button", "Answer"), reverse("relay_answer", args=[message.pk])),
    )


@mail("relayed_message_copy")
def relayed_message_copy(notification):
    """To the sender: what was sent on, without the owners' addresses."""
    message = notification.subject
    if message.object is None:
        return None
    return Mail(
        subject=_("Your message about “{title}”").format(title=message.object),
        paragraphs=(
            _("We sent your message on. The people concerned get it by mail."),
            Quote(message.text, message.language, _("You wrote:")),
        ),
        button=(_("Open the page"), page_of(message)),
    )


@mail("relayed_answer")
def relayed_answer(notification):
    """To the sender: what an owner answered."""
    message, data = notification.subject, notification.data
    if message.object is None:
        return None
    introduction = _("{name} answered:").format(name=data["by"]) if data["by"] else _("The answer:")
    return Mail(
        subject=_("An answer about “{title}”").format(title=message.object),
        paragraphs=(
            Quote(data["text"], data["language"], introduction),
            Quote(message.text, message.language, _("You wrote:")),
        ),
        button=(_("Open the page"), page_of(message)),
    )
