"""Where the link of an invitation leads, for a newcomer, an account, somebody else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Invitation, User
from conventions.models import Membership
from tests import factories as f
from tests.accounts.reading import read, text_of, title
from tests.conventions.conftest import roles_of
from tests.stories import told_once

LINK = "/invitation/jeton/"
DASHBOARD = "/conventions/vallee/"
NAMES = {"first_name": "Sylvie", "last_name": "Bernard"}


@told_once
def offer(caf, coordinator):
    return f.MembershipOfferFactory(
        organisation=caf,
        role="reader",
        invitation__token="jeton",
        invitation__email="sylvie@caf.example",
        invitation__invited_by=coordinator.user,
    )


@told_once
def sylvie(db):
    """An account at the address that is invited."""
    return f.UserFactory(email="sylvie@caf.example", **NAMES)


def is_logged_in(client, user=None) -> bool:
    key = client.session.get("_auth_user_id")
    return key == str(user.pk) if user else key is not None


def messages_in(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# Opening the link ----------------------------------------------------------------------------


def test_page_says_who_invites_whom_to_what(client, offer):
    page = client.get(LINK)
    assert title(page) == "Ouvrez votre compte"
    text = text_of(page.content.decode())
    assert (
        "Claire Morin vous invite à rejoindre la convention territoriale globale « Vallée »" in text
    )
    assert "Lecture, au titre de : Caf de la Vienne" in text
    assert "Votre compte sera ouvert avec l’adresse sylvie@caf.example" in text


def test_the_title_keeps_its_proper_nouns(client, offer):
    convention = offer.organisation.convention
    for full_title, within in [
        ("Convention territoriale globale du Bazois", "convention territoriale globale du Bazois"),
        ("CTG du Bazois", "CTG du Bazois"),
    ]:
        convention.title = full_title
        convention.save()
        assert f"à rejoindre la {within} « Vallée »" in text_of(client.get(LINK).content.decode())


def test_page_lists_every_access_that_is_offered(client, offer):
    f.MembershipOfferFactory(invitation=offer.invitation, organisation=offer.organisation)
    text = text_of(client.get(LINK).content.decode())
    assert (
        "Lecture, au titre de : Caf de la Vienne Contribution, au titre de : Caf de la Vienne"
        in text
    )


def test_page_of_a_secret_link_is_kept_nowhere(client, offer):
    page = client.get(LINK)
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_scanner_of_mail_that_opens_the_link_changes_nothing(client, offer, method):
    before = Invitation.objects.values().get()
    for _ in range(2):
        assert getattr(client, method)(LINK).status_code == 200
    assert Invitation.objects.values().get() == before
    assert not User.objects.filter(email="sylvie@caf.example").exists()
    assert Membership.objects.count() == 1  # the coordinator’s
    response = client.post(LINK, {**NAMES, "password": ""}, follow=True)
    assert response.redirect_chain == [(DASHBOARD, 302)]


@pytest.mark.parametrize("method", ["get", "head"])
def test_scanner_that_opens_the_link_of_an_account_changes_nothing(client, offer, sylvie, method):
    client.force_login(sylvie)
    getattr(client, method)(LINK)
    assert roles_of(sylvie) == set()
    assert client.post(LINK).url == DASHBOARD


@pytest.mark.parametrize("link", ["/invitation/inconnu/", "/invitation/%00/", "/invitation/é/"])
def test_unknown_link_is_not_found(client, offer, link):
    for response in (client.get(link), client.post(link, NAMES)):
        text = read(response, 404)
        assert title(response) == "Ce lien d’invitation est incomplet ou n’existe pas"
        assert "demandez une nouvelle invitation" in text


def test_invitation_to_the_portal_without_access_is_not_found(client, db):
    f.InvitationFactory(token="jeton")
    assert client.get(LINK).status_code == 404


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("accepted", "Cette invitation a déjà servi"),
        ("revoked", "Cette invitation a été annulée"),
        ("expired", "Cette invitation a expiré"),
    ],
)
def test_closed_invitation_says_why_and_opens_nothing(client, offer, state, expected):
    created = timezone.now() - timedelta(days=30)
    changes = {
        "accepted": {"accepted_at": timezone.now(), "accepted_by": f.UserFactory()},
        "revoked": {"revoked_at": timezone.now()},
        "expired": {"created_at": created, "expires_at": created + timedelta(days=14)},
    }
    Invitation.objects.update(**changes[state])
    people = User.objects.count()
    for page in (client.get(LINK), client.post(LINK, {**NAMES, "password": ""})):
        assert title(page) == expected
    assert User.objects.count() == people
    assert Membership.objects.count() == 1  # the coordinator’s


@pytest.mark.parametrize("state", ["revoked", "expired"])
def test_closed_invitation_says_for_what_and_whom_to_write_to(client, offer, state):
    created = timezone.now() - timedelta(days=30)
    changes = {
        "revoked": {"revoked_at": timezone.now()},
        "expired": {"created_at": created, "expires_at": created + timedelta(days=14)},
    }
    Invitation.objects.update(**changes[state])
    inviter = offer.invitation.invited_by
    page = client.get(LINK)
    assert "convention territoriale globale « Vallée »" in read(page)
    assert f'écrivez à Claire Morin\xa0: <a href="mailto:{inviter.email}">' in page.content.decode()
    inviter.is_active = False
    inviter.save()
    assert "adressez-vous à la coordination" in read(client.get(LINK))
    Invitation.objects.update(invited_by=None)
    assert "adressez-vous à la coordination" in read(client.get(LINK))


def test_invitation_of_the_system_is_addressed_to_anybody(client, offer):
    Invitation.objects.update(invited_by=None)
    assert "Vous recevez une invitation à rejoindre la convention" in read(client.get(LINK))


# A newcomer ----------------------------------------------------------------------------------


def test_newcomer_opens_an_account_with_a_password(client, offer):
    response = client.post(LINK, {**NAMES, "password": f.PASSWORD}, follow=True)
    assert response.redirect_chain == [(DASHBOARD, 302)]
    assert messages_in(response) == ["Bienvenue, Sylvie Bernard. Votre accès est ouvert."]
    user = User.objects.get(email="sylvie@caf.example")
    assert is_logged_in(client, user)
    assert user.check_password(f.PASSWORD)
    assert roles_of(user) == {"reader"}


def test_a_weak_password_is_refused_in_french_and_the_name_stays(client, offer):
    password = "sylvie@caf.example"
    page = client.post(LINK, {**NAMES, "password": password})
    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["password"]
    html = page.content.decode()
    assert "trop semblable" in text_of(html)
    assert 'value="Sylvie"' in html
    assert 'value="Bernard"' in html
    assert f'value="{password}"' not in html
    assert not User.objects.filter(email="sylvie@caf.example").exists()
    assert Invitation.objects.get().is_open


@pytest.mark.parametrize("missing", ["first_name", "last_name"])
def test_a_missing_name_is_a_mistake(client, offer, missing):
    page = client.post(LINK, {**NAMES, missing: " ", "password": f.PASSWORD})
    assert page.context["form"].errors == {missing: ["Ce champ est obligatoire."]}
    assert not is_logged_in(client)


def test_address_of_the_account_is_the_one_invited_whatever_is_sent(client, offer):
    client.post(LINK, {**NAMES, "password": "", "email": "autre@caf.example", "is_staff": "on"})
    user = User.objects.get(email="sylvie@caf.example")
    assert not user.is_staff
    assert not User.objects.filter(email="autre@caf.example").exists()


# An account ----------------------------------------------------------------------------------


def test_existing_account_logs_in_then_accepts(client, offer, sylvie):
    page = client.get(LINK)
    assert title(page) == "Connectez-vous pour accepter l’invitation"
    assert f'href="/connexion/?next={LINK}"' in page.content.decode()
    credentials = {"login": sylvie.email, "password": f.PASSWORD}
    assert client.post(f"/connexion/?next={LINK}", credentials).url == LINK
    assert title(client.get(LINK)) == "Acceptez-vous cette invitation ?"
    response = client.post(LINK, follow=True)
    assert response.redirect_chain == [(DASHBOARD, 302)]
    assert messages_in(response) == ["Votre accès est ouvert."]
    assert roles_of(sylvie) == {"reader"}


def test_somebody_proposed_for_a_party_reads_that_a_referent_is_to_confirm(client, offer, sylvie):
    """The coordination proposes for a party: a référent of the Caf confirms."""
    f.PartyFactory(organisation=offer.organisation)
    client.force_login(sylvie)
    response = client.post(LINK, follow=True)
    assert messages_in(response) == [
        "Votre invitation est acceptée, à confirmer par un référent des accès de la Caf de la "
        "Vienne. D’ici là, vous lisez la convention."
    ]


def test_existing_account_is_not_taken_over_without_logging_in(client, offer, sylvie):
    page = client.post(LINK, {**NAMES, "password": "une-phrase-de-pirate-99"})
    assert title(page) == "Connectez-vous pour accepter l’invitation"
    sylvie.refresh_from_db()
    assert sylvie.check_password(f.PASSWORD)
    assert roles_of(sylvie) == set()
    assert not is_logged_in(client)


def test_somebody_else_reads_whom_the_invitation_is_for_and_accepts_nothing(client, offer, agent):
    client.force_login(agent.user)
    for page in (client.get(LINK), client.post(LINK)):
        text = text_of(page.content.decode())
        assert (
            "Cette invitation est adressée à sylvie@caf.example ; "
            "votre session est celle de agent@caf.example." in text
        )
        assert title(page) == "Cette invitation est pour sylvie@caf.example"
        assert ">Accepter<" not in page.content.decode()
        assert 'action="/deconnexion/"' in page.content.decode()
        assert f'name="next" value="{LINK}"' in page.content.decode()
    assert roles_of(agent.user) == {"contributor"}
    assert Invitation.objects.get().is_open


def test_somebody_else_logs_out_and_comes_back_to_the_invitation(client, offer, agent):
    client.force_login(agent.user)
    response = client.post("/deconnexion/", {"next": LINK}, follow=True)
    assert response.redirect_chain == [(LINK, 302)]
    assert title(response) == "Ouvrez votre compte"


def test_whoever_has_accepted_is_led_to_the_convention(client, offer, sylvie, agent):
    client.force_login(sylvie)
    client.post(LINK)
    page = client.get(LINK)
    assert title(page) == "Vous avez déjà accepté cette invitation"
    assert f'href="{DASHBOARD}">Aller à la convention</a>' in page.content.decode()
    client.force_login(agent.user)
    assert title(client.get(LINK)) == "Cette invitation a déjà servi"


def test_an_accepted_invitation_gives_no_second_access(client, offer, sylvie):
    client.force_login(sylvie)
    client.post(LINK)
    Membership.objects.filter(user=sylvie).update(ended_at=timezone.now())
    page = client.post(LINK)
    assert title(page) == "Vous avez déjà accepté cette invitation"
    assert "a pris fin depuis" in text_of(page.content.decode())
    assert "Aller à la convention" not in page.content.decode()
    assert roles_of(sylvie) == set()
