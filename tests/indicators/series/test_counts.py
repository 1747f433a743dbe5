"""The counts of a year's indicators: over what can be so, in words that say over how many."""

from decimal import Decimal

import pytest

from indicators.series.attainment import Movement, TargetState, target_state
from indicators.series.counts import IndicatorCounts, TargetCounts, count
from tests.indicators.factories import campaign_of, figures, indicator_in_force, value_of
from tests.indicators.series.test_series import series_of

pytestmark = pytest.mark.django_db

ALL = "16\u00a0indicateurs comparables"


def counts(**moved):
    return IndicatorCounts({Movement(name): many for name, many in moved.items()})


@pytest.mark.parametrize(
    ("moved", "headline", "note"),
    [
        ({"progress": 11, "setback": 4, "stable": 1, "context": 18, "missing": 2},
         f"11 des {ALL} progressent",
         "4 reculent et 1 est stable ; 20 ne sont pas comparables"),
        ({"progress": 1, "setback": 15}, f"1 des {ALL} progresse", "15 reculent"),
        ({"progress": 16, "first": 3}, f"les {ALL} progressent",
         "3 autres ont leur première donnée"),
        ({"setback": 16, "secret": 1}, f"aucun des {ALL} ne progresse",
         "16 reculent ; 1 autre est couvert par le secret"),
        ({"stable": 1, "broken": 1}, "le seul indicateur comparable est stable",
         "1 autre change de définition"),
        ({"first": 3, "missing": 2}, "aucun des 5 indicateurs suivis n’est comparable",
         "3 ont leur première donnée et 2 sont sans donnée"),
        ({"first": 5}, "aucun des 5 indicateurs suivis n’est comparable",
         "tous ont leur première donnée"),
        ({"context": 5}, "aucun des 5 indicateurs suivis n’est comparable",
         "tous décrivent le contexte"),
        ({"missing": 5}, "les 5 indicateurs suivis sont sans donnée", ""),
        ({"progress": 1}, "le seul indicateur suivi progresse", ""),
        ({"setback": 1}, "le seul indicateur suivi recule", ""),
        ({"missing": 1}, "le seul indicateur suivi est sans donnée", ""),
        ({"secret": 1}, "le seul indicateur suivi est couvert par le secret", ""),
        ({}, "aucun indicateur n’est suivi", ""),
    ],
)  # fmt: skip
def test_a_share_names_how_many_can_be_compared_and_the_note_how_many_cannot(moved, headline, note):
    counted = counts(**moved)
    assert (counted.headline, counted.note.replace("\u00a0", " ")) == (headline, note)


@pytest.mark.parametrize(
    ("moved", "sentence"),
    [
        ({"progress": 2, "context": 18, "missing": 2}, "les 2 indicateurs comparables "
         "progressent ; 20 ne sont pas comparables : 18 décrivent le contexte et 2 sont sans "
         "donnée"),
        ({"progress": 14, "stable": 1, "context": 6}, "14 des 15 indicateurs comparables "
         "progressent et 1 est stable ; 6 autres décrivent le contexte"),
        ({"progress": 2, "setback": 1, "stable": 1}, "2 des 4 indicateurs comparables "
         "progressent, 1 recule et 1 est stable"),
        ({"setback": 2}, "aucun des 2 indicateurs comparables ne progresse : 2 reculent"),
        ({"first": 2}, "aucun des 2 indicateurs suivis n’est comparable : tous ont leur "
         "première donnée"),
    ],
)  # fmt: skip
def test_headline_and_note_make_one_sentence(moved, sentence):
    assert counts(**moved).sentence.replace("\u00a0", " ") == sentence


@pytest.mark.parametrize(
    ("moved", "short"),
    [
        ({"progress": 2, "setback": 1, "stable": 1, "context": 3},
         "2 progressent, 1 recule et 1 est stable"),
        ({"setback": 1, "context": 3}, "1 recule"),
        ({"context": 2, "missing": 1}, "2 décrivent le contexte et 1 est sans donnée"),
        ({}, ""),
    ],
)  # fmt: skip
def test_a_line_of_a_list_says_which_way_each_went_or_why_none_did(moved, short):
    assert counts(**moved).short.replace("\u00a0", " ") == short


def targets(year=2023, due=(), later=()):
    return TargetCounts(
        year, *(dict(zip(TargetState, many, strict=False)) for many in (due, later))
    )


@pytest.mark.parametrize(
    ("of", "figure", "label", "sentence"),
    [
        (targets(), "Aucune", "cible fixée", "aucune cible n’est fixée"),
        (targets(later=(2, 1, 10)), "Aucune", "cible à atteindre fin 2023",
         "13 cibles à atteindre plus tard, dont 2 atteintes et 1 presque atteinte (à moins de "
         "5 %)"),
        (targets(due=(1, 1, 1, 1), later=(0, 2)), "1 sur 4",
         "cibles de fin 2023 atteintes",
         "4 cibles à atteindre fin 2023 : 1 atteinte, 1 presque atteinte (à moins de 5 %), 1 non "
         "atteinte et 1 sans chiffre ; 2 à atteindre plus tard, dont 2 presque "
         "atteintes"),
        (targets(due=(0, 1)), "0 sur 1", "cible de fin 2023 atteinte",
         "1 cible à atteindre fin 2023, presque atteinte (à moins de 5 %)"),
        (targets(None, due=(2, 0, 1)), "2 sur 3", "cibles du terme atteintes",
         "3 cibles à atteindre au terme : 2 atteintes et 1 non atteinte"),
    ],
)  # fmt: skip
def test_targets_due_and_for_later_are_counted_apart(of, figure, label, sentence):
    sentence_of = of.sentence.replace("\u00a0", " ").replace("\u202f", " ")
    assert (of.figure, of.label, sentence_of) == (figure, label, sentence)


@pytest.mark.parametrize(
    ("value", "direction", "state"),
    [(240, "up", "reached"), (239, "up", "near"), (228, "up", "near"), (227, "up", "short"),
     (240, "down", "reached"), (252, "down", "near"), (253, "down", "short"),
     (None, "up", "unknown")],
)  # fmt: skip
def test_a_target_is_near_within_five_percent_of_it(value, direction, state):
    value = None if value is None else Decimal(value)
    assert target_state(value, Decimal(240), direction) == state


def year_of(committee, numbers, **fields):
    """Return the counts of 2023 of one indicator with these figures by year."""
    indicator = indicator_in_force(committee, **fields)
    figures(committee, indicator, numbers)
    return count(series_of(committee, indicator), 2023)


@pytest.mark.parametrize(
    ("fields", "movement"),
    [
        ({}, Movement.PROGRESS),
        ({"direction": "neutral"}, Movement.CONTEXT),
        ({"kind": "context"}, Movement.CONTEXT),
    ],
)
def test_a_context_indicator_is_never_comparable(committee, fields, movement):
    counted = year_of(committee, {2022: 410, 2023: 420}, **fields)
    assert (counted.by_movement, counted.comparable) == (
        {movement: 1},
        movement == Movement.PROGRESS,
    )


@pytest.mark.parametrize(
    ("baseline", "movement"),
    [
        ({"baseline_value": 400, "baseline_year": 2019}, Movement.PROGRESS),
        ({"baseline_value": None, "baseline_year": None}, Movement.FIRST),
    ],
)
def test_a_first_figure_is_comparable_with_a_baseline_alone(committee, baseline, movement):
    assert year_of(committee, {2023: 420}, **baseline).by_movement == {movement: 1}


def test_a_provisional_figure_is_comparable(committee):
    indicator = indicator_in_force(committee)
    value_of(campaign_of(committee, 2022, [indicator]), indicator, 410)
    value_of(campaign_of(committee, 2023, [indicator]), indicator, 420, provisional=True)
    assert count(series_of(committee, indicator), 2023).progress == 1


def test_of_a_masked_figure_neither_movement_nor_target_is_counted(committee):
    committee.caf.masking_threshold = 5
    committee.caf.save()
    counted = year_of(
        committee, {2022: 4, 2023: 2}, is_confidential=True, targets=[{"year": 2023, "value": "1"}],
        baseline_value=None, baseline_year=None,
    )  # fmt: skip
    assert counted.by_movement == {Movement.SECRET: 1}
    assert counted.targets.due == {TargetState.UNKNOWN: 1}
