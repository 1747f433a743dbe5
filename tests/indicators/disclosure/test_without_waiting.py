"""Who coordinates has everybody read a table that is not whole, with a reason."""

import pytest
from django.urls import reverse

from ctg_portal.rules import Refused
from indicators.models import Disclosure
from indicators.values.giving import disclose_without_waiting
from indicators.values.notices import DisclosedWithoutWaiting
from notifications.models import Notice
from tests.committee.pages import page_of
from tests.indicators.values.entering import entry_url

pytestmark = pytest.mark.django_db
REASON = "Une commune ne répond pas."


def plain(page: str) -> str:
    return " ".join(page.replace("\u00a0", " ").split())


@pytest.fixture
def address(country):
    country.give(b=40, c=50, d=60)
    country.entry.__class__.objects.update(communes_given=3, communes_asked=4)
    return entry_url(country.campaign, f"{country.entry.pk}/diffusion/sans-attendre/")


def test_a_table_is_disclosed_without_waiting_for_a_reason_that_everybody_reads(
    client, country, address, agent, committee
):
    client.force_login(committee.coordinator)
    indicator = country.indicator.get_absolute_url()
    assert address in client.get(indicator).content.decode()
    assert "3 communes sur 4, aucune vérifiée ; manque a" in plain(page_of(client.get(address)))
    page = page_of(client.post(address, {"reason": REASON}, follow=True))
    row = Disclosure.objects.get()
    assert (row.disclosed_by, row.reason) == (committee.coordinator, REASON)
    assert country.words()[1:4] == ["40", "50", "60"]
    stated = f"par {row.disclosed_by_name} (coordination) : {REASON}"
    assert stated in plain(page)
    client.force_login(agent)
    table = reverse("indicators:table", args=[committee.convention.slug, country.campaign.year,
                                              country.entry.pk])  # fmt: skip
    assert stated in plain(page_of(client.get(table)))
    assert Notice.objects.filter(kind=DisclosedWithoutWaiting.kind).exists()


def test_disclosing_without_a_reason_is_refused(country, address, committee):
    with pytest.raises(Refused, match="Dites pourquoi"):
        disclose_without_waiting(country.entry, reason=" ", by=committee.coordinator)


def test_only_the_coordination_discloses_without_waiting(
    client, country, address, agent, committee
):
    for user in (agent, committee.epci_member):
        with pytest.raises(Refused, match="La coordination diffuse"):
            disclose_without_waiting(country.entry, reason=REASON, by=user)
        client.force_login(user)
        assert address not in client.get(country.indicator.get_absolute_url()).content.decode()


def test_nothing_given_or_disclosed_already_is_refused(country, committee):
    arguments = {"reason": REASON, "by": committee.coordinator}
    with pytest.raises(Refused, match="Rien n’est encore transmis"):
        disclose_without_waiting(country.entry, **arguments)
    country.give(b=40)
    disclose_without_waiting(country.entry, **arguments)
    with pytest.raises(Refused, match="déjà diffusés"):
        disclose_without_waiting(country.entry, **arguments)
