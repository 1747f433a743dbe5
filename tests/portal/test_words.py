"""``scripts/check-words`` finds names and docstrings that say nothing, and lets others be."""

import subprocess
import sys

import pytest
from django.conf import settings

SCRIPT = settings.BASE_DIR / "scripts" / "check-words"


def faults_of(text: str) -> list[str]:
    """Return what the script prints of a file with this text, but its last line."""
    path = settings.BASE_DIR / "build" / "words.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    try:
        run = subprocess.run(
            [sys.executable, SCRIPT, path], capture_output=True, text=True, check=False
        )
    finally:
        path.unlink()
    *faults, _count = run.stdout.splitlines()
    assert run.returncode == bool(faults)
    return faults


@pytest.mark.parametrize(
    "text",
    [
        "told = 1",
        "def f(found): pass",
        "class Row:\n    told_since: int",
        "def of_year(self): pass",
        "def told_year(self): pass",
        'def f():\n    """Those of a year."""',
        'def f():\n    """The row of a key."""',
        'class Row:\n    @property\n    def size(self):\n        """How large it is."""',
    ],
)
def test_the_check_finds_a_name_or_a_docstring_that_says_nothing(text):
    assert len(faults_of(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "published = 1",
        "rows = [one for one in range(3)]",
        'def f():\n    """Return the rows of a year."""',
        'class Row:\n    @property\n    def size(self):\n        """The size in bytes."""',
    ],
)
def test_the_check_accepts_plain_words(text):
    assert faults_of(text) == []
