"""Apply the mutants of the catalogue one at a time and run the tests of their subject.

``python -m tests.mutants [WORDS]`` runs those whose name or file contains every word; all without
words. A mutant is killed when a test fails that passes without it. The exit code is 1 when one
survives, no longer applies or could not be tested.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from tests.mutants.catalogue import MUTANTS, ROOT, Mutant

PYTEST = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
# Each plays the tests that are marked for its database.
DATABASES = [[], ["scripts/with-postgresql"]]
SECONDS = 300
# Pytest ends so; with 2 to 4 when it was interrupted.
PASSED, FAILED, NO_TESTS = 0, 1, 5
# « FAILED tests/….py::test_name[parameters] - why ».
FAILURE = re.compile(r"^(?:FAILED|ERROR) (\S+?::[^\[\n]+?(?:\[.*?\])?)(?= - |$)", re.MULTILINE)


@dataclass(frozen=True)
class Verdict:
    """The result for one mutant; ``why`` names the test that killed it, or what went wrong."""

    mutant: Mutant
    word: str
    why: str
    seconds: float = 0

    @property
    def is_killed(self) -> bool:
        return self.word == "killed"

    def __str__(self):
        word = f"killed in {self.seconds:.0f} s" if self.is_killed else self.word
        return f"{word}: {self.mutant.name} ({self.mutant.file}; {self.why})"


def copy_tree(folder: Path) -> None:
    """Copy the tracked files, as they are now, into ``folder``."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            copy = folder / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy)


def run_tests(folder: Path, where: str) -> tuple[int | None, str]:
    """Run tests of the copy, each on its database, up to the first that fails; return the exit code
    (None after the time-out) and the output.

    ``where`` is a folder, a file or the identifier of one test.
    """
    environment = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    codes, output = [], ""
    for database in DATABASES:
        try:
            run = subprocess.run(
                [*database, *PYTEST, where], cwd=folder, env=environment, timeout=SECONDS,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return None, ""
        if run.returncode not in (PASSED, NO_TESTS):
            return run.returncode, run.stdout
        codes.append(run.returncode)
        output += run.stdout
    return min(codes), output


def judge(mutant: Mutant, folder: Path) -> Verdict:
    """Apply a mutant to the copy, run its tests and restore the file."""
    file = folder / mutant.file
    text = file.read_text() if file.is_file() else ""
    if text.count(mutant.old) != 1:
        return Verdict(mutant, "NO LONGER APPLIES", "its old text does not stand there once")
    begun = time.monotonic()
    file.write_text(text.replace(mutant.old, mutant.new))
    try:
        code, output = run_tests(folder, mutant.tests)
    finally:
        file.write_text(text)
    seconds = time.monotonic() - begun
    if code == PASSED:
        return Verdict(mutant, "SURVIVED", f"{mutant.tests} passes, {seconds:.0f} s")
    failed = FAILURE.search(output)
    if code != FAILED or failed is None:
        end = "time-out" if code is None else f"pytest ended with {code}"
        return Verdict(mutant, "NOT TESTED", f"{end}: {' '.join(output.split())[-300:]}")
    code, _ = run_tests(folder, failed[1])
    if code != PASSED:
        return Verdict(mutant, "NOT TESTED", f"{failed[1]} fails without it too")
    return Verdict(mutant, "killed", failed[1], seconds)


def judge_all(mutants: Iterable[Mutant], processes: int) -> list[Verdict]:
    """Judge each of these mutants and print its verdict at once; each process has its own copy."""
    waiting: SimpleQueue[Mutant] = SimpleQueue()
    for mutant in mutants:
        waiting.put(mutant)
    verdicts: list[Verdict] = []

    def work() -> None:
        with tempfile.TemporaryDirectory(prefix="mutants-") as name:
            copy_tree(Path(name))
            while True:
                try:
                    mutant = waiting.get_nowait()
                except Empty:
                    return
                verdicts.append(verdict := judge(mutant, Path(name)))
                print(verdict, flush=True)  # noqa: T201

    workers = [Thread(target=work) for _ in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return verdicts


def main(mutants: list[Mutant], arguments: list[str]) -> int:
    """Judge the mutants that the arguments choose; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("words", nargs="*", help="of a mutant's name or file")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    words = options.words
    chosen = [
        mutant
        for mutant in mutants
        if all(word.lower() in f"{mutant.name} {mutant.file}".lower() for word in words)
    ]
    begun = time.monotonic()
    verdicts = judge_all(chosen, options.processes)
    left = [verdict for verdict in verdicts if not verdict.is_killed]
    seconds = time.monotonic() - begun
    summary = f"{len(verdicts) - len(left)} of {len(chosen)} mutants killed, in {seconds:.0f} s"
    print(summary, *left, sep="\nleft: ")  # noqa: T201
    return 0 if chosen and len(verdicts) == len(chosen) and not left else 1


if __name__ == "__main__":
    sys.exit(main(MUTANTS, sys.argv[1:]))
