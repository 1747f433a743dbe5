"""Nobody gives an organisation's eyes or voice on its behalf: an access given from outside awaits
the word of somebody who is there, and may be objected to."""

import datetime

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from conventions.access import events, rights
from conventions.access.notices import AccessLetter
from conventions.access.reading import colleagues_of, to_confirm, waiting_of
from conventions.access.viewer import accesses_of, held_by
from conventions.dashboard.tasks import confirmation_tasks
from conventions.models import AppointmentState, Convention, Membership
from ctg_portal.rules import Refused
from notifications.models import Notice
from notifications.sending import send_due_mail
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.reading import on_one_line
from tests.stories import told_once


@told_once
def msa(convention, caf, coordinator):
    """A third party; the Caf and the coordinator's organisation sign as well."""
    for organisation in (caf, coordinator.organisation):
        f.PartyFactory(organisation=organisation)
    party = f.PartyFactory(
        organisation__convention=convention, organisation__acronym="MSA",
        organisation__name="MSA Poitou",
    )  # fmt: skip
    return party.organisation


@told_once
def msa_agent(msa):
    return f.MembershipFactory(organisation=msa).user


def given(organisation, *, by, role="contributor", to=None) -> Membership:
    """An access that was offered and accepted."""
    to = to or f.UserFactory()
    invitation, _ = events.invite(email=to.email, organisation=organisation, roles=[role], by=by)
    events.accept(invitation, by=to)
    return Membership.objects.active().get(user=to, organisation=organisation, role=role)


def passed_on(membership, *, by) -> Membership:
    """An access that was handed over, and taken."""
    to = f.UserFactory()
    invitation, _ = events.hand_over(membership, email=to.email, by=by)
    events.accept(invitation, by=to)
    return Membership.objects.active().get(user=to)


def reason(refusal):
    return refusal and refusal.reason


def said_of(membership) -> list[tuple]:
    return [(row.verb, row.by, row.capacity) for row in membership.transitions.all()]


# When an access counts ---------------------------------------------------------------------------


def test_the_coordinator_gives_herself_no_eyes_in_another_organisation(coordinator, agent, caf):
    own = given(caf, by=coordinator.user, to=coordinator.user, role="reader")
    assert (own.is_pending, own.is_self_given) == (True, True)
    assert own not in accesses_of(coordinator.user, caf.convention)
    assert own in held_by(coordinator.user, caf.convention)
    with pytest.raises(Refused, match="Une autre personne que celle qui a donné ou reçu"):
        events.confirm_access(own, by=coordinator.user)
    assert said_of(own) == [("offered", coordinator.user, "coordination")]


def test_what_is_given_in_one_s_own_organisation_counts_at_once(coordinator):
    access = given(coordinator.organisation, by=coordinator.user)
    assert access.is_effective
    [(verb, by, capacity)] = said_of(access)
    assert (verb, by) == ("opened", coordinator.user)
    assert capacity == f"pour {coordinator.organisation.the}"


def test_what_whoever_hosts_the_portal_gives_counts_at_once(caf):
    access = given(caf, by=None)
    assert access.is_effective
    assert said_of(access) == [("opened", None, "")]


def test_two_roles_of_one_invitation_do_not_vouch_for_each_other(coordinator, caf, agent):
    user = coordinator.user
    invitation, _ = events.invite(
        email=user.email, organisation=caf, roles=["reader", "contributor"], by=user
    )
    events.accept(invitation, by=user)
    own = Membership.objects.filter(user=user, organisation=caf)
    assert {access.state for access in own} == {AppointmentState.PENDING}


def test_who_reads_there_already_does_not_confirm_more_for_themselves(coordinator, caf, agent):
    reader = f.MembershipFactory(organisation=caf, reader=True).user
    wider = given(caf, by=coordinator.user, to=reader)
    assert wider.is_pending
    with pytest.raises(Refused, match="Une autre personne que celle qui a donné ou reçu"):
        events.confirm_access(wider, by=reader)
    events.confirm_access(wider, by=agent.user)


def test_who_confirms_a_successor_is_told_whose_access_ends(client, agent, coordinator, caf):
    """The coordinator hands an agent's access over; a colleague of hers knows the one who comes."""
    colleague = f.MembershipFactory(organisation=caf).user
    taken = passed_on(agent, by=coordinator.user)
    client.force_login(colleague)
    address = reverse("conventions:confirm_access", args=[caf.convention.slug, taken.pk])
    ends = f"L’accès de {agent.user} prend fin alors"
    assert ends in read(client.get(address))
    client.post(address, {"seen": taken.state})
    agent.refresh_from_db()
    assert not agent.is_active
    other = given(caf, by=coordinator.user)
    address = reverse("conventions:confirm_access", args=[caf.convention.slug, other.pk])
    assert "prend fin" not in read(client.get(address))


def test_who_hands_over_their_own_access_vouches_for_the_successor(agent, coordinator):
    access = passed_on(agent, by=agent.user)
    assert access.is_effective
    assert access.given_by == agent.user


def test_an_access_that_the_coordinator_hands_over_for_somebody_awaits_a_word(agent, coordinator):
    assert passed_on(agent, by=coordinator.user).is_pending


def test_what_is_passed_on_from_outside_ends_once_that_is_confirmed(coordinator, agent):
    """The coordinator would otherwise silence whom she likes, and have nobody in their place."""
    access = passed_on(agent, by=coordinator.user)
    agent.refresh_from_db()
    assert agent.is_active
    mail.outbox.clear()
    events.confirm_access(access, by=agent.user)
    agent.refresh_from_db()
    assert not agent.is_active
    assert f"{access.user} vous succède" in " ".join(sent.subject for sent in mail.outbox)


def test_nor_does_it_end_where_it_is_objected_to(coordinator, agent):
    access = passed_on(agent, by=coordinator.user)
    events.object_to_access(access, by=agent.user)
    agent.refresh_from_db()
    assert agent.is_active


@pytest.mark.parametrize("state", [AppointmentState.PENDING, AppointmentState.SUSPENDED])
def test_what_does_not_count_is_not_passed_on(agent, coordinator, state):
    f.MembershipFactory(user=agent.user, organisation=agent.organisation, reader=True)
    Membership.objects.filter(pk=agent.pk).update(state=state)
    for by in (agent.user, coordinator.user, None):
        with pytest.raises(Refused, match=r"une fois confirmé|il se transmet ensuite"):
            passed_on(agent, by=by)


def test_an_invitation_accepted_at_the_organisation_s_own_address_counts_at_once(coordinator, caf):
    caf.email = "Contact@caf.example"
    caf.save()
    at_its_address = f.UserFactory(email="contact@caf.example")
    assert given(caf, by=coordinator.user, to=at_its_address).is_effective
    assert given(caf, by=coordinator.user).is_pending


def test_what_awaited_a_word_counts_once_given_from_within(coordinator, caf, agent):
    pending = given(caf, by=coordinator.user)
    insider = f.MembershipFactory(organisation=caf, user=agent.user, coordinator=True)
    offer = f.MembershipOfferFactory(
        organisation=caf, invitation__email=pending.user.email,
        invitation__invited_by=insider.user,
    )  # fmt: skip
    events.accept(offer.invitation, by=pending.user)
    pending.refresh_from_db()
    assert pending.is_effective
    assert Membership.objects.active().filter(user=pending.user).count() == 1


# Who confirms ------------------------------------------------------------------------------------


def test_a_colleague_confirms_and_the_holder_is_told(coordinator, caf, agent):
    access = given(caf, by=coordinator.user)
    mail.outbox.clear()
    events.confirm_access(access, by=agent.user)
    access.refresh_from_db()
    assert access.is_effective
    assert said_of(access)[-1] == ("confirmed", agent.user, "pour la Caf de la Vienne")
    [message] = mail.outbox
    assert message.to == [access.user.email]
    for version in (message.body, on_one_line(message.alternatives[0].content)):
        assert "est confirmé par Nadia Lefèvre" in version
        assert f"/acces/{access.pk}/" in version


def test_who_may_confirm(coordinator, caf, agent, msa, msa_agent, stranger):
    access = given(caf, by=coordinator.user)
    other_coordinator = f.MembershipFactory(
        organisation=coordinator.organisation, coordinator=True
    ).user
    waiting = f.MembershipFactory(organisation=caf, pending=True).user
    suspended = f.MembershipFactory(organisation=caf, suspended=True).user
    left = f.MembershipFactory(organisation=caf, ended=True).user
    by_a_colleague = "Cet accès est confirmé par une personne de la Caf de la Vienne qui y saisit"
    assert rights.may_confirm(agent.user, access) is None
    assert rights.may_confirm(None, access) is None
    for user in (access.user, coordinator.user):
        assert reason(rights.may_confirm(user, access)).startswith("Une autre personne")
    for user in (other_coordinator, waiting, suspended, left, msa_agent, stranger):
        assert reason(rights.may_confirm(user, access)).startswith(by_a_colleague)
    assert reason(rights.may_confirm(agent.user, agent)) == "Cet accès est déjà confirmé."
    access.ended_at = timezone.now()
    assert reason(rights.may_confirm(agent.user, access)) == "Cet accès est déjà terminé."


def test_the_first_of_an_organisation_is_confirmed_by_another_party(
    coordinator, caf, msa, msa_agent
):
    access = given(caf, by=coordinator.user)
    own_colleague = f.MembershipFactory(organisation=coordinator.organisation).user
    not_a_party = f.MembershipFactory(convention=caf.convention).user
    for user in (coordinator.user, own_colleague, not_a_party, access.user):
        assert rights.may_confirm(user, access) is not None
    events.confirm_access(access, by=msa_agent)
    assert said_of(access)[-1] == ("confirmed", msa_agent, "pour la MSA Poitou")


def test_who_has_access_in_both_does_not_confirm_for_the_giver(coordinator, caf, msa, msa_agent):
    """The giver's own people stay the giver's, also where they have access elsewhere."""
    f.MembershipFactory(user=coordinator.user, organisation=msa, reader=True)
    access = given(caf, by=coordinator.user)
    assert rights.may_confirm(msa_agent, access) is not None


def test_all_who_may_confirm_are_found_in_two_queries(
    coordinator, caf, agent, django_assert_num_queries
):
    accesses = [given(caf, by=coordinator.user) for _ in range(5)]
    rows = Membership.objects.filter(pk__in=[access.pk for access in accesses])
    accesses = list(rows.select_related("organisation__convention"))
    with django_assert_num_queries(2):
        found = rights.confirmers_of(accesses)
    assert {confirmers.people for confirmers in found.values()} == {frozenset({agent.user.pk})}


# Who objects -------------------------------------------------------------------------------------


def test_a_colleague_objects_and_holder_and_giver_are_told(coordinator, caf, agent):
    access = given(caf, by=coordinator.user)
    mail.outbox.clear()
    events.object_to_access(access, by=agent.user)
    access.refresh_from_db()
    assert access.is_suspended
    assert said_of(access)[-1] == ("suspended", agent.user, "pour la Caf de la Vienne")
    sent = {message.to[0]: message for message in mail.outbox}
    assert sent.keys() == {access.user.email, coordinator.user.email}
    assert "a fait opposition à votre accès" in sent[access.user.email].body
    told = on_one_line(sent[coordinator.user.email].alternatives[0].content)
    assert f"Nadia Lefèvre a fait opposition à l’accès de {access.user}" in told
    # A word lifts it again.
    events.confirm_access(access, by=agent.user)
    access.refresh_from_db()
    assert access.is_effective


def test_who_may_object(coordinator, caf, agent, msa, msa_agent, stranger):
    access = given(caf, by=coordinator.user)
    waiting = f.MembershipFactory(organisation=caf, pending=True).user
    for user in (agent.user, coordinator.user, None):
        assert rights.may_object(user, access) is None
    assert "le vôtre" in reason(rights.may_object(access.user, access))
    for user in (waiting, msa_agent, stranger):
        assert reason(rights.may_object(user, access)).startswith("Seules les personnes de la Caf")
    events.object_to_access(access, by=agent.user)
    access.refresh_from_db()
    assert reason(rights.may_object(agent.user, access)) == "Cet accès est déjà suspendu."


def test_whoever_may_confirm_the_first_may_object(coordinator, caf, msa, msa_agent):
    access = given(caf, by=coordinator.user)
    assert rights.may_object(msa_agent, access) is None
    f.MembershipFactory(organisation=caf)
    assert rights.may_object(msa_agent, access) is not None


def test_the_only_coordinator_is_not_objected_to(coordinator):
    colleague = f.MembershipFactory(organisation=coordinator.organisation).user
    # Who was there before; who came later does not send away who let them in.
    later = datetime.timedelta(days=1)
    Membership.objects.filter(user=colleague).update(granted_at=timezone.now() - later)
    keeps = "Une convention garde au moins une personne à la coordination"
    assert keeps in reason(rights.may_object(colleague, coordinator))
    f.MembershipFactory(convention=coordinator.convention, coordinator=True, pending=True)
    assert keeps in reason(rights.may_object(colleague, coordinator))
    f.MembershipFactory(convention=coordinator.convention, coordinator=True)
    assert rights.may_object(colleague, coordinator) is None


# What awaits a word allows -----------------------------------------------------------------------


@pytest.mark.parametrize("state", [AppointmentState.PENDING, AppointmentState.SUSPENDED])
def test_its_holder_reads_and_that_is_all(coordinator, convention, caf, agent, state):
    access = f.MembershipFactory(organisation=caf, coordinator=True, state=state)
    assert convention in Convention.objects.visible_to(access.user)
    assert accesses_of(access.user, convention) == []
    assert not rights.coordinates(access.user, convention)
    assert rights.may_manage_access(access.user, convention) is not None
    assert rights.may_object(access.user, agent) is not None
    assert access not in Membership.objects.effective()


def test_a_coordinator_who_awaits_a_word_is_not_the_one_a_convention_keeps(coordinator):
    waiting = f.MembershipFactory(convention=coordinator.convention, coordinator=True, pending=True)
    assert rights.may_end_membership(coordinator.user, coordinator) is not None
    assert rights.may_end_membership(waiting.user, waiting) is None
    assert rights.keeps_last_coordinator(coordinator.user) is not None


def test_adjectives_and_their_twins(caf):
    rows = [
        f.MembershipFactory(organisation=caf, state=state, ended_at=ended)
        for state in AppointmentState
        for ended in (None, timezone.now())
    ]
    for adjective, twin in (("active", "is_active"), ("effective", "is_effective"),
                            ("pending", "is_pending")):  # fmt: skip
        found = set(getattr(Membership.objects, adjective)())
        assert found == {row for row in rows if getattr(row, twin)}
    own = f.MembershipFactory(organisation=caf)
    Membership.objects.filter(pk=own.pk).update(given_by=own.user)
    own.refresh_from_db()
    assert set(Membership.objects.given_by_others()) == {*rows}
    assert own.is_self_given


# Coordination and secrecy ------------------------------------------------------------------------

SPIES = "Qui coordonne la convention pour un autre organisme ne saisit pas les données de la Caf"


@pytest.mark.parametrize("rule", [{"masking_threshold": 5}, {"rounding_base": 5}])
@pytest.mark.parametrize("role", ["contributor", "coordinator"])
def test_who_coordinates_enters_for_no_other_organisation_with_a_secret(
    coordinator, caf, rule, role
):
    vars(caf).update(rule)
    caf.save()
    for by in (coordinator.user, None):
        with pytest.raises(Refused, match=SPIES):
            events.invite(email=coordinator.user.email, organisation=caf, roles=[role], by=by)
    assert given(caf, by=None, to=coordinator.user, role="reader").is_effective


def test_nor_when_what_was_offered_first_is_accepted_last(coordinator, caf, agent):
    caf.masking_threshold = 5
    caf.save()
    newcomer = f.UserFactory()
    invitation, _ = events.invite(
        email=newcomer.email, organisation=caf, roles=["contributor"], by=coordinator.user
    )
    f.MembershipFactory(user=newcomer, organisation=coordinator.organisation, coordinator=True)
    with pytest.raises(Refused, match=SPIES):
        events.accept(invitation, by=newcomer)
    with pytest.raises(Refused, match=SPIES):
        events.invite(
            email=agent.user.email, organisation=coordinator.organisation,
            roles=["coordinator"], by=coordinator.user,
        )  # fmt: skip
    with pytest.raises(Refused, match=SPIES):
        events.hand_over(agent, email=coordinator.user.email, by=coordinator.user)


def test_who_coordinates_enters_for_her_own_organisation(coordinator):
    coordinator.organisation.masking_threshold = 5
    coordinator.organisation.save()
    own = coordinator.organisation
    assert given(own, by=coordinator.user, to=coordinator.user).is_effective


# Who is told -------------------------------------------------------------------------------------


def told() -> dict[str, str]:
    """Who is written to half an hour later, and the text."""
    mail.outbox.clear()
    past = timezone.now() - datetime.timedelta(minutes=30)
    Notice.objects.update(since=past, not_before=past)
    Membership.objects.update(granted_at=past)
    send_due_mail()
    return {message.to[0]: message.body for message in mail.outbox}


def test_those_there_and_the_coordinators_are_told_at_once(coordinator, caf, agent, msa_agent):
    other = f.MembershipFactory(organisation=coordinator.organisation, coordinator=True).user
    waiting = f.MembershipFactory(organisation=caf, pending=True).user
    access = given(caf, by=coordinator.user)
    sent = told()
    assert sent.keys() == {agent.user.email, other.email}
    text = sent[agent.user.email]
    assert f"{access.user} a un accès pour la Caf de la Vienne, à confirmer" in text
    assert "donné par Claire Morin" in text
    assert f"https://ctg.example/conventions/vallee/acces/{access.pk}/" in text
    assert waiting.email not in sent
    assert told() == {}
    [own] = Notice.objects.filter(user=coordinator.user)
    assert own.is_own


def test_who_may_confirm_the_first_is_told(coordinator, caf, msa_agent):
    given(caf, by=coordinator.user)
    assert told().keys() == {msa_agent.email}


def test_those_there_are_told_of_a_handing_over_in_person(coordinator, caf, agent):
    colleague = f.MembershipFactory(organisation=caf).user
    passed_on(agent, by=agent.user)
    sent = told()
    assert sent.keys() == {colleague.email, coordinator.user.email}
    assert "à confirmer" not in sent[colleague.email]
    assert "opposez-vous-y" in sent[colleague.email]


def test_nothing_is_told_any_more_of_what_was_objected_to_or_ended(coordinator, caf, agent):
    f.MembershipFactory(organisation=caf)
    events.object_to_access(given(caf, by=coordinator.user), by=agent.user)
    events.end_membership(given(caf, by=coordinator.user), by=coordinator.user)
    assert told() == {}


def test_several_are_one_message(coordinator, caf, agent):
    for _ in range(3):
        given(caf, by=coordinator.user)
    told()
    [message] = mail.outbox
    assert message.subject.startswith("3 personnes ont reçu un accès")


def test_a_convention_that_is_gone_tells_nothing(db):
    assert AccessLetter("convention:0", "", timezone.now()).reading is None


# Tasks -------------------------------------------------------------------------------------------


def tasks(user, convention):
    found = confirmation_tasks(user, [convention], timezone.localdate())
    return [(task.title, task.url) for task in found.get(convention.pk, [])]


def test_who_may_confirm_has_a_task(coordinator, convention, caf, agent):
    assert tasks(agent.user, convention) == []
    access = given(caf, by=coordinator.user)
    who = f"{access.user} ({access.user.email})"
    told = f"1 accès à confirmer : {who}, contribution pour la Caf de la Vienne."
    page = f"/conventions/vallee/acces/{access.pk}/confirmer/"
    assert tasks(agent.user, convention) == [(told, page)]
    assert tasks(coordinator.user, convention) == []
    assert tasks(access.user, convention) == []
    given(caf, by=coordinator.user)
    assert tasks(agent.user, convention) == [
        ("2 accès à confirmer.", "/conventions/vallee/acces/moi/")
    ]


def test_lists_of_what_awaits(coordinator, convention, caf, agent):
    access = given(caf, by=coordinator.user)
    [line] = to_confirm(agent.user, [convention])
    assert (line.membership, line.may_confirm, line.may_object) == (access, True, True)
    somebody = "une personne de la Caf de la Vienne qui y saisit ou y siège"
    assert line.note == f"à confirmer par {somebody}"
    assert [line.membership for line in colleagues_of(agent.user, convention)] == [access]
    assert colleagues_of(access.user, convention) == []
    [own] = waiting_of(access.user, convention)
    assert own.told_to_holder.startswith(
        "Votre accès « contribution » pour la Caf de la Vienne attend d’être confirmé par une "
        "personne de la Caf de la Vienne qui y saisit ou y siège ; d’ici là, vous lisez la "
        "convention"
    )


# Pages -------------------------------------------------------------------------------------------


def page_of(client, user, path=""):
    client.force_login(user)
    return client.get(f"/conventions/vallee/{path}")


def read(page) -> str:
    return text_of(page.content.decode()).replace("\u00a0", " ")


def test_a_colleague_confirms_from_the_page(client, coordinator, caf, agent):
    access = given(caf, by=coordinator.user)
    assert "1 accès à confirmer" in read(page_of(client, agent.user))
    mine = page_of(client, agent.user, "acces/moi/")
    assert "1 accès à confirmer" in read(mine)
    address = f"/conventions/vallee/acces/{access.pk}/confirmer/"
    assert f'href="{address}"' in mine.content.decode()
    page = client.get(address)
    assert title(page).startswith("Confirmer l’accès de")
    assert "Donné par Claire Morin" in read(page)
    done = client.post(address, follow=True)
    assert f"L’accès de {access.user} est confirmé." in read(done)
    assert "confirmé par Nadia Lefèvre, pour la Caf de la Vienne" in read(done)
    assert "Cet accès est déjà confirmé." in read(client.get(address))


def test_a_colleague_objects_from_the_page(client, coordinator, caf, agent):
    access = given(caf, by=coordinator.user)
    page = page_of(client, agent.user, f"acces/{access.pk}/")
    assert "S’opposer à cet accès" in read(page)
    address = f"/conventions/vallee/acces/{access.pk}/opposition/"
    asked = client.get(address)
    assert title(asked).startswith("S’opposer à l’accès de")
    access.refresh_from_db()
    assert access.is_pending
    done = client.post(address, follow=True)
    assert "suspendu par une opposition par Nadia Lefèvre" in read(done)
    access.refresh_from_db()
    assert access.is_suspended
    again = read(page_of(client, access.user))
    assert "est suspendu : quelqu’un s’y est opposé" in again


@pytest.mark.parametrize(
    ("verb", "told"), [("confirmer", "est confirmé"), ("opposition", "est suspendu")]
)
def test_who_has_said_their_word_for_another_party_is_led_to_a_page_of_theirs(
    client, coordinator, caf, msa_agent, verb, told
):
    """The page of the access was theirs while it awaited their word alone."""
    access = given(caf, by=coordinator.user)
    client.force_login(msa_agent)
    done = client.post(f"/conventions/vallee/acces/{access.pk}/{verb}/", follow=True)
    assert done.status_code == 200
    assert f"L’accès de {access.user} {told}." in read(done)


def test_the_beneficiary_is_told_on_every_page_of_theirs(client, coordinator, caf, agent):
    access = given(caf, by=coordinator.user)
    for path in ("", "acces/moi/", f"acces/{access.pk}/"):
        assert "attend d’être confirmé par une personne de la Caf" in read(
            page_of(client, access.user, path)
        )
    assert client.get("/conventions/vallee/acces/").status_code == 403


def test_the_coordinator_sees_what_awaits_and_may_object(client, coordinator, caf, agent):
    access = given(caf, by=coordinator.user)
    page = page_of(client, coordinator.user, "acces/")
    assert "1 accès à confirmer" in read(page)
    assert "contribution ◷ à confirmer par une personne de la Caf" in read(page)
    html = page.content.decode()
    assert f"/acces/{access.pk}/opposition/" in html
    assert f"/acces/{access.pk}/confirmer/" not in html
    client.post(f"/conventions/vallee/acces/{access.pk}/confirmer/")
    access.refresh_from_db()
    assert access.is_pending


def test_an_access_is_shown_to_who_it_concerns_alone(client, coordinator, caf, agent, msa_agent):
    access = given(caf, by=coordinator.user)
    for verb in ("", "confirmer/", "opposition/"):
        assert page_of(client, msa_agent, f"acces/{access.pk}/{verb}").status_code == 404
        assert page_of(client, agent.user, f"acces/{access.pk}/{verb}").status_code == 200
