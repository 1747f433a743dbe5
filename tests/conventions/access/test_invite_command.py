"""``manage.py invite``: the first coordinator of an installation."""

import datetime
import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Invitation, User
from conventions.models import Membership, MembershipOffer
from tests import factories as f
from tests.stories import told_once


@told_once
def agglomeration(convention):
    """The local authority that co-chairs, beside a Caf that does too."""
    caf = {"acronym": "Caf", "kind": "caf", "name": "Caf de la Vienne"}
    epci = {"acronym": "Agglo", "kind": "epci", "name": "Communauté de la Vallée"}
    for rank, fields in enumerate((caf, epci)):
        organisation = f.OrganisationFactory(convention=convention, **fields)
        f.PartyFactory(organisation=organisation, rank=rank, co_chairs=True)
    f.OrganisationFactory(convention=convention, acronym="Insee", kind="etat")
    return organisation


def mistake(*args, **options) -> str:
    """What the command answers to a mistake; nobody is invited."""
    with pytest.raises(CommandError) as refused:
        call_command("invite", *args, **options)
    assert not Invitation.objects.exists()
    assert mail.outbox == []
    return str(refused.value)


def test_first_coordinator_is_invited_for_the_local_authority_that_co_chairs(agglomeration):
    call_command("invite", "Claire@vallee.example", "vallee", "coordinator")
    offer = MembershipOffer.objects.get()
    assert (offer.organisation, offer.role) == (agglomeration, "coordinator")
    assert offer.invitation.email == "claire@vallee.example"
    assert offer.invitation.invited_by is None
    assert [message.to for message in mail.outbox] == [["claire@vallee.example"]]


def test_command_prints_a_link_that_opens(agglomeration, capsys, client):
    call_command("invite", "claire@vallee.example", "vallee", "coordinator")
    printed = capsys.readouterr().out
    assert printed.startswith(
        "Invitation de claire@vallee.example pour Communauté de la Vallée (coordination), valable"
    )
    path = re.search(r"https://ctg\.example(/invitation/\S+)", printed)[1]
    assert path in mail.outbox[0].body
    assert client.get(path).status_code == 200


def test_command_says_the_last_day_in_paris(agglomeration, capsys, settings, monkeypatch):
    settings.INVITATION_LIFETIME = datetime.timedelta(days=14)
    moment = datetime.datetime(2026, 12, 17, 23, 30, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    call_command("invite", "claire@vallee.example", "vallee", "coordinator")
    assert "valable jusqu’au 01/01/2027." in capsys.readouterr().out
    assert "jusqu’au 1er\u00a0janvier 2027" in mail.outbox[0].body


@pytest.mark.parametrize("acronym", ["Caf", "Insee"])
def test_another_organisation_is_chosen_by_its_acronym(agglomeration, acronym):
    call_command("invite", "a@caf.example", "vallee", "reader", organisation=acronym)
    assert MembershipOffer.objects.get().organisation.acronym == acronym


def test_somebody_of_the_organisation_may_have_another_role(agglomeration):
    access = f.MembershipFactory(organisation=agglomeration)
    call_command("invite", access.user.email, "vallee", "coordinator")
    assert MembershipOffer.objects.get().role == "coordinator"


@pytest.mark.parametrize("address", ["claire", "claire@", "@vallee.example", "a b@vallee.example"])
def test_a_bad_address_is_a_mistake(agglomeration, address):
    message = mistake(address, "vallee", "coordinator")
    assert message == f"« {address} » n’est pas une adresse électronique."


def test_the_mistake_of_an_unknown_role_lists_those_that_exist(agglomeration):
    assert mistake("a@caf.example", "vallee", "chef") == (
        "Accès inconnu : chef. Les accès sont coordinator, referent, contributor, reader."
    )


def test_an_unknown_convention_is_a_mistake(db):
    message = mistake("a@caf.example", "montagne", "reader")
    assert message == "Aucune convention n’a l’identifiant montagne."


def test_the_mistake_of_an_unknown_organisation_lists_those_that_exist(agglomeration):
    f.OrganisationFactory(acronym="MSA")
    assert mistake("a@msa.example", "vallee", "reader", organisation="MSA") == (
        "Organisme inconnu : MSA. La convention connaît : Caf, Agglo, Insee."
    )


def test_an_access_that_somebody_has_already_is_a_mistake(agglomeration):
    access = f.MembershipFactory(organisation=agglomeration, coordinator=True)
    message = mistake(access.user.email, "vallee", "coordinator")
    assert message == f"{access.user.email} a déjà cet accès pour Agglo."
    assert Membership.objects.count() == 1


# Who opens conventions --------------------------------------------------------------------------


def test_a_newcomer_invited_to_open_conventions_opens_an_account_that_may(client, db):
    call_command("invite", "claire@lumbres.example", "--opens-conventions")
    [message] = mail.outbox
    assert message.to == ["claire@lumbres.example"]
    path = re.search(r"https://ctg\.example(/invitation/\S+)", message.body)[1]
    assert "ouvrir une convention" in client.get(path).text
    names = {"first_name": "Claire", "last_name": "Morin", "password": ""}
    opened = client.post(path, names)
    assert opened.url == "/conventions/nouvelle/"
    assert User.objects.get(email="claire@lumbres.example").opens_conventions
    assert client.get(opened.url).status_code == 200
    assert client.get(path).status_code == 200  # it has served


def test_an_account_is_allowed_to_open_conventions_and_no_longer(capsys, db):
    user = f.UserFactory(email="claire@lumbres.example")
    call_command("invite", "Claire@lumbres.example", "--opens-conventions")
    user.refresh_from_db()
    assert user.opens_conventions
    call_command("invite", "claire@lumbres.example", "--no-opens-conventions")
    user.refresh_from_db()
    assert not user.opens_conventions
    assert mail.outbox == []
    assert "ne peut plus ouvrir" in capsys.readouterr().out


def test_a_second_invitation_to_open_conventions_ends_the_first(db):
    for _ in range(2):
        call_command("invite", "claire@lumbres.example", "--opens-conventions")
    assert Invitation.objects.pending().count() == 1


def test_opening_conventions_is_asked_for_alone(db):
    assert "seul" in mistake("a@b.example", "vallee", "reader", opens_conventions=True)
    assert "identifiant" in mistake("a@b.example")
    assert "Aucun compte" in mistake("a@b.example", opens_conventions=False)
