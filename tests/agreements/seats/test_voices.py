"""Who may speak for whom today: each rule once, then all against a plain restatement of them."""

import datetime
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.models import Absence, Delegation, Seat, SeatKind
from agreements.seats.events import declare_absence
from agreements.seats.voices import Bench, bench_of, benches_of, capacity_of, is_adviser
from conventions.access.events import confirm_person, end_membership, suspend_person
from conventions.models import Membership, Organisation
from ctg_portal.marks.cache import caching
from ctg_portal.marks.events import changed
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import de
from tests import factories as f
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.stories import told_once

DAY, ONE = datetime.date(2024, 4, 12), datetime.timedelta(days=1)
BEFORE, AFTER, LONG_BEFORE, LONG_AFTER = (DAY + n * ONE for n in (-1, 1, -90, 90))


@told_once
def committee(db):
    return committee_of()


def bench(committee) -> Bench:
    return bench_of(committee.convention, DAY)


def may_answer(committee, user, organisation=None, kind="objective") -> bool:
    return bench(committee).voice(user, organisation, kind) is not None


def absent(seat, starts_on=BEFORE, ends_on=AFTER) -> Absence:
    return Absence.objects.create(seat=seat, starts_on=starts_on, ends_on=ends_on)


def end_access(user, organisation) -> None:
    for membership in Membership.objects.active().filter(user=user, organisation=organisation):
        end_membership(membership, by=None)


# Members ----------------------------------------------------------------------------------------


def test_a_member_speaks_for_the_organisation_of_the_seat_alone(committee):
    assert may_answer(committee, committee.caf_member, committee.caf)
    assert not may_answer(committee, committee.caf_member, committee.epci)
    assert not may_answer(committee, committee.coordinator)
    assert bench(committee).voice(None, None, "objective") is None


def test_the_bench_that_is_kept_is_read_again_once_somebody_is_absent(committee):
    changed(committee.convention, *Subject)
    for is_absent in (False, True):
        with caching():
            cached = bench_of(committee.convention, timezone.localdate())
            assert cached.convention is committee.convention
            assert cached.is_absent(cached.by_pk[committee.caf_seat.pk]) == is_absent
        if not is_absent:
            today, by = timezone.localdate(), committee.caf_member
            declare_absence(committee.caf_seat, starts_on=today, ends_on=None, by=by)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "speaks"),
    [
        (DAY, None, True),
        (LONG_BEFORE, DAY, True),
        (DAY, DAY, True),
        (LONG_BEFORE, BEFORE, False),
        (AFTER, None, False),
    ],
)
def test_the_first_and_the_last_day_of_a_mandate_count(committee, starts_on, ends_on, speaks):
    Seat.objects.filter(pk=committee.caf_seat.pk).update(starts_on=starts_on, ends_on=ends_on)
    assert may_answer(committee, committee.caf_member) is speaks
    assert bench(committee).is_represented(committee.caf.pk) is speaks


def test_a_member_whose_access_has_ended_has_no_voice(committee):
    end_access(committee.caf_member, committee.caf)
    assert not may_answer(committee, committee.caf_member)
    assert not bench(committee).is_represented(committee.caf.pk)


def test_a_member_who_keeps_one_of_two_accesses_has_not_left_the_party(committee):
    reading = Membership.objects.get(user=committee.caf_member)
    f.MembershipFactory(user=committee.caf_member, organisation=committee.caf)
    end_membership(reading, by=committee.caf_member)
    assert may_answer(committee, committee.caf_member)


def test_a_member_without_account_represents_the_party_though_nobody_can_log_in(committee):
    Seat.objects.filter(pk=committee.caf_seat.pk).update(user=None)
    [speaker] = bench(committee).speakers(committee.caf.pk)
    assert bench(committee).voice_from(speaker).commits
    assert not may_answer(committee, committee.caf_member)


def test_an_anonymous_user_has_no_voice_from_a_seat_without_account(committee):
    Seat.objects.filter(pk=committee.caf_seat.pk).update(user=None)
    assert bench(committee).voices_of(AnonymousUser()) == []


# Substitutes ------------------------------------------------------------------------------------


def test_a_substitute_counts_only_when_the_member_is_absent(committee):
    substitute = SeatFactory(organisation=committee.caf, substitute=True).user
    assert not may_answer(committee, substitute)
    assert bench(committee).voices_of(substitute) == []
    absence = absent(committee.caf_seat)
    assert may_answer(committee, substitute)
    absence.delete()
    assert not may_answer(committee, substitute)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_absent"),
    [
        (DAY, None, True),
        (LONG_BEFORE, DAY, True),
        (LONG_BEFORE, BEFORE, False),
        (AFTER, None, False),
    ],
)
def test_the_first_and_the_last_day_of_an_absence_count(committee, starts_on, ends_on, is_absent):
    substitute = SeatFactory(organisation=committee.caf, substitute=True).user
    absent(committee.caf_seat, starts_on, ends_on)
    assert may_answer(committee, substitute) is is_absent


def test_an_absent_member_may_answer_all_the_same(committee):
    absent(committee.caf_seat)
    assert may_answer(committee, committee.caf_member)


def test_a_substitute_counts_when_the_seat_is_empty(committee):
    substitute = SeatFactory(organisation=committee.caf, substitute=True).user
    committee.caf_seat.delete()
    assert may_answer(committee, substitute)


@pytest.mark.parametrize("state", ["suspended", "pending"])
def test_a_member_who_is_suspended_holds_the_place_and_one_to_confirm_does_not(committee, state):
    Seat.objects.filter(pk=committee.caf_seat.pk).update(state=state)
    for named in (committee.caf_seat, None):
        seat = SeatFactory(organisation=committee.caf, substitute=True, substitute_for=named)
        assert may_answer(committee, seat.user) is (state == "pending")


def test_a_substitute_of_one_member_is_not_called_by_another_s_absence(committee):
    other = SeatFactory(organisation=committee.caf, capacity="Présidente")
    substitute = SeatFactory(
        organisation=committee.caf, substitute=True, substitute_for=committee.caf_seat
    ).user
    absent(other)
    assert not may_answer(committee, substitute)
    absent(committee.caf_seat)
    assert may_answer(committee, substitute)


def test_the_substitute_of_one_member_counts_though_another_member_is_there(committee):
    SeatFactory(organisation=committee.caf, capacity="Présidente")
    substitute = SeatFactory(
        organisation=committee.caf, substitute=True, substitute_for=committee.caf_seat
    ).user
    assert not may_answer(committee, substitute)
    absent(committee.caf_seat)
    assert may_answer(committee, substitute)


def test_members_are_named_before_the_substitute_who_came_first(committee):
    substitute = SeatFactory(organisation=committee.caf, substitute=True)
    member = SeatFactory(organisation=committee.caf, capacity="Présidente")
    for seat in (committee.caf_seat, member):
        absent(seat)
    assert bench(committee).speakers(committee.caf.pk) == [committee.caf_seat, member, substitute]


def test_the_party_s_substitute_waits_until_every_member_is_away(committee):
    other = SeatFactory(organisation=committee.caf, capacity="Présidente")
    substitute = SeatFactory(organisation=committee.caf, substitute=True).user
    absent(committee.caf_seat)
    assert not may_answer(committee, substitute)
    absent(other)
    assert may_answer(committee, substitute)


def test_a_new_member_sends_the_substitute_of_the_former_one_back(committee):
    """The director leaves, another comes: the deputy no longer speaks beside the new one."""
    substitute = SeatFactory(
        organisation=committee.caf, substitute=True, substitute_for=committee.caf_seat
    ).user
    Seat.objects.filter(pk=committee.caf_seat.pk).update(ends_on=BEFORE)
    assert may_answer(committee, substitute)
    successor = SeatFactory(organisation=committee.caf, starts_on=DAY)
    assert not may_answer(committee, substitute)
    absent(successor)
    assert may_answer(committee, substitute)


def test_a_substitute_out_of_mandate_does_not_count(committee):
    seat = SeatFactory(organisation=committee.caf, substitute=True, ends_on=BEFORE)
    absent(committee.caf_seat)
    assert not may_answer(committee, seat.user)


# Delegations ------------------------------------------------------------------------------------


def test_a_delegate_speaks_by_delegation_of_the_member(committee):
    delegation = DelegationFactory(seat=committee.caf_seat)
    voice = bench(committee).voice(delegation.user, committee.caf, "objective")
    assert voice.capacity == (
        f"Directeur adjoint, par délégation {de(committee.caf_member)} (Directrice)"
    )
    assert (voice.seat, voice.delegation) == (committee.caf_seat, delegation)
    assert may_answer(committee, committee.caf_member)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "speaks"),
    [(DAY, DAY, True), (LONG_BEFORE, BEFORE, False), (AFTER, None, False), (DAY, None, True)],
)
def test_the_first_and_the_last_day_of_a_delegation_count(committee, starts_on, ends_on, speaks):
    delegation = DelegationFactory(seat=committee.caf_seat, starts_on=starts_on, ends_on=ends_on)
    assert may_answer(committee, delegation.user) is speaks


def test_a_delegate_speaks_on_the_kinds_delegated(committee):
    user = DelegationFactory(seat=committee.caf_seat, kinds=["objective"]).user
    assert may_answer(committee, user, kind="objective")
    assert not may_answer(committee, user, kind="action")


def test_a_delegation_is_suspended_with_its_lender_and_ends_with_the_mandate(committee):
    user = DelegationFactory(seat=committee.caf_seat).user
    suspend_person(committee.caf_member, committee.caf, by=None)
    assert not may_answer(committee, user)
    confirm_person(committee.caf_member, committee.caf, by=None)
    assert may_answer(committee, user)
    Seat.objects.filter(pk=committee.caf_seat.pk).update(ends_on=BEFORE)
    assert not may_answer(committee, user)


def test_a_delegate_who_has_left_or_is_suspended_speaks_no_more(committee):
    gone, suspended = (DelegationFactory(seat=committee.caf_seat).user for _ in range(2))
    end_access(gone, committee.caf)
    suspend_person(suspended, committee.caf, by=None)
    for user in (gone, suspended):
        assert not bench_of(committee.convention, timezone.localdate()).voices_of(user)


def test_voices_by_delegation_are_in_the_order_of_their_seats(committee):
    user = DelegationFactory(seat=committee.epci_seat).user
    f.MembershipFactory(user=user, organisation=committee.caf)
    later = SeatFactory(organisation=committee.caf, capacity="Présidente")
    DelegationFactory(seat=later, user=user)
    assert [voice.seat for voice in bench(committee).voices_of(user)] == [
        committee.epci_seat, later,
    ]  # fmt: skip


@pytest.mark.parametrize("kind", [SeatKind.SUBSTITUTE, SeatKind.ADVISER, SeatKind.ADVISORY])
def test_only_a_member_s_delegation_counts(committee, kind):
    seat = SeatFactory(organisation=committee.caf, kind=kind)
    user = DelegationFactory(seat=seat).user
    absent(committee.caf_seat)
    assert not may_answer(committee, user)


def test_own_seats_come_before_delegations_and_delegations_before_substitutes(committee):
    colleague = SeatFactory(organisation=committee.caf, capacity="Présidente")
    DelegationFactory(seat=committee.caf_seat, user=colleague.user)
    [voice] = bench(committee).voices_of(colleague.user)
    assert (voice.seat, voice.delegation) == (colleague, None)
    substitute = SeatFactory(
        organisation=committee.caf, substitute=True, substitute_for=committee.caf_seat
    )
    absent(committee.caf_seat)
    delegation = DelegationFactory(seat=committee.caf_seat, user=substitute.user)
    [voice] = bench(committee).voices_of(substitute.user)
    assert voice.delegation == delegation


# Advice -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [SeatKind.ADVISER, SeatKind.ADVISORY])
def test_an_adviser_gives_an_avis_and_never_an_agreement(committee, kind):
    seat = SeatFactory(organisation=committee.caf, kind=kind)
    Seat.objects.filter(pk=committee.caf_seat.pk).update(ends_on=BEFORE)
    assert not may_answer(committee, seat.user)
    assert bench(committee).advice(seat.user).seat == seat
    assert not bench(committee).is_represented(committee.caf.pk)


@pytest.mark.parametrize(
    ("kind", "is_adviser"), [(SeatKind.ADVISER, True), (SeatKind.ADVISORY, False)]
)
def test_an_avis_says_whether_an_adviser_gives_it(committee, kind, is_adviser):
    user = SeatFactory(organisation=committee.caf, kind=kind).user
    assert bench(committee).advice(user).is_adviser is is_adviser


def test_a_member_has_no_avis_to_give(committee):
    assert bench(committee).advice(committee.caf_member) is None


def test_adviser_s_rights_need_seat_mandate_and_no_suspension(committee):
    today = timezone.localdate()
    seat = SeatFactory(organisation=committee.caf, adviser=True)
    assert is_adviser(seat.user, committee.convention)
    assert not is_adviser(committee.caf_member, committee.convention)
    assert not is_adviser(seat.user, committee_of().convention)
    Seat.objects.filter(pk=seat.pk).update(ends_on=today - datetime.timedelta(days=1))
    assert not is_adviser(seat.user, committee.convention)
    Seat.objects.filter(pk=seat.pk).update(ends_on=today)
    suspend_person(seat.user, committee.caf, by=None)
    assert not is_adviser(seat.user, committee.convention)


def test_a_voice_that_commits_a_party_comes_before_one_that_advises(committee):
    user = SeatFactory(organisation=committee.caf, adviser=True).user
    SeatFactory(organisation=committee.epci, user=user)
    assert [voice.commits for voice in bench(committee).voices_of(user)] == [True, False]


# Reading ----------------------------------------------------------------------------------------


def test_committees_are_read_in_three_queries_and_kept_apart(db, django_assert_num_queries):
    first, second = committee_of(), committee_of()
    for seat in (first.caf_seat, second.caf_seat):
        absent(seat)
        DelegationFactory(seat=seat)
        SeatFactory(organisation=seat.organisation, substitute=True)
    with django_assert_num_queries(3):
        benches = benches_of([first.convention, second.convention], DAY)
        assert benches[first.convention.pk].voice(first.caf_member, None, "objective").organisation
        assert len(benches[first.convention.pk].speakers(first.caf.pk)) == 2
        seats = benches[first.convention.pk].seats
        assert {seat.organisation.convention for seat in seats} == {first.convention}
        assert first.caf_member in {seat.user for seat in seats}
    assert benches[second.convention.pk].voice(first.caf_member, None, "objective") is None
    assert {seat.organisation.convention_id for seat in benches[second.convention.pk].seats} == {
        second.convention.pk
    }


def test_a_committee_is_read_without_those_of_other_conventions(committee):
    delegation = DelegationFactory(seat=committee.caf_seat)
    DelegationFactory(seat=committee_of().caf_seat)
    assert bench(committee).delegations == [delegation]


def test_the_capacity_of_a_person_is_that_of_the_seat_held_first(committee):
    f.MembershipFactory(user=committee.epci_member, organisation=committee.caf, reader=True)
    SeatFactory(organisation=committee.caf, user=committee.epci_member, capacity="Conseillère")
    capacity = capacity_of(committee.epci_member, bench(committee))
    assert capacity == f"Vice-présidente, {committee.epci}"
    Seat.objects.filter(pk=committee.epci_seat.pk).update(ends_on=BEFORE)
    assert capacity_of(committee.epci_member, bench(committee)) == f"Conseillère, {committee.caf}"
    waiting = SeatFactory(organisation=committee.caf, substitute=True).user
    assert capacity_of(waiting, bench(committee)) == f"Sous-directeur, {committee.caf}"


def test_the_capacity_of_a_person_without_seat_is_a_delegation_or_coordination(committee):
    delegation = DelegationFactory(seat=committee.caf_seat)
    DelegationFactory(seat=committee.epci_seat, user=delegation.user)
    assert capacity_of(delegation.user, bench(committee)) == (
        f"Directeur adjoint, par délégation {de(committee.caf_member)} (Directrice), "
        f"{committee.caf}"
    )
    Delegation.objects.update(kinds=["action"])
    assert capacity_of(delegation.user, bench(committee)).startswith("Directeur adjoint, par")
    assert capacity_of(committee.coordinator, bench(committee)) == "coordination"
    reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
    assert capacity_of(reader, bench(committee)) == ""


def test_a_user_who_speaks_for_two_organisations_chooses_one(committee):
    SeatFactory(organisation=committee.epci, user=committee.caf_member)
    voices = bench(committee).voices_of(committee.caf_member)
    assert {voice.organisation for voice in voices} == {committee.caf, committee.epci}
    assert bench(committee).voice(committee.caf_member, committee.epci, "objective").commits


# All rules at once, against a plain restatement -------------------------------------------------

ORGANISATIONS = [Organisation(pk=1, acronym="CAF", name="Caf"), Organisation(pk=2, acronym="EPCI")]
PEOPLE = [1, 2, 3]
ANY_DAY = st.sampled_from([LONG_BEFORE, BEFORE, DAY, AFTER, LONG_AFTER])
DATES = st.tuples(ANY_DAY, st.none() | ANY_DAY).filter(lambda d: d[1] is None or d[0] <= d[1])


@st.composite
def committees(draw):
    """Seats with their absences and delegations: as few as show a difference."""
    seats = []
    for pk in range(1, draw(st.integers(1, 5)) + 1):
        start, end = draw(DATES)
        seat = Seat(
            pk=pk, organisation=draw(st.sampled_from(ORGANISATIONS)), name=f"Personne {pk}",
            kind=draw(st.sampled_from(SeatKind.values)), capacity="Directrice",
            user_id=draw(st.sampled_from([None, *PEOPLE])), starts_on=start, ends_on=end,
            state=draw(st.sampled_from(["confirmed", "confirmed", "pending", "suspended"])),
        )  # fmt: skip
        members = [s for s in seats if s.kind == "member" and s.organisation == seat.organisation]
        if seat.kind == SeatKind.SUBSTITUTE and members:
            seat.substitute_for = draw(st.sampled_from([None, *members]))
        seat.absences_read = [
            Absence(seat=seat, starts_on=a, ends_on=b)
            for a, b in draw(st.lists(DATES, max_size=2 * (seat.kind == "member")))
        ]
        seats.append(seat)
    delegations = [
        Delegation(
            pk=n, seat=draw(st.sampled_from(seats)), user_id=draw(st.sampled_from(PEOPLE)),
            name="Délégataire", capacity="Adjoint", starts_on=dates[0], ends_on=dates[1],
            kinds=draw(st.sampled_from([[], ["objective"], ["action"], ["action", "objective"]])),
        )
        for n, dates in enumerate(draw(st.lists(DATES, max_size=2)))
    ]  # fmt: skip
    return Bench(None, DAY, seats, delegations)


class Rules:
    """The rules of the convention's committee, said one after the other."""

    def __init__(self, drawn: Bench):
        self.seats, self.delegations = drawn.seats, drawn.delegations

    def runs(self, mandate):
        return mandate.starts_on <= DAY and (mandate.ends_on is None or mandate.ends_on >= DAY)

    def sits(self, seat):
        return seat.state == "confirmed" and self.runs(seat)

    def is_there(self, seat):
        if seat.state == "suspended":
            return self.runs(seat)
        return self.sits(seat) and not any(self.runs(absence) for absence in seat.absences_read)

    def binds(self, seat):
        if seat.kind == "member":
            return self.sits(seat)
        if seat.kind != "substitute" or not self.sits(seat):
            return False
        if seat.substitute_for and seat.substitute_for.starts_on > DAY:
            return False
        if seat.substitute_for and self.runs(seat.substitute_for):
            return not self.is_there(seat.substitute_for)
        own = [s for s in self.seats if s.organisation == seat.organisation]
        return not any(self.is_there(s) for s in own if s.kind == "member")

    def may_commit(self, user, organisation, kind):
        own_seats = [s for s in self.seats if s.organisation == organisation]
        own = [s for s in own_seats if s.user_id == user and self.binds(s)]
        received = [
            d
            for d in self.delegations
            if d.user_id == user
            and d.seat in own_seats
            and d.seat.kind == "member"
            and self.sits(d.seat)
            and self.runs(d)
            and (not d.kinds or kind in d.kinds)
        ]
        return bool(own or received)

    def may_advise(self, user):
        seats = [s for s in self.seats if s.kind in ("adviser", "advisory") and s.user_id == user]
        return any(map(self.sits, seats))


@settings(max_examples=400, deadline=None)
@given(committees())
def test_the_bench_says_what_the_rules_say(drawn):
    rules = Rules(drawn)
    assert {s.pk for s in drawn.seats if drawn.commits(s)} == {
        s.pk for s in drawn.seats if rules.binds(s)
    }
    for pk in PEOPLE:
        user = SimpleNamespace(pk=pk)
        assert (drawn.advice(user) is not None) is rules.may_advise(pk)
        for organisation in ORGANISATIONS:
            for kind in ("objective", "action"):
                voice = drawn.voice(user, organisation, kind)
                assert (voice is not None) is rules.may_commit(pk, organisation, kind)
                assert voice is None or (voice.organisation, voice.user_id) == (organisation, pk)
    for organisation in ORGANISATIONS:
        own_seats = [s for s in drawn.seats if s.organisation == organisation]
        assert drawn.is_represented(organisation.pk) is any(map(rules.binds, own_seats))
