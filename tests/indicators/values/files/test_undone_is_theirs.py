"""A figure that a file changed, and that is put back, is again that of who typed it: nobody
verifies a figure of their own (rule 5)."""

from decimal import Decimal

import pytest

from ctg_portal.rules import Refused
from indicators.collection.events import close_campaign
from indicators.models import CampaignState
from indicators.values.events import save_value
from indicators.values.figure import Figure
from indicators.values.files.years import REASON
from indicators.values.giving import submit_values, verify_value
from indicators.values.writing import value_of
from spreadsheets.importing import events
from tests.factories import MembershipFactory
from tests.indicators.values.files.test_importing import bring, keep
from tests.indicators.values.files.test_years import bring as bring_years
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

TYPED = Figure(number=Decimal(400), comment="Compté deux fois")


@told_once
def colleague(committee):
    return MembershipFactory(organisation=committee.caf).user


def who(value) -> tuple:
    return (value.entered_by, value.entered_by_name, value.entered_at, value.is_on_behalf)


def brought_and_undone(office, by):
    row = bring(office, by, ["Code", "Valeur"], ["1.1", 412])
    keep(row, by)
    assert value_of(office.entry("1.1")).entered_by == by
    events.undo(row, by=by)


def test_it_is_told_as_theirs(office, agent, colleague):
    before = who(save_value(office.entry("1.1"), TYPED, by=agent))
    brought_and_undone(office, colleague)
    value = value_of(office.entry("1.1"))
    assert (value.number, value.comment) == (400, TYPED.comment)
    assert who(value) == before
    act = value.transitions.last()
    assert (act.verb, act.by) == ("saved", colleague)  # who put it back stays in the log


def test_they_are_not_the_second_person(office, agent, colleague):
    entry = office.entry("1.1")
    save_value(entry, TYPED, by=agent)
    brought_and_undone(office, colleague)
    [value] = submit_values([entry], by=colleague).sent
    with pytest.raises(Refused, match="Une autre personne que celle qui a saisi"):
        verify_value(value, by=agent)
    verify_value(value, by=colleague)


def test_so_is_what_was_typed_in_their_stead(office, agent):
    """It stays the coordination's word, not that of the organisation's own people."""
    typed = save_value(office.entry("1.1"), TYPED, by=office.committee.coordinator)
    before = who(typed)
    assert typed.is_on_behalf
    brought_and_undone(office, agent)
    assert who(value_of(office.entry("1.1"))) == before


def test_what_an_older_import_kept_does_not_say_it(office, agent, colleague):
    """It is then that of who puts it back, as it was."""
    save_value(office.entry("1.1"), TYPED, by=agent)
    row = bring(office, colleague, ["Code", "Valeur"], ["1.1", 412])
    keep(row, colleague)
    line = row.kept_lines.get()
    line.before = {"figure": line.before["figure"]}
    line.save()
    events.undo(row, by=colleague)
    assert value_of(office.entry("1.1")).entered_by == colleague


@pytest.mark.parametrize("state", [CampaignState.OPEN, CampaignState.CLOSED])
def test_so_is_a_figure_of_a_file_of_several_years(office, agent, colleague, state):
    entry = office.entry("1.1")
    save_value(entry, TYPED, by=agent)
    if state == CampaignState.CLOSED:
        submit_values([entry], by=colleague)
        close_campaign(entry.campaign, by=office.committee.coordinator)
    before = who(value_of(entry))
    year = str(entry.campaign.year)
    convention = office.committee.convention
    row = bring_years(convention, colleague, ["Code", year], ["1.1", 412], **{REASON: "Refait"})
    keep(row, colleague)
    assert value_of(entry).entered_by == colleague
    events.undo(row, by=colleague)
    value = value_of(entry)
    assert (value.number, who(value)) == (400, before)
    assert value.submitted_at is None or value.submitted_at > value.entered_at
