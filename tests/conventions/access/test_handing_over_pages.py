"""The pages of a hand-over: to whom, what is pending, send it again or cancel it."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Invitation
from conventions.models import MembershipOffer
from ctg_portal.templatetags.french import long_date
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.conventions.access.test_access_pages import ACCESS, MINE, of_access, of_offer, said
from tests.conventions.conftest import roles_of
from tests.stories import told_once


@told_once
def handing_over(agent):
    return f.MembershipOfferFactory(
        organisation=agent.organisation, replaces=agent, invitation__email="suite@caf.example"
    )


def test_page_asks_to_whom(as_agent, agent):
    page = as_agent.get(of_access(agent, "transmettre"))
    assert title(page) == "À qui transmettre votre accès ?"
    assert "Contribution, Caf de la Vienne" in text_of(page.content.decode())


def test_one_hands_ones_access_over(as_agent, agent):
    url = of_access(agent, "transmettre")
    response = as_agent.post(url, {"email": "suite@caf.example"}, follow=True)
    assert response.redirect_chain == [(MINE, 302)]
    assert said(response) == [
        "Invitation envoyée à suite@caf.example. "
        "L’accès passera à cette personne quand elle l’aura acceptée."
    ]
    assert roles_of(agent.user) == {"contributor"}
    assert MembershipOffer.objects.get().replaces == agent


def test_coordinator_hands_over_for_somebody_and_comes_back_to_the_list(as_coordinator, agent):
    url = of_access(agent, "transmettre")
    assert title(as_coordinator.get(url)) == "À qui transmettre l’accès de Nadia Lefèvre ?"
    response = as_coordinator.post(url, {"email": "suite@caf.example"})
    assert response.url == ACCESS


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("suite", "Saisissez une adresse de courriel valide."),
        ("", "Ce champ est obligatoire."),
        ("agent@caf.example", "Cette personne a déjà cet accès : indiquez quelqu’un d’autre."),
    ],
)
def test_mistake_in_the_successors_address_is_told(as_agent, agent, typed, told):
    page = as_agent.post(of_access(agent, "transmettre"), {"email": typed})
    assert page.context["form"].errors == {"email": [told]}
    assert 'role="alert"' in page.content.decode()
    assert f'value="{typed}"' in page.content.decode() or not typed
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("verb", ["transmettre", "terminer"])
def test_access_of_somebody_else_is_not_found(as_agent, coordinator, verb):
    url = of_access(coordinator, verb)
    assert as_agent.get(url).status_code == 404
    assert as_agent.post(url, {"email": "suite@caf.example"}).status_code == 404
    assert roles_of(coordinator.user) == {"coordinator"}
    assert not Invitation.objects.exists()


# Pending --------------------------------------------------------------------------------------


def test_giver_sees_what_is_pending_and_may_cancel_it(as_agent, agent, handing_over):
    reader = f.MembershipFactory(user=agent.user, organisation=agent.organisation, reader=True)
    f.MembershipOfferFactory(organisation=agent.organisation, invitation__email="x@caf.example")
    html = as_agent.get(MINE).content.decode()
    day = long_date(timezone.localtime(handing_over.invitation.expires_at))
    assert f"Transmission proposée à suite@caf.example jusqu’au {day}" in html
    assert "x@caf.example" not in html
    links = re.findall(r'href="\S+/acces/(\d+)/transmettre/"', html)
    assert links == [str(reader.pk)]
    response = as_agent.post(of_offer(handing_over, "annuler"), {"mine": "1"}, follow=True)
    assert response.redirect_chain == [(MINE, 302)]
    assert said(response) == [
        "L’invitation envoyée à suite@caf.example est annulée : contribution (Caf)."
    ]
    assert "Transmission proposée" not in response.content.decode()
    assert roles_of(agent.user) == {"contributor", "reader"}
    assert not Invitation.objects.get(email="suite@caf.example").is_open


def test_giver_sends_it_again_once_expired(as_agent, handing_over):
    created = timezone.now() - timedelta(days=30)
    Invitation.objects.update(created_at=created, expires_at=created + timedelta(days=14))
    page = as_agent.get(MINE)
    assert "Transmission proposée à suite@caf.example ◷ expirée" in text_of(page.content.decode())
    response = as_agent.post(of_offer(handing_over, "renouveler"), follow=True)
    assert response.redirect_chain == [(MINE, 302)]
    assert Invitation.objects.get().is_open
    (message,) = mail.outbox
    assert message.to == ["suite@caf.example"]
    day = long_date(timezone.localtime(Invitation.objects.get().expires_at))
    assert f"jusqu’au {day}" in message.body


@pytest.mark.parametrize("verb", ["renouveler", "annuler"])
def test_colleague_does_not_touch_it(client, agent, handing_over, verb):
    colleague = f.MembershipFactory(organisation=agent.organisation, reader=True)
    client.force_login(colleague.user)
    assert client.post(of_offer(handing_over, verb)).status_code == 403
    assert Invitation.objects.get().is_open
    assert mail.outbox == []


def test_coordinator_comes_back_to_the_page_where_the_button_was(
    as_coordinator, coordinator, handing_over
):
    sent = handing_over.invitation.expires_at
    Invitation.objects.update(expires_at=sent - timedelta(minutes=10))
    assert as_coordinator.post(of_offer(handing_over, "renouveler")).url == ACCESS
    own = f.MembershipOfferFactory(organisation=coordinator.organisation, replaces=coordinator)
    assert 'name="mine"' in as_coordinator.get(MINE).content.decode()
    assert as_coordinator.post(of_offer(own, "annuler"), {"mine": "1"}).url == MINE


def test_second_handing_over_is_refused_before_and_after_the_form(as_agent, agent, handing_over):
    page = as_agent.get(of_access(agent, "transmettre"))
    html = page.content.decode()
    assert "Une transmission est déjà proposée à suite@caf.example" in html
    assert f'href="{MINE}">Voir les accès' in html
    assert 'name="email"' not in html
    page = as_agent.post(of_access(agent, "transmettre"), {"email": "autre@caf.example"})
    assert "Une transmission est déjà proposée" in page.content.decode()
    assert MembershipOffer.objects.count() == 1
    assert mail.outbox == []


def test_title_elides_before_a_vowel(as_coordinator, convention):
    access = f.MembershipFactory(
        convention=convention, user__first_name="Hélène", user__last_name="Roy"
    )
    url = of_access(access, "transmettre")
    assert title(as_coordinator.get(url)) == "À qui transmettre l’accès d’Hélène Roy ?"
