"""`make run`, and the page that nginx shows while the portal does not answer."""

import os
import re
import socket
import subprocess
from pathlib import Path

import html5lib
from django.conf import settings


def told_to_all(folder: Path, **environment: str) -> str:
    """The SITE_URL that honcho hands to web, worker and clock."""
    honcho = folder / "honcho"
    honcho.write_text('#!/bin/sh\necho "$SITE_URL"\n')
    honcho.chmod(0o700)
    recipe = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "run", f"PORT={environment['PORT']}"],
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
    ).stdout.splitlines()[-1]  # fmt: skip
    inherited = {name: value for name, value in os.environ.items() if name != "SITE_URL"}
    path = f"{folder}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", recipe], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
        env=inherited | environment | {"PATH": path},
    ).stdout.strip()  # fmt: skip


def test_links_of_worker_and_clock_lead_to_the_web_process(tmp_path):
    assert told_to_all(tmp_path, PORT="8123") == "http://localhost:8123"
    assert told_to_all(tmp_path, PORT="8123", SITE_URL="https://x.example/") == "https://x.example"


def refusal(*command: str, **environment: str) -> str:
    """What a script says that ends with a mistake."""
    ended = subprocess.run(
        [f"scripts/{command[0]}", *command[1:]], cwd=settings.BASE_DIR, capture_output=True,
        text=True, check=False, env=os.environ | environment,
    )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stdout == ""
    return ended.stderr


def program(folder: Path, name: str, *lines: str) -> str:
    """A program that does nothing but these lines."""
    path = folder / name
    path.write_text("\n".join(["#!/bin/sh", *lines]))
    path.chmod(0o700)
    return str(path)


def test_a_port_that_is_taken_is_told_with_another():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert refusal("ready", "port", PORT=str(port)) == (
            f"Port {port} is taken: stop what listens there, or choose another: "
            f"make run PORT={port + 1}\n"
        )
    subprocess.run(
        ["scripts/ready", "port"], cwd=settings.BASE_DIR, check=True,
        env=os.environ | {"PORT": str(port)},
    )  # fmt: skip


def test_a_python_that_is_too_old_or_missing_is_told(tmp_path):
    old = program(
        tmp_path, "python", '[ "$1" = --version ] && echo "Python 3.9.2" && exit', "exit 1"
    )
    name_it = "install Python 3.11 or later, and name it: make run PYTHON=python3.11\n"
    assert refusal("ready", "python", PYTHON=old) == f"Python 3.9.2 is too old: {name_it}"
    assert refusal("ready", "python", PYTHON="/nowhere") == f"/nowhere is not there: {name_it}"


def test_libraries_that_are_missing_are_told_with_the_command_to_type(tmp_path):
    program(tmp_path, "id", "echo 1000")
    path = f"{tmp_path}:{os.environ['PATH']}"
    message = refusal("system-packages", "pdf", SYSTEM=str(tmp_path), PATH=path)
    missing = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    assert message.startswith(f"Missing: {missing}")
    assert f"Install with: sudo apt-get install --no-install-recommends {missing}" in message
    assert message.count("\n") == 1


def test_the_port_is_looked_at_before_the_long_work_begins():
    recipe = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "run"],
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert recipe.startswith("scripts/ready port\n")


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
