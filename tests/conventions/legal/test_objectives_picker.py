"""Objectives to tick: folded by axis, the ticked ones always seen."""

import re

import pytest

from tests import factories as f
from tests.actions.factories import draft_action
from tests.actions.ways.scene import reading as reading  # noqa: PLC0414  (a fixture)
from tests.agreements.factories import committee_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    return committee_of()


@pytest.fixture
def other(committee):
    """An objective of another axis."""
    axis = f.AxisFactory(convention=committee.convention, number=7, title="Habiter")
    return f.ObjectiveFactory(theme=f.ThemeFactory(axis=axis, title="Logement"), title="Bâtir")


def picker(html: str) -> str:
    return re.search(r'<fieldset class="wide picker".*?</fieldset>', html, re.DOTALL)[0]


def boxes(html: str) -> list[str]:
    return re.findall(r'name="objectives" value="(\d+)"', html)


def test_objectives_to_tick_are_folded_by_axis(committee, other, get):
    get("nouvelle/")
    asked = picker(get.html)
    assert "7. Habiter" in asked
    assert asked.count('<details class="picker-axis">') == 2
    assert "aucun choix" in asked
    assert set(boxes(asked)) == {str(committee.orientation.pk), str(other.pk)}


def test_ticked_objectives_stand_above_the_folds(committee, other, get):
    action = draft_action(committee, objectives=[other]).subject
    get(f"{action.pk}/modifier/essentiel/")
    above, folds = picker(get.html).split("<details", 1)
    assert boxes(above) == [str(other.pk)]
    assert "checked" in above
    assert boxes(folds) == [str(committee.orientation.pk)]


def test_an_objective_stays_ticked_when_the_form_has_a_mistake(committee, other, client):
    client.force_login(committee.coordinator)
    url = f"/conventions/{committee.convention.slug}/plan-d-actions/nouvelle/"
    html = client.post(url, {"title": "", "objectives": [other.pk]}).content.decode()
    above = picker(html).split("<details", 1)[0]
    assert boxes(above) == [str(other.pk)]
