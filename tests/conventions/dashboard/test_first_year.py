"""The first year of a convention: its coordination is led through it from the dashboard."""

import pytest
from lxml import html

from conventions.models import Convention
from indicators.models import Campaign, CampaignState
from tests.actions.factories import draft_action, proposed_action
from tests.agreements.factories import committee_of
from tests.committee.meetings.scene import convened, prepared
from tests.indicators.factories import campaign_of, proposed_indicator
from tests.stories import told_once

pytestmark = pytest.mark.django_db

INDICATORS, PLAN, FIGURES, MEETING = (
    "Choisir les indicateurs dans la bibliothèque",
    "Déposer le plan d’actions, de votre tableau",
    "Ouvrir le premier recueil de chiffres",
    "Convoquer la première réunion",
)


@told_once
def committee():
    return committee_of()


@pytest.fixture
def steps(client, committee):
    """``steps(user)``: the steps on their dashboard, each with its state: done, next or ""."""

    def read(user=None) -> list[tuple[str, str]]:
        client.force_login(user or committee.coordinator)
        page = html.fromstring(client.get(committee.convention.get_absolute_url()).text)
        return [
            (
                item.findtext("b/a").replace("\u00a0", " "),
                item.get("class") or ("next" if item.get("aria-current") else ""),
            )
            for item in page.iterfind(".//ol[@class='steps']/li")
        ]

    return read


def test_a_new_convention_begins_with_its_indicators(steps):
    assert steps() == [(INDICATORS, "next"), (PLAN, ""), (FIGURES, ""), (MEETING, "")]


def test_a_step_is_done_once_something_is_proposed_and_the_next_one_follows(steps, committee):
    proposed_indicator(committee)
    draft_action(committee)
    assert steps() == [(INDICATORS, "done"), (PLAN, "next"), (FIGURES, ""), (MEETING, "")]


def test_a_step_counts_what_is_drafted_and_proposed(client, committee):
    draft_action(committee)
    proposed_indicator(committee)
    client.force_login(committee.coordinator)
    page = client.get(committee.convention.get_absolute_url()).text.replace("\u00a0", " ")
    assert "<small>1 brouillon à proposer</small>" in page
    assert "<small>1 proposé ou en vigueur</small>" in page


def test_a_meeting_counts_once_it_is_convened(steps, committee):
    prepared(committee)
    assert (MEETING, "") in steps()
    convened(committee, days=60)
    assert (MEETING, "done") in steps()


def test_the_steps_go_once_all_are_done(steps, committee):
    proposed_action(committee)
    convened(committee)
    proposed_indicator(committee)
    campaign_of(committee, committee.convention.start.year)
    assert steps() == []


def test_the_first_year_ends_with_its_collection(steps, committee):
    year = committee.convention.start.year
    campaign_of(committee, year, state=CampaignState.CLOSED)
    assert steps() == []


def test_past_years_from_a_file_are_no_first_collection(steps, committee):
    year = committee.convention.start.year
    campaign_of(committee, year, state=CampaignState.CLOSED)
    Campaign.objects.update(is_from_file=True)
    assert (FIGURES, "") in steps()


def test_an_ended_convention_has_no_first_year(steps, committee):
    Convention.objects.filter(pk=committee.convention.pk).update(
        signed_on="2019-12-31", start="2020-01-01", end="2020-12-31"
    )
    assert steps() == []


def test_before_the_signature_the_convention_is_to_be_signed(steps, committee):
    Convention.objects.filter(pk=committee.convention.pk).update(signed_on=None)
    assert [title for title, _ in steps()] == [
        INDICATORS, PLAN, "Faire signer la convention", FIGURES, MEETING
    ]  # fmt: skip


def test_only_the_coordination_is_led(steps, committee):
    assert steps(committee.caf_member) == []
