"""An organisation's official address: who gives it, who is told."""

import pytest
from django.core import mail

from conventions.parties.events import give_address
from ctg_portal.rules import Refused
from tests import factories as f
from tests.accounts.reading import text_of
from tests.notifications.posting import sent_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(convention, caf):
    return f"/conventions/vallee/signataires/{caf.pk}/adresse/"


def test_who_acts_there_gives_it_and_the_others_are_told(client, agent, caf, coordinator, page):
    colleague = f.MembershipFactory(organisation=caf, reader=True).user
    client.force_login(agent.user)
    parties = text_of(client.get("/conventions/vallee/signataires/").content.decode())
    assert "Donner une adresse officielle" in parties
    client.post(page, {"email": "direction@caf.example"})
    caf.refresh_from_db()
    assert caf.email == "direction@caf.example"
    assert caf.history.latest("history_id").history_user == agent.user
    sent = sent_with("address_given", "direction@caf.example")
    assert sent.keys() == {colleague.email, coordinator.user.email}
    assert f"donnée par {agent.user}" in sent[colleague.email]


def test_the_coordinator_gives_it_for_her_own_only(client, coordinator, caf, page):
    client.force_login(coordinator.user)
    assert client.get(page).status_code == 403
    assert client.post(page, {"email": "moi@ailleurs.example"}).status_code == 403
    with pytest.raises(Refused, match="donnée par une personne qui agit pour cet organisme"):
        give_address(caf, email="moi@ailleurs.example", by=coordinator.user)
    own = coordinator.organisation
    assert give_address(own, email="accueil@vallee.example", by=coordinator.user).email
    caf.refresh_from_db()
    assert caf.email == ""


def test_nor_does_who_awaits_a_confirmation_there(client, caf, coordinator, page):
    client.force_login(f.MembershipFactory(organisation=caf, pending=True).user)
    assert client.get(page).status_code == 403


def test_who_only_reads_for_an_organisation_is_shown_no_way_to_give_it(client, caf, coordinator):
    f.MembershipFactory(organisation=caf, user=coordinator.user, reader=True)
    for reader in (f.MembershipFactory(organisation=caf, reader=True).user, coordinator.user):
        client.force_login(reader)
        page = client.get("/conventions/vallee/signataires/").content.decode()
        assert f"signataires/{caf.pk}/adresse/" not in page


def test_a_wrong_address_is_told_and_the_same_one_changes_nothing(client, agent, caf, page):
    client.force_login(agent.user)
    answer = client.post(page, {"email": "direction@"})
    assert "direction@" in answer.content.decode()
    assert "adresse" in text_of(answer.content.decode())
    give_address(caf, email="Direction@caf.example", by=agent.user)
    before = caf.history.count()
    give_address(caf, email="direction@CAF.example", by=agent.user)
    assert caf.history.count() == before
    assert not mail.outbox


def test_of_two_people_at_once_the_second_is_told_and_may_insist(client, agent, caf, page):
    """Whoever accepts an invitation there needs no confirmation: nobody replaces it unseen."""
    colleague = f.MembershipFactory(organisation=caf).user
    give_address(caf, email="accueil@caf.example", by=colleague)
    client.force_login(agent.user)
    assert 'name="seen" value="accueil@caf.example"' in client.get(page).content.decode()
    give_address(caf, email="direction@caf.example", by=colleague)
    sent = {"email": "moi@caf.example", "seen": "accueil@caf.example"}
    answer = client.post(page, sent).content.decode()
    assert f"{colleague} a donné « direction@caf.example »" in text_of(answer)
    assert 'value="moi@caf.example"' in answer
    caf.refresh_from_db()
    assert caf.email == "direction@caf.example"
    assert 'name="seen" value="direction@caf.example"' in answer
    client.post(page, sent | {"seen": "direction@caf.example"})
    caf.refresh_from_db()
    assert caf.email == "moi@caf.example"


def test_the_same_address_given_twice_is_no_difference(client, agent, caf, page):
    client.force_login(agent.user)
    for _ in range(2):
        assert client.post(page, {"email": "a@caf.example", "seen": ""}).status_code == 302


def test_one_that_was_taken_away_meanwhile_is_told(agent, caf):
    give_address(caf, email="accueil@caf.example", by=agent.user)
    give_address(caf, email="", by=agent.user)
    with pytest.raises(Refused, match="a retiré l’adresse pendant que vous écriviez"):
        give_address(caf, email="b@caf.example", by=agent.user, seen="accueil@caf.example")
