"""What a browser would send: the values of every field of a form on a page, read from its HTML; and how one writes."""

from html.parser import HTMLParser

from django.urls import reverse

from fiches.models import Fiche


class FormReader(HTMLParser):
    """Name → values of the form whose id is `wanted` (or of every form that posts)."""

    def __init__(self, wanted=""):
        super().__init__()
        self.wanted, self.inside, self.values = wanted, False, {}
        self.area = self.select = None

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "form":
            self.inside = found.get("method") == "post" and (not self.wanted or found.get("id") == self.wanted)
        if not self.inside:
            return
        kind, name, value = found.get("type", "text"), found.get("name"), found.get("value") or ""
        if tag == "input" and name and kind not in ("submit", "file", "button"):
            if kind not in ("checkbox", "radio") or "checked" in found:
                self.values.setdefault(name, []).append(value or ("on" if kind == "checkbox" else ""))
        elif tag == "textarea":
            self.area = name
            self.values[name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in found or self.select not in self.values):
            self.values[self.select] = [value]

    def handle_data(self, data):
        if self.area:
            self.values[self.area][0] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            self.values[self.area][0] = self.values[self.area][0].removeprefix("\n")
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.inside = False


def fields(response, form="") -> dict[str, list[str]]:
    reader = FormReader(form)
    reader.feed(response.content.decode())
    reader.values.pop("csrfmiddlewaretoken", None)
    return reader.values


def send(client, url, form="", **typed):
    """Open the page, change what is `typed`, and send its form; names with a dash as `**{"results-0-value": "3"}`."""
    return client.post(url, fields(client.get(url), form) | typed)


def at(fiche, step):
    return reverse("fiches:edit", args=[fiche.pk, step])


def begin(client, kind="practical_example", language="en"):
    url = reverse("fiches:create")
    response = send(client, url, kind=kind, source_language=language)
    assert response.status_code == 302, response.content.decode()
    return Fiche.objects.latest("pk"), response["Location"]


EXAMPLE = {
    "title": "A phone round in August",
    "summary": "Counsellors ring everybody who has not enrolled.",
    "authority": "Grad Primjer",
    "country": "HR",
    "policy_stages": ["implementation"],
    "target_groups": ["young_people"],
    "problem": "Every summer some thirty pupils vanish between two schools.",
    "step_1": "Get the list.",
    "step_2": "Ring everybody.",
    "step_3": "Offer a visit.",
}
