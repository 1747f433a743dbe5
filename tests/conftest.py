"""What every test may use."""

import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Before the database of the tests is dropped, whoever still holds it lets go of it: a server
    that answered the browser keeps its connections for a while."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def pytest_addoption(parser):
    parser.addoption("--screenshots", default="", help="folder that keeps a picture of each page")
