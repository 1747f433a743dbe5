"""Attainment, movement, secrecy: against a calculation of their own, and on odd cases by hand."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from conventions.models import Organisation
from indicators.definitions.definition import Definition
from indicators.disclosure import disclose
from indicators.models import Indicator, Value
from indicators.series.attainment import Movement, attainment, movement, variation
from indicators.series.reading import FEW, read_series
from tests.indicators.bulk import many_indicators
from tests.indicators.factories import campaign_of, figures, indicator_in_force, redefine, value_of

NUMBERS = st.decimals(-(10**6), 10**6, places=3)
WAYS = st.sampled_from(["up", "down"])


@given(value=NUMBERS, baseline=NUMBERS, target=NUMBERS, way=WAYS)
def test_attainment_is_the_share_of_the_way(value, baseline, target, way):
    progress = attainment(value, baseline, target, way)
    is_better = target > baseline if way == "up" else target < baseline
    if is_better:
        share = Fraction(value - baseline) / Fraction(target - baseline)
        assert abs(Fraction(progress.share) - share) < Fraction(1, 10**9)
        assert progress.is_reached == (share >= 1)
        assert progress.is_regression == (share < 0)
    else:
        is_held = value >= target if way == "up" else value <= target
        assert progress.share == (1 if is_held else 0)
    assert 0 <= progress.percent <= 100
    assert (progress.percent == 100) == progress.is_reached


@given(value=NUMBERS, baseline=NUMBERS, target=NUMBERS, way=WAYS)
def test_attainment_and_movement_never_contradict_each_other(value, baseline, target, way):
    """Attainment and movement since the baseline never contradict each other."""
    progress = attainment(value, baseline, target, way)
    if progress.is_regression:
        assert movement(value, baseline, way) == Movement.SETBACK


@given(value=NUMBERS, target=NUMBERS, baseline=NUMBERS, way=WAYS)
def test_a_target_is_reached_on_its_good_side_and_there_only(value, target, baseline, way):
    is_there = value >= target if way == "up" else value <= target
    assert attainment(value, baseline, target, way).is_reached == is_there


@given(before=NUMBERS, value=NUMBERS)
def test_a_variation_has_the_sign_of_the_move(before, value):
    change = variation(value, before)
    if before == 0:
        assert change is None
    else:
        assert (change > 0, change < 0) == (value > before, value < before)


def series_of(committee, indicator):
    [series] = read_series(committee.convention, [indicator])
    return series


def test_the_baseline_compared_with_is_that_of_the_years_definition(committee):
    """The one of a later wording is not mixed with the year of an earlier one."""
    indicator = indicator_in_force(committee, baseline_value=Decimal(100), baseline_year=2018)
    figures(committee, indicator, {2021: 110})
    indicator = redefine(committee, indicator, definition="Autre.", baseline_value=Decimal(900),
                         baseline_year=2022)  # fmt: skip
    figures(committee, indicator, {2023: 950})
    series = series_of(committee, indicator)
    year, figure = series.before(2021)
    assert (year, figure.words) == (2018, "100")
    assert series.movement(2021) == Movement.PROGRESS
    assert series.variation(2021) == 10
    assert series.attainment(2021).share == Decimal("0.025")


def test_a_figure_as_shown_is_compared_with_the_baseline_and_target_as_shown(committee):
    indicator = indicator_in_force(
        committee, baseline_value=Decimal("12.37"), baseline_year=2020,
        targets=[{"year": None, "value": Decimal("15.4")}],
    )  # fmt: skip
    figures(committee, indicator, {2021: "12.2", 2022: "15.1"})
    series = series_of(committee, indicator)
    assert series.before(2021)[1].words == series.figure(2021).words == "12"
    assert series.movement(2021) == Movement.STABLE
    assert series.attainment(2021).share == 0
    assert series.attainment(2022).is_reached


def test_more_decimals_than_the_year_before_are_no_move(committee):
    indicator = indicator_in_force(committee, baseline_value=None)
    figures(committee, indicator, {2021: "12.4"})
    indicator = redefine(committee, indicator, decimals=1)
    figures(committee, indicator, {2022: "12.4"})
    assert series_of(committee, indicator).movement(2022) == Movement.STABLE


def test_a_break_followed_by_a_missing_year_is_still_a_break(committee):
    indicator = indicator_in_force(committee)
    figures(committee, indicator, {2020: 410, 2021: 415})
    indicator = redefine(committee, indicator, scope="Les moins de six ans.")
    figures(committee, indicator, {2022: None, 2023: 700, 2024: 690})
    series = series_of(committee, indicator)
    assert series.breaks == [2022]
    moved = [series.movement(year) for year in (2022, 2023, 2024)]
    assert moved == [Movement.MISSING, Movement.BROKEN, Movement.SETBACK]
    assert series.variation(2023) is None


def test_a_loss_to_be_limited_is_held_or_not(committee):
    """Up is wanted, but the target is below the baseline: childminders who retire."""
    indicator = indicator_in_force(
        committee, baseline_value=Decimal(100), targets=[{"year": None, "value": Decimal(80)}]
    )
    figures(committee, indicator, {2021: 120, 2022: 80, 2023: 79})
    series = series_of(committee, indicator)
    reached = [series.attainment(year).is_reached for year in (2021, 2022, 2023)]
    assert reached == [True, True, False]
    assert not any(series.attainment(year).is_regression for year in (2021, 2022, 2023))


def test_an_indicator_of_the_second_year_leaves_the_first_alone(committee):
    first = indicator_in_force(committee, title="a")
    figures(committee, first, {2020: 1})
    second = indicator_in_force(committee, title="b", baseline_value=None)
    campaign = campaign_of(committee, 2021, [first, second], state="closed")
    value_of(campaign, second, 5)
    both = read_series(committee.convention, [first, second])
    assert [[cell.is_collected for cell in one.cells] for one in both] == [
        [True, True], [False, True],
    ]  # fmt: skip
    assert both[1].movement(2021) == Movement.FIRST
    assert both[1].figure(2020).is_missing


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"), [(1, 3, "33"), (2, 3, "67"), (1, 8, "13"), (0, 5, "0")]
)
def test_a_ratio_is_rounded_half_up_once(numerator, denominator, shown):
    value = Value(state="verified", numerator=numerator, denominator=denominator,
                  number=Decimal(numerator) / denominator * 100)  # fmt: skip
    value.number = value.number.quantize(Decimal("0.000001"), ROUND_HALF_UP)
    definition = Definition({"is_confidential": False, "calculation": "ratio", "decimals": 0,
                             "unit": "foyers", "factor": 100})  # fmt: skip
    assert disclose(value, definition, Organisation()).text == shown


def test_an_indicator_is_read_alone_as_among_many(committee):
    """Few are named in the queries, many are not: the figures are the same."""
    last = many_indicators(committee.convention, FEW + 3, [2021, 2022, 2023])
    rows = Indicator.objects.of(committee.convention).with_definition().order_by("pk")
    among = {one.indicator.pk: one.collected for one in read_series(committee.convention, rows)}
    assert len(among) == FEW + 3
    for row in rows:
        with CaptureQueriesContext(connection) as asked:
            [alone] = read_series(committee.convention, [row])
        assert [(c.year, c.figure, c.definition.content) for c in alone.collected] == [
            (c.year, c.figure, c.definition.content) for c in among[row.pk]
        ]
        queries = [query["sql"] for query in asked.captured_queries]
        figures = [sql for sql in queries if "indicators_campaignindicator" in sql]
        assert len(figures) == 2
        assert all(f"({row.pk})" in sql for sql in figures)
    assert last.campaign_indicators.count() == FEW + 3
