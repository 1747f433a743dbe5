"""Masking is tried by somebody who has read everything (``lives``), and by somebody who replays it
for all tables that there could be."""

from itertools import product

import pytest

from indicators.disclosure.families import Links, Tables, Total, mask_tables, may_declare, strictest
from indicators.disclosure.masking import TERRITORY, Family, Perimeter, Reason, mask
from tests.databases import examples
from tests.indicators.disclosure.lives import WORLDS, lives

COMMUNES = ["a", "b", "c", "d"]
PERIMETER = Perimeter(COMMUNES)
LINKS = Links([Total("children", frozenset({"girls", "boys"}))])


def first(options):
    return options[0]


def plain(counts, perimeter=PERIMETER, threshold=5, **names):
    table = dict(zip(perimeter.communes, counts, strict=False))
    return mask(Family([table], threshold), perimeter, draw=first, **names)


def linked(perimeter=PERIMETER, threshold=5, links=None, public=None, given_totals=(), **counts):
    """Return what is masked of tables whose counts are in the order of communes."""
    links = links or LINKS
    tables = {
        name: {c: count for c, count in zip(COMMUNES, table, strict=False) if count is not None}
        for name, table in counts.items()
    }
    tables = Tables(tables, threshold, links, public or {}, given_totals)
    reasons = mask_tables(tables, perimeter, draw=first)
    return {name: "".join(sorted(map(str, why))) for name, why in reasons.items()}


@pytest.mark.parametrize("correction", WORLDS)
def test_a_small_count_remains_possible_as_any_small_count(correction):
    worlds = lives(examples(150), **WORLDS[correction])
    protected = sum(len(world.protected) for world in worlds)
    print(f"{correction}: {len(worlds)} worlds, {protected} small counts")  # noqa: T201
    assert protected >= len(worlds) / 2
    assert [(w.seed, w.kind, narrowed) for w in worlds if (narrowed := w.narrowed())] == []


class TestOneTable:
    def test_a_small_count_takes_a_companion(self):
        assert plain([3, 20, 0, 40]) == {"a": Reason.PRIMARY, "b": Reason.SECONDARY}

    def test_two_small_counts_protect_each_other_where_they_come_to_enough(self):
        assert set(plain([3, 2, 20, 40])) == {"a", "b"}
        assert set(plain([1, 2, 20, 40])) == {"a", "b", "c"}

    def test_a_zero_is_shown_and_protects_nothing(self):
        assert set(plain([3, 0, 0, 40])) == {"a", "d"}

    def test_a_small_total_is_masked(self):
        assert plain([3, 0, 0, 0]) == {"a": Reason.PRIMARY, TERRITORY: Reason.PRIMARY}

    def test_a_masked_sector_masks_its_communes_and_those_of_another(self):
        perimeter = Perimeter(COMMUNES, dict.fromkeys("ab", "north"))
        assert plain([3, 0, 20, 40], perimeter) == {
            "a": Reason.PRIMARY, "north": Reason.PRIMARY, "c": Reason.SECONDARY,
            "d": Reason.SECONDARY,
        }  # fmt: skip

    def test_an_indicator_of_the_territory_is_masked_where_it_is_small(self):
        territory = Perimeter([TERRITORY])
        assert plain([3], territory) == {TERRITORY: Reason.PRIMARY}
        assert plain([5], territory) == {}

    def test_the_strictest_threshold_holds_and_five_at_least(self):
        assert strictest([3, None]) == 5
        assert strictest([5, 11, None]) == 11

    def test_public_figures_are_left_out(self):
        masked = linked(links=Links(), t=[3, 20, 20, 40], public={"t": ["a", "b"]})
        assert masked == {"t": ""}
        masked = linked(links=Links(), t=[3, 20, 20, 40], public={"t": ["b"]})
        assert masked == {"t": "ac"}

    def test_below_a_total_that_was_disclosed_zeros_are_masked_too(self):
        masked = linked(links=Links(), t=[3, 0, 20, 40], given_totals={"t"})
        assert masked == {"t": "ab" + "c"}


class TestFamilies:
    def test_parts_are_masked_together_and_their_base_is_shown(self):
        masked = linked(girls=[3, 8, 20], boys=[9, 8, 20], children=[12, 16, 40])
        assert masked == {"children": "", "girls": "ab", "boys": "ab"}

    def test_a_small_rest_masks(self):
        masked = linked(girls=[8, 8, 20], children=[10, 20, 40])
        assert masked == {"children": "", "girls": "ab"}

    def test_parts_are_masked_wherever_their_base_is(self):
        masked = linked(girls=[0, 8, 20], boys=[3, 8, 20], children=[3, 16, 40])
        assert masked == {"children": "ab", "girls": "ab", "boys": "ab"}

    def test_of_the_territory_the_parts_are_masked_and_their_base_is_shown(self):
        territory = Perimeter([TERRITORY])
        tables = {"girls": {TERRITORY: 3}, "boys": {TERRITORY: 17}, "children": {TERRITORY: 20}}
        links = Links([Total("children", frozenset({"girls", "boys"}))])
        reasons = mask_tables(Tables(tables, 5, links), territory)
        assert {name: [*why] for name, why in reasons.items()} == {
            "girls": [TERRITORY], "boys": [TERRITORY], "children": [],
        }  # fmt: skip

    def test_amounts_are_masked_where_the_people_are_that_they_are_over(self):
        links = Links(people={"euros": "families", "median": None})
        masked = linked(links=links, families=[3, 8, 20], euros=[900, 800, 9000], median=[9, 9, 9])
        assert masked == {"families": "ab", "euros": "ab", "median": "abcd"}

    def test_a_figure_whose_relative_is_missing_is_masked_and_counts_nowhere(self):
        masked = linked(girls=[8, 8, 20], boys=[9, None, 20], children=[17, 16, 40])
        assert masked == {"children": "", "girls": "b", "boys": "b"}

    def test_a_figure_whose_public_relative_is_missing_is_masked(self):
        masked = linked(girls=[8, 8, 20], boys=[9, None, 20], children=[17, 16, 40],
                        public={"boys": ["a", "c"]})  # fmt: skip
        assert masked == {"children": "", "girls": "b", "boys": ""}

    def test_a_public_part_is_subtracted_through_a_missing_total(self):
        chain = Links([Total("girls", frozenset({"small girls"})), *LINKS.totals])
        counts = {"small girls": [12, 20, 20], "girls": [None, 30, 40], "children": [15, 50, 60]}
        masked = linked(links=chain, public={"small girls": ["a", "b", "c"]}, **counts)
        assert "a" in masked["children"]


class TestLinks:
    def test_a_second_total_is_refused(self):
        refusal = may_declare(Total("people", frozenset({"girls"})), LINKS)
        assert "« girls » est déjà compté dans « children »" in refusal.reason
        assert may_declare(Total("people", frozenset({"children"})), LINKS) is None

    def test_nothing_is_a_part_of_itself(self):
        refusal = may_declare(Total("girls", frozenset({"children"})), LINKS)
        assert refusal.reason == "« girls » ne peut pas être compté dans lui-même."

    def test_a_share_of_a_total_is_of_that_total(self):
        share = Total("children", frozenset({"girls"}))
        assert may_declare(share, LINKS) is None
        assert LINKS.declare(share).totals == LINKS.totals

    def test_the_parts_of_what_is_not_there_are_parts_of_what_it_is_counted_in(self):
        links = LINKS.declare(Total("people", frozenset({"children", "adults"})))
        assert links.restricted_to({"girls", "adults", "people"}).totals == [
            Total("people", frozenset({"adults", "girls", "boys"}))
        ]


class Choices:
    """A draw that takes the choices of a script, then the first; ``others`` are the scripts of all
    other ways."""

    def __init__(self, script):
        self.script, self.taken, self.others = script, 0, []

    def __call__(self, options):
        if self.taken == len(self.script):
            self.others += [[*self.script, n] for n in range(1, len(options))]
            self.script = [*self.script, 0]
        self.taken += 1
        return options[self.script[self.taken - 1]]


class Replay:
    """All that everybody may read of some tables, whatever is drawn; and the tables of each page.
    ``draw``: what a mutant does instead."""

    def __init__(self, tables, links, draw=None):
        self.by_page: dict[tuple, list] = {}
        for counts in tables:
            scripts = [[]]
            while scripts:
                choices = Choices(scripts.pop())
                page = self.page(counts, links, draw or choices)
                scripts += choices.others
                self.by_page.setdefault(page, []).append(counts)

    def page(self, counts, links, draw) -> tuple:
        perimeter = Perimeter([*next(iter(counts.values()))])
        reasons = mask_tables(Tables(counts, 5, links), perimeter, draw=draw)
        return tuple(
            (name, place, count)
            for name, table in counts.items()
            for place, count in {**table, **perimeter.totals(table)}.items()
            if place not in reasons[name]
        )

    def candidates(self, most: int) -> list[int]:
        """Return how many numbers each small count of each page may be, of tables without counts
        above ``most``: what others could be lies beyond those that were tried."""
        candidates = []
        for worlds in self.by_page.values():
            for name in worlds[0]:
                for place in worlds[0][name]:
                    distinct = len({world[name][place] for world in worlds})
                    candidates += [
                        distinct
                        for world in worlds
                        if 0 < world[name][place] < 5
                        and all(max(table.values()) <= most for table in world.values())
                    ]
        return candidates


def tables_of(communes, most):
    for counts in product(range(most + 1), repeat=communes):
        yield {"t": dict(zip(COMMUNES, counts, strict=False))}


def shares_of(communes, most):
    for counts in product(range(most + 1), repeat=2 * communes):
        girls = dict(zip(COMMUNES, counts[:communes], strict=False))
        boys = dict(zip(COMMUNES, counts[communes:], strict=False))
        yield {"girls": girls, "children": {c: girls[c] + boys[c] for c in girls}}


@pytest.mark.parametrize("communes", [2, 3])
def test_whoever_replays_the_rule_keeps_three_numbers(communes):
    candidates = Replay(tables_of(communes, 14), Links()).candidates(10)
    assert len(candidates) > 50
    assert min(candidates) >= 3


@pytest.mark.explorer(
    stands_for="tests/indicators/disclosure/test_masking.py"
    "::test_whoever_replays_the_rule_keeps_three_numbers"
)
def test_whoever_replays_the_rule_of_four_communes_keeps_three_numbers():
    assert min(Replay(tables_of(4, 14), Links()).candidates(10)) >= 3


def test_whoever_replays_the_rule_of_a_share_keeps_three_numbers_but_for_a_few():
    """Small counts of shares of two communes, bases up to 9, are exact in 0.12 % of cases and have
    two numbers in 1.6 %."""
    links = Links([Total("children", frozenset({"girls"}))])
    candidates = Replay(shares_of(2, 9), links).candidates(9)
    exact, two = (candidates.count(n) / len(candidates) for n in (1, 2))
    print(f"{len(candidates)} small counts, {exact:.2%} exact, {two:.2%} of two")  # noqa: T201
    assert exact <= 0.0013
    assert two <= 0.016


def test_the_least_populated_instead_of_a_draw_would_tell():
    candidates = Replay(tables_of(3, 14), Links(), draw=first).candidates(10)
    assert min(candidates) < 3
