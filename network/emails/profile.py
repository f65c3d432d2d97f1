"""The mail about a changed official address: it goes to the old one."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts import notifications
from accounts.mail import Mail, mail

# (occasion, who, kind of mail) without a change of state
OCCASIONS = [("change the official address", "old official address of the authority", "official_address_changed")]


def tell_old_address(authority, address: str, event, *, by_coordinator=False) -> None:
    """The old mailbox hears of it, in the authority's language; nothing where there was none."""
    if address:
        notifications.tell(
            "official_address_changed",
            authority,
            key=f"event:{event.pk}",
            address=address,
            language=authority.language_of_contact,
            data={"by_coordinator": by_coordinator},
        )


@mail("official_address_changed")
def official_address_changed(notification):
    authority = notification.subject
    if authority is None:
        return None
    name = authority.official_name
    who = _("Somebody who represents this authority entered another official address: {authority}.")
    if notification.data.get("by_coordinator"):
        who = _("A coordinator entered another official address of this authority: {authority}.")
    return Mail(
        subject=_("The official address has changed: {authority}").format(authority=name),
        paragraphs=(
            _(
                "CLAVET is the portal where Europe’s local and regional authorities share what they know about education and training."
            ),
            who.format(authority=name),
            _("We no longer write to this address. If this is wrong, tell the coordinators."),
        ),
        button=(pgettext("button", "Write to the coordinators"), reverse("contact")),  # not to who changed it
    )
