"""What a reader is told about the language of a text, in sentences, on the page and in the PDF."""

from django.utils.translation import gettext as _


def sentence(notice: dict) -> str:
    """The sentence for one notice – state, shown, original: why this language, who translated."""
    state = notice["state"]
    if state == "fallback":
        text = _("This text is not available in your language yet. It is shown in %(shown)s.") % notice
    elif state == "partial":
        text = _("Only title and summary are translated yet. The rest is shown in %(shown)s.") % notice
    elif state == "machine":
        text = _("This is a machine translation that no one has reviewed yet.")
    elif state == "own":
        text = _("This translation was written by a person and not reviewed yet.")
    elif state == "outdated":
        text = _("The original has changed since this translation was made.")
    else:
        text = _("Translated from %(original)s.") % notice
    return text
