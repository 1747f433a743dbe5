"""An action shows the indicators that measure it, and an indicator the actions that it measures."""

import pytest

from tests.actions.factories import action_in_force
from tests.factories import MembershipFactory
from tests.indicators.factories import (
    campaign_of,
    indicator_in_force,
    value_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, committee):
    client.force_login(MembershipFactory(organisation=committee.caf, role="reader").user)

    def page(row) -> str:
        return client.get(row.get_absolute_url()).content.decode().replace("\xa0", " ")

    return page


def test_an_action_and_its_indicator_show_each_other(committee, page):
    action = action_in_force(committee, title="Ouvrir un relais")
    indicator = indicator_in_force(committee, title="Places ouvertes", actions=[action])
    campaign = campaign_of(committee, 2023, [indicator])
    value_of(campaign, indicator, 412)
    text = page(action)
    assert "Ce qui la mesure" in text
    assert indicator.get_absolute_url() in text
    assert "412 en 2023" in text
    assert committee.caf.source in text
    assert action.get_absolute_url() in page(indicator)


def test_what_serves_the_same_objective_is_shown_apart(committee, page):
    action = action_in_force(committee, objectives=[committee.orientation])
    indicator = indicator_in_force(committee, objectives=[committee.orientation])
    assert "1 indicateur mesure un objectif qu’elle sert" in page(action)
    assert "1 action sert les mêmes objectifs" in page(indicator)


def test_a_secret_figure_stays_secret_on_the_page_of_an_action(committee, page):
    committee.caf.masking_threshold = 5
    committee.caf.save()
    action = action_in_force(committee)
    indicator = indicator_in_force(committee, is_confidential=True, actions=[action])
    value_of(campaign_of(committee, 2023, [indicator]), indicator, 3)
    assert "secret en 2023" in page(action)


def test_an_action_without_any_indicator_says_nothing_of_it(committee, page):
    assert "Ce qui la mesure" not in page(action_in_force(committee))
