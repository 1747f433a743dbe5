"""An action has one number, whatever becomes of it."""

import pytest

from actions.models import Action
from agreements.versions import events as drafts
from conventions.models import Standing
from tests import factories as f
from tests.actions.factories import (
    action_in_force,
    agreed_again,
    draft_action,
    proposed_action,
)
from tests.agreements.factories import committee_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def theme_of(committee, number, axis=None):
    return f.ThemeFactory(axis=axis or committee.orientation.theme.axis, number=number)


def number_of(committee, theme, **values) -> str:
    return draft_action(committee, theme=theme, **values).subject.number


def test_a_number_is_the_themes_and_a_rank(committee):
    first, second = theme_of(committee, "4.1"), theme_of(committee, "4.2")
    assert [number_of(committee, theme) for theme in (first, second, first)] == [
        "4.1.1", "4.2.1", "4.1.2",
    ]  # fmt: skip


def test_a_theme_without_number_lends_its_axis_and_shares_its_ranks(committee):
    axis = f.AxisFactory(convention=committee.convention, number=7)
    themes = [theme_of(committee, "", axis), f.ThemeFactory(axis=axis, untitled=True)]
    assert [number_of(committee, theme) for theme in [*themes, *themes]] == [
        "7.1", "7.2", "7.3", "7.4",
    ]  # fmt: skip


@pytest.mark.parametrize("numbers", [("4", "4.1"), ("4.1", "4")])
def test_actions_of_themes_4_and_4_1_have_distinct_numbers(committee, numbers):
    themes = [theme_of(committee, number) for number in numbers]
    given = [number_of(committee, theme) for theme in [*themes, *themes, *themes]]
    assert sorted(given) == ["4.1", "4.1.1", "4.1.2", "4.1.3", "4.2", "4.3"]


@pytest.mark.parametrize("number", ["A+", "4.*", "(b", "t%_", "é"])
def test_a_theme_may_be_numbered_in_any_way(committee, number):
    theme = theme_of(committee, number)
    assert [number_of(committee, theme) for _ in "ab"] == [f"{number}.1", f"{number}.2"]


def test_ranks_go_on_beyond_nine_and_ninety_nine(committee):
    theme = theme_of(committee, "1")
    first = draft_action(committee, theme=theme).subject
    Action.objects.filter(pk=first.pk).update(rank=99, number="1.99")
    assert [number_of(committee, theme) for _ in "ab"] == ["1.100", "1.101"]


def test_the_number_stays_whatever_becomes_of_the_theme(committee):
    first, second = theme_of(committee, "4.1"), theme_of(committee, "4.2")
    action = action_in_force(committee, theme=first)
    action = agreed_again(committee, action, theme=second)
    assert (action.number, action.theme) == ("4.1.1", second)
    assert number_of(committee, first) == "4.1.2"
    assert number_of(committee, second) == "4.2.1"
    second.number = "4.1"
    assert str(action) == "4.1.1 Ouvrir un lieu d’accueil enfants-parents"


def test_the_number_of_a_withdrawn_action_is_not_given_again(committee):
    theme = theme_of(committee, "4.1")
    version = proposed_action(committee, theme=theme)
    drafts.withdraw_version(version, reason="Erreur", by=committee.coordinator)
    assert Action.objects.get().standing == Standing.WITHDRAWN
    assert number_of(committee, theme) == "4.1.2"


def test_conventions_count_each_for_itself(committee):
    other = committee_of()
    for place in (committee, other):
        assert number_of(place, theme_of(place, "4.1")) == "4.1.1"
