"""What asks for a comment, in a French sentence; deadlines; the figure that a new one follows."""

import datetime
from decimal import Decimal

import pytest

from indicators.collection.deadlines import days_late, deadline
from indicators.definitions.definition import Definition
from indicators.values.plausibility import (
    EarlierFigure,
    doubts,
    figures_before,
    format_change,
    signed,
)
from tests.indicators.factories import (
    association,
    campaign_of,
    figures,
    indicator_in_force,
    redefine,
    value_of,
)


def definition(**values) -> Definition:
    content = {"minimum": None, "maximum": None, "unit": "places", "variation_alert": 30,
               "decimals": 0}  # fmt: skip
    return Definition(content | values)


BEFORE = EarlierFigure(2023, "100", Decimal(100))


@pytest.mark.parametrize(
    ("value", "before", "told"),
    [
        (63, 100, "La valeur baisse de 37\u202f% par rapport à 2023"),
        (131, 100, "La valeur augmente de 31\u202f% par rapport à 2023"),
        ("130.4", 100, "La valeur augmente de 30,4\u202f% par rapport à 2023"),
        (250, 100, "La valeur augmente de 150\u202f% par rapport à 2023"),
        (-5, -10, "La valeur augmente de 50\u202f% par rapport à 2023"),
        (4, 0, "La valeur était nulle en 2023"),
    ],
)
def test_a_move_beyond_the_set_share_asks_for_a_comment(value, before, told):
    before = EarlierFigure(2023, "", Decimal(before))
    [sentence] = doubts(Decimal(value), definition(), before)
    assert sentence == f"{told} : expliquez-le avant de transmettre."


def test_a_percentage_that_moved_a_lot_is_told_from_and_to():
    percentage = definition(unit="%", decimals=1)
    [sentence] = doubts(Decimal("13.7"), percentage, EarlierFigure(2023, "10 %", Decimal(10)))
    words = "La valeur passe de 10,0\u202f% en 2023 à 13,7\u202f%"
    assert sentence == f"{words} : expliquez-le avant de transmettre."


@pytest.mark.parametrize(
    ("value", "before", "unit", "told"),
    [
        (448, 438, "places", "+2,3\u202f%"),
        (5, 0, "places", ""),
        ("15.8", 16, "%", "−0,2\u202fpoint"),
        (18, 16, "%", "+2\u202fpoints"),
        (16, 0, "%", "+16\u202fpoints"),
        ("16.04", 16, "%", "0\u202fpoint"),
        (None, 16, "%", ""),
        (16, None, "%", ""),
    ],
)
def test_a_percentage_moves_by_points(value, before, unit, told):
    numbers = [None if n is None else Decimal(str(n)) for n in (value, before)]
    assert format_change(*numbers, definition(unit=unit, decimals=1)) == told


@pytest.mark.parametrize(
    ("value", "before", "alert"),
    [
        (130, BEFORE, 30),  # the share itself is within it
        (70, BEFORE, 30),
        (500, BEFORE, None),
        (500, None, 30),
        (0, EarlierFigure(2023, "0", Decimal(0)), 30),
        (500, EarlierFigure(2023, "100", Decimal(100), is_comparable=False), 30),
        (500, EarlierFigure(2023, "secret", None), 30),
        (None, BEFORE, 30),
    ],
)
def test_nothing_is_asked_where_nothing_surprises_or_compares(value, before, alert):
    value = None if value is None else Decimal(value)
    assert doubts(value, definition(variation_alert=alert), before) == []


def test_bounds_are_the_frozen_definitions():
    bounded = definition(minimum="10", maximum="1500.5", decimals=1)
    [low] = doubts(Decimal("9.9"), bounded, None)
    assert low.startswith("La valeur est en dessous du plus bas attendu (10,0)")
    [high] = doubts(Decimal(1501), bounded, None)
    assert high.startswith("La valeur dépasse le plus haut attendu (1\u202f500,5)")
    assert doubts(Decimal(10), bounded, None) == doubts(Decimal("1500.5"), bounded, None) == []


def test_the_unit_makes_some_values_odd_unless_the_parties_set_bounds():
    assert "100 %" in doubts(Decimal(101), definition(unit="%"), None)[0]
    assert doubts(Decimal(101), definition(unit="%", maximum="150"), None) == []
    assert doubts(Decimal(100), definition(unit="%"), None) == []


@pytest.mark.parametrize(
    ("value", "before", "unit", "told"),
    [
        (260, 26, "places", "La valeur augmente de 900\u202f%"),
        (26, 260, "places", "La valeur baisse de 90\u202f%"),
        (0, 260, "places", "La valeur baisse de 100\u202f%"),
        (50, 0, "places", "La valeur était nulle en 2023"),
        (12500, 1250, "€", "La valeur augmente de 900\u202f%"),
        (259, 26, "places", ""),
        (40, 4, "places", ""),  # what counts few things moves so by itself
        (49, 0, "places", ""),
        (80, 5, "%", ""),
        (260, 260, "places", ""),
    ],
)
def test_a_digit_too_many_is_asked_about_where_nobody_has_set_a_share(value, before, unit, told):
    before = EarlierFigure(2023, "", Decimal(before))
    asked = doubts(Decimal(value), definition(unit=unit, variation_alert=None), before)
    assert [sentence[: len(told)] for sentence in asked] == ([told] if told else [])


def test_several_doubts_are_one_question():
    bounded = definition(maximum="90", variation_alert=10)
    [question] = doubts(Decimal(150), bounded, BEFORE)
    assert question == (
        "La valeur dépasse le plus haut attendu (90) et augmente de 50\u202f% par rapport à 2023 : "
        "expliquez-le avant de transmettre."
    )


@pytest.mark.parametrize(
    ("share", "told"),
    [("12.5", "+13\u202f%"), ("-37.2", "−37\u202f%"), ("0.4", "+0,4\u202f%"),
     ("-0.04", "0\u202f%"), ("9.94", "+9,9\u202f%"), ("-9.95", "−10\u202f%"),
     ("1234", "+1\u202f234\u202f%")],
)  # fmt: skip
def test_a_move_is_told_with_its_sign(share, told):
    assert signed(Decimal(share)) == told


# Deadlines ---------------------------------------------------------------------------------------

JUNE = datetime.date(2025, 6, 15)


@pytest.mark.parametrize(
    ("month", "due"),
    [
        (None, JUNE),
        (1, JUNE),  # February comes before the collection's own day
        (5, datetime.date(2025, 6, 30)),
        (7, datetime.date(2025, 8, 31)),
        (11, datetime.date(2025, 12, 31)),
        (12, datetime.date(2026, 1, 31)),
    ],
)
def test_a_figure_is_due_the_month_after_it_exists(month, due):
    assert deadline(2024, JUNE, month) == due


def test_february_ends_as_the_year_has_it():
    assert deadline(2023, datetime.date(2024, 1, 1), 1) == datetime.date(2024, 2, 29)


def test_the_day_itself_is_not_late():
    assert days_late(JUNE, JUNE) == 0
    assert days_late(JUNE, JUNE - datetime.timedelta(days=9)) == 0
    assert days_late(JUNE, JUNE + datetime.timedelta(days=12)) == 12


# The figure before -------------------------------------------------------------------------------


def before_of(committee, indicator, year=2024):
    entry = campaign_of(committee, year, [indicator]).campaign_indicators.get()
    return figures_before([entry]).get(entry.pk)


def test_the_last_number_given_before_counts(committee):
    indicator = indicator_in_force(committee)
    figures(committee, indicator, {2021: 410, 2022: 420, 2023: None})
    draft = campaign_of(committee, 2020, [indicator])
    value_of(draft, indicator, 9, state="draft")
    before = before_of(committee, indicator)
    assert (before.year, before.text, before.number) == (2022, "420", 420)
    assert before.is_comparable


def test_neither_drafts_nor_later_years_count(committee):
    indicator = indicator_in_force(committee)
    value_of(campaign_of(committee, 2023, [indicator]), indicator, 9, state="returned")
    figures(committee, indicator, {2025: 3})
    assert before_of(committee, indicator) is None


def test_another_definition_is_not_compared(committee):
    indicator = indicator_in_force(committee)
    figures(committee, indicator, {2023: 100})
    indicator = redefine(committee, indicator, definition="Autre chose")
    before = before_of(committee, indicator)
    assert not before.is_comparable
    assert before.describe_change(Decimal(500), definition()) == ""


def test_small_counts_of_another_provider_stay_secret(committee):
    """An association that takes the figure over is shown of the Caf's what everybody is."""
    committee.caf.masking_threshold = 5
    committee.caf.save()
    indicator = indicator_in_force(committee, is_confidential=True)
    figures(committee, indicator, {2023: 4})
    same = before_of(committee, indicator)
    assert (same.text, same.number) == ("4", 4)
    indicator.provider = association(committee)
    before = before_of(committee, indicator, year=2025)
    assert (before.text, before.number) == ("secret", None)


def test_who_enters_for_the_provider_is_shown_what_everybody_is(committee):
    committee.caf.rounding_base = 5
    committee.caf.save()
    indicator = indicator_in_force(committee, is_confidential=True)
    figures(committee, indicator, {2023: 13})
    indicator.enterer = association(committee)
    before = before_of(committee, indicator)
    assert (before.text, before.number) == ("15", 15)


def test_the_figures_before_take_one_query(committee, django_assert_num_queries):
    indicators = [indicator_in_force(committee, title=title) for title in "abc"]
    for indicator in indicators:
        value_of(campaign_of(committee, 2020 + indicators.index(indicator), [indicator]),
                 indicator, 7)  # fmt: skip
    campaign = campaign_of(committee, 2024, indicators)
    entries = list(campaign.campaign_indicators.with_relations())
    with django_assert_num_queries(1):
        assert len(figures_before(entries)) == 3
    with django_assert_num_queries(0):
        assert figures_before([]) == {}
