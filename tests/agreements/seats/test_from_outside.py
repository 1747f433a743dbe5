"""A seat, or a member's voice, given from another organisation awaits a word of its own."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from agreements.answers.events import record
from agreements.models import Delegation, Seat
from agreements.seats import events as seats
from agreements.seats import rights
from agreements.seats.voices import bench_of
from conventions.access import events as access
from conventions.models import Organisation
from ctg_portal.rules import Refused
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of, since_long
from tests.committee.scene import a_document
from tests.stories import told_once

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
KINDS = ["member", "substitute", "adviser", "advisory"]


@told_once
def committee():
    return committee_of()


@told_once
def alias(committee):
    """Whom the Caf has let in, to read."""
    return f.MembershipFactory(organisation=committee.caf, reader=True).user


@told_once
def colleague(committee):
    return f.MembershipFactory(organisation=committee.caf).user


def name(committee, user=None, *, kind="member", organisation=None, by=None, **values):
    given = {"kind": kind, "capacity": "Présidente", "user": user} | values
    by = by or committee.coordinator
    return seats.name_to_seat(organisation or committee.caf, by=by, **given)


def lend(committee, user, *, by=None):
    by = by or committee.coordinator
    act = a_document(committee.coordinator)
    return seats.delegate(
        committee.caf_seat, user=user, capacity="Adjointe", starts_on=timezone.localdate(),
        by=by, act=act,
    )  # fmt: skip


def speaks(committee, user) -> bool:
    """On the bench as read, and by the words of the database."""
    today = timezone.localdate()
    bench = bench_of(committee.convention, today)
    heard = bench.voice(user, committee.caf, "objective") is not None
    committing = Seat.objects.committing(today).filter(user=user, organisation=committee.caf)
    lent = Delegation.objects.answering(today).filter(user=user)
    assert heard == (committing.exists() or lent.exists())
    return heard


@pytest.mark.parametrize("kind", KINDS)
def test_a_seat_named_from_outside_is_silent_until_somebody_there_confirms(
    committee, alias, colleague, kind
):
    seat = name(committee, alias, kind=kind)
    today = timezone.localdate()
    assert seat.awaits_confirmation
    assert seat not in Seat.objects.sitting(today)
    assert not bench_of(committee.convention, today).voices_of(alias)
    for other in (alias, committee.coordinator, committee.epci_member):
        with pytest.raises(Refused):
            seats.confirm_seat(seat, by=other)
    seats.confirm_seat(seat, by=colleague)
    seat.refresh_from_db()
    assert not seat.awaits_confirmation
    assert seat in Seat.objects.sitting(today)


def test_who_has_no_account_is_confirmed_too_before_an_agreement_is_recorded(committee, colleague):
    SeatFactory._meta.model.objects.filter(pk=committee.caf_seat.pk).delete()
    seat = name(committee, name="Jeanne Sans-Compte")
    version = committee.proposed()
    recorded = {
        "seen": 0, "received_on": timezone.localdate(),
        "evidence": a_document(committee.coordinator), "by": committee.coordinator,
    }  # fmt: skip
    with pytest.raises(Refused):
        record(version, seat, **recorded)
    seats.confirm_seat(seat, by=colleague)
    assert record(version, seat, **recorded).organisation == committee.caf


def test_one_s_own_organisation_names_at_once(committee):
    agent = f.MembershipFactory(organisation=committee.epci, reader=True).user
    assert not name(committee, agent, organisation=committee.epci).awaits_confirmation


def test_whoever_hosts_the_portal_names_at_once(committee, alias):
    seat = seats.name_to_seat(
        committee.caf, kind="member", capacity="Directrice", user=alias, by=None
    )
    assert not seat.awaits_confirmation


def test_who_acts_at_the_official_address_sits_at_once(committee, alias):
    Organisation.objects.filter(pk=committee.caf.pk).update(email=alias.email.upper())
    committee.caf.refresh_from_db()
    assert not name(committee, alias).awaits_confirmation


def test_laying_down_the_coordination_does_not_let_one_confirm_what_one_named(committee, alias):
    """She was of the Caf before she coordinated for the intercommunalité, and is again."""
    her = committee.coordinator
    f.MembershipFactory(user=her, organisation=committee.caf, reader=True)
    f.MembershipFactory(organisation=committee.epci, coordinator=True)
    seat = name(committee, alias)
    for held in her.memberships.coordinators():
        access.end_membership(held, by=her)
    with pytest.raises(Refused):
        seats.confirm_seat(seat, by=her)


def test_where_nobody_else_is_there_another_party_confirms_never_who_coordinates(committee):
    pmi = f.PartyFactory(organisation__convention=committee.convention).organisation
    first = f.MembershipFactory(organisation=pmi, reader=True).user
    seat = name(committee, first, organisation=pmi)
    for other in (first, committee.coordinator, committee.epci_member):
        with pytest.raises(Refused):
            seats.confirm_seat(seat, by=other)
    seats.confirm_seat(seat, by=committee.caf_member)
    assert seat in Seat.objects.sitting(timezone.localdate())


def test_where_those_who_were_there_have_left_whoever_hosts_confirms(committee, alias, capsys):
    pmi = f.PartyFactory(organisation__convention=committee.convention).organisation
    f.MembershipFactory(organisation=pmi, ended=True)
    last = f.MembershipFactory(organisation=pmi, reader=True).user
    seat = name(committee, last, organisation=pmi)
    for other in (last, committee.caf_member, committee.epci_member):
        with pytest.raises(Refused):
            seats.confirm_seat(seat, by=other)
    told = last.email, committee.convention.slug, pmi.acronym
    call_command("confirm_seat", *told)
    assert seat.name in capsys.readouterr().out
    seat.refresh_from_db()
    assert not seat.awaits_confirmation
    with pytest.raises(CommandError, match="déjà confirmé"):
        call_command("confirm_seat", *told)
    with pytest.raises(CommandError, match="ni siège ni délégation"):
        call_command("confirm_seat", alias.email, committee.convention.slug, pmi.acronym)


def test_a_voice_lent_by_who_coordinates_is_confirmed_by_the_member(committee, alias):
    lent = lend(committee, alias)
    assert lent.awaits_confirmation
    assert not speaks(committee, alias)
    for other in (alias, committee.coordinator, committee.epci_member):
        with pytest.raises(Refused):
            seats.confirm_delegation(lent, by=other)
    seats.confirm_delegation(lent, by=committee.caf_member)
    assert speaks(committee, alias)


def test_whoever_hosts_confirms_a_voice_lent(committee, alias, capsys):
    lend(committee, alias)
    call_command("confirm_seat", alias.email, committee.convention.slug, committee.caf.acronym)
    assert "par délégation" in capsys.readouterr().out
    assert speaks(committee, alias)


def test_a_member_in_person_lends_at_once(committee, alias):
    assert not lend(committee, alias, by=committee.caf_member).awaits_confirmation
    assert speaks(committee, alias)


def test_nor_is_the_voice_of_a_member_of_one_s_own_organisation_lent_without_her(committee):
    agent = f.MembershipFactory(organisation=committee.epci, reader=True).user
    by = {"by": committee.coordinator, "act": a_document(committee.coordinator)}
    given = {"user": agent, "capacity": "Adjointe", "starts_on": timezone.localdate()} | by
    assert seats.delegate(committee.epci_seat, **given).awaits_confirmation
    without_account = SeatFactory(organisation=committee.epci, user=None)
    assert not seats.delegate(without_account, **given).awaits_confirmation


def test_a_voice_that_the_member_took_back_is_hers_to_lend_again(committee, alias, colleague):
    """The coordinator writes it down once more; who enters figures there confirms it."""
    lent = lend(committee, alias)
    seats.confirm_delegation(lent, by=committee.caf_member)
    seats.end_delegation(lent, by=committee.caf_member)
    again = lend(committee, alias)
    with pytest.raises(Refused, match=f"est à confirmer par {committee.caf_seat.name}"):
        seats.confirm_delegation(again, by=colleague)
    assert not speaks(committee, alias)


def test_the_voice_of_who_has_no_account_is_confirmed_by_a_colleague(committee, alias, colleague):
    seat = SeatFactory(organisation=committee.caf, user=None)
    lent = seats.delegate(
        seat, user=alias, capacity="Adjointe", starts_on=timezone.localdate(),
        by=committee.coordinator, act=a_document(committee.coordinator),
    )  # fmt: skip
    assert not speaks(committee, alias)
    seats.confirm_delegation(lent, by=colleague)
    assert speaks(committee, alias)


def test_an_objection_and_the_first_word_are_lifted_by_one_confirmation(
    committee, alias, colleague
):
    seat = name(committee, alias)
    seats.object_to_seat(seat, by=committee.caf_member)
    with pytest.raises(Refused):
        seats.confirm_seat(seat, by=alias)
    seats.confirm_seat(seat, by=colleague)
    assert speaks(committee, alias)
    with pytest.raises(Refused, match="déjà confirmé"):
        seats.confirm_seat(seat, by=colleague)


def test_who_may_confirm_from_another_party_may_object(committee):
    pmi = f.PartyFactory(organisation__convention=committee.convention).organisation
    first = f.MembershipFactory(organisation=pmi, reader=True).user
    seat = name(committee, first, organisation=pmi)
    seats.object_to_seat(seat, by=committee.caf_member)
    seat.refresh_from_db()
    assert seat.is_suspended


def test_what_is_over_is_not_confirmed(committee, alias, colleague):
    today = timezone.localdate()
    seat = name(committee, alias, starts_on=today - datetime.timedelta(days=9))
    seats.end_seat(seat, by=committee.coordinator)
    with pytest.raises(Refused, match="a pris fin"):
        seats.confirm_seat(seat, by=colleague)
    lent = lend(committee, alias)
    seats.end_delegation(lent, by=committee.caf_member)
    with pytest.raises(Refused, match="est terminée"):
        seats.confirm_delegation(lent, by=committee.caf_member)


# Nobody gives what they do not hold ---------------------------------------------------------------


def test_who_only_reads_confirms_no_seat_and_no_voice_lent(committee, alias):
    """The only word that the Caf gave would otherwise be all that its agreement asks for."""
    second = f.MembershipFactory(organisation=committee.caf, reader=True).user
    for entrusted, confirm in (
        (name(committee, second), seats.confirm_seat),
        (name(committee, name="Jeanne Sans-Compte"), seats.confirm_seat),
    ):
        with pytest.raises(Refused, match="qui y saisit ou y siège"):
            confirm(entrusted, by=alias)


def test_who_only_reads_silences_nobody(committee, alias):
    with pytest.raises(Refused):
        seats.object_to_seat(committee.caf_seat, by=alias)
    waiting = name(committee, f.MembershipFactory(organisation=committee.caf, reader=True).user)
    assert seats.object_to_seat(waiting, by=alias).is_suspended


def test_nor_does_who_came_after_the_member(committee):
    newcomer = f.MembershipFactory(organisation=committee.caf).user
    with pytest.raises(Refused, match="agissait déjà"):
        seats.object_to_seat(committee.caf_seat, by=newcomer)
    before = since_long(f.MembershipFactory(organisation=committee.caf)).user
    assert seats.object_to_seat(committee.caf_seat, by=before).is_suspended


def test_nor_does_who_has_read_for_years_and_acts_since_today(committee, alias):
    """Two seats of the Caf were given before: what one acts with dates the right."""
    reader = since_long(f.MembershipFactory(organisation=committee.caf, reader=True)).user
    f.MembershipFactory(organisation=committee.caf, user=reader)
    with pytest.raises(Refused, match="agissait déjà"):
        seats.object_to_seat(committee.caf_seat, by=reader)
    latest = SeatFactory(organisation=committee.caf).user
    with pytest.raises(Refused, match="agissait déjà"):
        seats.object_to_seat(committee.caf_seat, by=latest)


def test_who_named_does_not_lift_an_objection_in_her_own_organisation(committee):
    """Nor does somebody whom she lets in afterwards."""
    her, own = committee.coordinator, committee.epci
    friend = f.MembershipFactory(organisation=own, reader=True).user
    seat = name(committee, friend, organisation=own)
    objector = since_long(f.MembershipFactory(organisation=own)).user
    seats.object_to_seat(seat, by=objector)
    alias = f.MembershipFactory(organisation=own, coordinator=True, given_by=her).user
    for other in (her, alias, friend):
        with pytest.raises(Refused):
            seats.confirm_seat(seat, by=other)
    for other in (objector, committee.epci_member):
        assert rights.may_confirm_seat(other, seat) is None


def test_an_objection_that_was_not_read_is_not_lifted(committee, alias, colleague):
    seat = name(committee, alias)
    shown = seat.revision
    seats.object_to_seat(seat, by=committee.caf_member)
    with pytest.raises(Refused, match="a changé depuis"):
        seats.confirm_seat(seat, by=colleague, seen=shown)
    seats.confirm_seat(seat, by=colleague, seen=seat.revision)


# A substitute is somebody's -----------------------------------------------------------------------


def test_a_substitute_of_a_future_member_speaks_once_that_mandate_has_begun(
    committee, alias, colleague
):
    today = timezone.localdate()
    future = name(committee, name="Future Directrice", starts_on=today + 300 * DAY)
    deputy = name(committee, alias, kind="substitute", substitute_for=future)
    for seat in (future, deputy):
        seats.confirm_seat(seat, by=colleague)
    seats.declare_absence(
        committee.caf_seat, starts_on=today, ends_on=None, by=committee.coordinator
    )
    assert not speaks(committee, alias)
    later = today + 300 * DAY
    assert not bench_of(committee.convention, later).commits(deputy)  # she sits


def test_the_substitute_of_a_cancelled_member_awaits_another_word(committee, alias, colleague):
    today = timezone.localdate()
    future = name(committee, name="Future Directrice", starts_on=today + 300 * DAY)
    deputy = name(committee, alias, kind="substitute", substitute_for=future)
    for seat in (future, deputy):
        seats.confirm_seat(seat, by=colleague)
    seats.end_seat(future, by=committee.coordinator)
    deputy.refresh_from_db()
    assert (deputy.substitute_for, deputy.awaits_confirmation) == (None, True)
