"""The pages of accesses: who has one, who is invited, the rules they follow."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation
from conventions.access.sentences import SENTENCES
from conventions.models import MembershipOffer
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.stories import told_once

ACCESS = "/conventions/vallee/acces/"
MINE = f"{ACCESS}moi/"


@told_once
def offer(caf):
    return f.MembershipOfferFactory(organisation=caf, invitation__email="invitee@caf.example")


def messages_in(response) -> list[str]:
    """What the portal says once the form is sent."""
    return [str(message) for message in response.context["messages"]]


def offer_path(offer, verb) -> str:
    return f"/conventions/vallee/invitations/{offer.pk}/{verb}/"


def access_path(access, verb) -> str:
    return f"{ACCESS}{access.pk}/{verb}/"


# The list ------------------------------------------------------------------------------------


def test_page_counts_people_and_lists_their_accesses(as_coordinator, coordinator, agent):
    f.MembershipFactory(user=agent.user, organisation=agent.organisation, reader=True)
    f.MembershipFactory(organisation=agent.organisation, ended=True, user__last_name="Dupuis")
    f.MembershipFactory(user__last_name="Lointain")
    page = as_coordinator.get(ACCESS)
    assert title(page) == "2 personnes ont accès à la convention"
    text = text_of(page.content.decode())
    assert "Caf de la Vienne 1 personne Nadia Lefèvre agent@caf.example contribution depuis" in text
    assert text.count("Nadia Lefèvre agent@caf.example") == 2
    assert "Nadia Lefèvre agent@caf.example lecture depuis le" in text
    assert "Claire Morin" in text
    assert "Dupuis" not in text
    assert "Lointain" not in text


def test_a_few_accesses_are_all_shown_of_many_those_that_wait(as_coordinator, caf, convention):
    def opened() -> list[tuple[str, bool]]:
        groups = as_coordinator.get(ACCESS).context["groups"]
        return [(group.organisation.name, group.is_open) for group in groups]

    msa = f.OrganisationFactory(convention=convention, name="MSA Poitou", acronym="MSA")
    f.MembershipFactory.create_batch(2, organisation=msa)
    assert len(opened()) == 2
    assert all(is_open for _, is_open in opened())
    f.MembershipFactory.create_batch(15, organisation=caf)
    assert not any(is_open for _, is_open in opened())
    f.MembershipFactory(organisation=msa, pending=True)
    assert [name for name, is_open in opened() if is_open] == ["MSA Poitou"]


def test_a_single_person_is_counted_in_the_singular(as_coordinator):
    assert title(as_coordinator.get(ACCESS)) == "1 personne a accès à la convention"


def test_pending_invitations_are_listed_with_their_validity(as_coordinator, offer, agent):
    f.MembershipOfferFactory(
        organisation=agent.organisation, role="reader", invitation__email="suite@caf.example"
    )
    created = timezone.now() - timedelta(days=30)
    Invitation.objects.filter(email="invitee@caf.example").update(
        created_at=created, expires_at=created + timedelta(days=14)
    )
    f.MembershipOfferFactory(organisation=agent.organisation, invitation__revoked=True)
    f.MembershipOfferFactory()
    page = as_coordinator.get(ACCESS)
    text = text_of(page.content.decode())
    assert "invitee@caf.example Caf de la Vienne contribution ◷ expirée" in text
    assert "suite@caf.example Caf de la Vienne lecture jusqu’au" in text
    assert len(page.context["offers"]) == 2


def test_an_invitation_to_two_roles_is_one_row_and_its_end_names_both(as_coordinator, offer):
    f.MembershipOfferFactory(
        invitation=offer.invitation, organisation=offer.organisation, role="reader"
    )
    html = as_coordinator.get(ACCESS).content.decode()
    assert html.count(">invitee@caf.example</th>") == 1
    assert html.count(">Caf de la Vienne</span>") == 1
    assert "Caf de la Vienne contribution lecture jusqu’au" in text_of(html)
    response = as_coordinator.post(offer_path(offer, "annuler"), follow=True)
    assert messages_in(response) == [
        "L’invitation envoyée à invitee@caf.example est annulée : "
        "contribution (Caf) et lecture (Caf)."
    ]
    assert response.context["offers"] == []


def test_invitation_for_two_organisations_names_both(as_coordinator, offer, convention):
    f.MembershipOfferFactory(
        invitation=offer.invitation,
        organisation=f.OrganisationFactory(convention=convention, name="MSA Poitou", acronym="MSA"),
    )
    text = text_of(as_coordinator.get(ACCESS).content.decode())
    assert "Caf de la Vienne MSA Poitou contribution contribution" in text


def test_the_page_elides_before_names_and_explains_roles(as_coordinator, convention, coordinator):
    f.MembershipFactory(convention=convention, user__first_name="Émilie", user__last_name="Faure")
    f.MembershipFactory(convention=convention, coordinator=True)
    f.MembershipOfferFactory(organisation=coordinator.organisation)
    text = text_of(as_coordinator.get(ACCESS).content.decode())
    assert "Suspendre l’accès d’Émilie Faure, contribution" in text
    assert "Terminer l’accès de Claire Morin, coordination" in text
    assert "Coordination : invite et gère les accès, conduit la convention" in text
    assert "Actions" in text
    assert "Gestes" not in text


def test_form_is_reached_from_the_top_and_stays_in_view_once_refused(as_coordinator, coordinator):
    html = as_coordinator.get(ACCESS).content.decode()
    assert html.index('href="#inviter">Inviter quelqu’un</a>') < html.index("accesses")
    assert '<h2 id="inviter">' in html
    assert '<form method="post" action="#inviter"' in html
    assert 'role="alert"' not in html
    refused = as_coordinator.post(ACCESS, {"email": "claire"}).content.decode()
    assert refused.index('<h2 id="inviter">') < refused.index('role="alert"')
    assert 'href="#div_id_email"' in refused


def test_every_form_of_the_page_has_a_csrf_token(as_coordinator, offer):
    html = as_coordinator.get(ACCESS).content.decode()
    # To invite, to take back, to ask for the archive; to log out, at the head and in the menu of a
    # telephone.
    assert html.count('method="post"') == 5
    assert html.count("csrfmiddlewaretoken") == 5


def test_a_form_without_csrf_token_is_refused(coordinator, caf):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(coordinator.user)
    answers = {"email": "a@caf.example", "organisation": caf.pk, "roles": ["reader"]}
    assert strict.post(ACCESS, answers).status_code == 403
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("is_guarded", [True, False])
def test_an_invitation_says_whether_it_is_to_be_confirmed(as_coordinator, caf, is_guarded):
    type(caf).objects.update(is_guarded=is_guarded)
    answers = {"email": "a@caf.example", "organisation": caf.pk, "roles": ["contributor"]}
    page = text_of(as_coordinator.post(ACCESS, answers, follow=True).content.decode())
    warning = "Une fois acceptée, elle sera à confirmer par un référent des accès de la Caf"
    assert (warning in page) == is_guarded


def test_the_ten_sentences_are_on_both_pages(as_coordinator):
    assert len(SENTENCES) == 10
    for page in (ACCESS, MINE):
        text = text_of(as_coordinator.get(page).content.decode())
        assert [sentence for sentence in SENTENCES if sentence not in text] == []


def test_the_guide_has_the_sentences_of_the_page():
    guide = (settings.BASE_DIR / "docs/guide/referent.md").read_text()
    assert [sentence for sentence in SENTENCES if sentence not in guide] == []


def test_a_referent_sees_and_invites_for_their_organisation_alone(client, caf, agent, convention):
    msa = f.OrganisationFactory(convention=convention, name="MSA Poitou", acronym="MSA")
    f.MembershipFactory(organisation=msa, user__last_name="Lointain")
    client.force_login(f.referent_of(caf))
    text = text_of(client.get(ACCESS).content.decode())
    assert "Nadia Lefèvre" in text
    assert "Lointain" not in text
    assert title(client.get(ACCESS)) == "2 personnes ont accès pour votre organisme"
    assert "Tout emporter" not in text
    assert "Coordination : invite" not in text
    answers = {"email": "a@caf.example", "roles": ["reader"]}
    refused = client.post(ACCESS, answers | {"organisation": msa.pk})
    assert list(refused.context["form"].errors) == ["organisation"]
    assert client.post(ACCESS, answers | {"organisation": caf.pk}).status_code == 302
    assert MembershipOffer.objects.get().organisation == caf


# Invite --------------------------------------------------------------------------------------


def test_coordinator_invites_somebody(as_coordinator, caf):
    answers = {"email": "a@caf.example", "organisation": caf.pk, "roles": ["reader", "contributor"]}
    response = as_coordinator.post(ACCESS, answers, follow=True)
    assert response.redirect_chain == [(ACCESS, 302)]
    assert messages_in(response) == ["Invitation envoyée à a@caf.example."]
    offers = MembershipOffer.objects.filter(organisation=caf)
    assert {offer.role for offer in offers} == {"reader", "contributor"}
    assert [message.to for message in mail.outbox] == [["a@caf.example"]]


def test_an_invitation_that_replaces_another_says_so(as_coordinator, offer, caf):
    Invitation.objects.update(expires_at=offer.invitation.expires_at - timedelta(minutes=10))
    answers = {"email": "invitee@caf.example", "organisation": caf.pk}
    response = as_coordinator.post(ACCESS, answers | {"roles": ["contributor"]}, follow=True)
    assert messages_in(response) == [
        "Invitation envoyée à invitee@caf.example. Elle remplace celle qui attendait une réponse : "
        "contribution (Caf)."
    ]
    assert len(response.context["offers"]) == 1


def test_only_organisations_of_the_convention_are_proposed(as_coordinator, caf):
    elsewhere = f.OrganisationFactory(name="Caf d’ailleurs")
    html = as_coordinator.get(ACCESS).content.decode()
    assert "Caf de la Vienne" in html
    assert elsewhere.name not in html


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"email": "claire"}, "email", "Saisissez une adresse de courriel valide."),
        ({"email": ""}, "email", "Ce champ est obligatoire."),
        ({"email": "a" * 250 + "@caf.example"}, "email", "au plus 254 caractères"),
        ({"roles": []}, "roles", "Ce champ est obligatoire."),
        ({"roles": ["chef"]}, "roles", "chef n’en fait pas partie."),
        ({"organisation": ""}, "organisation", "Ce champ est obligatoire."),
        ({"organisation": "elsewhere"}, "organisation", "ne fait pas partie de ceux disponibles."),
    ],
)
def test_a_mistake_is_shown_in_french_and_the_typed_values_stay(
    changes, field, sentence, as_coordinator, caf
):
    elsewhere = f.OrganisationFactory()
    if changes.get("organisation") == "elsewhere":
        changes = {"organisation": elsewhere.pk}
    typed = {"email": "a@caf.example", "organisation": caf.pk, "roles": ["reader"], **changes}
    page = as_coordinator.post(ACCESS, typed)
    assert page.status_code == 200
    errors = page.context["form"].errors
    assert list(errors) == [field]
    assert sentence in errors[field][0]
    retained = {
        "email": rf'name="email" value="{typed["email"]}"' if typed["email"] else "",
        "organisation": rf'<option value="{caf.pk}" selected>' if field != "organisation" else "",
        "roles": r'value="reader"[^>]*checked' if field != "roles" else "",
    }
    html = page.content.decode()
    assert [name for name, pattern in retained.items() if not re.search(pattern, html)] == []
    assert sentence in text_of(html)
    assert not Invitation.objects.exists()
    assert mail.outbox == []


def test_an_access_that_somebody_has_already_is_a_mistake_of_the_address(as_coordinator, agent):
    typed = {
        "email": agent.user.email,
        "organisation": agent.organisation.pk,
        "roles": ["contributor"],
    }
    page = as_coordinator.post(ACCESS, typed)
    assert page.context["form"].errors == {
        "email": ["agent@caf.example a déjà cet accès pour Caf."]
    }
    assert "agent@caf.example a déjà cet accès" in text_of(page.content.decode())


# Invitations ---------------------------------------------------------------------------------


def test_coordinator_sends_an_invitation_again(as_coordinator, offer):
    digest = offer.invitation.token_digest
    Invitation.objects.update(expires_at=offer.invitation.expires_at - timedelta(minutes=10))
    response = as_coordinator.post(offer_path(offer, "renouveler"), follow=True)
    assert response.redirect_chain == [(ACCESS, 302)]
    assert messages_in(response) == ["Nouvelle invitation envoyée à invitee@caf.example."]
    offer.invitation.refresh_from_db()
    assert offer.invitation.token_digest != digest
    assert [message.to for message in mail.outbox] == [["invitee@caf.example"]]


def test_coordinator_cancels_an_invitation(as_coordinator, offer):
    response = as_coordinator.post(offer_path(offer, "annuler"), follow=True)
    assert messages_in(response) == [
        "L’invitation envoyée à invitee@caf.example est annulée : contribution (Caf)."
    ]
    assert response.context["offers"] == []
    offer.invitation.refresh_from_db()
    assert not offer.invitation.is_open


@pytest.mark.parametrize("verb", ["renouveler", "annuler"])
def test_an_act_on_a_closed_invitation_leads_to_the_list_with_a_message(as_coordinator, caf, verb):
    offer = f.MembershipOfferFactory(organisation=caf, invitation__revoked=True)
    page = as_coordinator.post(offer_path(offer, verb), follow=True)
    assert messages_in(page) == [
        f"L’invitation envoyée à {offer.invitation.email} est déjà annulée."
    ]
    assert mail.outbox == []


@pytest.mark.parametrize("verb", ["renouveler", "annuler"])
def test_a_contributor_neither_renews_nor_revokes_an_invitation(as_agent, offer, verb):
    assert as_agent.post(offer_path(offer, verb)).status_code == 403
    offer.invitation.refresh_from_db()
    assert offer.invitation.is_open
    assert mail.outbox == []
