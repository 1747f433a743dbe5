"""An organisation's référents say who acts for it: propose, confirm, suspend, end (record 20)."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from agreements.models import Seat
from conventions.access import events, rights
from conventions.access.notices import AccessLetter
from conventions.access.reading import (
    accesses_not_in_full,
    accesses_to_confirm,
    colleagues_of,
    lines_for,
)
from conventions.access.viewer import accesses_of
from conventions.dashboard.tasks import confirmation_tasks
from conventions.models import AppointmentState, Convention, Membership
from ctg_portal.rules import Refused
from notifications.sending import send_due_mail
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.agreements.factories import SeatFactory
from tests.stories import told_once

MINE = "/conventions/vallee/acces/moi/"


@told_once(name="caf")
def signing(convention):
    """The Caf, which signs: its référents alone say who acts for it."""
    caf = f.OrganisationFactory(convention=convention, acronym="Caf", name="Caf de la Vienne")
    return f.PartyFactory(organisation=caf).organisation


@told_once
def referent(caf):
    access = f.MembershipFactory(
        organisation=caf, referent=True, user__first_name="Renée", user__last_name="Faure",
        user__email="referente@caf.example",
    )  # fmt: skip
    return access.user


@told_once
def people(caf, agent, coordinator, referent, stranger, convention):
    """Who may be thought to decide of the Caf's people."""
    msa = f.PartyFactory(organisation__convention=convention).organisation
    return {
        "host": None,
        "referent": referent,
        "coordinator": coordinator.user,
        "colleague": agent.user,
        "reader": f.MembershipFactory(organisation=caf, reader=True).user,
        "pending": f.MembershipFactory(organisation=caf, pending=True).user,
        "suspended": f.MembershipFactory(organisation=caf, suspended=True).user,
        "pending referent": f.MembershipFactory(organisation=caf, referent=True, pending=True).user,
        "former referent": f.MembershipFactory(organisation=caf, referent=True, ended=True).user,
        "referent elsewhere": f.referent_of(msa),
        "stranger": stranger,
    }


def given(organisation, *, by, role="contributor", to=None) -> Membership:
    """An access that was offered and accepted."""
    to = to or f.UserFactory()
    invitation, _ = events.invite(email=to.email, organisation=organisation, roles=[role], by=by)
    events.accept(invitation, by=to)
    return Membership.objects.active().get(user=to, organisation=organisation, role=role)


def access_of(caf, what: str, **values) -> Membership:
    return f.MembershipFactory(organisation=caf, **{what: True} if what else {}, **values)


def allowed(people, question) -> set[str]:
    """Who of them is not refused."""
    return {name for name, user in people.items() if question(user) is None}


def reason(refusal):
    return refusal and refusal.reason


def acts_on(membership) -> list[tuple]:
    return [(row.verb, row.by, row.capacity) for row in membership.transitions.all()]


# What counts at once -----------------------------------------------------------------------------


def test_an_access_proposed_by_the_coordination_is_pending(coordinator, caf):
    access = given(caf, by=coordinator.user)
    assert access.is_pending
    assert acts_on(access) == [("offered", coordinator.user, "coordination")]


@pytest.mark.parametrize("giver", ["referent", "host"])
def test_an_access_given_by_a_referent_or_the_host_is_confirmed(caf, people, giver):
    access = given(caf, by=people[giver])
    assert (access.is_effective, access.confirmed_by) == (True, people[giver])
    assert access.confirmed_at


def test_a_referent_names_nobody_to_coordinate_the_convention(caf, referent):
    with pytest.raises(Refused, match="Seule la coordination"):
        given(caf, by=referent, role="coordinator")


def test_the_invitation_of_the_coordination_suffices_for_an_organisation_that_is_not_guarded(
    coordinator, convention
):
    assert given(f.OrganisationFactory(convention=convention), by=coordinator.user).is_effective


def test_nobody_gives_a_right_to_themselves(referent, coordinator, caf, convention):
    assert given(caf, by=referent, to=referent).is_pending
    own = f.OrganisationFactory(convention=convention)
    assert given(own, by=coordinator.user, to=coordinator.user, role="reader").is_pending


def test_an_access_is_pending_when_its_giver_is_no_referent_any_more(caf, people):
    """A référent invites, and is one no more when it is accepted."""
    user, leaving = f.UserFactory(), people["referent"]
    invitation, _ = events.invite(
        email=user.email, organisation=caf, roles=["contributor"], by=leaving
    )
    Membership.objects.filter(user=leaving).update(ended_at=timezone.now())
    events.accept(invitation, by=user)
    assert Membership.objects.get(user=user).is_pending


def test_a_pending_access_that_a_referent_offers_again_is_confirmed(coordinator, caf, referent):
    access = given(caf, by=coordinator.user)
    offer = f.MembershipOfferFactory(
        organisation=caf, invitation__email=access.user.email, invitation__invited_by=referent
    )
    events.accept(offer.invitation, by=access.user)
    access.refresh_from_db()
    assert (access.is_effective, access.confirmed_by) == (True, referent)


# Who does what -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "who"),
    [
        ("pending", {"referent", "host"}),
        ("suspended", {"referent", "host"}),
        ("", set()),
    ],
)
def test_an_access_is_confirmed_by_the_referent_and_the_host_alone(caf, people, what, who):
    access = access_of(caf, what)
    assert allowed(people, lambda user: rights.may_confirm(user, access)) == who


def test_the_coordination_confirms_where_the_organisation_is_not_guarded(people, convention):
    access = f.MembershipFactory(convention=convention, pending=True)
    allowed_people = allowed(people, lambda user: rights.may_confirm(user, access))
    assert allowed_people == {"coordinator", "host"}


def test_nobody_confirms_their_own_right(caf, referent):
    access = access_of(caf, "pending", user=referent)
    assert reason(rights.may_confirm(referent, access)) == "Personne ne confirme son propre droit."
    assert rights.may_confirm(f.referent_of(caf), access) is None


@pytest.mark.parametrize(
    ("what", "who"),
    [
        ("", {"referent", "host", "coordinator", "colleague"}),
        ("reader", {"referent", "host", "coordinator", "colleague", "reader"}),
        ("pending", {"referent", "host", "coordinator", "colleague", "reader"}),
        ("referent", {"referent", "host", "coordinator", "colleague"}),
        ("suspended", set()),
    ],
)
def test_an_access_is_suspended_by_those_who_act_there(caf, people, what, who):
    access = access_of(caf, what)
    assert allowed(people, lambda user: rights.may_suspend(user, caf, [access])) == who


def test_nobody_suspends_the_last_coordinator_nor_themselves(coordinator, agent, people):
    own = coordinator.organisation
    keeps = "Une convention garde au moins une personne à la coordination"
    assert keeps in reason(rights.may_suspend(None, own, [coordinator]))
    assert "le vôtre" in reason(rights.may_suspend(agent.user, agent.organisation, [agent]))


def test_an_overruled_suspender_does_not_suspend_that_person_again(
    caf, agent, referent, coordinator
):
    access = access_of(caf, "")
    events.suspend_person(access.user, caf, by=agent.user)
    events.confirm_access(access, by=referent)
    with pytest.raises(Refused, match="Vous avez déjà suspendu cette personne"):
        events.suspend_person(access.user, caf, by=agent.user)
    events.suspend_person(access.user, caf, by=coordinator.user)


def test_somebody_who_lifts_their_own_suspension_may_suspend_again(caf, referent):
    access = access_of(caf, "")
    for _ in range(2):
        events.suspend_person(access.user, caf, by=referent)
        events.confirm_access(access, by=referent)
    assert access.overruled == []


def test_a_suspended_referent_is_restored_by_the_host_alone(caf, people, referent, agent):
    events.suspend_person(referent, caf, by=agent.user)
    people["referent"] = f.referent_of(caf)
    access = Membership.objects.get(user=referent)
    assert allowed(people, lambda user: rights.may_confirm(user, access)) == {"host"}


@pytest.mark.parametrize(
    ("what", "who"),
    [
        ("", {"referent", "host"}),
        ("suspended", {"referent", "host"}),
        ("pending", {"referent", "host", "coordinator"}),
        ("reader", {"referent", "host", "coordinator"}),
        ("referent", {"host"}),
    ],
)
def test_an_access_is_ended_by_its_holder_and_those_it_answers_to(caf, people, what, who):
    access = access_of(caf, what)
    own = people | {"holder": access.user}
    allowed_people = allowed(own, lambda user: rights.may_end_membership(user, access))
    assert allowed_people == who | {"holder"}


def test_the_last_referent_names_another_before_leaving(caf, referent):
    access = Membership.objects.get(user=referent)
    with pytest.raises(Refused, match="garde au moins un référent des accès"):
        events.end_membership(access, by=referent)
    f.referent_of(caf)
    events.end_membership(access, by=referent)
    assert not rights.is_referent(referent, caf)


# What a suspension does --------------------------------------------------------------------------


def test_suspending_takes_all_that_somebody_holds_there_and_nothing_elsewhere(caf, agent, referent):
    seat = SeatFactory(organisation=caf, user=agent.user)
    also = f.MembershipFactory(organisation=caf, user=agent.user, reader=True)
    elsewhere = f.MembershipFactory(user=agent.user, convention=caf.convention, reader=True)
    events.suspend_person(agent.user, caf, by=referent)
    for row in (agent, also, seat, elsewhere):
        row.refresh_from_db()
    assert {agent.state, also.state, seat.state} == {AppointmentState.SUSPENDED}
    assert elsewhere.is_effective
    assert (agent.suspended_by, bool(agent.suspended_at)) == (referent, True)
    # They are confirmed one by one.
    events.confirm_access(agent, by=referent)
    seat.refresh_from_db()
    assert seat.state == AppointmentState.SUSPENDED
    assert isinstance(seat, Seat)


@pytest.mark.parametrize("state", [AppointmentState.PENDING, AppointmentState.SUSPENDED])
def test_an_unconfirmed_coordination_only_reads(coordinator, convention, caf, agent, state):
    user = f.MembershipFactory(organisation=caf, coordinator=True, state=state).user
    assert convention in Convention.objects.visible_to(user)
    assert accesses_of(user, convention) == []
    assert not rights.coordinates(user, convention)
    assert rights.may_propose(user, caf) is not None
    assert rights.may_suspend(user, caf, [agent]) is not None


# Coordinating for one organisation ---------------------------------------------------------------


def test_a_coordinator_acts_for_no_other_organisation_than_their_own(coordinator, caf, referent):
    user = coordinator.user
    for by in (None, referent):
        with pytest.raises(Refused, match="elle n’agit pas pour la Caf de la Vienne"):
            events.invite(email=user.email, organisation=caf, roles=["contributor"], by=by)
    assert given(caf, by=referent, to=user, role="reader").is_effective
    access = access_of(caf, "pending", user=user)
    with pytest.raises(Refused, match="coordonne la convention pour un autre organisme"):
        events.confirm_access(access, by=None)


def test_beginning_to_coordinate_suspends_what_one_holds_elsewhere(coordinator, caf, agent):
    reader = f.MembershipFactory(organisation=caf, user=agent.user, reader=True)
    f.MembershipFactory(
        organisation=coordinator.organisation, user=agent.user, coordinator=True, pending=True
    )
    events.confirm_person(agent.user, coordinator.organisation, by=None)
    for row in (agent, reader):
        row.refresh_from_db()
    assert (agent.is_suspended, reader.is_effective) == (True, True)
    # Nor does it come back by itself once the coordination is laid down.
    events.end_membership(
        Membership.objects.get(user=agent.user, role="coordinator"), by=agent.user
    )
    agent.refresh_from_db()
    assert agent.is_suspended


# Who is told -------------------------------------------------------------------------------------


def mails_after(**delay) -> dict[str, str]:
    """Who is written to after that time, and the text."""
    mail.outbox.clear()
    with time_machine.travel(timezone.now() + datetime.timedelta(**delay)):
        send_due_mail()
    return {message.to[0]: message.body for message in mail.outbox}


def test_holder_referents_and_coordination_are_notified_at_once_the_others_next_morning(
    coordinator, caf, agent, referent
):
    other = f.MembershipFactory(organisation=coordinator.organisation, coordinator=True).user
    access = given(caf, by=coordinator.user)
    at_once = mails_after(minutes=30)
    assert at_once.keys() == {access.user.email, referent.email, other.email}
    text = at_once[referent.email].replace("\u00a0", " ")
    assert (
        f"{access.user} : accès « contribution » pour la Caf de la Vienne, proposé, à confirmer"
        in text
    )
    assert "Par Claire Morin, coordination." in text
    assert f"https://ctg.example/conventions/vallee/acces/{access.pk}/" in text
    assert mails_after(days=1).keys() == {agent.user.email}


def test_the_official_address_is_mailed_each_change(coordinator, caf, referent, agent):
    caf.email = "accueil@caf.example"
    caf.save()
    mail.outbox.clear()
    access = given(caf, by=coordinator.user)
    events.confirm_access(access, by=referent)
    events.suspend_person(access.user, caf, by=agent.user)
    messages = [sent for sent in mail.outbox if sent.to == ["accueil@caf.example"]]
    ends = [sent.subject.rpartition(", ")[2] for sent in messages]
    assert ends == ["à confirmer", "confirmé", "suspendu"]
    assert "ne donne aucun droit" in messages[0].body
    assert "un référent des accès de la Caf de la Vienne la confirme" in messages[0].body


def test_the_official_address_gives_no_right(coordinator, caf):
    caf.email = "accueil@caf.example"
    caf.save()
    owner = f.UserFactory(email="accueil@caf.example")
    assert given(caf, by=coordinator.user, to=owner).is_pending


def test_several_changes_are_one_message(coordinator, caf, referent):
    for _ in range(3):
        given(caf, by=coordinator.user)
    mails_after(minutes=30)
    [message] = [sent for sent in mail.outbox if sent.to == [referent.email]]
    assert message.subject.startswith("Trois accès ont changé")


def test_an_access_that_has_ended_is_not_notified(coordinator, caf, referent):
    events.end_membership(given(caf, by=coordinator.user), by=coordinator.user)
    assert mails_after(minutes=30) == {}


def test_a_convention_that_is_gone_has_no_letter(db):
    assert AccessLetter("convention:0", "", timezone.now()).reading is None


# Tasks and lists ---------------------------------------------------------------------------------


def tasks(user, convention):
    tasks_by_convention = confirmation_tasks(user, [convention], timezone.localdate())
    return [(task.title, task.url) for task in tasks_by_convention.get(convention.pk, [])]


def test_only_a_referent_has_the_task_of_confirming(coordinator, convention, caf, agent, referent):
    access = given(caf, by=coordinator.user)
    who = f"{access.user} ({access.user.email})"
    sentence = f"1 accès à confirmer : {who}, contribution pour la Caf de la Vienne."
    page = f"/conventions/vallee/acces/{access.pk}/confirmer/"
    assert tasks(referent, convention) == [(sentence, page)]
    for user in (agent.user, coordinator.user, access.user):
        assert tasks(user, convention) == []
    given(caf, by=coordinator.user)
    assert tasks(referent, convention) == [("2 accès à confirmer.", MINE)]


def test_a_line_of_a_pending_access_says_who_confirms_it(
    coordinator, convention, caf, agent, referent
):
    access = given(caf, by=coordinator.user)
    [line] = lines_for(referent, accesses_to_confirm(referent, [convention]))
    assert (line.membership, line.can_confirm, line.can_suspend) == (access, True, True)
    assert line.note == "à confirmer par un référent des accès de la Caf de la Vienne"
    assert access in [line.membership for line in colleagues_of(agent.user, convention)]
    assert colleagues_of(access.user, convention) == []
    [own] = accesses_not_in_full(access.user, convention)
    assert own.holder_sentence.startswith(
        "Votre accès « contribution » pour la Caf de la Vienne est proposé, à confirmer par un "
        f"référent des accès de la Caf de la Vienne ({referent}). D’ici là,"
    )


def test_querysets_of_accesses_agree_with_the_properties_of_a_row(caf):
    rows = [
        f.MembershipFactory(organisation=caf, state=state, ended_at=ended)
        for state in AppointmentState
        for ended in (None, timezone.now())
    ]
    for adjective, twin in (("active", "is_active"), ("effective", "is_effective"),
                            ("pending", "is_pending")):  # fmt: skip
        selected = set(getattr(Membership.objects, adjective)())
        assert selected == {row for row in rows if getattr(row, twin)}


# Pages -------------------------------------------------------------------------------------------


def page_of(client, user, path=""):
    client.force_login(user)
    return client.get(f"/conventions/vallee/{path}")


def read(page) -> str:
    return text_of(page.content.decode()).replace("\u00a0", " ")


def test_a_referent_confirms_from_the_page(client, coordinator, caf, referent):
    access = given(caf, by=coordinator.user)
    assert "1 accès à confirmer" in read(page_of(client, referent))
    mine = page_of(client, referent, "acces/moi/")
    address = f"/conventions/vallee/acces/{access.pk}/confirmer/"
    assert f'href="{address}"' in mine.content.decode()
    page = client.get(address)
    assert title(page).startswith("Confirmer l’accès de")
    assert "Proposé par Claire Morin" in read(page)
    done = client.post(address, {"revision": access.revision}, follow=True)
    assert f"L’accès de {access.user} est confirmé." in read(done)
    assert "par Renée Faure, référent des accès de la Caf de la Vienne : confirmé" in read(done)


def test_a_colleague_suspends_in_one_click(client, coordinator, caf, agent):
    access = access_of(caf, "")
    page = page_of(client, agent.user, f"acces/{access.pk}/")
    address = f"/conventions/vallee/acces/{access.pk}/suspendre/"
    assert f'href="{address}"' in page.content.decode()
    assert title(client.get(address)).startswith("Suspendre")
    access.refresh_from_db()
    assert access.is_effective
    client.post(address)
    access.refresh_from_db()
    assert access.is_suspended
    assert "est suspendu" in read(page_of(client, access.user, "acces/moi/"))


def test_the_holder_reads_on_each_of_their_pages_what_is_awaited(client, coordinator, caf, agent):
    access = given(caf, by=coordinator.user)
    for path in ("", "acces/moi/", f"acces/{access.pk}/"):
        text = read(page_of(client, access.user, path))
        assert "est proposé, à confirmer par un référent des accès de la Caf de la Vienne" in text
    assert client.get("/conventions/vallee/acces/").status_code == 403


def test_the_coordination_sees_what_awaits_and_does_not_confirm(client, coordinator, caf):
    access = given(caf, by=coordinator.user)
    page = page_of(client, coordinator.user, "acces/")
    assert "1 accès à confirmer" in read(page)
    assert "Sans référent des accès : l’hébergeur du portail en désigne un" in read(page)
    html = page.content.decode()
    assert f"/acces/{access.pk}/suspendre/" in html
    assert f"/acces/{access.pk}/confirmer/" not in html
    client.post(f"/conventions/vallee/acces/{access.pk}/confirmer/")
    access.refresh_from_db()
    assert access.is_pending


def test_an_access_is_shown_to_who_it_concerns_alone(client, coordinator, caf, agent, people):
    access = access_of(caf, "pending")
    for verb in ("", "confirmer/", "suspendre/"):
        path = f"acces/{access.pk}/{verb}"
        assert page_of(client, people["referent elsewhere"], path).status_code == 404
        assert page_of(client, agent.user, path).status_code == 200


def test_links_of_earlier_messages_lead_on(client, agent, caf):
    access = access_of(caf, "")
    page = page_of(client, agent.user, f"acces/{access.pk}/opposition/")
    assert page.url == f"/conventions/vallee/acces/{access.pk}/suspendre/"
