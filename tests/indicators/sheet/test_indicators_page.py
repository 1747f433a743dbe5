"""The page of one indicator: its definition, its agreements, its figures."""

import re
from decimal import Decimal

import pytest

from agreements.versions import events as drafts
from agreements.versions.endings import draft_ending
from ctg_portal.marks.events import changed
from ctg_portal.marks.models import Subject
from indicators.definitions.events import add_indicator
from indicators.models import Indicator
from indicators.sheet.page import IndicatorPage
from tests import factories as f
from tests.agreements.factories import SeatFactory
from tests.committee.pages import committee_url
from tests.indicators.factories import (
    campaign_of,
    figures,
    indicator_content,
    indicator_in_force,
    proposed_indicator,
    redefine,
    value_of,
    version_of,
)
from tests.indicators.pages import get, indicators_url  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(get):  # noqa: F811
    """``read(indicator, person)``: the text of its page, with plain spaces."""

    def read(indicator, user=None):
        text = get(f"{indicator.pk}/", user)
        return " ".join(text.replace("\xa0", " ").replace("\u202f", " ").split())

    return read


def page_of(committee, indicator, user=None) -> IndicatorPage:
    row = Indicator.objects.with_definition().get(pk=indicator.pk)
    return IndicatorPage(row, user or committee.coordinator)


def told(page) -> list[tuple]:
    return [
        (line.year, line.cell.figure.words, line.variation, line.movement_words, line.aim)
        for line in page.years
    ]


# What is kept ------------------------------------------------------------------------------------


def test_the_page_is_read_again_once_a_party_has_answered(committee, read):
    proposed = proposed_indicator(committee)
    changed(committee.convention, *Subject)
    assert "○ CAF 99 attendu" in read(proposed.subject)
    committee.agree(proposed, committee.caf_member)
    assert "✓ CAF 99 d’accord" in read(proposed.subject)


def test_a_draft_that_somebody_has_read_is_still_for_who_may_draft(committee, get):  # noqa: F811
    content = indicator_content(committee)
    draft = add_indicator(committee.convention, content, by=committee.coordinator)
    changed(committee.convention, *Subject)
    get(f"{draft.object_id}/")
    get(f"{draft.object_id}/", committee.caf_member, status=404)


# The headline ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by_year", "state"),
    [
        ({}, "pas encore de chiffre"),
        ({2022: None}, "pas encore de chiffre"),
        ({2022: 410}, "410 en 2022, en progrès"),
        ({2022: 410, 2023: 405}, "405 en 2023, en recul"),
        ({2022: 410, 2023: None}, "410 en 2022, en progrès"),
    ],
)
def test_the_headline_says_the_last_figure(committee, by_year, state):
    indicator = indicator_in_force(committee, baseline_year=2019)
    figures(committee, indicator, by_year)
    assert page_of(committee, indicator).headline == f"Places agréées en EAJE : {state}"


def test_the_headline_says_why_there_is_no_figure(committee):
    indicator = indicator_in_force(committee)
    value_of(campaign_of(committee, 2022, [indicator]), indicator, absence="not_available",
             reason="Enquête annulée")  # fmt: skip
    assert page_of(committee, indicator).state == "non disponible en 2022"


def test_the_headline_hides_what_is_secret(committee, read):
    committee.caf.masking_threshold = 5
    committee.caf.save()
    indicator = indicator_in_force(committee, is_confidential=True)
    figures(committee, indicator, {2022: 3})
    page = read(indicator)
    assert "secret en 2022" in page
    assert "secret en 2022" in page


def test_what_is_not_agreed_is_told(committee):
    proposed = proposed_indicator(committee)
    assert page_of(committee, proposed.subject).state == "proposé, pas encore accepté"
    draft = add_indicator(
        committee.convention, indicator_content(committee), by=committee.coordinator
    )
    assert page_of(committee, draft.subject).state == "un brouillon"


# Figures -----------------------------------------------------------------------------------------


def test_the_table_tells_each_year_the_latest_first(committee):
    indicator = indicator_in_force(
        committee,
        baseline_year=2019,
        targets=[{"year": 2021, "value": Decimal(420)}, {"year": None, "value": Decimal(500)}],
    )
    figures(committee, indicator, {2020: 410, 2021: None, 2022: 450})
    assert told(page_of(committee, indicator)) == [
        (2022, "450", "+9,8\u202f%", "en progrès", "500 à terme"),
        (2021, "manquant", "", "sans donnée", "420"),
        (2020, "410", "+2,5\u202f%", "en progrès", "420 en 2021"),
    ]
    page = page_of(committee, indicator)
    assert [line.attainment and line.attainment.percent for line in page.years] == [50, None, 50]


def test_how_sure_a_figure_is_is_told(committee, read):
    indicator = indicator_in_force(committee)
    closed = campaign_of(committee, 2021, [indicator], state="closed")
    assert page_of(committee, indicator).years[0].cell.state == "jamais transmis"
    value_of(closed, indicator, 410, provisional=True)
    opened = campaign_of(committee, 2022, [indicator])
    page = page_of(committee, indicator)
    assert [line.cell.state for line in page.years] == ["à transmettre", "transmis, non vérifié"]
    value_of(opened, indicator, 420, source="Enquête locale", comment="Une structure de plus.")
    text = read(indicator)
    assert "410 (p) provisoire" in text
    assert "Enquête locale" in text
    assert "Une structure de plus." in text
    assert "Source Caf d’Exemple" in text


def test_a_draft_value_is_not_shown(committee, read):
    indicator = indicator_in_force(committee)
    value_of(campaign_of(committee, 2022, [indicator]), indicator, 987, state="draft")
    assert "987" not in read(indicator)
    assert "987" not in read(indicator, committee.caf_member)


def test_a_break_is_told_with_what_changed(committee, read):
    indicator = indicator_in_force(committee)
    figures(committee, indicator, {2021: 410})
    indicator = redefine(
        committee, indicator, definition="Places ouvertes au 31 décembre.", limits="Prudence"
    )
    figures(committee, indicator, {2022: 500})
    [broken] = page_of(committee, indicator).breaks
    assert broken.year == 2022
    assert [change.label for change in broken.changes.changed] == ["Définition"]
    page = read(indicator)
    assert "Rupture de série en 2022 : la définition a changé" in page
    assert re.search(r"\[supprimé : ?agréées ?\] ?\[ajouté : ?ouvertes ?\]", page)


def test_a_figure_keeps_the_definition_of_its_year(committee):
    indicator = indicator_in_force(committee, unit="places")
    figures(committee, indicator, {2021: 410})
    redefine(committee, indicator, unit="%", direction="down")
    page = page_of(committee, indicator)
    assert page.years[0].cell.figure.words == "410"
    assert page.breaks == []
    assert ("Unité", "%") in [(line.label, line.text) for line in page.lines]


def test_the_drawing_stands_where_there_are_figures(committee, get):  # noqa: F811
    indicator = indicator_in_force(committee)
    get()
    address = indicators_url(committee, f"{indicator.pk}/")
    assert "<svg" not in get.client.get(address).content.decode()
    figures(committee, indicator, {2021: 410, 2022: 420})
    html = get.client.get(address).content.decode()
    assert 'role="img"' in html
    assert "<caption>" in html


# Definition and agreements -----------------------------------------------------------------------


def test_the_definition_is_what_was_agreed_without_what_says_nothing(committee, read):
    indicator = indicator_in_force(
        committee, limits="Sans les **micro-crèches**.", objectives=[committee.orientation],
        enterer=committee.epci, available_month=5,
    )  # fmt: skip
    labels = [line.label for line in page_of(committee, indicator).lines]
    assert "Définition" in labels
    assert not {"Code", "Multiplié par", "Décimales", "Numérateur", "Soumis au secret statistique",
                "Libellé"} & set(labels)  # fmt: skip
    page = read(indicator)
    assert "La définition convenue" in page
    assert "micro-crèches" in page
    assert "**" not in page
    assert "Disponible en mai" in page
    assert committee.orientation.title.replace("'", "’") in page


def test_who_agreed_and_when_leads_to_the_point(committee, get, read):  # noqa: F811
    indicator = indicator_in_force(committee)
    later = drafts.propose(
        drafts.save_draft(
            indicator, indicator_content(committee, unit="lits"), by=committee.coordinator
        ),
        by=committee.coordinator,
    )
    page = read(indicator)
    assert "Version 1, en vigueur depuis le" in page
    assert "✓ CAF 99 d’accord le" in page
    assert "Une version 2 est en discussion" in page
    html = get.client.get(indicators_url(committee, f"{indicator.pk}/")).content.decode()
    for version in (version_of(indicator), later):
        assert committee_url(committee, f"points/{version.pk}/") in html
    assert ("Unité", "places") in [
        (line.label, line.text) for line in page_of(committee, indicator).lines
    ]


def test_the_point_leads_to_the_figures(committee, client):
    indicator = indicator_in_force(committee)
    client.force_login(committee.caf_member)
    point = client.get(committee_url(committee, f"points/{version_of(indicator).pk}/"))
    leads = f'href="{indicator.get_absolute_url()}">Voir l’indicateur et ses chiffres'
    assert leads in point.content.decode()


# Rights ------------------------------------------------------------------------------------------


OFFERED = "Proposer pour la bibliothèque"


def labels(committee, indicator, user) -> list[str]:
    return [action.label for action in page_of(committee, indicator, user).actions]


def test_each_person_is_offered_what_the_rules_give(committee):
    indicator = indicator_in_force(committee)
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
    assert labels(committee, indicator, committee.coordinator) == [
        "Modifier",
        "Retirer",
        OFFERED,
    ]
    assert labels(committee, indicator, adviser) == ["Modifier", "Retirer"]
    for person in (reader, committee.caf_member):
        assert labels(committee, indicator, person) == []
    proposed = proposed_indicator(committee).subject
    assert labels(committee, proposed, committee.coordinator) == ["Modifier"]


def test_who_enters_its_figure_is_led_there_while_it_is_collected(committee):
    indicator = indicator_in_force(committee)
    campaign_of(committee, 2021, [indicator], state="closed")
    campaign = campaign_of(committee, 2022, [indicator])
    contributor = f.MembershipFactory(organisation=committee.caf).user
    [action] = page_of(committee, indicator, contributor).actions
    entry = campaign.campaign_indicators.get()
    assert action.label == "Saisir le chiffre 2022"
    assert action.url.endswith(f"/evaluations/2022/saisie/{entry.pk}/")
    other = f.MembershipFactory(organisation=committee.epci).user
    assert labels(committee, indicator, other) == []
    assert labels(committee, indicator, committee.coordinator) == [
        "Saisir le chiffre 2022",
        "Modifier",
        "Retirer",
        OFFERED,
    ]


def test_each_year_leads_to_its_evaluation(committee, get):  # noqa: F811
    indicator = indicator_in_force(committee)
    figures(committee, indicator, {2021: 410})
    get()
    html = get.client.get(indicators_url(committee, f"{indicator.pk}/")).content.decode()
    assert f'href="/conventions/{committee.convention.slug}/evaluations/2021/"' in html


def test_what_is_being_withdrawn_is_not_withdrawn_again(committee, read):
    indicator = indicator_in_force(committee)
    drafts.propose(draft_ending(indicator, note="Fini", by=committee.coordinator),
                   by=committee.coordinator)  # fmt: skip
    assert labels(committee, indicator, committee.coordinator) == ["Modifier", OFFERED]
    assert "Son retrait est en discussion" in read(indicator)


def test_a_draft_is_shown_to_drafters_alone(committee, get):  # noqa: F811
    draft = add_indicator(
        committee.convention, indicator_content(committee), by=committee.coordinator
    )
    address = f"{draft.object_id}/"
    assert "un brouillon" in get(address)
    assert committee_url(committee, f"brouillons/{draft.pk}/") in (
        get.client.get(indicators_url(committee, address)).content.decode()
    )
    get.client.force_login(committee.caf_member)
    assert get.client.get(indicators_url(committee, address)).status_code == 404


def test_a_draft_of_a_change_is_told_to_its_author_alone(committee, read):
    indicator = indicator_in_force(committee)
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    drafts.save_draft(indicator, indicator_content(committee, unit="lits"), by=adviser)
    assert "Un brouillon" in read(indicator, adviser)
    assert "Un brouillon" in read(indicator)
    other = SeatFactory(organisation=committee.epci, adviser=True).user
    assert "Un brouillon" not in read(indicator, other)
    assert "Un brouillon" not in read(indicator, committee.caf_member)


# The source of the figures -----------------------------------------------------------------------


def test_a_source_that_is_one_for_all_years_is_told_once(committee, read):
    indicator = indicator_in_force(committee, baseline_year=2019, baseline_source="Diagnostic")
    figures(committee, indicator, {2022: 410, 2023: 405})
    text = read(indicator)
    assert page_of(committee, indicator).source == "Source Caf d’Exemple"
    assert "État Source" not in text
    assert "se comparent · Diagnostic" in text


def test_sources_that_differ_are_told_year_by_year(committee, read):
    indicator = indicator_in_force(committee)
    figures(committee, indicator, {2022: 410})
    other = campaign_of(committee, 2023, [indicator])
    value_of(other, indicator, number=405, source="Rapport d’activité")
    assert page_of(committee, indicator).source == ""
    text = read(indicator)
    assert "État Source" in text
    assert "Rapport d’activité" in text


# What sort of figure it is -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": "output", "direction": "up"}, "Réalisation : ce qui a été fait. Unité : places ; "
         "attendu à la hausse. Source Caf d’Exemple."),
        ({"kind": "context", "direction": "neutral"}, "Contexte : il décrit la situation, sans "
         "dépendre de la convention. Unité : places ; sans sens attendu. Source Caf d’Exemple."),
    ],
)  # fmt: skip
def test_the_lead_says_in_plain_words_what_the_figure_is(committee, read, fields, told):
    assert told in read(indicator_in_force(committee, **fields))
