"""What a submitted evaluation tells of the years before its own: their figures, and not that
somebody has begun to collect them since."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from conventions.models import Organisation
from ctg_portal.forms.revisions import revision_of
from ctg_portal.rules import Refused
from evaluation.editions.following import notes_on_figure
from evaluation.models import EditionState
from evaluation.publication import events
from evaluation.publication.current import current_content
from indicators.collection.events import change_year, close_campaign, reopen_campaign
from indicators.models import Campaign, CampaignState
from indicators.values.events import correct_value, remove_past_value, save_value
from indicators.values.figure import Figure
from indicators.values.giving import submit_values
from tests import factories as f
from tests.committee.pages import page_of
from tests.evaluation.publication.scene import (
    YEAR,
    agreed,
    keep_drawn,
    now,
    proposed,
    published,
    submitted,
    written_year,
)
from tests.indicators.factories import campaign_of, later, redefine, value_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db
BEFORE = YEAR - 1


@told_once
def committee(db):
    return written_year()


def opened_since(committee, state=CampaignState.OPEN):
    return campaign_of(committee, BEFORE, [committee.indicator], state=state)


def test_a_collection_opened_since_leaves_what_is_agreed_to(committee, agreed_edition):
    opened_since(committee)
    assert events.changed_since(agreed_edition) is None
    keep_drawn(events.request_publication(agreed_edition, by=committee.coordinator))
    assert now(agreed_edition).state == EditionState.PUBLISHED


def test_the_definition_of_a_collection_opened_since_breaks_no_series(committee):
    edition = submitted(committee)
    redefine(committee, committee.indicator, unit="berceaux")
    opened_since(committee)
    assert events.changed_since(edition) is None


def test_a_figure_of_a_collection_that_goes_on_returns_nothing(committee):
    edition = submitted(committee)
    value_of(opened_since(committee), committee.indicator, 400)
    assert events.changed_since(edition) is None


def test_a_closing_without_a_figure_returns_nothing(committee, proposed_edition):
    close_campaign(opened_since(committee), by=committee.coordinator)
    assert now(proposed_edition).is_proposed


def test_a_collection_opened_before_for_another_year_returns_nothing(committee):
    """The collection was for the year after, and is for this one since that year was closed."""
    committee.convention.start = datetime.date(BEFORE, 1, 1)
    committee.convention.save()
    later_one = campaign_of(committee, YEAR + 1, [committee.indicator])
    Campaign.objects.filter(pk=later_one.pk).update(opened_at=committee.campaign.closed_at)
    edition = agreed(committee)
    change_year(later_one, BEFORE, due_on=later(), by=committee.coordinator)
    assert events.changed_since(edition) is None


def test_a_closing_with_figures_returns_what_is_submitted(client, committee):
    edition = proposed(committee)
    campaign = opened_since(committee)
    value_of(campaign, committee.indicator, 400)
    client.force_login(committee.coordinator)
    closing = reverse("indicators:close_campaign", args=[committee.convention.slug, BEFORE])
    assert "L’évaluation 2023 est soumise" in page_of(client.get(closing))
    close_campaign(campaign, by=committee.coordinator)
    edition = now(edition)
    assert edition.state == EditionState.RETURNED
    reason = edition.transitions.last().reason
    assert reason == "Le recueil 2022 est clos : ses chiffres comptent dès maintenant."
    assert not edition.version.is_proposed


def test_a_correction_of_a_year_before_returns_what_is_submitted(committee):
    campaign = opened_since(committee, CampaignState.CLOSED)
    entry = value_of(campaign, committee.indicator, 400).campaign_indicator
    edition = submitted(committee)
    [note] = notes_on_figure(campaign)
    assert note.startswith("L’évaluation 2023 est soumise")
    agent = f.MembershipFactory(organisation=committee.caf).user
    correct_value(entry, Figure(number=Decimal(390)), reason="Faute de frappe.", by=agent)
    edition = now(edition)
    assert edition.state == EditionState.RETURNED
    assert edition.transitions.last().reason == "Les chiffres de 2022 ont changé."


def test_a_correction_by_the_portal_returns_what_is_submitted(committee):
    """A command that brings a file acts for nobody."""
    entry = committee.value.campaign_indicator
    edition = submitted(committee)
    correct_value(entry, Figure(number=Decimal(390)), reason="Repris d’un fichier.", by=None)
    last = now(edition).transitions.last()
    assert (last.to_state, last.by, last.capacity) == (EditionState.RETURNED, None, "")


def test_a_year_is_not_submitted_while_an_earlier_collection_is_open_again(client, committee):
    campaign = opened_since(committee, CampaignState.CLOSED)
    entry = value_of(campaign, committee.indicator, 400).campaign_indicator
    edition = submitted(committee)
    reopen_campaign(campaign, due_on=later(), reason="Une erreur.", by=committee.coordinator)
    agent = f.MembershipFactory(organisation=committee.caf).user
    save_value(entry, Figure(number=Decimal(390)), by=agent)
    with pytest.raises(Refused, match="Le recueil 2022 est rouvert"):
        submitted(committee)
    client.force_login(committee.coordinator)
    page = reverse("evaluation:publication", args=[committee.convention.slug, YEAR])
    assert "Le recueil 2022 est rouvert" in page_of(client.get(page))
    save_value(entry, Figure(number=Decimal(400)), by=agent)
    submit_values([entry], by=agent)
    close_campaign(campaign, by=committee.coordinator)
    assert now(edition).is_submitted
    assert events.changed_since(edition) is None


@pytest.mark.parametrize("is_own_year", [True, False])
def test_a_published_figure_is_not_deleted(committee, is_own_year):
    """A wrong figure is corrected, with its reason."""
    campaign = committee.campaign if is_own_year else opened_since(committee, CampaignState.CLOSED)
    campaign.campaign_indicators.get().values.all().delete()
    agent = f.MembershipFactory(organisation=committee.caf).user
    entry, figure = campaign.campaign_indicators.get(), Figure(number=Decimal(400))
    value = correct_value(entry, figure, reason="Repris d’un fichier.", by=agent)
    published(committee)
    with pytest.raises(Refused, match="une évaluation publiée la dit"):
        remove_past_value(value, by=agent, revision=revision_of(value))
    assert entry.values.exists()


def test_the_figures_of_a_collection_opened_before_the_closing_are_shown(committee):
    opened_since(committee)
    committee.campaign.closed_at = committee.campaign.opened_at.replace(year=2099)
    committee.campaign.save()
    content = current_content(submitted(committee))
    assert [line.year for line in content.data] == [BEFORE, YEAR]


def test_the_page_of_the_point_says_that_the_content_is_outdated(client, committee):
    version = proposed(committee).version
    client.force_login(committee.caf_member)
    point = reverse("committee:point", args=[committee.convention.slug, version.pk])
    outdated = "ne peut plus être publiée telle quelle"
    assert outdated not in page_of(client.get(point))
    Organisation.objects.filter(pk=committee.epci.pk).update(name="Renommée")
    assert outdated in page_of(client.get(point))
