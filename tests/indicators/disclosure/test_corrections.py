"""What was masked stays so whatever happens to a table: lives are attacked over all that everybody
ever read of them, pages do not differ where masked counts do, and rules that would tell are found
out."""

import random
from dataclasses import replace

import pytest

from indicators.disclosure import corrections, families
from indicators.disclosure.corrections import correct, disclose, regroup, tighten
from indicators.disclosure.families import Links, Tables, Total
from indicators.disclosure.masking import TERRITORY, Family, Perimeter, Reason
from tests.databases import examples
from tests.indicators.disclosure.lives import LIVES, Life, lives

PERIMETER = Perimeter(["a", "b", "c", "d"])
LINKS = Links([Total("children", frozenset({"girls", "boys"}))])


def first(options):
    return options[0]


def plain(*counts, **names):
    table = dict(zip(PERIMETER.communes, counts, strict=False))
    return disclose(Tables({"t": table}, 5, **names), PERIMETER, draw=first)


def family(**counts):
    tables = {n: dict(zip(PERIMETER.communes, row, strict=False)) for n, row in counts.items()}
    return disclose(Tables(tables, 5, LINKS), PERIMETER, draw=first)


@pytest.mark.parametrize("correction", LIVES)
def test_nobody_learns_a_small_count_from_a_life(correction):
    played = lives(examples(150), **LIVES[correction])
    protected = sum(len(life.protected) for life in played)
    print(f"{correction}: {len(played)} lives, {protected} small counts")  # noqa: T201
    assert protected > len(played)
    assert [(p.seed, p.kind, narrowed) for p in played if (narrowed := p.narrowed())] == []


class TestOneTable:
    def test_a_correction_of_a_masked_count_changes_nothing(self):
        table = plain(3, 20, 40)
        assert correct(table, "a", {"t": 1}) == table
        assert correct(table, "b", {"t": 16}) == table
        assert table.outdated({"t": {"a": 1, "b": 20, "c": 40}}) == {"t": {"a"}}

    def test_a_correction_upwards_by_the_threshold_moves_the_total_and_stays_masked(self):
        table = correct(plain(3, 20, 40), "a", {"t": 33})
        assert table.totals("t") == {TERRITORY: 93}
        assert "a" in table.tables["t"].reasons

    def test_a_correction_of_a_shown_count_moves_the_total_by_the_difference(self):
        table = correct(plain(3, 20, 40), "c", {"t": 50})
        assert table.totals("t") == {TERRITORY: 73}

    @pytest.mark.parametrize("small", [1, 3, 4])
    def test_a_shown_count_that_becomes_small_is_masked_and_counts_as_two(self, small):
        table = correct(plain(12, 20, 40), "a", {"t": small})
        assert table.totals("t") == {TERRITORY: 62}
        assert table.tables["t"].reasons == {"a": Reason.PRIMARY}

    def test_a_late_small_count_is_masked_and_counts_nowhere(self):
        table = correct(plain(12, 20), "c", {"t": 3})
        assert table.totals("t") == {TERRITORY: 32}
        assert table.tables["t"].used == {"a": 12, "b": 20}
        assert correct(table, "c", {"t": 30}) == table

    def test_a_total_that_becomes_small_is_not_shown(self):
        table = correct(correct(plain(12, 0), "a", {"t": 1}), "b", {"t": 0})
        assert table.totals("t") == {}

    def test_nothing_changes_below_a_total_that_was_disclosed(self):
        table = plain(3, 20, 40, 0, given_totals={"t"})
        assert table.totals("t") == {}
        assert correct(table, "c", {"t": 50}) == table


class TestFamily:
    def test_a_correction_that_makes_a_count_small_is_not_disclosed(self):
        tables = family(girls=[12, 30], boys=[8, 30], children=[20, 60])
        corrected = correct(tables, "a", {"girls": 12, "boys": 3, "children": 15})
        assert corrected == tables
        assert correct(tables, "a", {"girls": 12, "boys": 9, "children": 21}).totals("boys") == {
            TERRITORY: 39
        }

    def test_a_correction_of_a_masked_commune_is_not_disclosed(self):
        tables = family(girls=[3, 30, 9], boys=[8, 30, 9], children=[11, 60, 18])
        assert correct(tables, "a", {"girls": 3, "boys": 40, "children": 43}) == tables

    def test_late_figures_are_masked_where_one_is_small(self):
        tables = family(girls=[12, 30], boys=[8, 30], children=[20, 60])
        late = correct(tables, "c", {"girls": 12, "boys": 2, "children": 14})
        assert all("c" in table.reasons for table in late.tables.values())
        assert late.totals("children") == {TERRITORY: 80}

    def test_a_late_relative_is_masked_where_the_others_are_with_the_totals_over_it(self):
        before = family(girls=[3, 30, 9], children=[11, 60, 18])
        counts = {n: t.used for n, t in before.tables.items()} | {"boys": {"a": 8, "b": 30, "c": 9}}
        late = disclose(Tables(counts, 5, LINKS), PERIMETER, before=before)
        assert {*late.tables["boys"].reasons} == {*before.tables["girls"].reasons, TERRITORY}
        assert late.tables["girls"] == before.tables["girls"]


class TestRules:
    def test_a_stricter_rule_masks_more_and_moves_no_total(self):
        table = tighten(plain(7, 20, 40), 10, draw=first)
        assert {*table.tables["t"].reasons} == {"a", "b"}
        assert table.totals("t") == {TERRITORY: 67}

    def test_a_laxer_rule_changes_nothing(self):
        table = plain(3, 20, 40)
        assert tighten(table, 4) == table

    def test_a_new_sector_is_shown_where_all_that_it_adds_up_is(self):
        table = regroup(plain(3, 20, 40, 50), Perimeter("abcd", {"a": "x", "c": "y", "d": "y"}))
        assert table.totals("t") == {"y": 90, TERRITORY: 113}

    def test_communes_that_became_one_are_shown_where_all_were(self):
        merged = regroup(plain(3, 20, 40, 50), Perimeter("xyd"), {"a": "x", "b": "y", "c": "x"})
        assert merged.tables["t"].shown == {"d": 50}
        assert merged.totals("t") == {TERRITORY: 113}
        merged = regroup(plain(3, 20, 40, 50), Perimeter("abx"), {"c": "x", "d": "x"})
        assert merged.tables["t"].shown == {"x": 90}

    def test_another_territory_has_a_total_where_all_is_shown(self):
        assert regroup(plain(3, 20, 40, 50), Perimeter("abc")).totals("t") == {}
        assert regroup(plain(30, 20, 40, 50), Perimeter("abc")).totals("t") == {TERRITORY: 90}


def page(disclosed) -> dict:
    """Return what everybody reads."""
    return {
        name: (table.shown, {*table.reasons}, disclosed.totals(name))
        for name, table in disclosed.tables.items()
    }


class Twin(Life):
    """A life of which masked counts are corrected otherwise than in another, by less than the
    threshold: no page of the two may differ."""

    def read(self, new=(), before=None, corrected=None):
        if not hasattr(self, "pages"):
            self.pages, self.twin, self.changed = [], self.state, 0
        if corrected:
            names = [name for name in self.state.tables if (name, corrected) in self.given]
            counts = {name: self.raw[name, corrected] for name in names}
            alone = len(before.tables) == 1
            for name, table in before.tables.items():
                if name in counts and corrected in table.reasons:
                    frozen = self.twin.tables[name].counted.get(corrected, 0)
                    near = counts[name] - frozen < before.threshold or not alone
                    counts[name] = self.dice.randint(0, frozen + 4) if near else counts[name]
                    self.changed += near
            self.twin = correct(self.twin, corrected, counts)
        self.pages.append((page(self.state), page(self.twin)))

    def act_tighten(self):
        # What a stricter rule masks is drawn.
        self.threshold = self.dice.choice([6, 8])
        state = self.dice.getstate()
        self.state = tighten(self.state, self.threshold, draw=self.dice.choice)
        self.dice.setstate(state)
        self.twin = tighten(self.twin, self.threshold, draw=self.dice.choice)
        self.threshold = self.state.threshold
        self.read()

    def act_regroup(self):
        self.perimeter = self.some_perimeter(self.perimeter.communes)
        self.state = regroup(self.state, self.perimeter)
        self.twin = regroup(self.twin, self.perimeter)
        self.read()


def test_no_page_depends_on_what_a_masked_count_became():
    acts = ("correct", "late", "swap", "correct", "tighten", "correct", "regroup", "correct") * 2
    twins = lives(examples(300), Twin, missing=0.2, acts=acts)
    assert sum(twin.changed for twin in twins) > len(twins)
    for twin in twins:
        assert all(read == other for read, other in twin.pages), (twin.seed, twin.kind)


class TestMutants:
    """Rules that would tell: the attacker finds each of them."""

    @staticmethod
    def find(kind, sectors=2, late=0, missing=0.0, acts=()):
        names = {"sectors": sectors, "late": late, "missing": missing, "acts": acts}
        return any(Life(seed, kind, **names).narrowed() for seed in range(200))

    def test_totals_follow_corrections(self, monkeypatch):
        def follow(disclosed, table, commune, count):
            if commune in table.counted:
                return replace(table, counted={**table.counted, commune: count})
            return correct_alone(disclosed, table, commune, count)

        correct_alone = corrections._correct_alone
        monkeypatch.setattr(corrections, "_correct_alone", follow)
        assert self.find("plain", acts=("correct",) * 5)

    def test_a_count_that_becomes_small_counts_as_it_is(self, monkeypatch):
        def count(disclosed, table, commune, count):
            monkeypatch.setattr(corrections, "IMPUTED_COUNT", count)
            return correct_alone(disclosed, table, commune, count)

        correct_alone = corrections._correct_alone
        monkeypatch.setattr(corrections, "_correct_alone", count)
        assert self.find("plain", acts=("correct",) * 5)

    def test_a_base_is_corrected_where_its_parts_are_small(self, monkeypatch):
        def follow(disclosed, commune, counts):
            shown = {}
            for name, table in disclosed.tables.items():
                if commune not in table.reasons and not 0 < counts[name] < 5:
                    shown[name] = table.show(commune, counts[name])
            return disclosed.with_tables(shown)

        monkeypatch.setattr(corrections, "_correct_linked", follow)
        assert self.find("whole", acts=("correct",) * 5)

    def test_parts_are_shown_where_their_base_is_masked(self, monkeypatch):
        def apart(family, perimeter, *, related=(), draw=random.choice):
            return mask(family, perimeter, draw=draw)

        mask = families.mask
        monkeypatch.setattr(families, "mask", apart)
        assert self.find("share", sectors=0)

    def test_the_rest_is_nobodys(self, monkeypatch):
        parts_only = property(lambda family: [*family.parts])
        monkeypatch.setattr(Family, "tables", parts_only)
        assert self.find("share")

    def test_a_late_small_count_is_counted(self, monkeypatch):
        def count(disclosed, table, commune, count):
            if commune not in table.used and 0 < count < 5:
                return table.show(commune, count).mask({commune: Reason.PRIMARY})
            return correct_alone(disclosed, table, commune, count)

        correct_alone = corrections._correct_alone
        monkeypatch.setattr(corrections, "_correct_alone", count)
        assert self.find("plain", missing=0.3, acts=("late",) * 5)

    def test_the_totals_of_a_late_table_are_shown(self, monkeypatch):
        def show(*args):
            return {p: r for p, r in mask_late(*args).items() if r is not Reason.SECONDARY}

        mask_late = families._mask_late
        monkeypatch.setattr(families, "_mask_late", show)
        assert self.find("parts", late=2, acts=("relative",) * 3)
