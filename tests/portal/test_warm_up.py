"""What a web process does before it serves."""

import gc
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.template import engines

HOUSE = Path(__file__).parents[2]


@pytest.fixture
def _thawed():
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_thawed")
def test_a_worker_has_read_the_templates_before_it_serves():
    runpy.run_path(str(HOUSE / "gunicorn.conf.py"))["post_worker_init"](None)
    loader = engines["django"].engine.template_loaders[0]
    assert {"base.html", "404.html"} <= set(loader.get_template_cache)


def test_a_reload_takes_the_new_code():
    assert "preload_app" not in runpy.run_path(str(HOUSE / "gunicorn.conf.py"))


SERVING = """
import sys, django
django.setup()
from ctg_portal.house import house
from ctg_portal.hosting.warm_up import warm_up
warm_up()
assert house().documents
print("weasyprint" in sys.modules)
"""


def test_a_web_process_does_not_load_what_draws():
    """WeasyPrint is not loaded once all views, templates and contributions are read."""
    ran = subprocess.run(
        [sys.executable, "-c", SERVING], cwd=HOUSE, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "False\n"
