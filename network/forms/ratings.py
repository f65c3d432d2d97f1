"""What an authority can share and what it needs, for each theme, in one table."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Expertise, Theme

SIDES = {"expertise": Expertise.Level, "need": Expertise.Need}


class RatingsForm(forms.Form):
    """Two choices a theme; empty is not rated."""

    def __init__(self, authority, data=None):
        self.authority = authority
        self.themes = list(Theme.objects.filter(parent__isnull=False).select_related("parent"))
        self.themes.sort(key=lambda theme: (theme.parent.position, theme.position))
        stored = {row.theme_id: row for row in authority.expertise.all()}
        super().__init__(data)
        for theme in self.themes:
            for side, levels in SIDES.items():
                self.fields[f"{side}_{theme.pk}"] = forms.TypedChoiceField(
                    label=f"{theme}: {_('Can share') if side == 'expertise' else _('Needs advice')}",
                    choices=[("", "–"), *levels.choices],
                    coerce=int,
                    empty_value=None,
                    required=False,
                    initial=getattr(stored.get(theme.pk), side, None),
                )

    def rows(self) -> list[dict]:
        """The table, theme by theme under their subjects."""
        made, subject = [], None
        for theme in self.themes:
            new = theme.parent if theme.parent_id != getattr(subject, "pk", None) else None
            subject = theme.parent
            sides = [self[f"{side}_{theme.pk}"] for side in SIDES]
            made.append({"subject": new, "theme": theme, "sides": sides})
        return made

    def save(self) -> None:
        """Write what is rated, and forget what no longer is."""
        for theme in self.themes:
            rated = {side: self.cleaned_data[f"{side}_{theme.pk}"] for side in SIDES}
            if any(rated.values()):
                Expertise.objects.update_or_create(authority=self.authority, theme=theme, defaults=rated)
            else:
                Expertise.objects.filter(authority=self.authority, theme=theme).delete()
