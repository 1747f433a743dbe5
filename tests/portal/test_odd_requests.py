"""Requests that no browser sends: answered as such, never as a failure of ours."""

import pytest


@pytest.mark.parametrize("accept", ["00", "json", "text/html;q", ";;"])
def test_health_does_not_depend_on_what_a_monitor_accepts(client, db, accept):
    assert client.get("/sante/", headers={"accept": accept}).status_code == 200


@pytest.mark.parametrize("charset", ["utf-16", "inconnu"])
def test_form_in_an_encoding_that_is_not_read_is_a_bad_request(client, db, charset):
    response = client.generic(
        "POST", "/connexion/", b"a=1", f"application/x-www-form-urlencoded; charset={charset}"
    )
    assert response.status_code in {200, 400}
