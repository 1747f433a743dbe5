"""Figures year by year: what moved, breaks, what is missing, masked, attained."""

from decimal import Decimal

import pytest

from agreements.models import Version
from indicators.models import Campaign, Indicator
from indicators.series.attainment import Movement
from indicators.series.counts import count
from indicators.series.reading import read_series
from tests.indicators.factories import (
    campaign_of,
    figures,
    indicator_in_force,
    proposed_indicator,
    redefine,
    value_of,
)

pytestmark = pytest.mark.django_db


def series_of(committee, *indicators, until=None):
    rows = Indicator.objects.filter(pk__in=[i.pk for i in indicators]).order_by("pk")
    campaigns = until and Campaign.objects.of(committee.convention).up_to(until)
    return read_series(committee.convention, rows.prefetch_related("targets"), campaigns=campaigns)


def test_an_agreed_indicator_is_its_version(committee):
    indicator = indicator_in_force(committee, objectives=[committee.orientation])
    version = Version.objects.about(indicator).in_force().get()
    assert indicator.is_agreed
    assert [target.value for target in indicator.targets.all()] == [500]
    assert list(indicator.objectives.all()) == [committee.orientation]
    assert version.content["provider"]["name"] == "CAF 99"
    assert version.content["targets"] == [{"year": None, "value": "500"}]


def test_a_proposed_indicator_shows_what_is_proposed(committee):
    version = proposed_indicator(committee, title="Places")
    indicator = Indicator.objects.get(pk=version.object_id)
    assert indicator.is_proposed
    assert indicator.title == "Places"


def test_figures_move_by_direction(committee):
    indicator = indicator_in_force(committee)
    figures(committee, indicator, {2020: 410, 2021: 405, 2022: 405, 2023: None, 2024: 420})
    [series] = series_of(committee, indicator)
    moved = [series.movement(year) for year in range(2020, 2025)]
    assert moved == [
        Movement.FIRST, Movement.SETBACK, Movement.STABLE, Movement.MISSING, Movement.PROGRESS,
    ]  # fmt: skip
    assert series.attainment(2024).share == Decimal("0.2")
    assert series.attainment(2023) is None


def test_a_change_of_definition_breaks_the_series(committee):
    indicator = indicator_in_force(committee)
    figures(committee, indicator, {2020: 410})
    indicator = redefine(committee, indicator, definition="Places ouvertes au 1er septembre.")
    figures(committee, indicator, {2021: 500})
    indicator = redefine(committee, indicator, title="Places d’accueil")
    figures(committee, indicator, {2022: 510})
    [series] = series_of(committee, indicator)
    assert series.breaks == [2021]
    assert series.movement(2021) == Movement.BROKEN
    assert series.movement(2022) == Movement.PROGRESS
    assert series.variation(2021) is None
    assert series.variation(2022) == 2


def test_a_draft_figure_is_missing_from_the_series(committee):
    indicator = indicator_in_force(committee)
    value_of(campaign_of(committee, 2020, [indicator]), indicator, 5, state="draft")
    [series] = series_of(committee, indicator)
    assert series.figure(2020).is_missing


def test_a_small_count_is_masked_and_what_follows_from_it(committee):
    committee.caf.masking_threshold = 5
    committee.caf.save()
    indicator = indicator_in_force(committee, is_confidential=True, baseline_value=None)
    figures(committee, indicator, {2020: 4, 2021: 5, 2022: 0})
    [series] = series_of(committee, indicator)
    assert [series.figure(year).words for year in (2020, 2021, 2022)] == ["secret", "5", "0"]
    assert series.movement(2021) == Movement.SECRET
    assert series.attainment(2020) is None


def test_counts_tell_each_way(committee):
    first = indicator_in_force(committee)
    second = indicator_in_force(committee)
    a, b = (campaign_of(committee, year, [first, second]) for year in (2020, 2021))
    for campaign, numbers in [(a, (1, 10)), (b, (2, None))]:
        for indicator, number in zip((first, second), numbers, strict=True):
            if number is not None:
                value_of(campaign, indicator, number)
    counts = count(series_of(committee, first, second), 2021)
    assert (counts.followed, counts.progress, counts.missing) == (2, 1, 1)


def test_series_ask_as_many_queries_for_many(committee, django_assert_num_queries):
    indicators = [indicator_in_force(committee) for _ in range(3)]
    for year in (2020, 2021):
        campaign = campaign_of(committee, year, indicators)
        for indicator in indicators:
            value_of(campaign, indicator, 1)
    with django_assert_num_queries(7):
        series_of(committee, *indicators)
