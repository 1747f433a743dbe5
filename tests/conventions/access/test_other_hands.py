"""Nobody confirms an access that began in their own hands, whatever hands it went through, nor in
the place of people whom they sent away; an objection outlasts the access to which it was made."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from conventions.access import events, rights
from conventions.access.reading import waiting_of
from conventions.models import AppointmentState, Membership
from conventions.parties.events import give_address
from ctg_portal.rules import Refused
from tests import factories as f
from tests.agreements.factories import since_long
from tests.conventions.access.test_confirming import given, msa, passed_on, reason, told
from tests.conventions.access.test_confirming import msa_agent as somebody_of_the_msa
from tests.stories import told_once

__all__ = ["msa", "msa_agent"]
msa_agent = somebody_of_the_msa


@told_once
def agent_elsewhere(coordinator):
    """Of the coordinator's organisation, without coordinating."""
    return f.MembershipFactory(organisation=coordinator.organisation).user


def confirmers(access) -> set[int]:
    return set(rights.confirmers_of([access])[access.pk].people)


def given_by(user, **values) -> Membership:
    """As the portal let it become before: whoever gave it is of no organisation that counts."""
    return f.MembershipFactory(given_by=user, **values)


# The chain of givers -----------------------------------------------------------------------------


def test_an_access_that_does_not_count_is_not_handed_over(coordinator, caf):
    first = given(caf, by=coordinator.user)
    for by in (first.user, coordinator.user, None):
        with pytest.raises(Refused, match="attend d’être confirmé"):
            passed_on(first, by=by)


def test_what_was_begun_by_who_coordinates_is_not_hers_to_confirm(
    coordinator, caf, msa_agent, agent_elsewhere
):
    """She let somebody in, who handed over, who handed over: the chain is followed to her."""
    first = given_by(coordinator.user, organisation=caf, pending=True, ended=True)
    second = given_by(first.user, organisation=caf, pending=True, ended=True)
    third = given_by(second.user, organisation=caf, pending=True)
    assert confirmers(third) == {msa_agent.pk}
    with pytest.raises(Refused, match="une personne d’une autre partie"):
        events.confirm_access(third, by=coordinator.user)
    assert rights.may_confirm(agent_elsewhere, third) is not None


@pytest.mark.parametrize("values", [{"suspended": True}, {"ended": True}, {"pending": True}])
def test_who_gave_an_access_stays_its_giver_whatever_became_of_her_own(
    coordinator, caf, msa_agent, agent_elsewhere, values
):
    second = f.MembershipFactory(organisation=coordinator.organisation, coordinator=True, **values)
    access = given_by(second.user, organisation=caf, pending=True)
    assert confirmers(access) == {msa_agent.pk}


def test_an_alias_that_objects_to_the_giver_confirms_nothing(coordinator, caf, msa_agent):
    alias = given(coordinator.organisation, by=coordinator.user, role="coordinator")
    friend = given(caf, by=coordinator.user)
    events.object_to_access(coordinator, by=alias.user)
    with pytest.raises(Refused, match="une personne d’une autre partie"):
        events.confirm_access(friend, by=alias.user)


def test_who_coordinates_confirms_for_her_own_organisation_alone(coordinator, caf, msa, msa_agent):
    """Not even where somebody else has given the access."""
    other = f.MembershipFactory(organisation=msa, coordinator=True).user
    access = given(caf, by=other)
    assert coordinator.user.pk not in confirmers(access)
    own = f.MembershipFactory(organisation=coordinator.organisation, pending=True)
    assert rights.may_confirm(coordinator.user, own) is None


# Who was there -----------------------------------------------------------------------------------


@told_once
def agent_objected_to(caf, agent):
    """Let in by whoever hosts the portal; the Caf's one objects."""
    access = f.MembershipFactory(organisation=caf)
    events.object_to_access(access, by=agent.user)
    return access


@pytest.mark.parametrize("send_away", [events.object_to_access, events.end_membership])
def test_an_organisation_is_not_emptied_to_confirm_in_its_place(
    coordinator, caf, agent, agent_objected_to, msa_agent, agent_elsewhere, send_away
):
    send_away(agent, by=coordinator.user)
    assert confirmers(agent_objected_to) == set()
    for user in (coordinator.user, msa_agent, agent_elsewhere):
        with pytest.raises(Refused, match="l’hébergeur du portail ou une personne invitée à l’adr"):
            events.confirm_access(agent_objected_to, by=user)
    [line] = waiting_of(agent_objected_to.user, caf.convention)
    assert line.note == (
        "suspendu par une opposition, jusqu’à ce que l’hébergeur du portail ou une personne "
        "invitée à l’adresse officielle de la Caf de la Vienne le confirme"
    )


def test_nor_is_a_newcomer_confirmed_by_others_after_those_who_left(
    coordinator, caf, agent, msa_agent
):
    events.end_membership(agent, by=agent.user)
    assert confirmers(given(caf, by=coordinator.user)) == set()


def test_who_was_never_confirmed_was_never_there(coordinator, caf, msa_agent):
    """A wrong address leaves the organisation as empty as it was."""
    wrong = given(caf, by=coordinator.user)
    events.object_to_access(wrong, by=msa_agent)
    assert confirmers(given(caf, by=coordinator.user)) == {msa_agent.pk}
    assert confirmers(wrong) == {msa_agent.pk}


def test_the_only_person_ever_is_given_back_by_another_party(coordinator, caf, agent, msa_agent):
    events.object_to_access(agent, by=coordinator.user)
    events.confirm_access(agent, by=msa_agent)
    assert agent in Membership.objects.effective()


def test_somebody_at_the_official_address_confirms(coordinator, caf, agent, agent_objected_to):
    events.end_membership(agent, by=coordinator.user)
    caf.email = "contact@caf.example"
    caf.save()
    arrived = given(caf, by=coordinator.user, to=f.UserFactory(email="contact@caf.example"))
    assert arrived.is_effective
    assert confirmers(agent_objected_to) == {arrived.user_id}


def test_whoever_hosts_the_portal_confirms(coordinator, caf, agent, agent_objected_to, capsys):
    events.end_membership(agent, by=coordinator.user)
    email = agent_objected_to.user.email
    call_command("confirm_access", email.upper(), "vallee", caf.acronym)
    assert capsys.readouterr().out == (
        f"Confirmé : {agent_objected_to.user}, contribution pour {caf.name}.\n"
    )
    agent_objected_to.refresh_from_db()
    assert agent_objected_to.is_effective
    with pytest.raises(CommandError, match="est déjà confirmé"):
        call_command("confirm_access", email, "vallee", caf.acronym)


def test_the_command_tells_what_it_does_not_find(coordinator, caf, agent):
    with pytest.raises(CommandError, match="Aucune convention n’a l’identifiant ailleurs"):
        call_command("confirm_access", agent.user.email, "ailleurs", caf.acronym)
    with pytest.raises(CommandError, match="n’a pas d’accès pour"):
        call_command("confirm_access", coordinator.user.email, "vallee", caf.acronym)


# Objections that outlast -------------------------------------------------------------------------


@told_once
def objected_to(coordinator):
    """Whom the coordinator lets into her own organisation, and a colleague does not want there."""
    colleague = f.MembershipFactory(organisation=coordinator.organisation).user
    access = given(coordinator.organisation, by=coordinator.user)
    events.object_to_access(access, by=colleague)
    access.extra = colleague
    return access


@pytest.mark.parametrize("role", ["contributor", "reader"])
def test_who_was_objected_to_and_is_invited_again_stays_suspended(
    coordinator, objected_to, role, caf
):
    events.end_membership(objected_to, by=coordinator.user)
    own = coordinator.organisation
    again = given(own, by=coordinator.user, to=objected_to.user, role=role)
    assert again.is_suspended
    assert [row.verb for row in again.transitions.all()] == ["offered", "suspended"]
    assert reason(rights.may_confirm(coordinator.user, again)).startswith("Une autre personne")
    events.confirm_access(again, by=objected_to.extra)
    # From here on the objection is answered.
    again.refresh_from_db()
    events.end_membership(again, by=coordinator.user)
    third = given(own, by=coordinator.user, to=objected_to.user, role=role)
    assert third.is_effective is (role == "contributor")


def test_those_there_are_told_that_it_is_suspended(client, coordinator, objected_to, agent):
    events.end_membership(objected_to, by=coordinator.user)
    again = given(coordinator.organisation, by=coordinator.user, to=objected_to.user)
    text = told()[objected_to.extra.email]
    assert f"{again.user} a un accès pour" in text
    assert "s’était opposé à un accès précédent de cette personne" in text.replace("\n", " ")
    client.force_login(objected_to.extra)
    page = client.get(f"/conventions/vallee/acces/{again.pk}/").content.decode()
    assert "(l’opposition faite à un accès précédent de cette personne demeure)" in page


def test_somebody_else_who_was_there_answers_the_objection_by_inviting(coordinator, objected_to):
    """Not an alias whom she has let in since."""
    own = coordinator.organisation
    second = since_long(f.MembershipFactory(organisation=own, coordinator=True)).user
    alias = given(own, by=coordinator.user, role="coordinator").user
    events.end_membership(objected_to, by=coordinator.user)
    by_alias = given(own, by=alias, to=objected_to.user)
    assert by_alias.is_suspended
    events.end_membership(by_alias, by=coordinator.user)
    assert given(own, by=second, to=objected_to.user, role="reader").is_effective


def test_so_does_whoever_hosts_the_portal(coordinator, objected_to):
    events.end_membership(objected_to, by=coordinator.user)
    assert given(coordinator.organisation, by=None, to=objected_to.user).is_effective


def test_the_official_address_does_not(coordinator, objected_to):
    own = coordinator.organisation
    own.email = objected_to.user.email
    own.save()
    events.end_membership(objected_to, by=coordinator.user)
    assert given(own, by=coordinator.user, to=objected_to.user).is_suspended


# What was offered before -------------------------------------------------------------------------


@pytest.mark.parametrize("state", [AppointmentState.PENDING, AppointmentState.SUSPENDED])
def test_what_no_longer_counts_is_not_taken(client, coordinator, agent, state):
    successor = f.UserFactory()
    invitation, token = events.hand_over(agent, email=successor.email, by=agent.user)
    Membership.objects.filter(pk=agent.pk).update(state=state)
    with pytest.raises(Refused, match="ne compte pas aujourd’hui"):
        events.accept(invitation, by=successor)
    client.force_login(successor)
    page = client.get(f"/invitation/{token}/").content.decode()
    assert "ne compte pas aujourd’hui" in page
    assert "déconnectez-vous" not in page
    Membership.objects.filter(pk=agent.pk).update(state=AppointmentState.CONFIRMED)
    events.accept(invitation, by=successor)
    assert Membership.objects.effective().filter(user=successor).exists()


def test_a_newcomer_is_told_on_the_form(client, coordinator, agent):
    _, token = events.hand_over(agent, email="suite@caf.example", by=agent.user)
    Membership.objects.filter(pk=agent.pk).update(state=AppointmentState.SUSPENDED)
    page = client.post(f"/invitation/{token}/", {
        "first_name": "Inès", "last_name": "Roy", "password": "une-longue-phrase-1",
    }).content.decode()  # fmt: skip
    assert "ne compte pas aujourd’hui" in page
    assert 'value="Inès"' in page


def test_neither_page_offers_to_hand_over_what_does_not_count(client, coordinator, caf, agent):
    access = given(caf, by=coordinator.user)
    for user, page in ((coordinator.user, "acces/"), (access.user, "acces/moi/")):
        client.force_login(user)
        html = client.get(f"/conventions/vallee/{page}").content.decode()
        assert f"/acces/{access.pk}/transmettre/" not in html
    page = client.get(f"/conventions/vallee/acces/{access.pk}/transmettre/").content.decode()
    assert "il se transmet ensuite" in page


def test_what_has_ended_says_so(agent):
    agent.ended_at = timezone.now()
    assert reason(rights.may_hand_over(agent.user, agent)) == rights.ENDED.reason


# Who lays down for a moment ----------------------------------------------------------------------


@told_once
def let_in(coordinator, caf, agent):
    """The Caf has let her read while she coordinates for her own organisation, beside a colleague
    who does too."""
    f.MembershipFactory(organisation=coordinator.organisation, coordinator=True)
    return f.MembershipFactory(organisation=caf, user=coordinator.user, reader=True)


def test_what_who_coordinates_offered_does_not_count_once_she_has_laid_down(
    coordinator, caf, agent, let_in
):
    """She would be back the next day, her alias reading the Caf's figures."""
    her, alias = coordinator.user, f.UserFactory()
    invitation, _ = events.invite(
        email=alias.email, organisation=caf, roles=["contributor"], by=her
    )  # fmt: skip
    events.end_membership(coordinator, by=her)
    events.accept(invitation, by=alias)
    access = Membership.objects.get(user=alias)
    assert access.is_pending
    assert confirmers(access) == {agent.user_id}


def test_nor_does_her_word_by_what_she_was_let_in_to_read(coordinator, caf, agent, let_in):
    her = coordinator.user
    stranger = f.MembershipFactory(organisation=caf, pending=True)
    events.end_membership(coordinator, by=her)
    assert rights.vouched_by(her, caf.convention) == set()
    assert her.pk not in confirmers(stranger)
    with pytest.raises(Refused):
        events.confirm_access(stranger, by=her)
    with pytest.raises(Refused):
        give_address(caf, email="alias@example.org", by=her)
    assert passed_on(let_in, by=her).is_pending


def test_nor_where_her_coordination_was_suspended_before_it_ended(coordinator, caf, let_in, agent):
    events.object_to_access(coordinator, by=None)
    events.end_membership(coordinator, by=None)
    assert rights.vouched_by(coordinator.user, caf.convention) == set()


def test_what_is_given_her_anew_counts(coordinator, caf, agent, let_in):
    her = coordinator.user
    events.end_membership(coordinator, by=her)
    events.end_membership(let_in, by=her)
    f.MembershipFactory(organisation=caf, user=her)
    assert rights.vouched_by(her, caf.convention) == {caf.pk}
    assert her.pk in confirmers(f.MembershipFactory(organisation=caf, pending=True))


def test_who_was_there_before_she_coordinated_elsewhere_is_there_again(coordinator, caf, agent):
    elsewhere = f.MembershipFactory(
        organisation=coordinator.organisation, user=agent.user, coordinator=True
    )
    assert rights.vouched_by(agent.user, caf.convention) == {coordinator.organisation_id}
    events.end_membership(elsewhere, by=None)
    assert rights.vouched_by(agent.user, caf.convention) == {caf.pk}
    assert agent.user_id in confirmers(f.MembershipFactory(organisation=caf, pending=True))


# Nobody gives what they do not hold ---------------------------------------------------------------


@pytest.fixture
def reader(caf, agent):
    """Whom the Caf has let in, to read."""
    return f.MembershipFactory(organisation=caf, reader=True).user


def test_who_only_reads_vouches_for_who_only_reads(coordinator, caf, reader):
    """The only word the Caf ever gave would otherwise open its figures, and its voice."""
    reading = given(caf, by=coordinator.user, role="reader")
    events.confirm_access(reading, by=reader)
    reading.refresh_from_db()
    assert reading.is_effective
    entering = given(caf, by=coordinator.user, role="contributor")
    with pytest.raises(Refused, match="qui y saisit ou y siège"):
        events.confirm_access(entering, by=reader)
    with pytest.raises(Refused):
        give_address(caf, email="alias@example.org", by=reader)


def test_two_who_only_read_open_nothing_to_each_other(coordinator, caf, reader):
    second = f.MembershipFactory(organisation=caf, reader=True).user
    entering = given(caf, by=coordinator.user, to=second, role="contributor")
    with pytest.raises(Refused):
        events.confirm_access(entering, by=reader)


def test_who_only_reads_elsewhere_opens_no_party(coordinator, caf, reader, msa):
    for role in ("contributor", "reader"):
        access = given(msa, by=coordinator.user, role=role)
        assert (reader.pk in confirmers(access)) == (role == "reader")


def test_who_came_later_does_not_send_away_who_let_them_in(coordinator, caf, agent, reader):
    for target in (agent, f.MembershipFactory(organisation=caf)):
        with pytest.raises(Refused):
            events.object_to_access(target, by=reader)
    newcomer = given(caf, by=coordinator.user, role="contributor")
    events.confirm_access(newcomer, by=agent.user)
    with pytest.raises(Refused, match="avant vous"):
        events.object_to_access(agent, by=newcomer.user)
    events.object_to_access(newcomer, by=agent.user)
    newcomer.refresh_from_db()
    assert newcomer.is_suspended


def test_who_only_reads_objects_while_a_word_is_awaited(coordinator, caf, reader):
    access = given(caf, by=coordinator.user, role="contributor")
    events.object_to_access(access, by=reader)
    access.refresh_from_db()
    assert access.is_suspended


def test_an_objection_that_was_not_read_is_not_lifted(coordinator, caf, agent, reader):
    access = given(caf, by=coordinator.user, role="contributor")
    events.object_to_access(access, by=reader)
    with pytest.raises(Refused, match="a changé depuis"):
        events.confirm_access(access, by=agent.user, seen="pending")
    events.confirm_access(access, by=agent.user, seen="suspended")


def test_a_party_with_readers_left_in_place_is_not_spoken_for_by_another(
    coordinator, caf, agent, reader, msa, msa_agent
):
    """It was enough to end the access of those who act, and to leave somebody who only reads."""
    events.end_membership(agent, by=None)
    access = given(caf, by=coordinator.user)
    assert confirmers(access) == set()
    with pytest.raises(Refused, match="l’hébergeur du portail"):
        events.confirm_access(access, by=msa_agent)


def test_where_there_is_an_official_address_no_other_party_confirms(coordinator, caf, msa_agent):
    """What was given by its link, or to it, is opened by who answers there."""
    access = given(caf, by=coordinator.user)
    assert confirmers(access) == {msa_agent.pk}
    give_address(caf, email="direction@caf.example", by=None)
    access = Membership.objects.select_related("organisation__convention").get(pk=access.pk)
    assert confirmers(access) == set()


# Who objects, and who answers --------------------------------------------------------------------


def test_who_has_read_for_years_and_enters_since_today_objects_to_nobody_before(
    coordinator, caf, agent
):
    """What one acts with dates the right."""
    reader = since_long(f.MembershipFactory(organisation=caf, reader=True)).user
    f.MembershipFactory(organisation=caf, user=reader)
    assert "agissait au titre de la" in reason(rights.may_object(reader, agent))
    later = f.MembershipFactory(organisation=caf)
    assert rights.may_object(reader, later) is None
    # Of who only reads, the access that reads dates it.
    other = f.MembershipFactory(organisation=caf, reader=True)
    assert rights.may_object(reader, other) is None


def test_an_access_confirmed_today_began_today(coordinator, caf, agent):
    """It was accepted long ago, and waited."""
    waiting = since_long(f.MembershipFactory(organisation=caf, pending=True))
    events.confirm_access(waiting, by=agent.user)
    assert "avant vous" in reason(rights.may_object(waiting.user, agent))


def test_who_is_objected_to_and_confirmed_again_was_there_all_the_while(coordinator, caf, agent):
    since_long(agent)
    colleague = since_long(f.MembershipFactory(organisation=caf)).user
    later = f.MembershipFactory(organisation=caf)
    events.object_to_access(agent, by=coordinator.user)
    events.confirm_access(agent, by=colleague)
    assert rights.may_object(agent.user, later) is None


def test_nobody_lets_in_an_alias_to_answer_an_objection(coordinator, objected_to):
    own = coordinator.organisation
    alias = given(own, by=coordinator.user)
    assert alias.is_effective
    with pytest.raises(Refused, match="et le faisait avant l’opposition"):
        events.confirm_access(objected_to, by=alias.user)
    objected_to.refresh_from_db()
    assert confirmers(objected_to) == {objected_to.extra.pk}


# A gap of coordination ----------------------------------------------------------------------------


@told_once
def offered(coordinator, caf, agent):
    """The Caf's own agent coordinates as well, and invites her to read, as the coordinator."""
    second = f.MembershipFactory(organisation=caf, coordinator=True)
    f.MembershipFactory(organisation=coordinator.organisation, coordinator=True)
    invitation, _ = events.invite(
        email=coordinator.user.email, organisation=caf, roles=["reader"], by=second.user
    )
    invitation.giver = second.user
    return invitation


def test_what_was_offered_to_the_coordinator_is_not_taken_in_a_gap(coordinator, caf, offered):
    """She would lay down for five minutes, and be one of the Caf's people for good."""
    her = coordinator.user
    events.end_membership(coordinator, by=her)
    with pytest.raises(Refused, match="quand vous coordonniez la convention pour un autre"):
        events.accept(offered, by=her)
    anew, _ = events.invite(
        email=her.email, organisation=caf, roles=["contributor"], by=offered.giver
    )
    events.accept(anew, by=her)
    assert rights.vouched_by(her, caf.convention) == {caf.pk}


def test_who_coordinates_again_has_coordinated_all_the_while(coordinator, caf, offered):
    """What was given in the gap speaks for nothing, once she has laid down again."""
    her = coordinator.user
    events.end_membership(coordinator, by=her)
    given = f.MembershipFactory(organisation=caf, user=her, reader=True)
    assert given in Membership.objects.effective().vouching()
    again = f.MembershipFactory(organisation=coordinator.organisation, user=her, coordinator=True)
    events.end_membership(again, by=her)
    assert rights.vouched_by(her, caf.convention) == set()
    assert given not in Membership.objects.effective().vouching()


# Whose address it is ------------------------------------------------------------------------------


def test_whoever_confirms_or_objects_reads_to_which_address_the_invitation_went(
    client, coordinator, caf, agent
):
    """She takes the name of somebody whom all know, at an address of hers; and then another."""
    invitation, _ = events.invite(
        email="moi@ailleurs.example", organisation=caf, roles=["contributor"], by=coordinator.user
    )
    user, _ = events.accept_as_newcomer(
        invitation, first_name="Nadia", last_name="Lefèvre", password="une-longue-phrase-1"
    )
    access = Membership.objects.get(user=user)
    client.force_login(agent.user)
    pages = ["acces/moi/", *(f"acces/{access.pk}/{act}" for act in ("", "confirmer/"))]
    pages.append(f"acces/{access.pk}/opposition/")
    for page in pages:
        assert "moi@ailleurs.example" in client.get(f"/conventions/vallee/{page}").content.decode()
    assert "moi@ailleurs.example" in told()[agent.user.email]
    type(user).objects.filter(pk=user.pk).update(email="nadia.lefevre@caf.example")
    for page in pages:
        shown = client.get(f"/conventions/vallee/{page}").content.decode()
        assert "nadia.lefevre@caf.example, invitation envoyée à moi@ailleurs.example" in shown
