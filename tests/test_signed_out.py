"""A form that is sent after its person signed out in another tab."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

LONG = "We began with two schools.\n\nThen the <b>others</b> followed."


def send(client, url, data, page=None):
    referer = {"HTTP_REFERER": f"http://testserver{page or url}"}
    return client.post(url, data | {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}, **referer)


@pytest.fixture
def signed_out():
    """A browser with an open form whose person has signed out in another tab."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())
    client.get(reverse("network:apply"))
    token = client.cookies["csrftoken"].value
    assert client.post(reverse("account_logout"), {"csrfmiddlewaretoken": token}).status_code == 302
    return client


def test_texts_come_back_with_what_to_do(signed_out):
    url = reverse("network:apply") + "?name=a%20b"
    answer = send(signed_out, url, {"motivation": LONG, "kind": "local", "old_password": "four words are secret"})
    text = answer.content.decode()
    assert answer.status_code == 403 and "no-store" in answer["Cache-Control"]
    assert "You were signed out meanwhile" in text and "&lt;b&gt;others&lt;/b&gt;" in text
    assert "are secret" not in text and text.count('class="typed"') == 1
    assert f"{reverse('account_login')}?next=/en/network/join/apply/%3Fname%3Da%2520b" in text


def test_a_click_without_text_leads_to_the_sign_in_page_and_back_to_its_page(signed_out):
    url, page = reverse("network:application_cancel", args=[1]), reverse("network:application", args=[1])
    answer = send(signed_out, url, {"then": "cancel"}, page)
    assert answer.status_code == 302 and answer["Location"] == f"{reverse('account_login')}?next={page}"
    assert "You were signed out meanwhile." in signed_out.get(answer["Location"]).content.decode()


def test_opening_a_page_says_nothing_and_foreign_pages_are_no_way_back(client):
    path = reverse("network:apply")
    assert client.get(path)["Location"] == f"{reverse('account_login')}?next={path}"
    answer = client.post(path, {"x": "1"}, HTTP_REFERER="http://elsewhere.example/form")
    assert answer["Location"] == f"{reverse('account_login')}?next={path}"


def test_who_wants_to_join_reads_that_signing_in_is_the_next_step(client):
    here = "next=/en/network/join/apply/%3Fauthority%3Dunet-x"
    for name in ("account_login", "account_signup"):
        text = " ".join(client.get(f"{reverse(name)}?{here}").content.decode().split())
        assert "This is the next step of joining" in text
        assert f'class="icon-link" href="{reverse("account_login")}?{here}"' in text  # the header’s
    assert "To go on you need an account." in client.get(f"{reverse('account_login')}?next=/en/my/").content.decode()
    assert "lead" not in client.get(reverse("account_login")).content.decode()
