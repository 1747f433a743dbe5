"""``scripts/check-types``: what mypy finds is compared with a baseline that only shrinks."""

import os
import shutil
import subprocess

import pytest
from django.conf import settings


@pytest.fixture
def check(tmp_path):
    """Return a function that runs the script in a house where mypy finds ``errors`` and the
    baseline holds ``known``. It returns the exit code, the output, and the baseline afterwards."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(settings.BASE_DIR / "scripts/check-types", tmp_path / "scripts")
    baseline, mypy = tmp_path / "mypy-baseline.txt", tmp_path / "mypy"

    def run(errors: list[str], known: str, *options: str, code: int = 1) -> tuple[int, str, str]:
        lines = "\n".join(f"{path}:7: error: « str » is no « int »  [arg-type]" for path in errors)
        mypy.write_text(f"#!/bin/sh\ncat <<'END'\n{lines}\nEND\nexit {code}\n")
        mypy.chmod(0o700)
        baseline.write_text(known)
        ended = subprocess.run(
            [tmp_path / "scripts/check-types", *options], capture_output=True, text=True,
            check=False, env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        )  # fmt: skip
        return ended.returncode, ended.stdout + ended.stderr, baseline.read_text()

    return run


KNOWN = "actions/plan/a.py: 2\nactions/b.py: 1\n"


def test_known_errors_pass_and_are_counted_by_package(check):
    code, output, _ = check(["actions/plan/a.py", "actions/plan/a.py", "actions/b.py"], KNOWN)
    assert (code, output) == (0, "actions: 3 errors left in 2 files\n")


def test_a_code_base_without_errors_passes(check):
    assert check([], "", code=0) == (0, "", "")


@pytest.mark.parametrize("option", [[], ["--lower"]])
def test_a_new_error_fails_and_is_shown_and_is_never_written_down(check, option):
    errors = ["actions/plan/a.py"] * 3 + ["actions/b.py", "accounts/new.py"]
    code, output, baseline = check(errors, "actions/plan/a.py: 2\nactions/b.py: 1\n", *option)
    assert code == 1
    assert "actions/plan/a.py: 3 errors, where 2 are known:\nactions/plan/a.py:7: error:" in output
    assert "accounts/new.py: 1 errors, where 0 are known:\naccounts/new.py:7: error:" in output
    assert "actions/b.py:7" not in output
    assert sorted(baseline.splitlines()) == sorted(KNOWN.splitlines())


def test_an_error_less_fails_until_the_number_is_lowered(check):
    code, output, baseline = check(["actions/plan/a.py"], KNOWN)
    assert (code, baseline) == (1, KNOWN)
    assert "actions/plan/a.py: 1 errors are left of 2. Lower the number in mypy-base" in output
    assert "actions/b.py: 0 errors are left of 1." in output
    code, _, baseline = check(["actions/plan/a.py"], KNOWN, "--lower")
    assert (code, baseline) == (0, "actions/plan/a.py: 1\n")


def test_a_mypy_that_breaks_off_fails_and_writes_nothing(check):
    code, output, baseline = check(["actions/b.py"], KNOWN, "--lower", code=2)
    assert (code, baseline) == (2, KNOWN)
    assert "actions/b.py:7: error" in output
