"""An organisation's official address: who gives it, who is told."""

import pytest
from django.core import mail

from conventions.access.organisations import give_address
from ctg_portal.rules import Refused
from tests import factories as f
from tests.accounts.reading import text_of
from tests.notifications.posting import sent_with
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def referent(caf):
    return f.referent_of(caf)


@pytest.fixture
def page(convention, caf):
    return f"/conventions/vallee/signataires/{caf.pk}/adresse/"


def test_an_address_given_by_a_referent_is_notified_to_colleagues_and_both_addresses(
    client, agent, caf, coordinator, referent, page
):
    caf.email = "accueil@caf.example"
    caf.save()
    client.force_login(referent)
    client.post(page, {"email": "direction@caf.example", "revision": caf.revision})
    caf.refresh_from_db()
    assert (caf.email, caf.email_confirmed_at) == ("direction@caf.example", None)
    assert caf.history.latest("history_id").history_user == referent
    assert {sent.to[0] for sent in mail.outbox} == {"accueil@caf.example", "direction@caf.example"}
    sent = sent_with("address_given", "direction@caf.example")
    assert sent.keys() == {agent.user.email, coordinator.user.email}
    assert f"donnée par {referent}" in sent[agent.user.email]


def test_only_a_referent_gives_an_address_even_to_the_coordinator_s_organisation(
    client, coordinator, agent, caf, page
):
    waiting = f.MembershipFactory(organisation=caf, referent=True, pending=True).user
    for user in (coordinator.user, agent.user, waiting):
        client.force_login(user)
        parties = client.get("/conventions/vallee/signataires/").content.decode()
        assert f"signataires/{caf.pk}/adresse/" not in parties
        assert client.get(page).status_code == 403
        assert client.post(page, {"email": "moi@ailleurs.example"}).status_code == 403
    for organisation in (caf, coordinator.organisation):
        with pytest.raises(Refused, match="donnée par un référent des accès"):
            give_address(organisation, email="moi@ailleurs.example", by=coordinator.user)
    caf.refresh_from_db()
    assert caf.email == ""


def test_an_address_given_by_the_host_is_confirmed(caf):
    assert give_address(caf, email="accueil@caf.example", by=None).email_confirmed_at


def test_a_malformed_address_is_refused_and_other_capitals_are_ignored(client, referent, caf, page):
    client.force_login(referent)
    answer = client.post(page, {"email": "direction@"})
    assert "direction@" in answer.content.decode()
    assert "adresse" in text_of(answer.content.decode())
    give_address(caf, email="Direction@caf.example", by=referent)
    before = caf.history.count()
    give_address(caf, email="direction@CAF.example", by=referent)
    assert caf.history.count() == before
    assert [sent.to for sent in mail.outbox] == [["Direction@caf.example"]]


def test_giving_the_address_in_force_again_is_accepted(client, referent, caf, page):
    client.force_login(referent)
    for _ in range(2):
        assert (
            client.post(page, {"email": "a@caf.example", "revision": caf.revision}).status_code
            == 302
        )


def test_an_address_that_was_taken_away_meanwhile_is_not_overwritten(referent, caf):
    read = give_address(caf, email="accueil@caf.example", by=referent).revision
    give_address(caf, email="", by=referent)
    with pytest.raises(Refused, match="a enregistré autre chose"):
        give_address(caf, email="b@caf.example", by=referent, revision=read)
