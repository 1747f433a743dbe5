"""What a log or a proxy must not keep."""

import logging
import logging.config
import sys

import pytest
from django.db import DatabaseError

from ctg_portal import settings as production
from ctg_portal.hosting.logs import WithoutSecrets, logging_config
from ctg_portal.middleware import _known_user
from tests import factories as f

pytestmark = pytest.mark.both


def logged(message, *args) -> str:
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, message, args, None)
    WithoutSecrets().filter(record)
    return record.getMessage()


@pytest.mark.parametrize(
    "path",
    [
        "/invitation/jeton-secret/",
        "/invitation/jeton-secret",
        "/mot-de-passe-oublie/1-jeton-secret/",
        "/compte/adresse/confirmer/jeton-secret:x/",
    ],
)
def test_no_line_holds_the_token_of_a_link(path):
    assert "secret" not in logged("Not Found: %s", path)
    assert logged("Not Found: %s", path).startswith("Not Found: /")


def test_other_lines_are_left_as_they_are():
    assert logged("%s rows of /conventions/", 3) == "3 rows of /conventions/"
    assert logged("GET /mot-de-passe-oublie/envoye/ 200").endswith("envoye/ 200")


BROKEN = """new row for "indicators_value" violates check constraint "value_number_or_absence"
DETAIL:  Failing row contains (12, draft, 44.000000, null, Exactement 44 enfants.

Deux de plus)."""


@pytest.mark.parametrize("name", ["json", "readable"])
def test_no_traceback_holds_the_row_that_a_database_refused(name):
    """PostgreSQL tells figures and comments in what Django logs of a mistake."""
    config = logging.config.DictConfigurator(logging_config(readable=False, level="INFO"))
    formatter = config.configure_formatter(config.config["formatters"][name])
    try:
        try:
            raise DatabaseError(BROKEN)
        except DatabaseError as error:
            raise RuntimeError("Rien n’est gardé") from error
    except RuntimeError:
        mistake = sys.exc_info()
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Error: %s", ("/",), mistake)
    record.request_id = ""
    WithoutSecrets().filter(record)
    line = formatter.format(record)
    assert "value_number_or_absence" in line
    assert "Rien n’est gardé" in line
    for text in ("44.000000", "Exactement", "Deux de plus"):
        assert text not in line


def test_link_without_its_final_slash_is_not_logged_either(client, db, caplog):
    with caplog.at_level(logging.INFO, logger="portal.access"):
        client.get("/invitation/jeton-secret")
    lines = [r.getMessage() for r in caplog.records if r.name == "portal.access"]
    assert len(lines) == 1
    assert lines[0].startswith("GET /invitation/… ")


@pytest.mark.parametrize("path", ["/conventions/", "/compte/"])
def test_pages_are_kept_by_nobody(client, db, path):
    client.force_login(f.UserFactory())
    assert {"private", "no-store"} <= set(client.get(path)["Cache-Control"].split(", "))


def test_line_is_written_when_the_database_does_not_answer(rf):
    class Dead:
        @property
        def pk(self):
            raise DatabaseError

    request = rf.get("/")
    request.user = Dead()
    assert _known_user(request) is None


def test_the_cache_of_production_has_room_for_counts_of_attempts():
    assert production.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 100_000
