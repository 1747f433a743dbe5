"""Tables of communes given by a link: row by row, pasted, by the workbook; nothing of what is
secret is shown there."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from indicators.models import CampaignIndicator, TableState
from indicators.values import events
from indicators.values.figure import Figure
from indicators.values.links.events import send_link
from indicators.values.tables import update_table_state
from tests.committee.pages import page_of
from tests.factories import MembershipFactory, OrganisationFactory
from tests.indicators.factories import campaign_of, communes, indicator_in_force, table_of
from tests.indicators.values.entering import fields_of
from tests.indicators.values.links.test_links import HIDDEN, Holder, secretive
from tests.spreadsheets.files import xlsx
from tests.stories import told_once

pytestmark = pytest.mark.django_db

SECRET = 3471


@told_once
def asso(committee):
    return OrganisationFactory(convention=committee.convention, name="Association Les Lilas")


@told_once
def places(committee):
    return communes(committee, "Archigny", "Cernay", "Thuré")


@told_once
def campaign(committee, asso, places):
    asked = {"grain": "commune", "aggregation": "sum", "provider": asso, "baseline_value": None}
    indicators = [
        indicator_in_force(committee, title="Ouvert", **asked),
        indicator_in_force(committee, title="Gardé", is_confidential=True, **asked),
        indicator_in_force(committee, title="Ailleurs", grain="commune", provider=committee.caf),
    ]
    secretive(asso)
    before = campaign_of(committee, 2023, indicators, state="closed")
    for indicator in indicators:
        numbers = [17, 0, 42] if indicator.title == "Ouvert" else [SECRET, 5, 6000]
        table_of(before, indicator, dict(zip(places, numbers, strict=True)))
    campaign = campaign_of(committee, 2024, indicators)
    for entry in campaign.campaign_indicators.all():
        update_table_state(entry, [one.pk for one in places])
    return campaign


@pytest.fixture
def entries(campaign):
    return {row.indicator.title: row for row in campaign.campaign_indicators.with_relations()}


@pytest.fixture
def holder(client, committee, campaign, asso, mailoutbox):
    return Holder(
        client, send_link(campaign, asso, address=asso.email, by=committee.coordinator)
    ).open()


def table_url(holder, entry, address="") -> str:
    return f"{holder.page}communes/{entry.pk}/{address}"


def fill(holder, entry, places, numbers):
    url = table_url(holder, entry)
    fields = fields_of(holder.client.get(url), form=0)
    typed = {f"v{entry.pk}-{p.pk}-figure": n for p, n in zip(places, numbers, strict=False)}
    return " ".join(page_of(holder.client.post(url, fields | typed, follow=True)).split())


def numbers(entry) -> dict:
    return {value.commune.name: value.number for value in entry.values.by_commune()}


def state(entry):
    return CampaignIndicator.objects.get(pk=entry.pk).table_state


def test_tables_stand_among_what_is_owed_by_a_link(holder, entries):
    page = holder.read()
    assert "Il reste 2" in page
    assert "0 commune sur 3" in page
    assert table_url(holder, entries["Ouvert"]) in holder.response.content.decode()
    assert "Ailleurs" not in page


def test_a_table_is_filled_in_and_given(holder, entries, places, asso):
    entry = entries["Ouvert"]
    page = fill(holder, entry, places, ["12", "0", "n.d."])
    assert "17 (2023)" in page
    assert "Dites pourquoi" in page
    fields = fields_of(holder.client.get(table_url(holder, entry)), form=0)
    cell = f"v{entry.pk}-{places[2].pk}"
    holder.client.post(
        table_url(holder, entry), fields | {f"{cell}-figure": "n.d.", f"{cell}-beside": "Perdu."}
    )
    assert numbers(entry) == {"Archigny": 12, "Cernay": 0, "Thuré": None}
    assert "1 tableau est prêt à transmettre" in holder.read("transmettre/")
    holder.give()
    assert state(entry) == TableState.SUBMITTED
    value = entry.values.first()
    assert value.entered_by_name == "Marie Durand, directrice"
    assert value.entered_through == holder.link


def test_a_row_is_saved_by_itself(holder, entries, places):
    entry = entries["Ouvert"]
    url, key = table_url(holder, entry), f"{entry.pk}-{places[0].pk}"
    fields = fields_of(holder.client.get(url), form=0) | {f"v{key}-figure": "12"}
    answer = holder.client.post(f"{url}?ligne={key}", fields, headers={"HX-Request": "true"})
    assert "Enregistré" in answer.content.decode()
    assert numbers(entry) == {"Archigny": 12}


def test_a_column_is_pasted(holder, entries):
    entry = entries["Ouvert"]
    url = table_url(holder, entry, "coller/")
    fields = fields_of(holder.client.get(url), form=0)
    preview = holder.client.post(url, fields | {"block": "Thuré\t41\nARCHIGNY\t12"})
    assert "acceptées" in page_of(preview)
    holder.client.post(url, fields_of(preview, form=0) | {"keep": "yes"})
    assert numbers(entry) == {"Archigny": 12, "Thuré": 41}


def test_a_workbook_brings_several_tables_at_once(holder, entries):
    url = holder.page + "classeur/"
    fields = fields_of(holder.client.get(url), form=0)
    content = xlsx(["Commune", "Ouvert", "Gardé"], ["Archigny", 12, 4001], ["Thuré", 41, 4002])
    preview = holder.client.post(url, fields | {"table": SimpleUploadedFile("c.xlsx", content)})
    page = " ".join(page_of(preview).split())
    assert "Quatre lignes collées : quatre acceptées" in page
    assert "Gardé – Thuré" in page
    holder.client.post(url, fields_of(preview, form=0) | {"keep": "yes"})
    assert numbers(entries["Ouvert"]) == {"Archigny": 12, "Thuré": 41}
    assert numbers(entries["Gardé"]) == {"Archigny": 4001, "Thuré": 4002}


@pytest.mark.parametrize("is_given", [False, True])
def test_what_secrecy_protects_is_never_shown_again(holder, entries, places, is_given):
    entry = entries["Gardé"]
    before = holder.client.get(table_url(holder, entry)).content.decode()
    assert str(SECRET) not in before.replace("\u202f", "")
    fill(holder, entry, places, ["4321", "4322", "4323"])
    if is_given:
        holder.give()
        assert state(entry) == TableState.SUBMITTED
    for address in ("", f"communes/{entry.pk}/", "transmettre/", f"communes/{entry.pk}/coller/"):
        html = holder.client.get(holder.page + address).content.decode()
        html = html.replace("\u202f", "")
        assert not any(told in html for told in ("4321", "4322", "4323", "12966", str(SECRET)))
    page = " ".join(page_of(holder.client.get(table_url(holder, entry))).split())
    assert page.count(HIDDEN) == (3 if is_given else 0)
    assert page.count("ce qui est donné n’est plus montré") == 3
    assert "3 communes sur 3" in page


def test_what_its_people_have_begun_is_neither_shown_nor_given(holder, asso, entries, places):
    person = MembershipFactory(organisation=asso).user
    entry = entries["Ouvert"]
    events.save_value(entry, Figure(number=Decimal(977)), commune=places[0], by=person)
    fill(holder, entry, places[1:], ["5", "6"])
    html = holder.client.get(table_url(holder, entry)).content.decode()
    assert "977" not in html
    assert places[0].name not in html
    assert "a commencé ce tableau avec son accès" in holder.read("transmettre/")
    holder.give()
    assert state(entry) == TableState.DRAFT


def test_a_table_of_others_is_not_there(client, holder, entries, committee):
    assert holder.client.get(table_url(holder, entries["Ailleurs"])).status_code == 404
    assert holder.client.get(table_url(holder, entries["Ailleurs"], "coller/")).status_code == 404


@pytest.mark.parametrize("title", ["Ouvert", "Gardé"])
def test_an_absence_of_the_whole_territory_answers_by_a_link_too(holder, entries, title):
    entry = entries[title]
    url = table_url(holder, entry)
    fields = fields_of(holder.client.get(url), form=0)
    typed = {f"v{entry.pk}-figure": "n.d.", f"v{entry.pk}-beside": "Trop peu de ménages."}
    holder.client.post(url, fields | typed)
    is_read = title == "Ouvert"
    page = holder.read("transmettre/")
    assert ("non disponible Trop peu de ménages." in page) == is_read
    assert ("Trop peu de ménages." in page) == is_read
    holder.give()
    assert state(entry) == TableState.SUBMITTED
    assert "Il reste 1 indicateur à renseigner sur 2" in holder.read()
