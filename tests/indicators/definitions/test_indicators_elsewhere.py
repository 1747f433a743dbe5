"""What the indicators show on other chapters' pages: menu, dashboard, axes, administration."""

import pytest
from django.contrib import admin
from django.urls import reverse

from conventions.search.reading import search
from ctg_portal.house import by_key, house
from evaluation.models import Narrative, Report
from indicators.models import (
    Campaign,
    CampaignIndicator,
    CampaignTransition,
    Evidence,
    Indicator,
    Target,
    Value,
    ValueTransition,
)
from tests import factories as f
from tests.agreements.factories import committee_of
from tests.committee.pages import page_of
from tests.indicators.factories import indicator_in_force, proposed_indicator
from tests.indicators.pages import indicators_url
from tests.personas import build_scene

pytestmark = pytest.mark.django_db


def page(client, committee, address="") -> str:
    client.force_login(committee.caf_member)
    response = client.get(f"/conventions/{committee.convention.slug}/{address}")
    page_of(response)
    return response.content.decode()


def test_the_menu_has_the_chapter(client, committee):
    assert f'href="{indicators_url(committee)}">Indicateurs</a>' in page(client, committee)
    own = page(client, committee, "indicateurs/")
    assert f'href="{indicators_url(committee)}" aria-current="page"' in own


# The axes ----------------------------------------------------------------------------------------


def links(committee, *objectives) -> dict:
    actions = by_key(
        house().objective_links, committee.caf_member, committee.convention, list(objectives)
    )
    return {
        objective: [(a.label, a.url) for a in actions.get(objective.pk, [])
                    if "indicateur" in a.label]
        for objective in objectives
    }  # fmt: skip


def test_an_objective_leads_to_what_measures_it(client, committee):
    lone = f.ObjectiveFactory(theme=committee.orientation.theme)
    bare = f.ObjectiveFactory(theme=committee.orientation.theme)
    both = [committee.orientation, lone]
    first = indicator_in_force(committee, title="Un", objectives=both)
    proposed_indicator(committee, title="Deux", objectives=[committee.orientation])
    linked = links(committee, committee.orientation, lone, bare)
    many = f"{indicators_url(committee)}?objectif={committee.orientation.pk}"
    assert linked == {
        committee.orientation: [("2 indicateurs", many)],
        lone: [("1 indicateur", first.get_absolute_url())],
        bare: [],
    }
    assert f'href="{many}"' in page(client, committee, "axes/")
    listed = client.get(many)
    assert "Un</a>" in listed.content.decode()


def test_drafts_and_withdrawn_ones_are_not_linked(committee):
    Indicator.objects.filter(
        pk=indicator_in_force(committee, objectives=[committee.orientation]).pk
    ).update(standing="withdrawn")
    Indicator.objects.filter(
        pk=indicator_in_force(committee, objectives=[committee.orientation]).pk
    ).update(standing="draft")
    assert links(committee, committee.orientation) == {committee.orientation: []}


# The search --------------------------------------------------------------------------------------


def hits(committee, query) -> list[tuple]:
    groups = search(committee.convention, committee.convention.start, query)
    sections = [group for group in groups if group.heading == "Indicateurs"]
    return [(hit.title, hit.url, hit.is_proposed) for group in sections for hit in group.hits]


def test_indicators_are_found_by_code_and_words(client, committee):
    first = indicator_in_force(committee, code="PE-02", scope="Enfants de 0 à 3 ans")
    other = proposed_indicator(committee, title="Séances", definition="Séances tenues.").subject
    indicator_in_force(committee_of())
    own = ("PE-02 Places agréées en EAJE", first.get_absolute_url(), False)
    assert hits(committee, "pe-02") == [own]
    assert hits(committee, "AGREEES") == [own]
    assert hits(committee, "enfants de 0") == [own]
    assert hits(committee, "seances tenues") == [("Séances", other.get_absolute_url(), True)]
    assert hits(committee, "introuvable") == []
    html = page(client, committee, "recherche/?q=agr%C3%A9%C3%A9es")
    assert "Places <mark>agréées</mark> en EAJE</a>" in html


# The administration ------------------------------------------------------------------------------

MODELS = [Indicator, Target, Campaign, CampaignTransition,
          CampaignIndicator, Value, ValueTransition, Evidence,
          Narrative, Report]  # fmt: skip


def test_every_model_is_there_to_be_read_only(admin_client):
    build_scene()
    for model in MODELS:
        meta = model._meta
        assert model in admin.site._registry
        row = model._default_manager.first()
        listing = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        assert admin_client.get(listing + "?q=").status_code == 200
        if row is not None:
            change = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
            assert admin_client.get(change).status_code == 200
            assert admin_client.post(change, {}).status_code == 403
            assert admin_client.post(change.replace("change", "delete"), {}).status_code == 403
        add = reverse(f"admin:{meta.app_label}_{meta.model_name}_add")
        assert admin_client.get(add).status_code == 403
