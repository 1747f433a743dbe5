"""What a year lacks is one list: all pages count its elements, or a named part of them."""

import datetime

import pytest
from django.urls import reverse

from evaluation.publication.rights import may_submit
from evaluation.year.lacks import Kind, Lacks, lacking_of
from indicators.models import CampaignState
from tests import factories as f
from tests.agreements.factories import committee_of
from tests.committee.pages import page_of
from tests.evaluation.year.counted import missing_on_pages
from tests.indicators.factories import campaign_of, communes, indicator_in_force, table_of, value_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db
YEAR = 2023


@told_once
def committee():
    return committee_of(signed_on=datetime.date(2021, 1, 1), end=datetime.date(2024, 12, 31))


def asked(committee, count: int, **values):
    return [
        indicator_in_force(committee, title=f"Places {number}", targets=[], **values)
        for number in range(count)
    ]


def counts_of(client, committee):
    client.force_login(committee.coordinator)
    return missing_on_pages(client, committee.convention, YEAR)


def test_all_pages_count_the_same_of_a_year_with_five_indicators_without_targets(client, committee):
    """Five figures: two are given, one is saved and one is a table given in part."""
    given, also_given, saved, bare = asked(committee, 4)
    bare_table = {"baseline_value": None, "baseline_year": None, "targets": []}
    table = indicator_in_force(
        committee, title="Foyers", grain="commune", aggregation="sum", **bare_table
    )
    first, _ = communes(committee, "Availles", "Bonneuil")
    campaign = campaign_of(committee, YEAR, [given, also_given, saved, bare, table])
    for indicator in (given, also_given):
        value_of(campaign, indicator, 3)
    value_of(campaign, saved, 4, state="draft")
    table_of(campaign, table, {first: 3})
    counts = counts_of(client, committee)
    assert counts.pop("submission") == set()  # refused while the collection is open
    figures = {name: counts.pop(name) for name in ("dashboard", "introduction", "conclusion")}
    assert set(map(frozenset, figures.values())) == {frozenset({"3 chiffres"})}
    # With a part of each organisation below.
    assert counts.pop("collection") == {"3 chiffres"}
    lacks = lacking_of(committee.convention, campaign)
    assert lacks.count == 8  # also a baseline, a verdict, a text on the theme, two on the year
    assert set(map(frozenset, counts.values())) == {frozenset({"8 elements", "3 chiffres"})}
    [line] = [line for line in lacks.lines if line.kind == Kind.FIGURE]
    assert line.sentence == ("3\u00a0chiffres manquent, dont 1\u00a0tableau transmis en partie.")
    assert line.owed_by == "Caf d’Exemple (3)"


def test_all_pages_count_the_same_of_a_year_without_a_figure(client, committee):
    campaign_of(committee, YEAR, asked(committee, 5), state=CampaignState.CLOSED)
    counts = counts_of(client, committee)
    for name in ("dashboard", "introduction", "conclusion", "collection"):
        assert counts.pop(name) == {"5 chiffres"}, name
    assert set(map(frozenset, counts.values())) == {frozenset({"9 elements", "5 chiffres"})}


def test_a_year_that_lacks_figures_alone_counts_figures(committee):
    campaign = campaign_of(committee, YEAR, asked(committee, 2), state=CampaignState.CLOSED)
    lines = lacking_of(committee.convention, campaign).lines
    assert Lacks([line for line in lines if line.kind == Kind.FIGURE]).words == (
        "2\u00a0chiffres manquent"
    )
    assert Lacks().words == "rien ne manque"


@pytest.mark.parametrize(
    ("state", "blocking"),
    [
        (CampaignState.PREPARED, "Le recueil n’est pas ouvert."),
        (CampaignState.OPEN, "Le recueil n’est pas clos."),
        (CampaignState.CLOSED, ""),
    ],
)
def test_a_step_that_blocks_the_submission_comes_first_and_is_not_counted(
    committee, state, blocking
):
    campaign = campaign_of(committee, YEAR, state=state)
    first, *others = lacking_of(committee.convention, campaign).lines or [None]
    assert (first.sentence if first and first.blocks else "") == blocking
    assert not any(line.blocks for line in others)
    assert bool(may_submit(committee.coordinator, committee.convention, campaign)) == bool(blocking)


@pytest.mark.parametrize("values", [{"direction": "neutral"}, {"kind": "context"}])
def test_a_context_indicator_is_asked_for_no_baseline(client, committee, values):
    bare = {"baseline_value": None, "baseline_year": None}
    campaign = campaign_of(committee, YEAR, asked(committee, 1, **bare, **values))
    lines = lacking_of(committee.convention, campaign).lines
    assert Kind.BASELINE not in {line.kind for line in lines}
    client.force_login(committee.coordinator)
    url = reverse("evaluation:appreciations", args=[committee.convention.slug, YEAR])
    assert "sans situation initiale" not in page_of(client.get(url))


def test_no_more_than_three_organisations_that_owe_figures_are_named(committee):
    organisations = [
        f.OrganisationFactory(convention=committee.convention, acronym=f"A{n}", name=f"Caisse {n}")
        for n in range(5)
    ]
    indicators = [asked(committee, 1, provider=provider)[0] for provider in organisations]
    campaign = campaign_of(committee, YEAR, indicators)
    [line] = [
        line
        for line in lacking_of(committee.convention, campaign).lines
        if line.kind == Kind.FIGURE
    ]
    assert line.owed_by == "Caisse 0 (1), Caisse 1 (1), Caisse 2 (1) et 2\u00a0autres organismes"
