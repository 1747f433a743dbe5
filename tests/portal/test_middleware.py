"""A session that ended, a page that does not exist: what is said, and where one is led."""

from urllib.parse import unquote

import pytest
from django.urls import reverse

from tests import factories as f


@pytest.fixture
def page(db):
    return reverse(
        "conventions:access",
        args=[f.MembershipFactory(coordinator=True).organisation.convention.slug],
    )


def test_form_sent_after_the_session_says_that_nothing_was_saved(client, page):
    here = f"http://testserver{page}"
    response = client.post(page, {"email": "a@b.example"}, headers={"referer": here}, follow=True)
    assert "rien n’a été enregistré" in response.content.decode()
    assert unquote(response.redirect_chain[0][0]) == f"/connexion/?next={here}"


def test_a_form_from_elsewhere_after_the_session_leads_to_the_first_page(client, page):
    response = client.post(page, headers={"referer": "https://ailleurs.example/"})
    assert response["Location"] == "/connexion/?next=/"


def test_page_opened_without_a_session_says_nothing_of_a_loss(client, page):
    response = client.get(page, follow=True)
    assert "rien n’a été enregistré" not in response.content.decode()
    assert response.redirect_chain[0][0].endswith(page)


@pytest.mark.parametrize("debug", [True, False])
def test_closed_convention_answers_in_french_in_development_too(client, page, settings, debug):
    settings.DEBUG = debug
    client.force_login(f.UserFactory())
    response = client.get(page)
    assert response.status_code == 404
    assert "Using the URLconf" not in response.content.decode()
