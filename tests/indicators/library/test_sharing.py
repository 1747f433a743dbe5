"""A convention's own indicator goes into the library: offered, answered, taken up by others."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from ctg_portal.rules import Refused
from indicators.library.sharing import accept, all_entries, entry_of, may_offer, offer, refuse
from indicators.models import Offer
from tests.agreements.factories import committee_of
from tests.factories import MembershipFactory
from tests.indicators.factories import indicator_in_force, proposed_indicator
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def indicator(committee):
    return indicator_in_force(
        committee, title="Séjours de répit", definition="Séjours d’au moins deux nuits.",
        unit="séjours", baseline_value=None,
    )  # fmt: skip


def test_what_the_parties_agreed_to_is_offered_then_taken_into_the_library(committee, indicator):
    row = offer(indicator, "parentalite", by=committee.coordinator)
    assert entry_of("PA-08") is None
    accept(row)
    entry = entry_of("PA-08")
    assert (entry.title, entry.unit, entry.theme) == ("Séjours de répit", "séjours", "parentalite")
    assert entry.documented.definition == "Séjours d’au moins deux nuits."
    assert str(committee.convention) in str(entry.documented.sources[0])
    indicator.refresh_from_db()
    assert indicator.library_code == "PA-08"
    assert len(all_entries()) == 62


def test_another_convention_takes_it_up_under_its_code(committee, indicator, client):
    accept(offer(indicator, "parentalite", by=committee.coordinator))
    elsewhere = committee_of()
    client.force_login(elsewhere.coordinator)
    page = reverse("indicators:library", args=[elsewhere.convention.slug])
    assert "Séjours de répit" in client.get(page).content.decode()
    add = reverse("indicators:add_indicator", args=[elsewhere.convention.slug])
    form = client.get(f"{add}?modele=PA-08").context["form"]
    assert form["title"].value() == "Séjours de répit"
    assert "Définition convenue par les parties" in form["definition"].value()


def test_readers_offer_nothing_and_nobody_a_proposed_or_known_indicator(committee, indicator):
    reader = MembershipFactory(organisation=committee.caf, role="reader").user
    assert may_offer(reader, indicator)
    assert may_offer(committee.coordinator, proposed_indicator(committee, title="Autre").subject)
    indicator.library_code = "PE-02"
    assert may_offer(committee.coordinator, indicator)


def test_an_indicator_is_offered_once_until_it_is_refused(committee, indicator):
    row = offer(indicator, "parentalite", by=committee.coordinator)
    with pytest.raises(Refused, match="déjà"):
        offer(indicator, "enfance", by=committee.coordinator)
    with pytest.raises(Refused, match="motif"):
        refuse(row, " ")
    refuse(row, "Trop local.")
    with pytest.raises(Refused, match="n’attend plus"):
        accept(row)
    offer(indicator, "enfance", by=committee.coordinator)


def test_from_the_page_of_the_indicator_to_the_answer(committee, indicator, client):
    client.force_login(committee.coordinator)
    address = reverse("indicators:offer_indicator", args=[committee.convention.slug, indicator.pk])
    assert address in client.get(indicator.get_absolute_url()).content.decode()
    assert "ni ses chiffres" in client.get(address).content.decode()
    client.post(address, {"domaine": "parentalite"})
    row = Offer.objects.get()
    out = io.StringIO()
    call_command("review_library", stdout=out)
    assert f"{row.pk}. Séjours de répit (séjours), Parentalité" in out.getvalue()
    call_command("review_library", refuse=row.pk, reason="Trop local.", stdout=out)
    page = client.get(indicator.get_absolute_url()).content.decode()
    assert "Trop local." in page
    with pytest.raises(CommandError, match="n’attend plus"):
        call_command("review_library", accept=row.pk)
    with pytest.raises(CommandError, match="numéro"):
        call_command("review_library", accept=row.pk + 1)


def test_who_may_not_offer_is_told_so_and_offers_nothing(committee, indicator, client):
    reader = MembershipFactory(organisation=committee.caf, role="reader").user
    client.force_login(reader)
    address = reverse("indicators:offer_indicator", args=[committee.convention.slug, indicator.pk])
    assert "La coordination propose" in client.get(address).content.decode()
    client.post(address, {"domaine": "parentalite"})
    assert not Offer.objects.exists()
