"""`make run`, and the page that nginx shows while the portal does not answer."""

import os
import re
import subprocess
from pathlib import Path

import html5lib
import pytest
from django.conf import settings

pytestmark = pytest.mark.once


def told_to_all(folder: Path, **environment: str) -> str:
    """The SITE_URL that honcho hands to web, worker and clock."""
    honcho = folder / "honcho"
    honcho.write_text('#!/bin/sh\necho "$SITE_URL"\n')
    honcho.chmod(0o700)
    recipe = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "run", f"PORT={environment['PORT']}"],
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
    ).stdout.splitlines()[-1]  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if name != "SITE_URL"}
    path = f"{folder}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", recipe], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
        env=kept | environment | {"PATH": path},
    ).stdout.strip()  # fmt: skip


def test_links_of_worker_and_clock_lead_to_the_web_process(tmp_path):
    assert told_to_all(tmp_path, PORT="8123") == "http://localhost:8123"
    assert told_to_all(tmp_path, PORT="8123", SITE_URL="https://x.example/") == "https://x.example"


def test_the_page_of_nginx_needs_nothing_of_the_portal():
    page = Path(settings.BASE_DIR, "static/nginx/panne.html").read_text()
    html5lib.HTMLParser(strict=True).parse(page)
    assert '<html lang="fr">' in page
    assert re.search("<title>Le portail ne répond pas", page)
    assert page.count("<h1>") == page.count("<main>") == 1
    assert not re.findall(r"""(?:src|href)=["'][^"']""", page)
    readme = Path(settings.BASE_DIR, "README.md").read_text()
    assert "error_page 502 504 /panne.html;" in readme
    assert "/srv/ctg-portal/static/nginx" in readme
