"""Figures that are sent where nothing takes them any more are given back, to be copied."""

import datetime

import pytest
from django.utils import timezone

from conventions.access.events import end_membership
from indicators.collection.events import cancel_campaign, change_year
from tests import factories as f
from tests.accounts.reading import tree_of
from tests.agreements.factories import committee_of
from tests.indicators.factories import campaign_of, indicator_in_force
from tests.indicators.values.entering import entry_url, fields_of
from tests.reading import everything_in
from tests.stories import told_once

pytestmark = pytest.mark.django_db

START = datetime.date(2020, 1, 1)
FIGURE, NUMBER, TEXT = "98 765", "Nombre", "Sans le mois d’août"


@told_once
def asked(db):
    """A committee whose collection was opened for the wrong year."""
    committee = committee_of(signed_on=START, start=START)
    indicators = [indicator_in_force(committee, title=title) for title in ("Places", "Lieux")]
    committee.communes = [
        f.CoverageFactory(
            commune__convention=committee.convention, commune__name=name,
            since=committee.orientation.since,
        ).commune
        for name in ("Naintré", "Scorbé")
    ]  # fmt: skip
    by_commune = indicator_in_force(committee, title="Enfants", grain="commune", aggregation="sum")
    committee.campaign = campaign_of(committee, 2023, [*indicators, by_commune])
    committee.access = f.MembershipFactory(organisation=committee.caf)
    return committee


def cancelled(asked):
    cancel_campaign(asked.campaign, by=asked.coordinator)


def moved(asked):
    soon = timezone.localdate() + datetime.timedelta(days=30)
    change_year(asked.campaign, 2022, due_on=soon, by=asked.coordinator)


def ended(asked):
    end_membership(asked.access, by=None)


def given_back(response) -> str:
    assert response.status_code in (404, 410)
    text = everything_in(response).replace("\xa0", " ").replace("\u202f", " ")
    return text.partition("copiez-le avant de quitter cette page")[2]


def typed(client, address: str, **fields) -> dict:
    """What is sent of a page on which somebody has typed."""
    response = client.get(address)
    count = len(tree_of(response.content.decode()).findall(".//form"))
    forms = [fields_of(response, form) for form in range(count)]
    [sent] = [form for form in forms if fields.keys() <= form.keys()]
    return sent | fields


@pytest.mark.parametrize(
    ("act", "label"), [(cancelled, "Ligne 2"), (moved, "Lieux"), (ended, "Ligne 2")]
)
@pytest.mark.parametrize("page", ["", "grille/"])
def test_figures_of_a_collection_that_is_gone_are_given_back(client, asked, page, act, label):
    client.force_login(asked.access.user)
    address, entry = entry_url(asked.campaign, page), asked.campaign.campaign_indicators.all()[1]
    field = "beside" if page else "comment"
    sent = typed(client, address, **{f"v{entry.pk}-figure": FIGURE, f"v{entry.pk}-{field}": TEXT})
    act(asked)
    text = given_back(client.post(address, sent))
    assert f"{label} : {FIGURE} ; {TEXT}" in text
    assert text.count(TEXT) == 1
    assert "Ligne 1" not in text


def test_figures_of_communes_are_given_back(client, asked):
    client.force_login(asked.access.user)
    entry = asked.campaign.campaign_indicators.get(indicator__title="Enfants")
    address = entry_url(asked.campaign, f"{entry.pk}/communes/")
    sent = typed(client, address, **{f"v{entry.pk}-{asked.communes[1].pk}-figure": FIGURE})
    moved(asked)
    assert f"Enfants, Scorbé : {FIGURE}" in given_back(client.post(address, sent))


def test_a_block_that_was_pasted_is_given_back(client, asked):
    client.force_login(asked.access.user)
    address = entry_url(asked.campaign, "coller/")
    sent = typed(client, address, block="12\n345")
    moved(asked)
    assert "12\n345" in given_back(client.post(address, sent))


def test_figures_typed_on_their_own_page_are_given_back(client, asked):
    client.force_login(asked.access.user)
    address = entry_url(asked.campaign, f"{asked.campaign.campaign_indicators.first().pk}/")
    sent = typed(client, address, figure=FIGURE, comment=TEXT)
    moved(asked)
    assert f"{FIGURE} ; {TEXT}" in given_back(client.post(address, sent))


def test_who_is_not_there_reads_no_label(client, asked):
    """The numbers of rows that are sent do not matter."""
    moved(asked)
    client.force_login(f.UserFactory())
    entry = asked.campaign.campaign_indicators.all()[1]
    sent = {f"v{entry.pk}-figure": FIGURE}
    text = given_back(client.post(entry_url(asked.campaign), sent))
    assert f"Ligne 1 : {FIGURE}" in text
    assert "Lieux" not in text
