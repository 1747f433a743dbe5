"""A provider sees what everybody will read of its figures, then discloses them."""

import re

import pytest

from indicators.models import Disclosure
from tests.committee.pages import page_of
from tests.indicators.disclosure.country import VERIFIED
from tests.indicators.values.entering import entry_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(country):
    country.give(a=3, b=40, c=50, d=60)
    return entry_url(country.campaign, f"{country.entry.pk}/diffusion/")


def test_a_preview_shows_what_others_will_read_masked(client, country, address, agent):
    client.force_login(agent)
    assert "Voir ce que chacun lira" in page_of(client.get(address))
    page = " ".join(page_of(client.post(address, follow=True)).split())
    assert "a 3 secret masqué : moins de 5" in page
    assert "b 40 secret masqué : protège un autre chiffre" in page
    assert "50" not in page.partition("Votre chiffre")[2].partition("Tous les autres")[0]
    assert country.words() == ["en attente"] * 6


def test_looking_again_draws_nothing_anew(client, country, address, agent):
    client.force_login(agent)
    client.post(address)
    row = Disclosure.objects.get()
    client.post(address)
    assert Disclosure.objects.get().reasons == row.reasons


def test_a_table_is_disclosed_as_its_preview_was_drawn(client, country, address, agent):
    client.force_login(agent)
    client.post(address)
    page = client.get(address).content.decode()
    [token] = re.findall(r'name="diffuser" value="(\w+)"', page)
    page = page_of(client.post(address, {"diffuser": token}, follow=True))
    assert "Ces chiffres sont diffusés." in page
    assert country.words() == ["secret", "secret", "50", "60", "43", "153"]


def test_a_table_changed_since_its_preview_is_not_disclosed(client, country, address, agent):
    client.force_login(agent)
    client.post(address)
    page = client.get(address).content.decode()
    [token] = re.findall(r'name="diffuser" value="(\w+)"', page)
    country.give(c=51)
    assert 'name="diffuser"' not in client.get(address).content.decode()
    page = page_of(client.post(address, {"diffuser": token}, follow=True))
    assert "Ces chiffres ont changé : relisez ce que chacun lira." in page
    assert "a 3 secret" in " ".join(page.split())
    assert not Disclosure.objects.done().exists()


def test_nobody_but_the_provider_looks_at_a_preview_or_discloses_it(
    client, country, address, committee
):
    for user in (committee.coordinator, committee.epci_member):
        client.force_login(user)
        for answer in (client.get(address), client.post(address, {"diffuser": "oui"})):
            assert answer.status_code in (302, 403)
    assert not Disclosure.objects.exists()


def test_a_preview_is_offered_beside_figures(client, country, address, colleague):
    client.force_login(colleague)
    page = client.get(entry_url(country.campaign, "verification/")).content.decode()
    assert address in page
    country.entry.values.update(**VERIFIED)
    assert address in client.get(address.replace("diffusion", "communes")).content.decode()


def test_the_providers_people_alone_read_which_corrections_others_do_not(
    client, disclosed, committee, agent
):  # fmt: skip
    disclosed.correct(a=1)
    table = entry_url(disclosed.campaign, f"{disclosed.entry.pk}/communes/")
    hidden_correction = "a (1, les autres lisent « secret », les totaux comptent 3)"
    indicator = f"{disclosed.indicator.get_absolute_url()}?annee={disclosed.campaign.year}"
    for user, addresses in ((agent, [table, indicator]), (committee.coordinator, [indicator])):
        client.force_login(user)
        for address in addresses:
            page = " ".join(page_of(client.get(address)).split())
            assert (hidden_correction in page) == (user == agent), address
