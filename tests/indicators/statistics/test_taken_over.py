"""Who takes over a published figure that was sent back has typed it, and does not verify it; one
that is put back is nobody's again."""

from decimal import Decimal

import pytest

from ctg_portal.rules import Refused
from indicators.collection.events import close_campaign
from indicators.values.events import correct_value, save_value
from indicators.values.figure import Figure
from indicators.values.giving import return_value, submit_values, verify_table
from indicators.values.writing import Typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def value(campaign, load):
    load()
    return campaign.campaign_indicators.get().values.get(commune__insee_code="86001")


def test_the_same_number_again_is_typed(committee, agent, colleague, campaign, value):
    return_value(value, reason="À revoir", by=committee.coordinator)
    entry = campaign.campaign_indicators.get()
    figure = Figure(number=value.number, comment="Vérifié dans nos fichiers.")
    save_value(entry, figure, by=agent, commune=value.commune)
    value.refresh_from_db()
    assert (value.is_public, value.entered_by) == (False, agent)
    submit_values([entry], by=agent)
    assert value.pk not in {one.pk for one in verify_table(entry, by=agent)}
    with pytest.raises(Refused, match="Une autre personne que celle qui a saisi"):
        verify_table(entry, by=agent)


def test_a_figure_put_back_in_a_closed_year_is_public_again(committee, agent, campaign, value):
    typed, before = Typed.of(value), Figure.of(value)
    entry = campaign.campaign_indicators.get()
    close_campaign(campaign, by=committee.coordinator)
    fields = {"by": agent, "commune": value.commune}
    correct_value(entry, Figure(number=Decimal(12)), reason="Recompté.", **fields)
    value.refresh_from_db()
    assert (value.is_public, value.entered_by) == (False, agent)
    correct_value(entry, before, reason="Import de fichier annulé.", typed=typed, **fields)
    value.refresh_from_db()
    assert (value.is_public, value.entered_by, value.entered_by_name) == (True, None, "")
    assert Figure.of(value) == before


def test_a_draft_put_back_is_of_who_puts_it_back(committee, agent, campaign, value):
    """A draft is no public statistic: whoever writes it has typed it."""
    typed, before = Typed.of(value), Figure.of(value)
    return_value(value, reason="À revoir", by=committee.coordinator)
    entry = campaign.campaign_indicators.get()
    fields = {"by": agent, "commune": value.commune}
    save_value(entry, Figure(number=Decimal(12)), **fields)
    save_value(entry, before, typed=typed, **fields)
    value.refresh_from_db()
    assert (value.is_draft, value.is_public, value.entered_by) == (True, False, agent)
