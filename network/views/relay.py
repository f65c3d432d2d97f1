"""Writing to the owners of a page through the portal; the pages themselves belong to the apps above."""

from django.conf import settings
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import limits, notifications
from accounts.models import User

from ..forms.relay import RelayForm
from ..models import RelayedMessage


def relay(request, obj, recipients, context, form_page="network/relay.html"):
    """The form that sends a message to `recipients`, or to the coordinators if there are none; then says so."""
    context = {"page": obj} | context
    if request.method != "POST" and "sent" in request.GET:
        return render(request, "network/relay_sent.html", context)
    initial = {}
    if request.user.is_authenticated:
        initial = {"name": request.user.name, "email": request.user.email}
    form = RelayForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:
            return redirect(f"{request.path}?sent=1")
        if send(request, form, obj, recipients):
            return redirect(f"{request.path}?sent=1")
        form.add_error(None, _("Too many messages came from your connection today. Write again tomorrow."))
        status = 429
    return render(request, form_page, context | {"form": form, "owned": bool(recipients)}, status=status)


@transaction.atomic
def send(request, form, obj, recipients):
    """Keep the message, queue it for its readers and a copy for the sender; None where the day’s number is used up."""
    hashed = limits.address_hash(request, "network.relay")
    if limits.is_used_up(RelayedMessage, hashed, settings.RELAY_MESSAGES_PER_DAY):
        return None
    message = form.save(commit=False)
    message.object, message.language = obj, get_language()
    message.address_hash = hashed
    message.save()
    key = f"relayed:{message.pk}"
    for person in recipients or User.objects.coordinators():
        notifications.tell("relayed_message", message, key=key, recipient=person)
    notifications.tell("relayed_message_copy", message, key=key, address=message.email, language=message.language)
    return message
