"""What the plan that is shown is made of: values with their counts, each an address."""

import datetime

import pytest
from django.utils import timezone

from tests import factories as f
from tests.actions.factories import proposed_action
from tests.actions.ways.scene import action_row, titles
from tests.actions.ways.scene import reading as reading  # noqa: PLC0414  (a fixture)
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def plan(committee):
    """Three actions of two axes: one under way and late, two done; a fourth is proposed."""
    other = f.ThemeFactory(axis__convention=committee.convention, title="Jeunesse")
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    action_row(committee, "Une", ends_on=yesterday)
    action_row(committee, "Deux", state="done")
    action_row(committee, "Trois", state="done", theme=other)
    proposed_action(committee, title="Proposée")
    return committee


def facets(get) -> dict[str, list[tuple[str, int]]]:
    shown = get.response.context["plan"].facets
    return {one.label: [(value.label, value.count) for value in one.values] for one in shown}


def test_values_are_counted_over_what_is_shown(plan, get):
    text = get("")
    counts = facets(get)
    assert counts["Où en est l’action"] == [("En cours", 1), ("Terminée", 2)]
    assert counts["Échéances"] == [("En retard", 1)]
    assert [count for _, count in counts["Axe"]] == [3, 1]
    assert counts["Accord"] == [("En vigueur", 3), ("En discussion", 1)]
    assert "Pilote" not in counts  # all are led by the same: nothing to narrow
    assert "Affiner" in text


def test_a_value_leads_to_its_actions_and_back(plan, get):
    get("?tri=titre")
    done = get.response.context["plan"].facets[1].values[1]
    assert done.url == "?tri=titre&etat=terminee"
    get(done.url)
    assert titles(get.html) == ["Deux", "Trois"]
    [chosen] = [v for one in get.response.context["plan"].facets for v in one.values if v.is_chosen]
    assert (chosen.label, chosen.url) == ("Terminée", "?tri=titre")
    assert "1 choix" in get.html.replace("\u00a0", " ")


def test_themes_are_folds(plan, get):
    get("")
    assert get.html.count('<details class="fold plan-axis" open>') == 2


def test_an_empty_plan_has_no_facet(committee, get):
    get("")
    assert "Affiner" not in get.html
