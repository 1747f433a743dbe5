"""Outlines of communes: of any territory, shared borders drawn once, light whatever the number."""

import json
import re

import pytest

from conventions.territory.outlines import FOLDER, HEAVIEST, _read, department_of, outlines_of

VIENNE = ["86066", "86174", "86272", "86207"]


def points(path: str) -> set[tuple[int, int]]:
    """Where the ways of a path turn."""
    turns = set()
    for way in path.split("z"):
        if not way:
            continue
        numbers = list(map(int, re.findall(r"-?\d+", way)))
        x, y = numbers[:2]
        turns.add((x, y))
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            turns.add((x, y))
    return turns


@pytest.mark.parametrize(("code", "department"), [
    ("86066", "86"), ("2A004", "2A"), ("97411", "974"), ("01001", "01"), ("98801", "988"),
])  # fmt: skip
def test_a_code_has_its_department(code, department):
    assert department_of(code) == department


def test_every_metropolitan_department_and_five_overseas_are_there():
    files = {file.name.partition(".")[0] for file in FOLDER.glob("*.json.gz")}
    assert len(files) == 101
    assert {"01", "2A", "2B", "75", "971", "972", "973", "974", "976"} <= files


@pytest.mark.parametrize("department", ["86", "62", "973", "974", "2B", "75"])
def test_120_communes_of_a_department_weigh_little(department):
    codes = frozenset(sorted(_read(department)["communes"])[:120])
    drawing = outlines_of(codes)
    assert set(drawing.paths) == codes
    assert all(drawing.paths.values())
    assert sum(map(len, drawing.paths.values())) <= HEAVIEST
    for path in drawing.paths.values():
        assert all(0 <= x <= drawing.width for x, _ in points(path))
        assert all(0 <= y <= drawing.height for _, y in points(path))


def test_neighbours_share_their_border():
    drawing = outlines_of(frozenset(VIENNE))
    shared = points(drawing.paths["86066"]) & points(drawing.paths["86272"])
    assert len(shared) >= 3


def test_a_territory_may_lie_in_two_departments():
    _, here, there = None, sorted(_read("86")["communes"])[0], sorted(_read("37")["communes"])[0]
    assert set(outlines_of(frozenset([here, there])).paths) == {here, there}


def test_a_code_without_outline_is_left_out():
    """The codes are those of a restored commune, of New Caledonia, and of nothing."""
    assert set(outlines_of(frozenset(["86066", "98818", "85165", "../86"])).paths) == {"86066"}
    assert outlines_of(frozenset(["98818", "00001", "", "../../x"])) is None
    assert outlines_of(frozenset()) is None


def test_files_hold_borders_and_rings_only():
    assert set(_read("90")) == {"arcs", "communes", "transform"}
    json.dumps(_read("90"))
