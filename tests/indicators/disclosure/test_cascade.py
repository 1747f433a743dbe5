"""Counts are rounded so that each remains possible as three numbers at least."""

import random
from itertools import product

import pytest

from indicators.disclosure.cascade import nearest, round_counts
from indicators.disclosure.corrections import correct, disclose
from indicators.disclosure.families import Links, Tables, Total
from indicators.disclosure.masking import TERRITORY, Perimeter
from tests.databases import examples
from tests.indicators.disclosure.attacker import FAR, Attacker

COMMUNES = ["a", "b", "c", "d", "e", "f"]
PERIMETER = Perimeter(COMMUNES, {"a": "north", "b": "north", "c": "south"})


def rounded(counts, base=5, **names):
    tables = Tables({"t": dict(zip(COMMUNES, counts, strict=False))}, base)
    return disclose(tables, PERIMETER, rounding_base=base, **names)


def test_running_sums_are_rounded_and_differences_taken():
    table = rounded([2, 2, 2, 12, 0, 7])
    assert [*table.tables["t"].shown.values()] == [0, 5, 0, 15, 0, 5]
    assert table.totals("t") == {"north": 5, "south": 0, TERRITORY: 25}


@pytest.mark.parametrize("seed", range(examples(150)))
def test_a_rounded_count_is_near_and_remains_possible_as_three_numbers(seed):
    dice = random.Random(seed)  # noqa: S311
    counts = {c: dice.choice([0, 0, 1, 2, 3, 4, 5, 7, 12, 40]) for c in COMMUNES}
    shown = round_counts(counts, COMMUNES, 5)
    assert all(abs(shown[c] - counts[c]) < 5 for c in counts)
    assert abs(sum(shown.values()) - sum(counts.values())) <= 2
    # Whoever knows the rule knows each running sum as one of five numbers.
    names = dict.fromkeys(COMMUNES) | {("sum", c): None for c in COMMUNES}
    low, high, before, equations, running = {}, {}, None, [], 0
    for commune in COMMUNES:
        running += shown[commune]
        low[commune], high[commune] = 0, FAR
        low["sum", commune], high["sum", commune] = max(0, running - 2), running + 2
        equations.append({("sum", commune): -1, commune: 1} | ({before: 1} if before else {}))
        before = ("sum", commune)
    attacker = Attacker(names, equations, low, high)
    for commune in COMMUNES:
        least, most = attacker.bounds(commune)
        assert least <= counts[commune] <= most
        assert most - least >= 2


def test_whoever_replays_the_rule_keeps_three_numbers():
    """The tables are all those of three communes up to 12."""
    by_page: dict[tuple, list] = {}
    for counts in product(range(13), repeat=3):
        table = rounded(counts)
        page = (*table.tables["t"].shown.values(), *table.totals("t").items())
        by_page.setdefault(page, []).append(counts)
    for worlds in by_page.values():
        if all(max(world) < 8 for world in worlds):
            for counts in zip(*worlds, strict=True):
                assert len({*counts}) >= 3


class TestFamilies:
    LINKS = Links([Total("children", frozenset({"girls", "boys"}))])

    def tables(self, rest=0, **names):
        girls, boys = {"a": 3, "b": 8, "c": 12}, {"a": 4, "b": 4, "c": 13}
        children = {c: girls[c] + boys[c] + rest for c in girls}
        counts = {"girls": girls, "boys": boys, "children": children}
        return Tables(counts, 5, self.LINKS, **names)

    def test_a_base_is_shown_as_the_sum_of_its_rounded_parts(self):
        shown = disclose(self.tables(), PERIMETER, rounding_base=5).tables
        assert not any(table.reasons for table in shown.values())
        for commune in "abc":
            parts = shown["girls"].shown[commune] + shown["boys"].shown[commune]
            assert shown["children"].shown[commune] == parts

    @pytest.mark.parametrize("names", [{"rest": 6}, {"public": {"children": ["a"]}}], ids=str)
    def test_a_rounded_total_that_is_no_sum_of_its_parts_is_masked_instead(self, names):
        shown = disclose(self.tables(**names), PERIMETER, rounding_base=10)
        assert shown.threshold == 10
        assert all(table.rounding_base is None for table in shown.tables.values())
        assert "a" in shown.tables["girls"].reasons

    def test_a_table_linked_to_a_rounded_one_disclosed_before_shows_nothing(self):
        tables = self.tables()
        first = Tables({"children": tables.counts["children"]}, 5, self.LINKS)
        before = disclose(first, PERIMETER, rounding_base=5)
        after = disclose(tables, PERIMETER, before=before, rounding_base=5)
        assert after.tables["children"] == before.tables["children"]
        assert after.tables["girls"].shown == {}
        assert after.totals("girls") == {}

    def test_a_corrected_part_takes_its_nearest_multiple_and_its_base_follows(self):
        table = disclose(self.tables(), PERIMETER, rounding_base=5)
        table = correct(table, "a", {"girls": 8, "boys": 4, "children": 12})
        assert {name: t.shown["a"] for name, t in table.tables.items()} == {
            "girls": 10, "boys": 5, "children": 15,
        }  # fmt: skip


class TestPublic:
    def test_public_figures_stay_outside_the_running_sums(self):
        tables = Tables({"t": {"a": 2, "b": 17, "c": 2}}, 5, public={"t": ["b"]})
        table = disclose(tables, PERIMETER, rounding_base=5)
        assert table.tables["t"].shown == {"a": 0, "b": 17, "c": 5}
        assert table.totals("t")[TERRITORY] == 22


class TestCorrections:
    def test_a_corrected_count_takes_its_nearest_multiple(self):
        table = correct(rounded([2, 2, 2]), "b", {"t": 13})
        assert table.tables["t"].shown == {"a": 0, "b": 15, "c": 0}
        assert table.totals("t")[TERRITORY] == 15

    def test_a_rounded_count_is_outdated_only_if_its_rounding_changes(self):
        table = rounded([2, 2, 2])
        assert table.outdated({"t": {"a": 2, "b": 2, "c": 2}}) == {"t": set()}
        assert table.outdated({"t": {"a": 2, "b": 13, "c": 2}}) == {"t": {"b"}}

    def test_a_late_figure_takes_its_nearest_multiple(self):
        assert correct(rounded([2, 2]), "c", {"t": 3}).tables["t"].shown["c"] == nearest(3, 5) == 5
