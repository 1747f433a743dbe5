"""A figure that counted is not erased with its history, whatever it came from."""

import datetime
from contextlib import suppress
from decimal import Decimal

import pytest

from ctg_portal.rules import Refused
from indicators.collection.events import add_past_year, cancel_campaign, reopen_campaign
from indicators.models import Value, ValueTransition
from indicators.series.reading import read_series
from indicators.values import events, from_publishers, giving
from indicators.values.figure import Figure
from tests.indicators.factories import indicator_in_force, later
from tests.indicators.statistics.test_filling import by_code

pytestmark = pytest.mark.django_db


def emptied(value, by) -> None:
    fields = {"by": by, "commune": value.commune}
    with pytest.raises(Refused, match="ne s’efface plus"):
        events.save_value(value.campaign_indicator, Figure(), **fields)


def test_a_contested_figure_is_not_erased(agent, campaign, load):
    load()
    value = by_code(campaign)["86066"]
    from_publishers.contest_value(value, Figure(number=Decimal(4187)), reason="Exact.", by=agent)
    entry = value.campaign_indicator
    events.save_value(entry, Figure(number=Decimal(4188)), by=agent, commune=value.commune)
    emptied(value, agent)
    assert [act.verb for act in ValueTransition.objects.filter(value=value.pk)][:2] == [
        "taken_up", "contested"
    ]  # fmt: skip


def test_a_figure_taken_up_and_sent_back_is_not_erased(agent, colleague, campaign, load):
    load()
    value = by_code(campaign)["86066"]
    entry = value.campaign_indicator
    giving.return_table(entry, reason="À revoir.", by=colleague)
    events.save_value(entry, Figure(number=Decimal(4188)), by=agent, commune=value.commune)
    emptied(value, agent)
    assert Value.objects.filter(pk=value.pk).exists()


def test_a_figure_that_came_from_a_file_is_not_erased(committee, agent):
    year, convention = 2023, committee.convention
    convention.start = datetime.date(year, 1, 1)
    convention.save()
    convention.amendments.update(effective_on=convention.start)
    indicator = indicator_in_force(committee)
    campaign = add_past_year(convention, year, by=committee.coordinator)
    value = events.add_past_value(campaign, indicator, Figure(number=Decimal(412)), by=agent)
    [series] = read_series(convention, [indicator])
    assert series.figure(year).text == "412"
    reopen_campaign(campaign, due_on=later(), reason="Le reste.", by=committee.coordinator)
    entry = value.campaign_indicator
    events.save_value(entry, Figure(number=Decimal(413)), by=agent)
    emptied(value, agent)
    assert Value.objects.filter(pk=value.pk).exists()


def test_a_year_that_counted_is_not_cancelled(agent, committee, colleague, campaign, load):
    """The year would hold nothing, and what was decided and told of it would go with it."""
    load()
    for value in by_code(campaign).values():
        fields = {"by": agent, "commune": value.commune}
        figure = Figure(number=Decimal(4187))
        from_publishers.contest_value(value, figure, reason="Exact.", by=agent)
        events.save_value(value.campaign_indicator, Figure(number=Decimal(1)), **fields)
        with suppress(Refused):
            events.save_value(value.campaign_indicator, Figure(), **fields)
    with pytest.raises(Refused, match="contient déjà des données"):
        cancel_campaign(campaign, by=committee.coordinator)
