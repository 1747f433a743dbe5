"""What is masked of a table: nothing tells what is small, and nothing more is lost than must be."""

from dataclasses import replace
from decimal import Decimal
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.definitions.definition import Definition
from indicators.disclosure.disclosing import decide, disclose_table
from indicators.disclosure.problem import problem_of
from indicators.disclosure.reasons import Reason
from indicators.disclosure.tables import (
    TERRITORY,
    Count,
    Earlier,
    Key,
    Relation,
    Rule,
    Table,
    Tie,
)
from tests.databases import examples
from tests.indicators.disclosure.attacker import Attacker, sums

FIVE = Rule(threshold=5)
CONTENT = {"is_confidential": True, "calculation": "direct", "decimals": 0, "unit": "foyers",
           "factor": 100}  # fmt: skip
COUNTED = Definition(CONTENT)
SHARE = Definition(CONTENT | {"calculation": "ratio", "unit": "%", "decimals": 2})


def key(place: str, year: int = 2024, series: str = "foyers") -> Key:
    return Key(series, year, place)


def counts(sectors=None, *, year=2024, **communes) -> Table:
    given = {key(place, year): (Decimal(number),) for place, number in communes.items()}
    return Table(given, sectors or {})


def attacked(table: Table, made, rule: Rule) -> Attacker:
    """Who knows what the table shows, for one year of counts."""
    shown = {k.place: None if k in made.reasons else terms[0]
             for k, terms in table.figures.items()}  # fmt: skip
    equations = sums(table.sectors, [k.place for k in table.given])
    return Attacker(shown, equations, rule.least)


def asked(table: Table, rule: Rule, wanted: Key) -> tuple[int, int]:
    """Between what a small figure must be possible. Where none is shown, everybody knows of how
    many that are not none it is the sum."""
    inside = [
        number
        for k, (number,) in table.given.items()
        if k[:2] == wanted[:2] and wanted.place in (k.place, table.sectors.get(k.place), "")
    ]
    low = max(rule.least, len([number for number in inside if number]) * rule.is_zero_open)
    return low, max(rule.most, low + 1)


def check_nothing_is_told(table: Table, made, rule: Rule) -> None:
    attacker = attacked(table, made, rule)
    for name, reason in made.reasons.items():
        low, high = attacker.bounds(name.place)
        assert low < high, f"{name.place} is {low}"
        if reason == Reason.PRIMARY:
            least, most = asked(table, rule, name)
            assert low <= least, f"{name.place} is at least {low}"
            assert high >= most, f"{name.place} is at most {high}"


# Tables -------------------------------------------------------------------------------------------

PLACES = "abcdefgh"
NUMBERS = st.one_of(st.integers(0, 9), st.integers(0, 60))


@st.composite
def tables(draw, largest=8) -> Table:
    places = PLACES[: draw(st.integers(1, largest))]
    sectors = {place: draw(st.sampled_from(["north", "south", None])) for place in places}
    return counts(sectors, **{place: draw(NUMBERS) for place in places})


RULES = st.builds(Rule, threshold=st.integers(2, 11), is_zero_open=st.booleans())


class TestWhatIsMasked:
    def test_nothing_without_a_small_count(self):
        made = decide(counts(a=0, b=12, c=30), FIVE)
        assert not made.reasons
        assert made.audit.is_optimal

    def test_nothing_without_a_rule(self):
        assert not decide(counts(a=3, b=12), Rule()).reasons

    def test_a_second_commune_so_that_the_total_does_not_tell(self):
        made = decide(counts(a=3, b=12, c=30), FIVE)
        assert made.reasons == {key("a"): Reason.PRIMARY, key("b"): Reason.COMPLEMENTARY}

    def test_two_small_ones_protect_each_other(self):
        assert set(decide(counts(a=3, b=4, c=30), FIVE).reasons) == {key("a"), key("b")}

    def test_two_small_ones_whose_sum_tells_them_do_not(self):
        made = decide(counts(a=1, b=1, c=30), FIVE)
        assert made.reasons[key("c")] == Reason.COMPLEMENTARY

    def test_a_zero_stays_open_and_is_told_so(self):
        made = decide(counts(a=3, b=0, c=0, d=30), FIVE)
        assert set(made.reasons) == {key("a"), key("d")}

    def test_a_zero_is_masked_where_the_rule_says_so(self):
        made = decide(counts(a=0, b=12, c=30), Rule(threshold=5, is_zero_open=False))
        assert made.reasons[key("a")] == Reason.PRIMARY

    def test_sums_of_sub_territories_are_held_together(self):
        sectors = {"a": "north", "b": "north", "c": "south", "d": None}
        made = decide(counts(sectors, a=3, b=40, c=50, d=60), FIVE)
        assert set(made.reasons) == {key("a"), key("b")}

    def test_a_sub_territory_of_one_commune(self):
        sectors = {"a": "north", "b": "south", "c": "south", "d": "south"}
        made = decide(counts(sectors, a=3, b=40, c=50, d=60), FIVE)
        assert {key("a"), key("north")} < set(made.reasons)
        assert made.reasons[key("north")] == Reason.PRIMARY
        check_nothing_is_told(counts(sectors, a=3, b=40, c=50, d=60), made, FIVE)

    def test_without_sums_each_stands_for_itself(self):
        table = replace(counts(a=3, b=12, c=30), has_totals=False)
        assert set(decide(table, FIVE).reasons) == {key("a")}

    def test_what_was_masked_the_year_before_is_preferred(self):
        table = counts(a=3, b=12, c=13)
        made = decide(table, FIVE, previous=[("foyers", "c")])
        assert set(made.reasons) == {key("a"), key("c")}

    def test_a_sum_given_otherwise_is_a_sum_all_the_same(self):
        table = replace(counts(a=3, b=12, c=30), totals={key(TERRITORY): (Decimal(47),)})
        assert set(decide(table, FIVE).reasons) == {key("a"), key("b")}

    @settings(max_examples=examples(90), deadline=None)
    @given(table=tables(), rule=RULES)
    def test_nothing_is_told(self, table, rule):
        made = decide(table, rule)
        assert made.audit.is_optimal
        assert not made.audit.exposed
        small = {k for k, (n,) in table.figures.items()
                 if n < rule.threshold and (n or not rule.is_zero_open)}  # fmt: skip
        assert {k for k, why in made.reasons.items() if why == Reason.PRIMARY} == small
        check_nothing_is_told(table, made, rule)

    @settings(max_examples=examples(36), deadline=None)
    @given(table=tables(), rule=RULES)
    def test_nothing_is_told_when_there_is_no_time(self, table, rule):
        check_nothing_is_told(table, decide(table, rule, deadline=0), rule)

    @settings(max_examples=examples(30), deadline=None)
    @given(table=tables(), rule=RULES)
    def test_the_bounds_of_the_audit_are_those_of_the_attacker(self, table, rule):
        made = decide(table, rule)
        attacker = attacked(table, made, rule)
        for name, [(low, high)] in made.audit.bounds.items():
            least, most = attacker.bounds(name.place)
            assert low == least
            assert high == most or (high is None and most > table.figures[name][0])


class TestTheLeastLoss:
    @settings(max_examples=examples(18), deadline=None)
    @given(table=tables(largest=5), rule=st.builds(Rule, threshold=st.integers(2, 7)))
    def test_no_other_masking_is_safe_and_loses_less(self, table, rule):
        """Against every masking there is."""
        problem, made = problem_of(table, rule), decide(table, rule)
        lost = made.audit.loss
        free = [int(i) for i in problem.free]
        primary = {k: why for k, why in made.reasons.items() if why == Reason.PRIMARY}
        for size in range(len(free) + 1):
            for chosen in combinations(free, size):
                if problem.weights[list(chosen)].sum() > lost - 0.001:
                    continue
                other = dict.fromkeys((problem.keys[i] for i in chosen), Reason.COMPLEMENTARY)
                masking = type(made)(primary | other)
                assert not self._is_safe(table, masking, rule), f"{other} is enough"

    def _is_safe(self, table, masking, rule) -> bool:
        try:
            attacker = attacked(table, masking, rule)
            for name, why in masking.reasons.items():
                low, high = attacker.bounds(name.place)
                least, most = asked(table, rule, name)
                if why == Reason.PRIMARY and (low > least or high < most):
                    return False
        except AssertionError:
            return False
        return True

    def test_without_time_the_loss_is_still_little(self):
        """The safe answer, once what is needless is shown again."""
        random = np.random.default_rng(1)
        sectors = {f"c{i}": f"s{i % 4}" for i in range(30)}
        table = counts(sectors, **{place: int(random.geometric(0.06)) for place in sectors})
        best, quick = decide(table, FIVE), decide(table, FIVE, deadline=0)
        assert best.audit.is_optimal
        assert not quick.audit.is_optimal
        assert quick.audit.loss >= best.audit.loss
        check_nothing_is_told(table, quick, FIVE)


class TestRatios:
    @staticmethod
    def shares(sectors=None, **communes) -> Table:
        given = {key(place): tuple(map(Decimal, terms)) for place, terms in communes.items()}
        return Table(given, sectors or {})

    def test_by_numerator_denominator_and_what_they_leave(self):
        table = self.shares(a=(46, 50), b=(3, 40), c=(1, 4), d=(0, 60), e=(70, 90), f=(30, 80))
        made = decide(table, FIVE)
        primary = {k.place for k, why in made.reasons.items() if why == Reason.PRIMARY}
        assert primary == {"a", "b", "c"}

    def test_what_a_rate_above_one_leaves_is_no_count(self):
        made = decide(self.shares(a=(60, 50), b=(46, 50), c=(30, 80)), FIVE)
        assert made.reasons[key("b")] == Reason.PRIMARY

    def test_its_figures_are_shown_as_ratios(self):
        table = self.shares(a=(10, 40), b=(30, 80))
        made = disclose_table(table, FIVE, lambda _: SHARE)
        assert made.figures[key(TERRITORY)].text == "33,33\u202f%"

    @settings(max_examples=examples(36), deadline=None)
    @given(data=st.data(), rule=st.builds(Rule, threshold=st.integers(2, 7)))
    def test_nothing_is_told_of_any_of_its_counts(self, data, rule):
        """To an attacker who knows the terms of every ratio that is shown."""
        places = PLACES[: data.draw(st.integers(1, 5))]
        sectors = {place: data.draw(st.sampled_from(["north", None])) for place in places}
        terms = st.integers(1, 40).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))
        table = self.shares(sectors, **{place: data.draw(terms) for place in places})
        made = decide(table, rule)
        shown, equations, small = {}, [], []
        for k, (numerator, denominator) in table.figures.items():
            told = (numerator, denominator, denominator - numerator)
            for term, count in zip("ndc", told, strict=True):
                shown[k.place, term] = None if k in made.reasons else count
                if 0 < count < rule.threshold:
                    small.append((k, (k.place, term)))
            equations.append({(k.place, "n"): 1, (k.place, "c"): 1, (k.place, "d"): -1})
        for equation in sums(sectors, places):
            for term in "ndc":
                equations.append({(place, term): c for place, c in equation.items()})
        least = {name: int(name[1] == "d") for name in shown}
        attacker = Attacker(shown, equations, least)
        for k, name in small:
            assert k in made.reasons
            low, high = attacker.bounds(name)
            # A denominator is at least 1: how many there are in a sum is known.
            inside = [p for p in places if k.place in (p, sectors[p], "")]
            least = max(1, len(inside) * (name[1] == "d"))
            assert low <= least
            assert high >= max(rule.most, least + 1)


class TestWhatTwoIndicatorsTell:
    """A count, and a share of which it is the numerator: each is decided by itself, with what is
    told of the other."""

    @settings(max_examples=examples(12), deadline=None)
    @given(data=st.data(), rule=st.builds(Rule, threshold=st.integers(2, 7)))
    def test_nothing_is_told_by_both_together(self, data, rule):
        places = PLACES[: data.draw(st.integers(2, 5))]
        terms = st.integers(1, 40).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))
        drawn = {place: data.draw(terms) for place in places}
        count = {key(p): (Decimal(n),) for p, (n, _) in drawn.items()}
        share = {key(p, series="part"): (Decimal(n), Decimal(d)) for p, (n, d) in drawn.items()}
        ties = tuple(Tie({Count(key(p)): 1, Count(key(p, series="part")): -1}) for p in places)
        both = Table({**count, **share}, ties=ties)
        first = {k for k in decide(both, rule).reasons if k.series != "part"}
        told = Earlier(count, frozenset(first), {})
        second = {k for k in decide(replace(both, earlier=(told,)), rule).reasons
                  if k.series == "part"}  # fmt: skip
        shown, equations = {}, []
        for k, (numerator, denominator) in both.only([("part", 2024)]).figures.items():
            is_open = k not in second
            shown[k.place, "n"] = numerator if is_open or key(k.place) not in first else None
            shown[k.place, "d"] = denominator if is_open else None
            shown[k.place, "c"] = denominator - numerator if is_open else None
            equations.append({(k.place, "n"): 1, (k.place, "c"): 1, (k.place, "d"): -1})
        for term in "ndc":
            equations += [{(p, term): c for p, c in one.items()} for one in sums({}, places)]
        attacker = Attacker(shown, equations, {name: int(name[1] == "d") for name in shown})
        for k, (numerator, denominator) in both.only([("part", 2024)]).figures.items():
            for term, number in zip("ndc", (numerator, denominator, denominator - numerator),
                                    strict=True):  # fmt: skip
                if 0 < number < rule.threshold:
                    low, high = attacker.bounds((k.place, term))
                    inside = [p for p in places if k.place in (p, "") and drawn[p][0]]
                    least = max(1, len(inside if term == "n" else places if not k.place else "1"))
                    assert low <= least
                    assert high >= max(rule.most, least + 1)


class TestOverYears:
    """Totals over years join the tables of the years."""

    @settings(max_examples=examples(24), deadline=None)
    @given(data=st.data(), rule=st.builds(Rule, threshold=st.integers(2, 7)))
    def test_nothing_is_told_where_totals_over_years_are_published(self, data, rule):
        places, years = PLACES[: data.draw(st.integers(2, 4))], (2023, 2024)
        given = {key(p, y): (Decimal(data.draw(NUMBERS)),) for p in places for y in years}
        table = Table(given)
        over = {
            key(p, 0): (sum(table.figures[key(p, y)][0] for y in years),) for p in (*places, "")
        }
        table = Table(
            given | {k: terms for k, terms in over.items() if k.place},
            relations=tuple(
                Relation({key(p, 2023): 1, key(p, 2024): 1, key(p, 0): -1}) for p in (*places, "")
            ),
        )
        made = decide(table, rule)
        shown = {k: None if k in made.reasons else n for k, (n,) in table.figures.items()}
        equations = [relation.coefficients for relation in table.relations]
        for year in (*years, 0):
            equations.append({key(p, year): 1 for p in places} | {key("", year): -1})
        attacker = Attacker(shown, equations)
        for k, why in made.reasons.items():
            low, high = attacker.bounds(k)
            assert low < high
            if why == Reason.PRIMARY:
                of = [n for g, (n,) in given.items()
                      if k.place in (g.place, "") and k.year in (g.year, 0) and n]  # fmt: skip
                assert low <= len(of)
                assert high >= max(rule.most, len(of) + 1)


class TestWhatWasPublishedBefore:
    def test_a_correction_does_not_tell_what_the_first_publication_hid(self):
        """b was masked for a; now c is corrected, and b may not be shown instead of another."""
        first = counts(a=3, b=12, c=30, d=40)
        made = decide(first, FIVE)
        assert set(made.reasons) == {key("a"), key("b")}
        earlier = Earlier(first.given, frozenset(made.reasons), {})
        second = replace(counts(a=3, b=12, c=11, d=40), earlier=(earlier,))
        again = decide(second, FIVE)
        assert {key("a"), key("b")} <= set(again.reasons)
        assert not again.audit.exposed

    def test_one_more_commune_is_not_told_by_how_the_sum_grew(self):
        first = counts(b=12, c=30)
        earlier = Earlier(first.given, frozenset(), {})
        second = replace(counts(a=3, b=12, c=30), earlier=(earlier,))
        made = decide(second, FIVE)
        assert key("a") in made.reasons
        assert key(TERRITORY) in made.reasons

    def test_what_was_published_stays_so_and_is_named(self):
        first = counts(a=3, b=12, c=30)
        earlier = Earlier(first.given, frozenset(), {})
        made = decide(replace(first, earlier=(earlier,)), FIVE)
        assert made.audit.exposed == {key("a")}
        assert made.reasons == {key("a"): Reason.PRIMARY}

    def test_what_stood_through_two_publications_was_one_unknown(self):
        """b stood while a was corrected, then is corrected itself: shown both, a of now tells what
        b was, and b what a was first."""
        sectors = {"a": "s", "b": "s", "c": "t", "d": "t"}
        first, earlier = counts(sectors, a=2, b=4, c=5, d=6), ()
        second, third = (counts(sectors, a=5, b=b, c=5, d=6) for b in (4, 5))
        shown, equations = {}, []
        for when, table in enumerate((first, second, third)):
            made = decide(replace(table, earlier=earlier), Rule(threshold=4))
            told = Earlier(table.given, frozenset(made.reasons), sectors)
            earlier = (*earlier, told)
            names = {k.place: (k.place, terms[0]) for k, terms in table.figures.items()}
            for k, (number,) in table.figures.items():
                is_known = k not in made.reasons or shown.get(names[k.place]) is not None
                shown[names[k.place]] = number if is_known else None
            for equation in sums(sectors, [k.place for k in table.given]):
                equations.append({names[place]: c for place, c in equation.items()})
            low, high = Attacker(shown, equations).bounds(("a", 2))
            assert low <= 1, f"publication {when + 1}"
            assert high >= 3, f"publication {when + 1}"

    @settings(max_examples=examples(36), deadline=None)
    @given(data=st.data(), rule=st.builds(Rule, threshold=st.integers(2, 7)))
    def test_two_publications_together_tell_nothing(self, data, rule):
        first = data.draw(tables(largest=6))
        before = decide(first, rule)
        changed = data.draw(st.sets(st.sampled_from([k.place for k in first.given]), max_size=2))
        given_now = {
            k: (Decimal(data.draw(NUMBERS)),) if k.place in changed else terms
            for k, terms in first.given.items()
        }
        earlier = Earlier(first.given, frozenset(before.reasons), first.sectors)
        second = Table(given_now, first.sectors, earlier=(earlier,))
        after = decide(second, rule)
        # What has not changed is one unknown; what has, two.
        shown, equations, small = {}, [], []
        for when, table, made in ((1, first, before), (2, second, after)):
            name = {}
            for k, (number,) in table.figures.items():
                same = first.figures.get(k) == second.figures.get(k)
                name[k.place] = one = (k.place, 0 if same else when)
                if k not in made.reasons or shown.get(one) is not None:
                    shown[one] = number
                else:
                    shown[one] = None
                if 0 < number < rule.threshold:
                    small.append((one, *asked(table, rule, k)))
            for equation in sums(table.sectors, [k.place for k in table.given]):
                equations.append({name[place]: c for place, c in equation.items()})
        attacker = Attacker(shown, equations)
        for one, least, most in [] if after.audit.exposed else small:
            low, high = attacker.bounds(one)
            assert low <= least
            assert high >= most
