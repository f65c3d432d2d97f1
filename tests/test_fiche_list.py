"""The list of fiches: filters, counts, order, bad addresses, who sees what."""

import pytest

from tests.factories import FicheFactory

pytestmark = pytest.mark.django_db


def test_list_shows_a_published_fiche(client):
    fiche = FicheFactory(title="Evening school")
    page = client.get("/en/fiches/")
    assert page.status_code == 200
    assert "Evening school" in page.content.decode()
    assert fiche.get_absolute_url() in page.content.decode()
    page = client.get(fiche.get_absolute_url())
    assert page.status_code == 200
    assert client.get("/en/").status_code == 200
    assert client.get("/en/search/?q=school").status_code == 200
    assert client.get(f"/en/fiches/{fiche.pk}/contact/").status_code == 200
