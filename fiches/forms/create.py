from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import history
from network.seats import authorities_of

from .. import derived, places
from ..models import Fiche
from ..vocabularies import Kind
from .honeypot import Honeypot


class CreateForm(forms.Form):
    """What must be known before the first word is written: the kind, and the language it is written in."""

    kind = forms.ChoiceField(label=_("What do you want to share?"), choices=Kind.choices, widget=forms.RadioSelect)
    source_language = forms.ChoiceField(
        label=_("In which language will you write?"),
        choices=settings.LANGUAGES,
        help_text=_("Choose the one in which you are most precise. It can be translated later."),
    )
    homepage = Honeypot()

    @transaction.atomic
    def save(self, user) -> Fiche:
        """An empty draft; who holds one seat writes for that authority unless they say otherwise."""
        kind, language = self.cleaned_data["kind"], self.cleaned_data["source_language"]
        fiche = Fiche(kind=kind, source_language=language, submitted_by=user, ongoing=False)
        seats = list(authorities_of(user)[:2])
        if len(seats) == 1:
            fiche.authority = seats[0]
            places.copy(fiche)
        fiche.save()
        history.record(fiche, "create", by=user)
        derived.refresh(fiche)
        return fiche
