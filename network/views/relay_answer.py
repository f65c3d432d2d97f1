"""The answer of an owner to a relayed message: it goes on by mail, and neither side sees the other's address."""

import uuid

from django import forms
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import notifications
from accounts.models import Notification
from accounts.once import once

from ..models import RelayedMessage


class AnswerForm(forms.Form):
    """What an owner answers, and under which name: an anonymised text is not given away by its answer."""

    name = forms.CharField(
        label=gettext_lazy("Your name, as the reader will see it"),
        help_text=gettext_lazy("Leave it empty to answer without a name."),
        max_length=120,
        required=False,
    )
    text = forms.CharField(label=gettext_lazy("Your answer"), max_length=3000, widget=forms.Textarea(attrs={"rows": 8}))


def received_by(user, message) -> bool:
    """Whether this message was sent on to `user`."""
    content_type = ContentType.objects.get_for_model(message)
    told = Notification.objects.filter(kind="relayed_message", content_type=content_type, object_id=message.pk)
    return told.filter(recipient=user).exists()


@require_http_methods(["GET", "HEAD", "POST"])
@once
def relay_answer(request, pk):
    message = get_object_or_404(RelayedMessage, pk=pk)
    if message.object is None or not received_by(request.user, message):
        raise Http404
    named = message.object.shows("submitter")
    form = AnswerForm(request.POST or None, initial={"name": request.user.name if named else ""})
    if form.is_valid():
        data = {"text": form.cleaned_data["text"], "by": form.cleaned_data["name"], "language": get_language()}
        key = f"relayed:{pk}:answer:{uuid.uuid4().hex}"  # @once sees to repeats; several owners may answer
        notifications.tell(
            "relayed_answer", message, key=key, address=message.email, language=message.language, data=data
        )
        messages.success(request, _("Your answer is on its way."))
        return redirect("my")
    return render(request, "network/relay_answer.html", {"form": form, "message": message})
