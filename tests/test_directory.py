"""The directory of authorities: who is in it, how they are counted, found and sorted."""

import pytest

from tests.factories import AuthorityFactory

pytestmark = pytest.mark.django_db


def test_names_of_an_authority():
    authority = AuthorityFactory(
        official_name="Ajuntament de Viladecans",
        official_language="ca",
        name="Viladecans City Council",
        name_el="Δήμος Βιλαδεκάνς",
        country="ES",
        editions=True,
    )
    rows = {row.language: row for row in authority.editions.all()}
    assert len(rows) == 9
    assert rows["el"].title == "Δήμος Βιλαδεκάνς"
    assert rows["tr"].title == "Viladecans City Council"
    assert 'lang="en"' in rows["tr"].card_html
    for row in rows.values():
        assert "Ajuntament de Viladecans" in row.card_html
        assert 'lang="ca"' in row.card_html
