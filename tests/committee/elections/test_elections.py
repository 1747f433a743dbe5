"""The list of a party's élus after elections: who prepares and confirms it, and what follows."""

import datetime
from dataclasses import replace

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Invitation
from agreements.models import Seat, SeatKind
from agreements.seats import events as seats
from agreements.seats.voices import bench_of
from committee.elections import events
from committee.elections.events import Choice, Prepared
from committee.elections.models import Outcome, Renewal
from conventions.access import events as access
from conventions.access.closing import NOTICE, close_due
from conventions.models import AppointmentState, Membership, Organisation, OrganisationKind
from conventions.notices import ConventionLetter, scope_of
from ctg_portal.rules import Refused
from tests import factories as f
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db
DAYS = datetime.timedelta(days=1)
LEAVES, STAYS = Outcome.LEAVES, Outcome.STAYS


@told_once
def committee():
    """A committee whose EPCI has two élus and a référent."""
    committee = committee_of()
    Seat.objects.filter(pk=committee.epci_seat.pk).update(is_elected=True)
    Organisation.objects.filter(pk=committee.epci.pk).update(kind=OrganisationKind.EPCI)
    committee.extra["second"] = SeatFactory(organisation=committee.epci, is_elected=True)
    committee.extra["referent"] = f.referent_of(committee.epci)
    return committee


@pytest.fixture
def epci(committee):
    return Organisation.objects.select_related("convention").get(pk=committee.epci.pk)


@pytest.fixture
def first(committee):
    return Seat.objects.get(pk=committee.epci_seat.pk)


@pytest.fixture
def second(committee):
    return Seat.objects.get(pk=committee.extra["second"].pk)


@pytest.fixture
def referent(committee):
    return committee.extra["referent"]


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def whole(first, second, today):
    """The council met eight days ago and decided four days ago: the first leaves, Élise Moreau
    comes, the second stays."""
    return Prepared(
        today - 8 * DAYS, today - 4 * DAYS,
        choices={
            first.pk: Choice(LEAVES, "Élise Moreau", "Vice-présidente", "e.moreau@example.fr"),
            second.pk: Choice(STAYS),
        },
    )  # fmt: skip


@pytest.fixture
def prepare(committee, epci):
    """``prepare(list)`` saves it as the coordination; ``by=`` somebody else."""

    def do(prepared, *, by=None, revision=None):
        return events.prepare(
            epci, prepared, revision=revision, by=by or committee.coordinator
        )  # fmt: skip

    return do


def again(row):
    return type(row).objects.get(pk=row.pk)


def sits(seat, day) -> bool:
    return bench_of(seat.organisation.convention, day).sits(again(seat))


def written_to(address: str) -> str:
    """What the messages to an address say."""
    return "\n".join(m.subject + "\n" + m.body for m in mail.outbox if address in m.to)


# Preparing --------------------------------------------------------------------------------------


def test_a_list_saved_twice_is_one_renewal_with_its_last_lines(prepare, epci, first, committee):
    prepare(Prepared(choices={first.pk: Choice(LEAVES)}))
    renewal = prepare(Prepared(choices={first.pk: Choice(LEAVES, "Élise Moreau")}), revision=1)
    assert Renewal.objects.get().pk == renewal.pk
    assert [line.name for line in renewal.lines.all()] == ["Élise Moreau"]
    assert again(first).ends_on is None


def test_the_second_to_save_a_list_is_refused_until_they_have_read_the_first(prepare, committee):
    prepare(Prepared(), revision=0)
    with pytest.raises(Refused, match="a enregistré autre chose"):
        prepare(Prepared(), revision=0)


def test_outgoing_elus_serve_until_the_installation_then_seats_are_awaited(
    prepare, epci, first, today
):
    prepare(Prepared(today + 3 * DAYS))
    assert sits(first, today + 2 * DAYS)
    assert not sits(first, today + 3 * DAYS)
    assert not bench_of(epci.convention, today + 3 * DAYS).is_represented(epci.pk)


def test_a_substitute_does_not_stand_in_for_an_awaited_member(prepare, epci, second, first, today):
    deputy = SeatFactory(organisation=epci, substitute=True)
    prepare(Prepared(today))
    assert not bench_of(epci.convention, today).commits(again(deputy))


def test_seats_are_awaited_from_the_new_day_and_not_at_all_without_one(prepare, first, today):
    prepare(Prepared(today))
    prepare(Prepared(today + 9 * DAYS), revision=1)
    assert sits(first, today)
    assert not sits(first, today + 9 * DAYS)
    prepare(Prepared(), revision=2)
    assert sits(first, today + 9 * DAYS)


def test_an_abandoned_list_leaves_seats_as_they_were(prepare, epci, first, committee, today):
    prepare(Prepared(today))
    events.abandon(epci, revision=1, by=committee.coordinator)
    assert not Renewal.objects.exists()
    assert sits(first, today)


def test_a_day_that_a_referent_has_corrected_is_not_written_again_by_who_wrote_it(
    prepare, epci, referent, committee, today
):
    prepare(Prepared(today))
    events.abandon(epci, revision=1, by=referent)
    with pytest.raises(Refused, match="Vous avez déjà suspendu"):
        prepare(Prepared(today))
    prepare(Prepared(today), by=referent)


def test_the_official_address_knows_the_day_at_once(prepare, epci, today):
    Organisation.objects.filter(pk=epci.pk).update(email="mairie@epci.example")
    epci.refresh_from_db()
    prepare(Prepared(today))
    prepare(Prepared(today), revision=1)
    assert written_to("mairie@epci.example").count("ces sièges sont attendus") == 1


def test_the_seats_of_a_caf_change_with_no_election(committee):
    caf = again(committee.caf)
    Organisation.objects.filter(pk=caf.pk).update(kind=OrganisationKind.CAF)
    caf.refresh_from_db()
    with pytest.raises(Refused, match="ne changent pas avec les élections"):
        events.prepare(caf, Prepared(), revision=0, by=committee.coordinator)


# Confirming -------------------------------------------------------------------------------------


def test_a_referent_confirms_the_list_in_one_act(prepare, whole, referent, first, second, today):
    events.confirm(prepare(whole), revision=1, by=referent)
    assert again(first).ends_on == today - 9 * DAYS
    new = Seat.objects.get(name="Élise Moreau")
    assert (new.state, new.starts_on, new.kind) == ("confirmed", today - 4 * DAYS, first.kind)
    assert (new.is_elected, new.capacity) == (True, "Vice-présidente")
    assert sits(second, today)
    assert not sits(second, today - 5 * DAYS)
    assert sits(second, today - 9 * DAYS)


@pytest.mark.parametrize("who", ["coordination", "colleague", "host"])
def test_a_list_is_confirmed_by_a_referent_while_there_is_one(prepare, whole, committee, epci, who):
    by = {
        "coordination": committee.coordinator,
        "colleague": f.MembershipFactory(organisation=epci).user,
        "host": None,
    }[who]
    with pytest.raises(Refused, match=r"un référent des accès|La coordination et les référents"):
        events.confirm(prepare(whole), by=by)


def test_the_host_confirms_where_no_referent_is_left(prepare, whole, referent, first):
    renewal = prepare(whole)
    Membership.objects.filter(user=referent).update(ended_at=timezone.now())
    operator = f.UserFactory()
    renewal = events.confirm(renewal, by=None, operator=operator)
    assert (renewal.confirmed_by, renewal.is_by_host) == (operator, True)
    assert Seat.objects.get(name="Élise Moreau").is_confirmed_by_host


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"installed_on": None, "deliberated_on": None}, "installation du conseil manque"),
        ({"deliberated_on": None}, "délibération manque"),
        ({"deliberated_on": timezone.localdate() + DAYS}, "une fois la délibération prise"),
        ({"choices": {}}, "Deux sièges restent à dire"),
    ],
)
def test_a_list_is_confirmed_once_nothing_is_missing(prepare, whole, referent, changes, says):
    renewal = prepare(replace(whole, **changes))
    with pytest.raises(Refused, match=says):
        events.confirm(renewal, by=referent)


def test_a_list_is_read_again_where_a_seat_has_changed_since(prepare, whole, referent, second):
    renewal = prepare(whole)
    seen = events.fingerprint_of(events.seats_of(renewal))
    seats.end_seat(again(second), by=referent)
    with pytest.raises(Refused, match="La composition a changé"):
        events.confirm(renewal, seen=seen, by=referent)


def test_a_list_that_leaves_out_an_elu_named_since_is_not_confirmed(prepare, whole, referent, epci):
    renewal = prepare(whole)
    SeatFactory(organisation=epci, is_elected=True)
    with pytest.raises(Refused, match="Un siège reste à dire"):
        events.confirm(renewal, by=referent)


def test_a_list_is_confirmed_once(prepare, whole, referent):
    renewal = prepare(whole)
    events.confirm(renewal, by=referent)
    with pytest.raises(Refused):
        events.confirm(renewal, by=referent)


def test_a_list_saved_since_it_was_shown_is_not_confirmed(prepare, whole, referent):
    renewal = prepare(whole)
    prepare(whole, revision=1)
    with pytest.raises(Refused, match="relisez la liste"):
        events.confirm(renewal, revision=1, by=referent)


def test_answers_of_an_outgoing_elu_stay(prepare, whole, referent, committee, first):
    version = committee.proposed()
    committee.agree(version, committee.epci_member)
    events.confirm(prepare(whole), by=referent)
    entry = version.agreements.get(organisation=committee.epci)
    assert (entry.seat, entry.answer) == (first, "agreed")


def test_a_delegation_of_an_outgoing_elu_ends(prepare, whole, referent, first, today):
    delegation = DelegationFactory(seat=first)
    events.confirm(prepare(whole), by=referent)
    assert not bench_of(first.organisation.convention, today).voices_of(delegation.user)


def test_a_suspended_elu_who_stays_is_confirmed_with_the_list(prepare, whole, referent, second):
    Seat.objects.filter(pk=second.pk).update(state=AppointmentState.SUSPENDED)
    events.confirm(prepare(whole), by=referent)
    assert again(second).is_confirmed


# Who leaves -------------------------------------------------------------------------------------


def test_reading_ends_with_the_last_seat_a_week_after_a_message(
    prepare, whole, referent, first, today
):
    events.confirm(prepare(whole), by=referent)
    access_to_read = Membership.objects.get(user=first.user, role="reader")
    assert (access_to_read.ended_at, access_to_read.closes_on) == (None, today + NOTICE)
    assert "Votre accès en lecture se ferme le" in written_to(first.user.email)
    close_due()
    assert again(access_to_read).is_active
    Membership.objects.filter(pk=access_to_read.pk).update(closes_on=today)
    close_due()
    assert not again(access_to_read).is_active


def test_an_outgoing_elu_receives_no_more_messages(prepare, whole, referent, first, second):
    scope = scope_of(first.organisation.convention).key
    assert ConventionLetter.readable(first.user, [scope]) == {scope}
    events.confirm(prepare(whole), by=referent)
    assert ConventionLetter.readable(first.user, [scope]) == set()
    assert ConventionLetter.readable(second.user, [scope]) == {scope}


@pytest.mark.parametrize("role", ["contributor", "referent"])
def test_an_access_that_enters_or_decides_stays_and_the_message_says_so(
    prepare, whole, referent, first, role
):
    f.MembershipFactory(organisation=first.organisation, user=first.user, role=role)
    events.confirm(prepare(whole), by=referent)
    assert not Membership.objects.filter(user=first.user).exclude(closes_on=None).exists()
    assert "Vous gardez" in written_to(first.user.email)


def test_an_only_referent_who_leaves_confirms_the_list_and_stays_referent(
    prepare, whole, referent, first
):
    Membership.objects.filter(user=referent).update(ended_at=timezone.now())
    f.MembershipFactory(organisation=first.organisation, user=first.user, role="referent")
    events.confirm(prepare(whole), by=first.user)
    assert "désignez-en une autre avant de le quitter" in written_to(first.user.email)


def test_an_outgoing_elu_with_another_seat_keeps_their_reading_access(
    prepare, whole, referent, first, epci
):
    SeatFactory(organisation=epci, user=first.user, advisory=True)
    events.confirm(prepare(whole), by=referent)
    assert not Membership.objects.exclude(closes_on=None).exists()


def test_an_outgoing_elu_named_again_within_the_week_keeps_their_reading_access(
    prepare, whole, referent, first, epci
):
    events.confirm(prepare(whole), by=referent)
    seats.name_to_seat(
        epci, kind=SeatKind.ADVISORY, capacity="Conseiller", user=first.user, by=referent
    )
    assert not Membership.objects.exclude(closes_on=None).exists()


def test_the_official_address_is_sent_one_message_of_the_whole_list(prepare, whole, referent, epci):
    Organisation.objects.filter(pk=epci.pk).update(email="mairie@epci.example")
    renewal = prepare(whole)
    mail.outbox.clear()
    events.confirm(again(renewal), by=referent)
    assert written_to("mairie@epci.example").count("Élise Moreau") == 1
    assert sum("mairie@epci.example" in m.to for m in mail.outbox) == 1


# Who comes --------------------------------------------------------------------------------------


def accepted(email: str):
    """The account of an address, once it has accepted its invitation."""
    user = f.UserFactory(email=email)
    access.accept(Invitation.objects.get(email=email), by=user)
    return user


def test_an_incoming_elu_is_invited_and_has_the_seat_once_they_accept(
    prepare, whole, referent, today
):
    events.confirm(prepare(whole), by=referent)
    seat = Seat.objects.get(name="Élise Moreau")
    assert seat.user is None
    user = accepted("e.moreau@example.fr")
    assert again(seat).user == user
    assert bench_of(seat.organisation.convention, today).voice(user, None, "objective")


def test_an_incoming_elu_without_address_has_a_seat_without_account(
    prepare, whole, referent, first, second
):
    choices = {first.pk: Choice(LEAVES, "Karim Haddad"), second.pk: Choice(STAYS)}
    events.confirm(prepare(replace(whole, choices=choices)), by=referent)
    assert Seat.objects.get(name="Karim Haddad").capacity == first.capacity
    assert not Invitation.objects.exists()


def test_an_incoming_elu_with_an_access_for_the_party_sits_at_once(
    prepare, whole, referent, epci, first, second
):
    user = f.MembershipFactory(organisation=epci).user
    choices = {first.pk: Choice(LEAVES, "Nom écrit", "", user.email), second.pk: Choice(STAYS)}
    events.confirm(prepare(replace(whole, choices=choices)), by=referent)
    assert Seat.objects.get(user=user).name == str(user)
    assert not Invitation.objects.exists()


def test_a_referent_on_their_own_list_awaits_somebody_elses_confirmation(
    prepare, whole, referent, first, second
):
    choices = {first.pk: Choice(LEAVES, "Moi", "", referent.email), second.pk: Choice(STAYS)}
    events.confirm(prepare(replace(whole, choices=choices)), by=referent)
    assert Seat.objects.get(user=referent).is_pending


def test_an_incoming_elu_who_commits_another_party_is_named_without_account(
    prepare, whole, referent, committee, first, second
):
    email = committee.caf_member.email
    choices = {first.pk: Choice(LEAVES, "Anne Roy", "", email), second.pk: Choice(STAYS)}
    events.confirm(prepare(replace(whole, choices=choices)), by=referent)
    access.accept(Invitation.objects.get(email=email), by=committee.caf_member)
    assert Seat.objects.get(name="Anne Roy").user is None


def test_an_incoming_substitute_stands_in_for_the_incoming_member(
    prepare, whole, referent, epci, first, second
):
    deputy = SeatFactory(organisation=epci, substitute=True, substitute_for=first, is_elected=True)
    choices = {**whole.choices, deputy.pk: Choice(LEAVES, "Jean Petit")}
    events.confirm(prepare(replace(whole, choices=choices)), by=referent)
    assert Seat.objects.get(name="Jean Petit").substitute_for.name == "Élise Moreau"
