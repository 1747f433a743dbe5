"""Who may do what in the committee: each question, each answer, in its own words."""

import datetime

import pytest
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers import rights as answers_rights
from agreements.answers.events import Reply
from agreements.answers.lights import point_of
from agreements.models import Answer, State, Version
from agreements.seats import rights as seats_rights
from agreements.seats.voices import bench_of
from agreements.versions import events as drafts
from agreements.versions import rights as versions_rights
from conventions.access.events import suspend_person
from conventions.access.rights import COORDINATION_ONLY
from conventions.models import Party
from ctg_portal.rules import Refused
from tests.agreements import clock
from tests.agreements.clock import days
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.committee.scene import a_document
from tests.factories import MembershipFactory, UserFactory
from tests.stories import told_once

pytestmark = pytest.mark.django_db

NOT_A_MEMBER = (
    "Seuls les membres du comité répondent au nom de leur organisme, "
    "ou la personne à qui un membre a donné délégation."
)
NOT_AN_ADVISER = (
    "Seuls les instructeurs et les personnes siégeant à titre consultatif donnent un avis."
)
TWO_PARTIES = (
    " a déjà répondu à ce point au nom d’une autre partie : "
    "une même personne ne parle pas pour deux parties."
)


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    return committee.proposed("Ouvrir deux espaces")


@pytest.fixture
def people(committee):
    """One of each kind, beside the members and the coordinator."""
    return {
        "reader": MembershipFactory(organisation=committee.caf, reader=True).user,
        "contributor": MembershipFactory(organisation=committee.caf).user,
        "adviser": SeatFactory(organisation=committee.caf, adviser=True).user,
        "advisory": SeatFactory(advisory=True, organisation__convention=committee.convention).user,
        "substitute": SeatFactory(organisation=committee.caf, substitute=True).user,
        "delegate": DelegationFactory(seat=committee.caf_seat).user,
        "stranger": UserFactory(),
    }


def reason(refusal):
    return refusal and refusal.reason


def refused(act) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.refusal.reason


def bench(committee):
    return bench_of(committee.convention, timezone.localdate())


def voice_of(committee, user, organisation=None):
    return bench(committee).voice(user, organisation, "objective")


def replaced(committee, version):
    committee.edited(version, title="Autrement")
    return Version.objects.get(pk=version.pk)


# Coordination -------------------------------------------------------------------------------------


def test_the_coordination_and_the_system_manage_the_committee(committee, people):
    ask = seats_rights.may_manage_committee
    assert ask(committee.coordinator, committee.convention) is None
    assert ask(None, committee.convention) is None
    elsewhere = MembershipFactory(coordinator=True).user
    for user in (*people.values(), committee.caf_member, elsewhere):
        assert ask(user, committee.convention) == COORDINATION_ONLY


def test_a_draft_is_proposed_once_by_the_coordination(committee, people):
    draft = committee.draft()
    assert versions_rights.may_propose(committee.coordinator, draft) is None
    assert versions_rights.may_propose(people["adviser"], draft) == COORDINATION_ONLY
    drafts.propose(draft, by=committee.coordinator)
    draft.refresh_from_db()
    assert reason(versions_rights.may_propose(committee.coordinator, draft)) == (
        "Cette version n’est plus un brouillon : elle a déjà été proposée."
    )


@pytest.mark.parametrize("state", [s for s in State if s != State.PROPOSED])
def test_only_a_proposed_version_is_withdrawn_and_by_the_coordination(committee, version, state):
    assert versions_rights.may_withdraw(committee.coordinator, version) is None
    assert versions_rights.may_withdraw(committee.caf_member, version) == COORDINATION_ONLY
    version.state = state
    assert reason(versions_rights.may_withdraw(committee.coordinator, version)) == (
        "Seule une version proposée se retire ; celle-ci ne l’est pas."
    )


# Answering ----------------------------------------------------------------------------------------


def test_members_and_delegates_answer_and_nobody_else(committee, version, people):
    point = point_of(version)
    for user in (committee.caf_member, committee.epci_member, people["delegate"]):
        assert answers_rights.may_answer(voice_of(committee, user), point) is None
    for name in ("reader", "adviser", "advisory", "substitute", "stranger"):
        voice = voice_of(committee, people[name])
        assert reason(answers_rights.may_answer(voice, point)) == NOT_A_MEMBER
    advice = bench(committee).advice(people["adviser"])
    assert reason(answers_rights.may_answer(advice, point)) == NOT_A_MEMBER


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.IN_FORCE, "est déjà en vigueur : il n’y a plus rien à répondre."),
        (State.WITHDRAWN, "n’est plus proposée : il n’y a plus rien à répondre."),
        (State.REPLACED, "n’est plus celle qui est proposée : votre réponse n’a pas été prise. "
                         "Voici ce qui a changé depuis."),
    ],
)  # fmt: skip
def test_an_answer_from_a_stale_page_is_refused_with_what_became_of_the_version(
    committee, version, state, expected
):
    point = point_of(version)
    version.state = state
    refusal = answers_rights.may_answer(voice_of(committee, committee.caf_member), point)
    assert isinstance(refusal, answers_rights.Stale)
    assert refusal.reason.startswith("« Ouvrir deux espaces », version 1, ")
    assert refusal.reason.endswith(expected)


def test_a_party_whose_agreement_is_not_required_may_comment_only(committee, version):
    Party.objects.filter(organisation=committee.epci).update(agreement_required=False)
    refusal = answers_rights.may_answer(
        voice_of(committee, committee.epci_member), point_of(version)
    )
    assert refusal.reason == (
        f"L’accord {committee.epci.genitive} n’est pas requis par la convention : "
        "vous pouvez commenter ce point."
    )


# Taking back --------------------------------------------------------------------------------------


def may_retract(committee, version, user):
    version = Version.objects.get(pk=version.pk)
    return reason(answers_rights.may_retract(voice_of(committee, user), point_of(version)))


def test_an_agreement_is_taken_back_by_its_own_party(committee, version, people):
    none = f"Il n’y a pas d’accord {committee.caf.genitive} sur cette version."
    assert may_retract(committee, version, committee.caf_member) == none
    answers.answer(Reply(version, Answer.AGENDA), by=committee.caf_member)
    assert may_retract(committee, version, committee.caf_member) == none
    answers.answer(Reply(version, last_rank=1), by=committee.caf_member)
    for user in (committee.caf_member, people["delegate"]):
        assert may_retract(committee, version, user) is None
    for name in ("reader", "adviser", "substitute", "stranger"):
        assert may_retract(committee, version, people[name]) == NOT_A_MEMBER
    answers.retract(version, reason="Non", by=committee.caf_member)
    assert may_retract(committee, version, committee.caf_member) == none


def test_an_agreement_stays_once_the_version_is_published(committee):
    version = committee.in_force()
    with clock.on(datetime.date(2026, 4, 12)):
        Version.objects.filter(pk=version.pk).update(published_at=timezone.now())
    assert may_retract(committee, version, committee.caf_member) == (
        "Cette version est publiée depuis le 12\u00a0avril 2026 : "
        "l’accord ne peut plus être retiré."
    )


def test_an_agreement_on_a_replaced_version_is_not_taken_back(committee, version):
    committee.agree(version, committee.caf_member)
    replaced(committee, version)
    assert may_retract(committee, version, committee.caf_member) == (
        "Cette version a été remplacée ou retirée : il n’y a plus d’accord à retirer."
    )


def test_who_spoke_for_one_party_takes_nothing_back_for_another(committee, version):
    MembershipFactory(organisation=committee.epci, user=committee.caf_member, reader=True)
    SeatFactory(organisation=committee.epci, user=committee.caf_member)
    committee.agree(version)
    voice = voice_of(committee, committee.caf_member, committee.epci)
    assert TWO_PARTIES in reason(answers_rights.may_retract(voice, point_of(version)))


# Recorded outside the portal ----------------------------------------------------------------------


def test_colleagues_and_the_coordination_record_an_agreement(committee, version, people):
    def may(user):
        voice = bench(committee).voice_from(committee_seat(committee))
        return answers_rights.may_record(user, voice, point_of(version), bench(committee))

    for user in (committee.coordinator, None, committee.caf_member, people["adviser"]):
        assert may(user) is None
    for person in ("reader", "contributor", "advisory", "stranger"):
        assert may(people[person]) == answers_rights.NOT_A_COLLEAGUE
    assert may(committee.epci_member) == answers_rights.NOT_A_COLLEAGUE
    suspend_person(people["adviser"], committee.caf, by=None)
    assert may(people["adviser"]) == answers_rights.NOT_A_COLLEAGUE


def committee_seat(committee):
    return bench(committee).by_pk[committee.caf_seat.pk]


def test_an_agreement_is_recorded_for_somebody_who_commits_and_not_ahead_of_time(
    committee, version
):
    adviser = SeatFactory(organisation=committee.caf, adviser=True)
    day, papers = timezone.localdate(), a_document(committee.coordinator)

    def enter(seat, on=day):
        return lambda: answers.record(
            version, seat, received_on=on, evidence=papers, by=committee.coordinator
        )

    nobody = "Ce siège n’engage pas son organisme aujourd’hui."
    assert refused(enter(adviser)) == nobody
    assert refused(enter(committee_of().caf_seat)) == nobody
    assert refused(enter(committee.caf_seat, on=day + days(1))) == (
        "Une réponse ne peut pas être reçue à une date à venir."
    )
    entry = enter(committee.caf_seat, on=day - days(3))()
    assert (entry.user, entry.entered_by) == (committee.caf_member, committee.coordinator)
    assert entry.received_on == day - days(3)
    assert "vient de répondre « D’accord »" in refused(enter(committee.caf_seat))


# Avis, comments, documents ------------------------------------------------------------------------


def test_advisers_and_advisory_seats_give_an_avis(committee, version, people):
    for name in ("adviser", "advisory"):
        assert answers_rights.may_advise(bench(committee).advice(people[name]), version) is None
    for user in (committee.caf_member, people["substitute"], people["delegate"], people["reader"]):
        advice = bench(committee).advice(user)
        assert reason(answers_rights.may_advise(advice, version)) == NOT_AN_ADVISER
    voice = voice_of(committee, committee.caf_member)
    assert reason(answers_rights.may_advise(voice, version)) == NOT_AN_ADVISER
    version.state = State.IN_FORCE
    assert reason(
        answers_rights.may_advise(bench(committee).advice(people["adviser"]), version)
    ) == ("Un avis se donne sur une version proposée ; celle-ci ne l’est plus.")


def test_an_avis_is_one_of_three_and_reservations_need_a_reason(committee, version, people):
    def advise(opinion, why=""):
        return lambda: answers.advise(version, opinion=opinion, reason=why, by=people["adviser"])

    assert refused(advise(Answer.AGREED)) == "Cet avis est inconnu."
    for opinion in (Answer.RESERVED, Answer.UNFAVOURABLE):
        assert refused(advise(opinion, " ")) == (
            "Dites vos réserves : les membres du comité les liront."
        )
        assert advise(opinion, "Trop cher")().is_opinion
    assert advise(Answer.FAVOURABLE)().capacity == "Conseillère"
    assert point_of(version).last_answers == {}
