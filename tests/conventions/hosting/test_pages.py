"""The host's page « Référents à désigner », and the link that it sends."""

import datetime
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conventions.access.rights import is_referent
from conventions.hosting.events import remind_unanswered, send_link
from conventions.models import Designation, Membership
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.documents.files import PDF
from tests.stories import told_once

PAGE = "/hebergeur/referents/"


@told_once(name="caf")
def signing(convention):
    """The Caf signs; its address comes from the file."""
    caf = f.OrganisationFactory(
        convention=convention, acronym="Caf", name="Caf de la Vienne", siren="778078111",
        email="accueil@caf.example",
    )  # fmt: skip
    return f.PartyFactory(organisation=caf).organisation


@told_once
def host(db):
    user = f.UserFactory(is_superuser=True, is_staff=True, email="hebergeur@ctg.example")
    Authenticator.objects.create(user=user, type="totp", data={"secret": "A"})
    return user


@pytest.fixture
def as_host(client, host):
    client.force_login(host)
    return client


@pytest.fixture
def confirmed(caf):
    caf.email_confirmed_at = timezone.now()
    caf.save()
    return caf


@pytest.fixture
def link(confirmed, host):
    """Where the message to the Caf leads."""
    _, token = send_link([confirmed], operator=host)
    return f"/designation/{token}/"


def messages_in(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def read(page) -> str:
    return text_of(page.content.decode()).replace("\u00a0", " ")


def path_in(message) -> str:
    return re.search(r"https://ctg\.example(/(?:designation|invitation)/\S+)", message.body)[1]


def sent_to_caf() -> list:
    return [message for message in mail.outbox if message.to == ["accueil@caf.example"]]


# Whose page it is --------------------------------------------------------------------------------


def routes_of(caf) -> list[str]:
    pages = ["send_designation", "confirm_address", "correct_address", "designate"]
    rows = [reverse(f"conventions:{name}", args=[caf.pk]) for name in pages]
    return [PAGE, f"{PAGE}envoyer/", *rows]


def test_the_pages_of_the_host_do_not_exist_for_other_people(client, caf, coordinator, agent):
    referent = f.referent_of(caf)
    staff = f.UserFactory(is_staff=True)
    for user in (coordinator.user, agent.user, referent, staff):
        client.force_login(user)
        for path in routes_of(caf):
            answer = client.get(path) if path == PAGE else client.post(path)
            assert answer.status_code == 404
    client.logout()
    assert client.get(PAGE).status_code == 302


def test_a_superuser_without_double_verification_is_asked_to_activate_it(client, caf):
    client.force_login(f.UserFactory(is_superuser=True))
    for path in routes_of(caf):
        answer = client.get(path) if path == PAGE else client.post(path)
        assert answer.status_code == 403
    answer = client.get(PAGE)
    assert answer.status_code == 403
    assert "Activez d’abord la double vérification de votre compte." in read(answer)


def test_the_host_finds_the_page_from_the_list_of_conventions(as_host, client, coordinator):
    assert f'href="{PAGE}"' in as_host.get("/conventions/").content.decode()
    client.force_login(coordinator.user)
    assert f'href="{PAGE}"' not in client.get("/conventions/").content.decode()


def test_the_page_lists_guarded_organisations_without_referent_first(as_host, caf, convention):
    f.OrganisationFactory(convention=convention, name="Association ouverte")
    msa = f.PartyFactory(
        organisation__convention=convention, organisation__name="MSA Poitou",
        organisation__acronym="AMSA",
    ).organisation  # fmt: skip
    access = f.MembershipFactory(organisation=msa, referent=True)
    page = as_host.get(PAGE)
    assert title(page) == "1 organisme attend un référent des accès"
    text = read(page)
    assert text.index("Caf de la Vienne") < text.index("MSA Poitou")
    assert access.user.full_name in text
    assert "accueil@caf.example du fichier de la convention" in text
    assert "Association ouverte" not in text
    assert "Tout envoyer" not in text


# The official address ----------------------------------------------------------------------------


def test_the_host_confirms_an_address_and_links_wait_for_that(as_host, caf, host):
    sending = reverse("conventions:send_designation", args=[caf.pk])
    assert sending not in as_host.get(PAGE).content.decode()
    confirming = reverse("conventions:confirm_address", args=[caf.pk])
    done = as_host.post(confirming, {"email": caf.email}, follow=True)
    assert messages_in(done) == ["L’adresse accueil@caf.example est confirmée."]
    assert sending in done.content.decode()
    caf.refresh_from_db()
    assert caf.email_confirmed_at
    assert caf.history.latest("history_id").history_user == host


def test_an_address_that_was_given_meanwhile_is_not_confirmed(as_host, caf):
    confirming = reverse("conventions:confirm_address", args=[caf.pk])
    caf.email = "un-autre@caf.example"
    caf.save()
    [refused] = messages_in(as_host.post(confirming, {"email": "accueil@caf.example"}, follow=True))
    assert "c’est un-autre@caf.example. Elle n’est pas confirmée." in refused.replace("\u00a0", " ")
    caf.refresh_from_db()
    assert caf.email_confirmed_at is None


def test_the_host_corrects_an_address_and_both_addresses_are_mailed(as_host, caf):
    page = reverse("conventions:correct_address", args=[caf.pk])
    assert title(as_host.get(page)) == "L’adresse électronique officielle de la Caf de la Vienne"
    assert "direction@" in as_host.post(page, {"email": "direction@"}).content.decode()
    as_host.post(page, {"email": "direction@caf.example", "revision": caf.revision})
    caf.refresh_from_db()
    assert (caf.email, bool(caf.email_confirmed_at)) == ("direction@caf.example", True)
    addresses = {message.to[0] for message in mail.outbox}
    assert addresses == {"accueil@caf.example", "direction@caf.example"}


# Links -------------------------------------------------------------------------------------------


def test_a_link_is_sent_to_the_confirmed_address(as_host, confirmed, host):
    done = as_host.post(reverse("conventions:send_designation", args=[confirmed.pk]), follow=True)
    assert messages_in(done) == ["Lien envoyé à accueil@caf.example."]
    assert "sans réponse" in read(done)
    [message] = mail.outbox
    assert message.to == ["accueil@caf.example"]
    assert Designation.objects.get().operator == host


def test_no_link_goes_to_an_unconfirmed_address_or_where_a_referent_is(as_host, caf):
    sending = reverse("conventions:send_designation", args=[caf.pk])
    done = as_host.post(sending, follow=True)
    assert messages_in(done) == [
        "L’adresse officielle de la Caf de la Vienne est d’abord à confirmer."
    ]
    caf.email_confirmed_at = timezone.now()
    caf.save()
    f.referent_of(caf)
    done = as_host.post(sending, follow=True)
    assert messages_in(done) == ["La Caf de la Vienne a déjà un référent des accès."]
    assert not Designation.objects.exists()
    assert mail.outbox == []


def test_all_links_are_sent_to_confirmed_addresses_once(as_host, confirmed, convention):
    f.PartyFactory(organisation__convention=convention, organisation__email="a@msa.example")
    assert "Tout envoyer (1)" in read(as_host.get(PAGE))
    for answer in ("1\u00a0lien envoyé.", "Aucun lien à envoyer."):
        assert messages_in(as_host.post(f"{PAGE}envoyer/", follow=True)) == [answer]
    assert [message.to for message in mail.outbox] == [["accueil@caf.example"]]


def test_a_link_designates_for_a_ticked_organisation_of_the_same_siren(as_host, confirmed, client):
    other = f.PartyFactory(
        organisation__siren=confirmed.siren, organisation__name="Caf de la Vienne"
    ).organisation
    namesake = f.PartyFactory(organisation__name="Caf de la Vienne").organisation
    page = as_host.get(PAGE).content.decode()
    assert f'name="aussi" value="{other.pk}"' in page
    assert f'name="aussi" value="{namesake.pk}"' not in page
    as_host.post(
        reverse("conventions:send_designation", args=[confirmed.pk]),
        {"aussi": [other.pk, namesake.pk]},
    )
    user = f.UserFactory()
    client.force_login(user)
    client.post(path_in(mail.outbox[0]))
    are_referents = [is_referent(user, body) for body in (confirmed, other, namesake)]
    assert are_referents == [True, True, False]


def test_opening_the_link_changes_nothing(client, link, caf):
    """Mail scanners open links."""
    user = f.UserFactory()
    for _ in range(2):
        page = client.get(link)
        assert title(page) == "Devenir référent des accès de la Caf de la Vienne ?"
        assert "no-store" in page["Cache-Control"]
    client.force_login(user)
    client.get(link)
    assert not is_referent(user, caf)
    assert Designation.objects.get().accepted_at is None


def test_whoever_has_an_account_accepts_by_a_button_once(client, link, caf):
    user, second = f.UserFactory(), f.UserFactory()
    client.force_login(user)
    done = client.post(link, follow=True)
    assert messages_in(done) == ["Vous êtes référent des accès de la Caf de la Vienne."]
    assert is_referent(user, caf)
    client.force_login(second)
    for page in (client.get(link), client.post(link)):
        assert "Ce lien a déjà servi" in read(page)
    assert not is_referent(second, caf)


def test_accepting_a_link_confirms_what_the_person_holds_there(client, link, caf):
    """A party of one person needs no second act."""
    access = f.MembershipFactory(organisation=caf, pending=True)
    client.force_login(access.user)
    client.post(link)
    access.refresh_from_db()
    assert access.is_effective


def test_a_newcomer_gets_an_invitation_and_accepts_it(client, link, caf):
    mail.outbox.clear()
    page = client.post(link, {"email": "anne@caf.example"})
    assert "Un message est parti à anne@caf.example" in read(page)
    [message] = mail.outbox
    assert message.to == ["anne@caf.example"]
    names = {"first_name": "Anne", "last_name": "Roy", "password": ""}
    client.post(path_in(message), names)
    assert is_referent(User.objects.get(email="anne@caf.example"), caf)
    client.logout()
    assert "Ce lien a déjà servi" in read(client.get(link))


def test_of_several_addresses_the_last_is_invited(client, link, caf):
    for address in ("anne@caf.example", "luc@caf.example"):
        client.post(link, {"email": address})
    first, last = [path_in(message) for message in mail.outbox[-2:]]
    assert title(client.get(first)) == "Cette invitation a été annulée"
    client.force_login(f.UserFactory())
    client.post(link)
    client.logout()
    assert title(client.get(last)) == "Cette invitation a été annulée"


def test_somebody_with_an_account_is_asked_to_log_in(client, link):
    user = f.UserFactory()
    page = client.post(link, {"email": user.email})
    assert "Cette adresse a un compte : connectez-vous d’abord." in read(page)
    assert f'href="/connexion/?next={link}"' in page.content.decode()


def test_a_coordinator_of_another_organisation_does_not_become_a_referent(
    client, link, caf, coordinator
):
    client.force_login(coordinator.user)
    for page in (client.get(link), client.post(link)):
        assert "coordonne la convention pour un autre organisme" in read(page)
    assert not is_referent(coordinator.user, caf)


def test_an_expired_link_says_so(client, link, caf):
    user = f.UserFactory()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=31)):
        client.force_login(user)
        for page in (client.get(link), client.post(link)):
            assert "Ce lien a expiré" in read(page)
    assert not is_referent(user, caf)


@pytest.mark.parametrize("token", ["inconnu", "é"])
def test_an_unknown_link_is_not_found(client, db, token):
    assert client.get(f"/designation/{token}/").status_code == 404


def test_an_unanswered_link_is_reminded_once_with_a_new_link(client, link, caf):
    mail.outbox.clear()
    remind_unanswered()
    assert mail.outbox == []
    later = timezone.now() + datetime.timedelta(days=11)
    with time_machine.travel(later):
        remind_unanswered()
        remind_unanswered()
        [message] = sent_to_caf()
        assert message.subject.startswith("Rappel")
        assert client.get(link).status_code == 404
        assert client.get(path_in(message)).status_code == 200


def test_a_link_is_not_reminded_once_a_referent_is_designated(link, caf):
    f.referent_of(caf)
    mail.outbox.clear()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=11)):
        remind_unanswered()
    assert mail.outbox == []


# On a letter -------------------------------------------------------------------------------------


def letter_of(email) -> dict:
    return {"email": email, "letter": SimpleUploadedFile("lettre.pdf", PDF)}


def test_a_signed_letter_designates_and_is_kept(as_host, caf, host):
    user = f.UserFactory()
    page = reverse("conventions:designate", args=[caf.pk])
    done = as_host.post(page, letter_of(user.email), follow=True)
    assert messages_in(done) == [f"{user} est référent des accès de la Caf de la Vienne."]
    assert is_referent(user, caf)
    designation = Designation.objects.get()
    assert (designation.operator, designation.letter.name) == (host, "lettre.pdf")
    access = Membership.objects.get(user=user)
    assert (access.given_by, access.confirmed_by) == (None, None)


def test_a_letter_needs_an_account_and_a_file(as_host, caf, coordinator):
    page = reverse("conventions:designate", args=[caf.pk])
    answer = as_host.post(page, letter_of("personne@caf.example"))
    assert "Aucun compte n’a cette adresse" in read(answer)
    answer = as_host.post(page, {"email": coordinator.user.email})
    assert list(answer.context["form"].errors) == ["letter"]
    answer = as_host.post(page, letter_of(coordinator.user.email))
    assert "elle n’agit pas pour la Caf de la Vienne" in read(answer)
    assert not Designation.objects.exists()


def test_the_address_of_a_body_known_elsewhere_is_proposed(as_host, confirmed):
    """The same body in a new convention: by its SIREN, or its name where it has none."""
    for siren in (confirmed.siren, ""):
        row = f.OrganisationFactory(name=confirmed.name, kind=confirmed.kind, siren=siren)
        f.PartyFactory(organisation=row)
        row.is_guarded = True
        row.save()
    page = as_host.get(PAGE)
    assert page.text.count("?adresse=") == 2
    form = as_host.get(f"/hebergeur/referents/{row.pk}/adresse/?adresse=accueil@caf.example")
    assert 'value="accueil@caf.example"' in form.text


def test_the_source_of_an_unconfirmed_address_is_shown(as_host, caf):
    caf.email_source = "le site de la Caf"
    caf.save()
    assert "d’après : le site de la Caf" in read(as_host.get(PAGE))
