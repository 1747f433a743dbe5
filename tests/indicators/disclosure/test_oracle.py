"""The maskings against those of τ-Argus, by which statistical offices protect their tables.

τ-Argus protects a small count against being known exactly, the portal against being narrowed down:
it masks the same for themselves, and for others at least as many.
"""

import json
import random
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from indicators.disclosure.audit import bounds_of
from indicators.disclosure.disclosing import decide
from indicators.disclosure.problem import problem_of
from indicators.disclosure.reasons import Reason
from indicators.disclosure.tables import Key, Rule, Table
from tests.indicators.disclosure.test_suppression import check_nothing_is_told

PROGRAM = Path(__file__).with_name("tau_argus.py")


@pytest.mark.parametrize("seed", range(6))
def test_as_many_are_masked_as_by_tau_argus_or_one_more(seed, tmp_path):
    chance, threshold = random.Random(seed), 5  # noqa: S311
    sectors = {f"c{i:02}": f"s{i % 3:02}" for i in range(12)}
    numbers = {place: chance.randint(1, 30) for place in sectors}
    asked = {"threshold": threshold, "communes": {p: [n, sectors[p]] for p, n in numbers.items()}}
    subprocess.run(
        [sys.executable, PROGRAM], input=json.dumps(asked).encode(), cwd=tmp_path, check=True,
        capture_output=True, timeout=60,
    )  # fmt: skip
    states = json.loads((tmp_path / "states.json").read_text())
    theirs = {"" if name == "Total" else name: state for name, state in states.items()}

    table = Table({Key("i", 2024, p): (Decimal(n),) for p, n in numbers.items()}, sectors)
    rule = Rule(threshold=threshold)
    made = decide(table, rule)
    check_nothing_is_told(table, made, rule)
    ours = {k.place: why for k, why in made.reasons.items()}
    assert {p for p, why in ours.items() if why == Reason.PRIMARY} == {
        p for p, state in theirs.items() if state == "U"
    }
    masked = {place for place, state in theirs.items() if state in "UM"}
    assert len(masked) <= len(ours) <= len(masked) + 1

    # What τ-Argus masks is not known exactly by our attack either.
    problem = problem_of(table, rule)
    hidden = np.array([k.place in masked for k in problem.keys])
    for bounds in bounds_of(problem, hidden).values():
        assert all(low != high for low, high in bounds)
