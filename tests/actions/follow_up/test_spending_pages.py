"""The money of an action told while the plan changes: nothing that was typed is lost."""

import json
from decimal import Decimal

import pytest

from actions.models import Funding
from tests.actions.factories import action_in_force, agreed_again, funding
from tests.actions.follow_up.following import ways_url_of
from tests.actions.pages import held_by, read, reading, sending  # noqa: F401  (fixtures)
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def action(committee):
    year = committee.convention.start.year
    lines = [funding(committee.caf, year), funding("Région", year, planned="500", scheme="Leader")]
    return action_in_force(committee, fundings=lines)


def opened(action, get, user):
    """The form as the person opened it, before the plan changed."""
    get(f"{action.pk}/suivi/depenses/", user)
    return get.response


def test_amounts_typed_of_a_dropped_line_come_back(committee, action, get, send, agent):
    caf, region = action.fundings.order_by("pk")
    page = opened(action, get, agent)
    remaining = funding(committee.caf, caf.year)
    agreed_again(committee, action, fundings=[remaining])
    get.client.force_login(agent)
    address = f"{action.pk}/suivi/depenses/"
    typed = {f"granted_{region.pk}": "450", f"spent_{region.pk}": "1\u202f000,50"}
    text = send.again(page, address, **typed)
    assert "Ceci a changé depuis que cette page est ouverte" in text
    assert "dépensé 1 000,50 €" in text
    values = held_by(send.response)
    assert (values["fundings-2-funder_name"], values["fundings-2-scheme"]) == (
        ["Région"],
        ["Leader"],
    )
    assert (values["fundings-2-granted"], values["fundings-2-spent"]) == (
        ["450"],
        ["1\u202f000,50"],
    )
    send.again(send.response, address)
    line = Funding.objects.get(action=action, funder_name="Région")
    assert (line.planned, line.granted, line.spent) == (None, Decimal(450), Decimal("1000.5"))


def test_a_line_that_was_left_blank_leaves_nothing(committee, action, get, send, agent):
    page = opened(action, get, agent)
    agreed_again(committee, action, fundings=[funding("Région", 2030)])
    get.client.force_login(agent)
    send.again(page, f"{action.pk}/suivi/depenses/")
    assert list(action.fundings.values_list("funder_name", "year")) == [("Région", 2030)]


@pytest.mark.parametrize("odd", ["", "x", "{}", "[1]", "null", json.dumps([[], {}, 1, 2, 3])])
def test_a_forged_line_of_spending_is_refused_with_a_message(action, get, client, agent, odd):
    page = opened(action, get, agent)
    data = {name: values[0] for name, values in held_by(page).items()}
    data |= {"line_999999": odd, "spent_999999": "12"}
    text = read(client.post(ways_url_of(action, "depenses"), data))
    assert "Choisissez un financeur" in text or "n’est plus possible" in text
    assert action.fundings.count() == 2
