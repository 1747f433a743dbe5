"""The territory's figure made of its communes': a sum, a ratio of sums, partial where some lack."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from conventions.territory.naming import former_communes
from indicators.by_commune import page
from indicators.by_commune.reading import read_by_commune
from indicators.disclosure import MASKED, PENDING
from indicators.disclosure.reading import disclosed_by_commune
from indicators.figures.values import Value
from indicators.models import CampaignIndicator, CampaignState, Indicator
from indicators.series.attainment import Movement
from indicators.series.reading import read_series
from indicators.series.whole import wholes_of
from tests.indicators.factories import (
    campaign_of,
    communes,
    indicator_in_force,
    table_of,
    value_of,
)
from tests.stories import told_once

pytestmark = pytest.mark.django_db

YEAR = 2024
RATIO = {
    "calculation": "ratio", "numerator": "Places", "denominator": "Enfants", "unit": "%",
    "factor": 100, "decimals": 1, "grain": "commune", "aggregation": "ratio",
    "baseline_value": None, "targets": [],
}  # fmt: skip


@told_once
def places(committee):
    return communes(committee, "Archigny", "Cernay", "Thuré")


def campaign(committee, indicator, year=YEAR):
    return campaign_of(committee, year, [indicator], state=CampaignState.CLOSED)


def series_of(committee, indicator):
    indicators = Indicator.objects.with_definition().filter(pk=indicator.pk)
    [series] = read_series(committee.convention, indicators)
    return series


def summed(committee):
    return indicator_in_force(committee, grain="commune", aggregation="sum")


def test_the_territory_is_the_sum_of_its_communes(committee, places):
    indicator = summed(committee)
    table_of(campaign(committee, indicator), indicator, dict(zip(places, (3, 0, 410), strict=True)))
    series = series_of(committee, indicator)
    assert (series.figure(YEAR).number, series.figure(YEAR).words) == (413, "413")
    assert series.attainment(YEAR) is not None
    assert not series.is_partial(YEAR)


def test_a_ratio_is_that_of_the_sums(committee, places):
    indicator = indicator_in_force(committee, **RATIO)
    year = campaign(committee, indicator)
    for commune, (num, den) in zip(places, [(1, 2), (10, 100), (0, 98)], strict=True):
        table_of(
            year, indicator, {commune: Decimal(num) / den * 100},
            numerator=num, denominator=den,
        )  # fmt: skip
    assert series_of(committee, indicator).figure(YEAR).number == Decimal("5.5")


def test_missing_is_not_zero_and_the_total_is_partial(committee, places):
    indicator = summed(committee)
    before = campaign(committee, indicator, YEAR - 1)
    table_of(before, indicator, dict(zip(places, (3, 4, 5), strict=True)))
    year = campaign(committee, indicator)
    table_of(year, indicator, {places[0]: 3})
    table_of(year, indicator, {places[1]: None}, absence="not_available", reason="Pas de relevé.")
    series = series_of(committee, indicator)
    figure = series.figure(YEAR)
    assert figure.words == "3 (partiel : 1\u00a0commune sur 3)"
    assert figure.short == "3 (partiel)"
    assert series.movement(YEAR) == Movement.PARTIAL
    assert series.variation(YEAR) is None
    assert series.attainment(YEAR) is None
    assert series.by_year[YEAR].state == "partiel (1\u00a0commune sur 3)"


@pytest.mark.parametrize(
    ("kind", "expected"), [(MASKED, "transmis, non vérifié"), (PENDING, "en attente")]
)
def test_of_a_total_that_is_not_shown_nothing_is_partial(committee, places, kind, expected):
    indicator = summed(committee)
    table_of(campaign(committee, indicator), indicator, {places[0]: 3})
    cell = series_of(committee, indicator).by_year[YEAR]
    assert cell.state.startswith("partiel")
    hidden = replace(cell.figure, kind=kind, number=None, text="", is_verified=False)
    assert replace(cell, figure=hidden).state == expected


def test_a_figure_that_does_not_apply_adds_nothing_to_the_total(committee, places):
    indicator = summed(committee)
    year = campaign(committee, indicator)
    table_of(year, indicator, dict(zip(places[:2], (3, 4), strict=True)))
    table_of(year, indicator, {places[2]: None}, absence="not_applicable", reason="Sans école.")
    assert series_of(committee, indicator).figure(YEAR).words == "7"


@pytest.mark.parametrize("rule", [None, 5])
@pytest.mark.parametrize("is_told", [True, False])
@pytest.mark.parametrize(
    ("absences", "words"),
    [
        (["not_applicable"] * 3, "sans objet"),
        (["not_available"] * 3, "non disponible"),
        (["not_applicable", "not_available", "not_applicable"], "non disponible"),
        (["not_applicable"] * 2, "manquant"),
    ],
)
def test_a_table_without_any_number_has_one_word_for_its_total(
    committee, places, rule, is_told, absences, words
):
    """It was given, and is told as that in one word; the reasons are those of the communes."""
    committee.caf.masking_threshold = rule
    committee.caf.save()
    indicator = indicator_in_force(
        committee, grain="commune", aggregation="sum" if is_told else "none", is_confidential=True
    )
    year = campaign(committee, indicator)
    for place, absence in zip(places, absences, strict=False):
        table_of(year, indicator, {place: None}, absence=absence, reason="Trois seulement.")
    cell = series_of(committee, indicator).by_year[YEAR]
    disclosed = disclosed_by_commune([year.campaign_indicators.with_relations().get()])
    [territory] = [read.territory for read in disclosed.values()]
    expected = words if is_told else "manquant"
    assert cell.figure.words == territory.words == expected
    assert cell.figure.reason == territory.reason == ""
    assert (cell.state == "transmis, non vérifié") == (expected != "manquant")


def test_drafts_and_communes_that_left_count_for_nothing(committee, places):
    left = communes(committee, "Partie", left_on=datetime.date(YEAR + 1, 6, 30))[0]
    indicator = summed(committee)
    year = campaign(committee, indicator)
    table_of(year, indicator, {places[0]: 3, places[1]: 4, left: 100})
    table_of(year, indicator, {places[2]: 9}, state="draft", submitted_at=None)
    assert (
        series_of(committee, indicator).figure(YEAR).words == "7 (partiel : 2\u00a0communes sur 3)"
    )


def test_a_given_total_counts_and_its_difference_to_the_sum_is_read(committee, places):
    indicator = summed(committee)
    year = campaign(committee, indicator)
    table_of(year, indicator, dict(zip(places, (3, 4, 5), strict=True)))
    given = value_of(year, indicator, 14)
    assert series_of(committee, indicator).figure(YEAR).number == 14
    entry = year.campaign_indicators.get()
    whole = wholes_of(committee.convention, [entry], {entry.pk: given})[entry.pk]
    series = series_of(committee, indicator)
    assert whole.difference(series.definition) == 2
    Value.objects.whole().update(number=12)
    whole = wholes_of(committee.convention, [entry], {entry.pk: Value.objects.whole().get()})
    assert whole[entry.pk].difference(series.definition) is None


def test_an_indicator_that_does_not_add_up_has_no_computed_total(committee, places):
    indicator = indicator_in_force(committee, grain="commune")
    table_of(campaign(committee, indicator), indicator, {places[0]: 3})
    assert series_of(committee, indicator).figure(YEAR).is_missing


def test_a_small_total_is_masked_as_any_count(committee, places):
    committee.caf.masking_threshold = 5
    committee.caf.save()
    indicator = indicator_in_force(
        committee, grain="commune", aggregation="sum", is_confidential=True
    )
    table_of(campaign(committee, indicator), indicator, {places[0]: 1, places[1]: 2, places[2]: 0})
    assert series_of(committee, indicator).figure(YEAR).is_masked


def in_two_years(committee, places, left, **later):
    """The series of two years, ``left`` having gone between them."""
    indicator, day = summed(committee), datetime.date(YEAR, 1, 1)
    committee.convention.signed_on = committee.convention.start = day
    committee.convention.save()
    committee.convention.amendments.update(signed_on=day, effective_on=day)
    for year in (YEAR, YEAR + 1):
        here = [place for place in places if year == YEAR or place not in left]
        given = {place: later.get(place.name, 10) if year > YEAR else 10 for place in here}
        table_of(campaign(committee, indicator, year), indicator, given)
    for place in left:
        place.coverages.update(left_on=datetime.date(YEAR + 1, 6, 30))
    return series_of(committee, indicator)


def moves_of(series) -> dict[str, str]:
    """By place, what the table of the communes says that it has moved."""
    indicator = series.indicator
    table = page.table_of(read_by_commune(indicator.convention, [indicator])[indicator.pk])
    return {line.name: line.moved for line in [*table.wholes, *table.communes]}


def test_sums_over_other_communes_are_not_compared(committee, places):
    """A territory that a commune had left was told to have gone back."""
    series = in_two_years(committee, places, places[2:], Cernay=15, Archigny=5)
    assert moves_of(series) == {
        "Tout le territoire": "", "Archigny": "−50\u202f%", "Cernay": "+50\u202f%",
    }  # fmt: skip
    assert [series.figure(year).number for year in (YEAR, YEAR + 1)] == [30, 20]
    assert series.movement(YEAR + 1) == Movement.BROKEN
    assert series.variation(YEAR + 1) is None
    assert series.by_year[YEAR + 1].is_of_other_communes


def test_a_figure_that_is_given_is_its_providers_to_answer_for(committee, places):
    """Who gives that of the territory knows what it covers: the portal does not."""
    in_two_years(committee, places, places[2:])
    for year, number in ((YEAR, 30), (YEAR + 1, 20)):
        entry = CampaignIndicator.objects.get(campaign__year=year)
        value_of(entry.campaign, entry.indicator, number)
    series = series_of(committee, entry.indicator)
    assert not series.by_year[YEAR + 1].is_break
    assert series.variation(YEAR + 1) is not None


def test_a_commune_that_merged_is_still_there(committee, places):
    """Targé is part of Châtellerault: the territory is the same."""
    for commune, code in zip(places, ("86009", "86066", "86260"), strict=True):
        type(commune).objects.filter(pk=commune.pk).update(insee_code=code)
        commune.insee_code = code
    former = next(commune for commune in former_communes() if commune.became == "86066")
    type(places[2]).objects.filter(pk=places[2].pk).update(insee_code=former.insee_code)
    series = in_two_years(committee, places, places[2:], Cernay=25)
    assert not series.by_year[YEAR + 1].is_break
    assert series.variation(YEAR + 1) is not None
    # The one that the other has become part of is no more compared with what it was alone.
    moved = moves_of(series)
    assert moved["Tout le territoire"]
    assert moved["Cernay"] == ""
