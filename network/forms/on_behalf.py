"""On whose behalf: a field of each form in which a Euroregion’s coordinator may act for another authority."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..seats import represented_by

ENDED = _("You no longer act for this authority. Choose another, or nobody; what you wrote stays.")


class OnBehalfField(forms.ModelChoiceField):
    """The authorities for which `user` may act today with `scope`; what ended meanwhile is an error that says so."""

    def __init__(self, user, scope: str, **options):
        options.setdefault("label", _("on behalf of"))
        options.setdefault("empty_label", _("nobody: for my own authority or for myself"))
        options.setdefault("help_text", _("Shown and noted as “by you on behalf of this authority”."))
        super().__init__(represented_by(user, scope), required=False, **options)
        self.error_messages["invalid_choice"] = ENDED
