"""A form that creates a row creates one, however often and however fast it is sent."""

import threading
import time
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.template import Context, Template
from django.test import RequestFactory

from accounts.models import OnceToken
from accounts.once import once
from tests.factories import UserFactory


@once
def create(request):
    """Stands for any view that creates a row."""
    if not request.POST.get("name"):
        return HttpResponse("the form with its errors")
    time.sleep(float(request.POST.get("wait", 0)))
    Group.objects.create(name=f"{request.POST['name']} {uuid.uuid4()}")
    return HttpResponseRedirect(f"/made/{Group.objects.count()}/")


def post(user=None, **data):
    request = RequestFactory().post("/create/", data)
    request.user = user or AnonymousUser()
    return create(request)


@pytest.mark.django_db
def test_a_repeat_leads_to_the_same_page():
    token = str(uuid.uuid4())
    first, second = post(once=token, name="a"), post(once=token, name="a")
    assert first["Location"] == second["Location"]
    assert Group.objects.count() == 1


@pytest.mark.django_db
def test_a_form_with_errors_keeps_its_token():
    token = str(uuid.uuid4())
    assert post(once=token).status_code == 200
    assert OnceToken.objects.count() == 0
    assert post(once=token, name="a").status_code == 302
    assert Group.objects.count() == 1


@pytest.mark.django_db
def test_another_persons_token_leads_nowhere():
    token = str(uuid.uuid4())
    first, second = post(UserFactory(), once=token, name="a"), post(UserFactory(), once=token, name="b")
    assert first["Location"] != second["Location"]
    assert Group.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "no uuid", "%00"])
def test_a_tampered_token_is_no_error(token):
    assert post(once=token, name="a").status_code == 302


@pytest.mark.django_db
def test_a_failure_leaves_no_token(monkeypatch):
    monkeypatch.setattr(Group.objects, "create", lambda **fields: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        post(once=str(uuid.uuid4()), name="a")
    assert OnceToken.objects.count() == 0


def test_the_tag_keeps_the_token_of_a_refused_form():
    tag = Template("{% load once %}{% once %}")
    token = str(uuid.uuid4())
    assert token in tag.render(Context({"request": RequestFactory().post("/", {"once": token})}))
    fresh = tag.render(Context({"request": RequestFactory().get("/")}))
    assert 'type="hidden" name="once"' in fresh and token not in fresh


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_make_one_row():
    token, answers = str(uuid.uuid4()), []

    def send():
        try:
            answers.append(post(once=token, name="a", wait="0.3")["Location"])
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 2 and len(set(answers)) == 1
    assert Group.objects.count() == 1
