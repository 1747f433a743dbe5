"""Who acts and sits for an organisation: the ten sentences that users read, and one table of verbs
and people.

Caf is a party, which nobody acts for without a word of its référents; the association is none.
"""

import datetime
import re

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from accounts.models import Invitation
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Seat, State
from agreements.seats import events as seats
from agreements.seats.renewal import await_seats
from agreements.seats.voices import bench_of
from committee.composition.notices import SeatEnded
from conventions.access import events as access
from conventions.access.guarding import guard
from conventions.access.notices import AccessChanged, Reading
from conventions.access.organisations import give_address
from conventions.access.sentences import SENTENCES
from conventions.hosting import events as hosting
from conventions.models import Membership, MembershipTransition
from ctg_portal.rules import Refused
from indicators.collection.rights import contributor_of
from notifications.models import Notice
from tests import factories as f
from tests.agreements import clock
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.register.scene import record
from tests.stories import told_once

pytestmark = pytest.mark.django_db

PROVED = set()


def says(words: str):
    """Mark what proves a sentence: the one that holds these words."""
    [number] = [n for n, sentence in enumerate(SENTENCES, 1) if words in sentence]
    PROVED.add(number)
    return lambda test: test


@told_once
def committee():
    return committee_of()


@told_once
def asso(committee):
    return f.OrganisationFactory(convention=committee.convention, name="Les Petits Pas")


@told_once
def referent(committee):
    return f.referent_of(committee.caf)


@told_once
def somebody(committee):
    """Who reads for the Caf."""
    return f.MembershipFactory(organisation=committee.caf, reader=True).user


def invited(user, organisation, role, by) -> Membership:
    access.invite(email=user.email, organisation=organisation, roles=[role], by=by)
    access.accept(Invitation.objects.get(email=user.email, accepted_at=None), by=user)
    return Membership.objects.active().get(user=user, organisation=organisation, role=role)


def named(user, organisation, by, **values) -> Seat:
    given = {"kind": "member", "capacity": "Directrice", "user": user} | values
    return seats.name_to_seat(organisation, by=by, **given)


def speaks(user, organisation) -> bool:
    bench = bench_of(organisation.convention, timezone.localdate())
    return bench.voice(user, organisation, "objective") is not None


def enters(user, organisation) -> bool:
    return organisation.pk in contributor_of(user, organisation.convention).organisations


# The table ---------------------------------------------------------------------------------------

# x: may; P, C: may, and what is given is pending, or confirmed; «.»: is refused. The columns:
# holder, référent, référent of another organisation, contributor, member with a voice, reader,
# coordination of another organisation, of the same one, member of another party, host, stranger.
PEOPLE = "holder referent elsewhere contributor member reader outside inside party host stranger"

TABLE = """
access of the Caf             h r e  c m r  o i  p H s
    proposer                  . C .  . . .  P P  . C .
    confirmer  pending        . x .  . . .  . .  . x .
    confirmer  suspended      . x .  . . .  . .  . x .
    suspendre  pending        . x .  x x x  x x  . x .
    suspendre  confirmed      . x .  x x .  x x  . x .
    terminer   pending        x x .  . . .  x x  . x .
    terminer   confirmed      x x .  . . .  . .  . x .
    terminer   suspended      x x .  . . .  . .  . x .
référent of the Caf
    proposer                  C C .  . . .  P P  . C .
    confirmer  pending        . x .  . . .  . .  . x .
    confirmer  suspended      . . .  . . .  . .  . x .
    suspendre  pending        . x .  x x x  x x  . x .
    suspendre  confirmed      . x .  x x .  x x  . x .
    terminer   pending        x x .  . . .  x x  . x .
    terminer   confirmed      x . .  . . .  . .  . x .
    terminer   suspended      x . .  . . .  . .  . x .
seat of the Caf
    proposer                  . C .  . . .  P P  . C .
    confirmer  pending        . x .  . . .  . .  . x .
    confirmer  suspended      . x .  . . .  . .  . x .
    suspendre  pending        . x .  x x x  x x  . x .
    suspendre  confirmed      . x .  x x .  x x  . x .
    terminer   pending        x x .  . . .  x x  . x .
    terminer   confirmed      x x .  . . .  . .  . x .
    terminer   suspended      x x .  . . .  . .  . x .
access of the association
    proposer                  . C .  . . .  C C  . C .
    confirmer  pending        . x .  . . .  x x  . x .
    confirmer  suspended      . x .  . . .  x x  . x .
    suspendre  pending        . x .  x x x  x x  . x .
    suspendre  confirmed      . x .  x . .  x x  . x .
    terminer   pending        x x .  . . .  x x  . x .
    terminer   confirmed      x x .  . . .  x x  . x .
    terminer   suspended      x x .  . . .  x x  . x .
seat of the association
    proposer                  . C .  . . .  C C  . C .
    confirmer  pending        . x .  . . .  x x  . x .
    confirmer  suspended      . x .  . . .  x x  . x .
    suspendre  pending        . x .  x x x  x x  . x .
    suspendre  confirmed      . x .  x x x  x x  . x .
    terminer   pending        x x .  . . .  x x  . x .
    terminer   confirmed      x x .  . . .  x x  . x .
    terminer   suspended      x x .  . . .  x x  . x .
"""


def rows():
    what = ""
    for line in TABLE.strip().splitlines():
        if line[0] != " ":
            what = re.split(r"  +", line)[0]
            continue
        head, marks = line[:30].split(), line[30:].split()
        yield pytest.param(what, *head[:1], "".join(head[1:]), marks, id=f"{what}, {head}")


@told_once
def people(committee, asso):
    """Who tries, of the Caf and of the association (who coordinates inside, for each)."""
    askers = {}
    for own in (committee.caf, asso):
        there = {"organisation": own}
        is_caf = own == committee.caf
        sits = {"user": f.MembershipFactory(**there, reader=True).user} | there
        askers[own.pk] = {
            "referent": f.referent_of(own), "elsewhere": f.referent_of(committee.epci),
            "contributor": f.MembershipFactory(**there).user,
            "member": SeatFactory(**sits, advisory=not is_caf).user,
            "reader": f.MembershipFactory(**there, reader=True).user,
            "outside": committee.coordinator,
            "inside": f.MembershipFactory(**there, coordinator=True).user,
            "party": committee.epci_member, "host": None, "stranger": f.UserFactory(),
        }  # fmt: skip
    return askers


class UndoneError(Exception):
    pass


@pytest.mark.parametrize(("what", "verb", "state", "marks"), list(rows()))
def test_each_person_may_do_what_the_table_of_rights_says(
    committee, asso, people, what, verb, state, marks
):
    own = asso if "association" in what else committee.caf
    role = "referent" if "référent" in what else "contributor"
    there = {"organisation": own, "user": f.UserFactory()}
    in_state = {state: True} if state in ("pending", "suspended") else {}
    if "seat" in what:
        f.MembershipFactory(**there, reader=True)
        kind = "advisory" if own == asso else "member"
        appointment = SeatFactory(**there, kind=kind, **in_state)
    else:
        appointment = f.MembershipFactory(**there, role=role, **in_state)

    def act(by):
        if verb == "proposer" and "seat" in what:
            user = f.MembershipFactory(organisation=own, reader=True).user
            return named(user, own, by, kind=appointment.kind).state
        if verb == "proposer":
            return invited(f.UserFactory(), own, role, by).state
        verbs = {
            "confirmer": (seats.confirm_seat, access.confirm_access),
            "suspendre": (seats.suspend_seat, suspend),
            "terminer": (seats.end_seat, access.end_membership),
        }
        verbs[verb]["seat" not in what](appointment, by=by)
        return "x"

    def suspend(access_, by):
        access.suspend_person(access_.user, access_.organisation, by=by)

    outcomes = []
    for who in PEOPLE.split():
        by = appointment.user if who == "holder" else people[own.pk][who]
        try:
            with transaction.atomic():
                mark = act(by)[0]
                raise UndoneError
        except UndoneError:
            outcomes.append(mark.upper() if verb == "proposer" else mark)
        except Refused:
            outcomes.append(".")
    assert outcomes == marks


# 1, 2, 3: who says it ----------------------------------------------------------------------------


@says("Seuls les référents des accès d’une partie")
def test_accesses_that_the_coordination_confirmed_await_confirmation_once_guarded(committee, asso):
    given = invited(f.UserFactory(), asso, "contributor", committee.coordinator)
    by_host = f.MembershipFactory(organisation=asso)
    assert enters(given.user, asso)
    asso.masking_threshold = 11
    asso.save()
    guard(asso)
    assert not enters(given.user, asso)
    assert enters(by_host.user, asso)
    access.confirm_access(given, by=f.referent_of(asso))
    assert enters(given.user, asso)


@says("L’hébergeur du portail désigne le premier référent")
def test_the_first_referent_comes_by_the_official_address_that_the_host_has_confirmed(committee):
    caf, (agent, friend) = committee.caf, f.UserFactory.create_batch(2)
    with pytest.raises(Refused, match="adresse officielle"):
        give_address(caf, email=friend.email, by=committee.coordinator)
    assert not invited(friend, caf, "referent", committee.coordinator).is_effective
    with pytest.raises(Refused, match="d’abord à confirmer"):
        hosting.send_link([caf], operator=None)
    caf = give_address(caf, email="accueil@caf.example", by=None)
    designation, _token = hosting.send_link([caf], operator=None)
    hosting.accept(designation, by=agent)
    assert named(None, caf, agent, name="Jeanne Roy").is_confirmed
    with pytest.raises(Refused, match="déjà servi"):
        hosting.accept(designation, by=friend)


@says("La coordination propose")
def test_who_is_proposed_reads_and_nothing_else(client, committee, referent):
    user = f.UserFactory()
    given = invited(user, committee.caf, "contributor", committee.coordinator)
    seat = named(user, committee.caf, committee.coordinator)
    client.force_login(user)
    assert client.get(f"/conventions/{committee.convention.slug}/").status_code == 200
    assert (enters(user, committee.caf), speaks(user, committee.caf)) == (False, False)
    access.confirm_access(given, by=referent)
    seats.confirm_seat(seat, by=referent)
    assert (enters(user, committee.caf), speaks(user, committee.caf)) == (True, True)


# 4: each apart, never one's own ------------------------------------------------------------------


@says("Chaque droit se confirme à part")
@pytest.mark.parametrize("by", ["coordination", "referent"])
def test_a_seat_brings_reading_and_no_figure(committee, referent, by):
    user = f.UserFactory()
    for role in ("reader", "contributor", "referent"):
        invited(user, committee.caf, role, committee.coordinator)
    seat = named(user, committee.caf, committee.coordinator if by == "coordination" else referent)
    if by == "coordination":
        seats.confirm_seat(seat, by=referent)
    assert speaks(user, committee.caf)
    appointment = Membership.objects.effective().filter(user=user)
    assert [one.role for one in appointment] == ["reader"]


def test_no_referent_gives_themselves_another_right(committee, referent):
    assert invited(referent, committee.caf, "contributor", referent).is_pending
    seat = named(referent, committee.caf, referent)
    with pytest.raises(Refused, match="Personne ne confirme son propre droit"):
        seats.confirm_seat(seat, by=referent)
    seats.confirm_seat(seat, by=f.referent_of(committee.caf))
    assert speaks(referent, committee.caf)


# 5: told to all ----------------------------------------------------------------------------------


@says("L’organisme est averti de chaque changement")
def test_all_of_an_organisation_and_its_official_address_learn_of_accesses(
    committee, referent, somebody
):
    give_address(committee.caf, email="accueil@caf.example", by=None)
    mail.outbox.clear()
    given = invited(f.UserFactory(), committee.caf, "contributor", committee.coordinator)
    seat = named(given.user, committee.caf, committee.coordinator)
    seats.end_seat(seat, by=None)
    assert Notice.objects.filter(kind=SeatEnded.kind).exists()
    to_address = [letter for letter in mail.outbox if letter.to == ["accueil@caf.example"]]
    assert len(to_address) == 3
    assert "écrit par l’hébergeur du portail" in to_address[-1].body
    news = AccessChanged(MembershipTransition.objects.get(membership=given))
    outcomes = news.recipients(Reading(committee.convention, timezone.now()))
    assert {given.user_id, referent.pk, somebody.pk, committee.caf_member.pk} <= set(outcomes)
    assert committee.epci_member.pk not in outcomes
    assert outcomes[referent.pk].not_before is None
    assert outcomes[somebody.pk].not_before > timezone.now()


# 6, 7: suspending, ending ------------------------------------------------------------------------


@says("suspend d’un clic")
def test_suspending_stops_all_that_somebody_says_and_their_substitute_does_not_stand_in(
    committee, referent
):
    member, caf = committee.caf_member, committee.caf
    deputy = SeatFactory(organisation=caf, substitute=True, substitute_for=committee.caf_seat).user
    f.MembershipFactory(organisation=caf, user=member)
    access.suspend_person(member, caf, by=committee.coordinator)
    assert not any([speaks(member, caf), enters(member, caf), speaks(deputy, caf)])
    access.confirm_person(member, caf, by=referent)
    assert all([speaks(member, caf), enters(member, caf)])
    with pytest.raises(Refused, match="Vous avez déjà suspendu cette personne"):
        access.suspend_person(member, caf, by=committee.coordinator)
    Seat.objects.filter(pk=committee.caf_seat.pk).update(is_elected=True)
    with pytest.raises(Refused, match="Vous avez déjà suspendu cette personne"):
        await_seats(caf, timezone.localdate(), by=committee.coordinator)


def test_who_is_suspended_takes_back_what_they_have_said_and_nothing_else(committee):
    own, others = committee.in_force("A"), committee.proposed("B")
    other = SeatFactory(organisation=committee.caf).user
    committee.agree(others, other, committee.epci_member)
    access.suspend_person(committee.caf_member, committee.caf, by=other)
    answers.retract(own, reason="Non", by=committee.caf_member)
    assert not own.__class__.objects.filter(pk=own.pk, state=State.IN_FORCE).exists()
    with pytest.raises(Refused):
        answers.answer(Reply(own, last_rank=2), by=committee.caf_member)
    with pytest.raises(Refused):
        answers.retract(others, reason="Non", by=committee.caf_member)


def test_who_was_proposed_and_suspended_takes_nothing_back(committee):
    """The coordination would make somebody silent out of nobody, who unsays what the Caf said."""
    version, friend = committee.in_force(), f.MembershipFactory(organisation=committee.caf).user
    seat = named(friend, committee.caf, committee.coordinator)
    seats.suspend_seat(seat, by=committee.coordinator)
    with pytest.raises(Refused):
        answers.retract(version, reason="Non", by=friend)


@says("les référents mettent fin au reste")
def test_the_last_referent_names_another_before_leaving(committee, referent):
    appointment = Membership.objects.get(user=referent)
    with pytest.raises(Refused, match="garde au moins un référent des accès"):
        access.end_membership(appointment, by=referent)
    f.referent_of(committee.caf)
    access.end_membership(appointment, by=referent)


def test_who_leaves_sits_no_more(committee, referent):
    reading = Membership.objects.get(user=committee.caf_member)
    access.end_membership(reading, by=committee.caf_member)
    assert Seat.objects.get(pk=committee.caf_seat.pk).is_suspended
    f.MembershipFactory(organisation=committee.caf, user=committee.caf_member, reader=True)
    assert not speaks(committee.caf_member, committee.caf)


# 8, 9: for one organisation ----------------------------------------------------------------------


@says("Qui coordonne pour un organisme n’agit pour aucun autre")
def test_who_begins_to_coordinate_is_suspended_elsewhere_until_confirmed_anew(committee, referent):
    member, caf = committee.caf_member, committee.caf
    advises = SeatFactory(organisation=caf, user=member, adviser=True)
    access.open_access(user=member, organisation=committee.epci, role="coordinator")
    assert not speaks(member, caf)
    assert Seat.objects.get(pk=advises.pk).is_confirmed
    with pytest.raises(Refused, match="coordonne la convention pour un autre organisme"):
        seats.confirm_seat(committee.caf_seat, by=referent)
    laid_down = Membership.objects.get(user=member, role="coordinator")
    access.end_membership(laid_down, by=member)
    assert not speaks(member, caf)
    seats.confirm_seat(committee.caf_seat, by=referent)
    assert speaks(member, caf)


@says("Une personne n’engage qu’une partie")
def test_a_mayor_of_two_parties_sits_for_one(committee):
    mayor = f.MembershipFactory(organisation=committee.epci, user=committee.caf_member).user
    with pytest.raises(Refused, match="siège déjà pour la Caf"):
        named(mayor, committee.epci, f.referent_of(committee.epci))
    assert named(mayor, committee.epci, f.referent_of(committee.epci), kind="adviser").is_confirmed
    seats.end_seat(committee.caf_seat, by=committee.caf_member)
    assert named(mayor, committee.epci, f.referent_of(committee.epci)).is_confirmed


def test_a_member_alone_lends_their_voice(committee, referent, somebody):
    lent = {"user": somebody, "capacity": "Adjointe", "starts_on": timezone.localdate()}
    for by in (committee.coordinator, referent, somebody):
        with pytest.raises(Refused, match="donne délégation en personne"):
            seats.delegate(committee.caf_seat, **lent, by=by)
    seats.delegate(committee.caf_seat, **lent, by=committee.caf_member)
    assert speaks(somebody, committee.caf)
    access.suspend_person(committee.caf_member, committee.caf, by=referent)
    assert not speaks(somebody, committee.caf)


# 10: what is recorded ----------------------------------------------------------------------------


@says("Le silence ne vaut jamais accord")
def test_a_recorded_answer_waits_until_a_member_of_the_party_confirms_it(committee, referent):
    version = committee.proposed()
    entry = record(version, committee.caf_seat, committee.coordinator)
    committee.agree(version, committee.epci_member)
    for by in (committee.coordinator, referent, committee.epci_member):
        with pytest.raises(Refused):
            answers.confirm(entry, by=by)
    with clock.on(timezone.localdate() + datetime.timedelta(days=90)):
        version.refresh_from_db()
        assert version.state == State.PROPOSED
    answers.confirm(entry, by=committee.caf_member)
    version.refresh_from_db()
    assert version.state == State.IN_FORCE


def test_each_of_the_ten_sentences_has_its_test():
    assert set(range(1, 11)) == PROVED
