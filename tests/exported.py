"""Taking files from the portal in tests, and reading JSON-LD as an independent processor does."""

import json

from django.urls import reverse
from django.utils import translation
from pyld import jsonld


def get(client, name="csv", language="en", status=200, **query):
    with translation.override(language):
        response = client.get(reverse("fiches:export", args=[name]), query)
    assert response.status_code == status, response
    return response.getvalue().decode() if response.streaming else response.content.decode()


def one(client, fiche, name, language="en", status=200):
    with translation.override(language):
        response = client.get(reverse("fiches:export_one", args=[fiche.pk, fiche.slug, name]))
    assert response.status_code == status, response
    return response.content.decode()


def titles(client, **query):
    return [row["title"] for row in json.loads(get(client, "json", **query))["fiches"]]


def linked(text):
    """The statements as an independent processor reads them, with the words of schema.org and no network."""

    def words(url, options):
        assert url == "https://schema.org", url
        context = {
            "@context": {"@vocab": "https://schema.org/", **{name: {"@type": "@id"} for name in ("url", "license")}}
        }
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": context}

    return jsonld.expand(json.loads(text), {"documentLoader": words})
