"""The style guide: every part of the look in every state, in development and the demonstration only."""

from datetime import UTC, datetime

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from translations import comparison

LONG = "Ανοικτοί εκπαιδευτικοί πόροι για φορείς χάραξης πολιτικής στην τοπική αυτοδιοίκηση"
DUTCH = "Samenwerkingsovereenkomst beroepsonderwijs-arbeidsmarktregio’s"
CROATIAN = "Osposobljavanje i usavršavanje najugroženijih sudionika obrazovanja odraslih"


class SampleForm(forms.Form):
    """Fields in every state; it is never saved."""

    title = forms.CharField(label="Title", max_length=100, help_text="Say what was done and where.")
    summary = forms.CharField(
        label="Summary",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "data-autosize": True}),
        help_text="Two or three sentences a colleague in another country understands.",
    )
    problem = forms.CharField(
        label="What was the problem?", required=False, max_length=10000,
        widget=forms.Textarea(attrs={"rows": 4, "data-markdown": True}),
    )  # fmt: skip
    start = forms.DateField(label="Start", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    staff = forms.DecimalField(label="Staff", required=False, help_text="Full-time equivalents.")
    email = forms.EmailField(label="E-mail")
    stage = forms.ChoiceField(label=DUTCH, choices=[("planned", "Planned"), ("pilot", "Pilot"), ("ended", LONG)])
    kind = forms.ChoiceField(
        label="Kind", widget=forms.RadioSelect, choices=[("a", "Best practice"), ("b", "Lesson learned"), ("c", LONG)]
    )
    groups = forms.MultipleChoiceField(
        label="Target groups", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("n", "Young people not in employment, education or training"), ("a", "Adults"), ("r", CROATIAN)],
    )  # fmt: skip
    licence = forms.BooleanField(label="I publish this text under CC BY 4.0.", help_text="Everybody may reuse it.")
    file = forms.FileField(label="File", required=False, help_text="PDF, DOCX or ODT, up to 20 MB.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].count = True
        self.fields["problem"].needed = True
        self.fields["staff"].unit = "FTE"
        self.fields["groups"].columns = True


@login_not_required
@require_safe
def styleguide(request):
    if not settings.DEMO:
        raise Http404
    wrong = SampleForm(
        {"title": "x" * 120, "email": "name@", "problem": "Half of the pupils left."}, auto_id="wrong_%s"
    )
    page = Paginator(range(300), 20).get_page(request.GET.get("page") or 7)
    section = request.GET.get("section")
    return render(
        request,
        "styleguide.html",
        {
            "form": SampleForm(),
            "wrong": wrong,
            "page": page,
            "chosen_section": section if section in {"network", "rapid", "oer"} else "fiches",
            "colours": [
                "paper",
                "surface",
                "tint",
                "ink",
                "muted",
                "line",
                "hair",
                "link",
                "fiches",
                "network",
                "rapid",
                "oer",
            ],
            "long": LONG,
            "dutch": DUTCH,
            "croatian": CROATIAN,
            **_words_and_numbers(),
            **_parts(),
            **_lists(),
            **_changes(),
        },
    )


def _words_and_numbers():
    """Invented content for the parts that take lists; authorities and numbers are not real."""
    return {
        "facts": [
            {"label": "Authority", "value": "Municipality of Sample", "url": "#almanac"},
            {"label": "Where", "value": "Varaždin County, Croatia"},
            {"label": "Since", "value": "September 2019, ongoing"},
            {"label": "Cost", "value": "120,000 EUR a year", "note": "Of this, 60 % from the European Social Fund"},
            {"label": "Χρηματοδότηση και συγχρηματοδότηση", "value": LONG, "lang": "el"},
            {"label": "First result", "value": "Early leavers: 14 % → 9 %", "strong": True},
        ],
        "columns": [{"label": "Indicator"}, *({"label": n, "number": True} for n in ("Before", "After", "Year")), {"label": "Source"}],
        "rows": [
            [{"value": "Share of early leavers"}, {"value": "14 %", "number": True}, {"value": "9 %", "number": True},
             {"value": "2023", "number": True}, {"value": "Municipal register", "url": "#tables"}],
            [{"value": DUTCH, "lang": "nl"}, {"value": None, "number": True}, {"value": "1,240", "number": True},
             {"value": "2024", "number": True}, {"value": "Survey of employers"}],
        ],
        "counts": {"HR": 3, "GR": 2, "IT": 6, "ES": 1, "BE": 2, "RO": 1, "TR": 1, "CY": 1, "NL": 12, "FR": 1},
        "bars": [("Inclusion", 12), ("Adult learning and guidance", 7), (LONG, 4), ("Governance", 1)],
        "years": [("2019", 420), ("2020", 310), ("2021", 505), ("2022", 640), ("2023", 890), ("2024", 1240)],
        "pairs": [("Early leavers", 14, 9), ("Apprentices in small companies", 31, 52)],
    }  # fmt: skip


def _changes():
    """A passage before and after a revision."""
    blocks = comparison.blocks("Half of the pupils left early.", "A third of the pupils leave early.")
    return {
        "changed": [{"label": "Problem", "how": "changed", "blocks": blocks}],
        "same": [{"label": "Context", "text": "The town has two schools."}],
        "versions": [{"number": 1, "until": datetime(2026, 11, 3, tzinfo=UTC)}, {"number": 2}],
    }


def _lists():
    """What the parts around a list take: a search that asked too much, its filters, what it may have meant."""
    options = [{"value": "local", "label": "Local", "count": 12}, {"value": "cross", "label": CROATIAN, "count": 0}]
    group = {"legend": "Level", "name": "level", "options": options, "chosen": 0, "open": True, "first": True}
    return {
        "list_url": "?",
        "groups": [group, {**group, "legend": "Place", "name": "place", "first": False}],
        "selection": {"unknown": [("Country", "XX")], "cut": True, "q": "scool"},
        "did_you_mean": {"query": "school", "url": "#lists"},
        "suggestions": ["school", "school year"],
    }


def _parts():
    """Invented states: a life cycle, a history, filters, steps."""
    at = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
    return {
        "life": [
            {"label": "Draft", "state": "done", "date": at, "note": "by Ana Primjer"},
            {"label": "Submitted", "state": "done", "date": at},
            {"label": "In review", "state": "current", "note": "being read by M. Voorbeeld"},
            {"label": "Published", "state": "todo"},
        ],
        "events": [
            {"at": at, "text": "Changes requested", "by": "M. Voorbeeld", "reason": "The results name no source.",
             "note": "Welke bron heeft het cijfer van 2023?", "lang": "nl"},
            {"at": at, "text": "Submitted", "by": "Ana Primjer", "on_behalf_of": "Municipality of Sample"},
        ],
        "steps": [
            {"label": "Kind and language", "url": "#steps", "state": "done"},
            {"label": "The problem", "url": "#steps", "state": "wrong"},
            {"label": "Results", "state": "current"},
            {"label": CROATIAN, "url": "#steps", "state": "todo"},
            {"label": "Check and submit", "state": "todo"},
        ],
        "options": [
            {"value": "inclusion", "label": "Inclusion", "count": 12, "checked": True,
             "children": [{"value": "esl", "label": "Early school leaving", "count": 9}]},
            {"value": "heritage", "label": "Heritage and local identity", "count": 0},
            {"value": "long", "label": LONG, "count": 1234},
        ],
        "sorts": [{"value": "new", "label": "Newest first", "selected": True}, {"value": "title", "label": "Title"}],
        "languages": [{"code": "en", "name": "English"}, {"code": "hr", "name": "hrvatski"}, {"code": "el", "name": "ελληνικά"}],
        "sides": [
            {"label": "Title", "left": "A school for every evening", "right": "A school for every evening"},
            {"label": "Summary", "left": "Adults finish school.", "right": "Adults finish school in two years.", "changed": True},
        ],
        "trail": [{"label": "Fiches", "url": "#top"}, {"label": "Croatia", "url": "#top"}],
        "files": [{"name": "plan-2023.pdf", "size": 482133, "remove_name": "remove", "remove_value": "1"}],
        "toc": [{"id": "type", "label": "Type"}, {"id": "tables", "label": "Tables"}, {"id": "maps", "label": LONG}],
        "actions": [{"label": "Remove the filter Country: Malta", "url": "#empty"}, {"label": "Show all fiches", "url": "#empty"}],
        "at": at,
    }  # fmt: skip
