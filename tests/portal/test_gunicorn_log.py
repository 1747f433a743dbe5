"""What gunicorn logs by itself of a request that nothing has answered."""

import io
import logging
import runpy

import pytest
from django.conf import settings

TOLD = "Error handling request %s %s"


@pytest.fixture
def log(monkeypatch):
    """What a worker that has begun writes; as gunicorn does, through a handler of its own."""
    logger, written = logging.getLogger("gunicorn.error"), io.StringIO()
    monkeypatch.setattr(logger, "filters", [])
    monkeypatch.setattr(logger, "handlers", [logging.StreamHandler(written)])
    monkeypatch.setattr("ctg_portal.hosting.warm_up.warm_up", lambda: None)
    runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))["post_worker_init"](None)
    return logger, written


@pytest.mark.parametrize("room", ["invitation", "lien", "lien-de-saisie"])
def test_a_secret_link_is_not_in_the_log_of_gunicorn(log, room):
    logger, written = log
    try:
        raise ValueError(f"DETAIL: Failing row contains (731).\n/{room}/jeton-secret/")
    except ValueError:
        logger.exception(TOLD, "GET", f"/{room}/jeton-secret/")
    assert f"Error handling request GET /{room}/…/" in written.getvalue()
    assert "Traceback" in written.getvalue()
    assert "jeton-secret" not in written.getvalue()
    assert "731" not in written.getvalue()
