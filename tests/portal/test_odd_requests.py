"""Requests that no browser sends: answered as such, never as a failure of ours."""

import pytest
from django.test import Client

from tests.factories import UserFactory

pytestmark = pytest.mark.both


@pytest.mark.parametrize("accept", ["00", "json", "text/html;q", ";;"])
def test_health_does_not_depend_on_what_a_monitor_accepts(client, db, accept):
    client.force_login(UserFactory(is_staff=True))
    assert client.get("/sante/", headers={"accept": accept}).status_code == 200


def test_session_key_with_a_nul_is_no_session(client, db):
    """A quoted cookie may hold any character; PostgreSQL has no NUL in its texts."""
    response = client.get("/conventions/", headers={"cookie": r'sessionid="0123456789\000abcdef"'})
    assert response.url == "/connexion/?next=/conventions/"
    assert response.cookies["sessionid"].value == ""
    assert response.cookies["sessionid"]["max-age"] == 0


@pytest.mark.parametrize("charset", ["utf-16", "latin-1"])
def test_form_in_an_encoding_that_is_not_read_is_a_bad_request(db, charset):
    """The check of the form's token reads it, as in production."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/connexion/")  # sets the token's cookie
    content_type = f"application/x-www-form-urlencoded; charset={charset}"
    response = client.generic("POST", "/connexion/", b"a=1", content_type)
    assert response.status_code == 400
    assert "<h1" in response.content.decode()
