"""``manage.py people``: who acts for whom, a référent, a confirmation, on behalf of the host."""

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from conventions.access import events
from conventions.access.rights import is_referent
from conventions.models import Designation, Membership, Organisation
from tests import factories as f
from tests.agreements.factories import SeatFactory
from tests.stories import told_once


@told_once(name="caf")
def signing(convention):
    caf = f.OrganisationFactory(convention=convention, acronym="Caf", name="Caf de la Vienne")
    return f.PartyFactory(organisation=caf).organisation


def printed_by(capsys, *args) -> list[str]:
    call_command("people", *args)
    return capsys.readouterr().out.splitlines()


def test_the_command_lists_accesses_and_missing_referents(capsys, caf, agent, coordinator):
    f.PartyFactory(organisation__convention=caf.convention, organisation__name="MSA Poitou")
    Membership.objects.filter(pk=agent.pk).update(confirmed_at=None)
    f.MembershipFactory(organisation=caf, reader=True, pending=True, user__email="a@caf.example",
                        user__last_name="Zola")  # fmt: skip
    lines = printed_by(capsys, "vallee")
    assert lines[:3] == [
        "Caf de la Vienne – sans référent des accès",
        "  agent@caf.example : contribution, confirmé, repris",
        "  a@caf.example : lecture, à confirmer",
    ]
    assert lines[-1] == "MSA Poitou – sans référent des accès, ni personne"
    f.referent_of(caf)
    assert printed_by(capsys, "vallee")[0] == "Caf de la Vienne"


def test_the_command_designates_a_referent_and_confirms_what_they_hold(capsys, caf):
    access = f.MembershipFactory(organisation=caf, pending=True)
    [line] = printed_by(capsys, "vallee", "--referent", access.user.email.upper(), "Caf")
    assert line == f"{access.user} est référent des accès de la Caf de la Vienne."
    assert is_referent(access.user, caf)
    access.refresh_from_db()
    assert access.is_effective
    assert Designation.objects.get().accepted_by == access.user


def test_the_command_restores_all_that_somebody_holds(capsys, caf, agent):
    seat = SeatFactory(organisation=caf, user=agent.user)
    events.suspend_person(agent.user, caf, by=f.referent_of(caf))
    lines = printed_by(capsys, "vallee", "--confirm", agent.user.email, "Caf")
    assert [line.startswith("Confirmé : ") for line in lines] == [True, True]
    for row in (agent, seat):
        row.refresh_from_db()
        assert row.is_confirmed


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["montagne"], "Aucune convention n’a l’identifiant montagne."),
        (["vallee", "--referent", "x@caf.example", "Caf"], "Aucun compte n’a l’adresse"),
        (["vallee", "--confirm", "agent@caf.example", "MSA"], "Organisme inconnu : MSA"),
        (["vallee", "--confirm", "agent@caf.example", "Caf"], "Rien de la Caf de la Vienne"),
        (
            ["vallee", "--referent", "coordination@vallee.example", "Caf"],
            "elle n’agit pas pour la Caf de la Vienne",
        ),
    ],
)
def test_a_mistake_of_the_command_changes_nothing(caf, agent, args, expected):
    with pytest.raises(CommandError, match=expected):
        call_command("people", *args)
    assert not Membership.objects.referents().exists()


def test_the_command_sends_links_of_its_convention_to_confirmed_addresses(capsys, caf):
    msa = f.PartyFactory(organisation__convention=caf.convention).organisation
    elsewhere = f.PartyFactory().organisation
    for organisation, name in ((caf, "caf"), (elsewhere, "ailleurs")):
        organisation.email = f"accueil@{name}.example"
        organisation.email_confirmed_at = timezone.now()
        organisation.save()
    msa.email = "accueil@msa.example"
    msa.save()
    Organisation.objects.update(is_guarded=True)
    assert printed_by(capsys, "vallee", "--send-links") == ["Lien envoyé à accueil@caf.example."]
    assert [message.to for message in mail.outbox] == [["accueil@caf.example"]]
    assert "Aucun lien" in printed_by(capsys, "vallee", "--send-links")[0]
