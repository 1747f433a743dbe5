"""A mandate that is cut short: who is told, who may say that it goes on."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.models import Seat
from agreements.seats import events as seats
from agreements.seats.voices import bench_of
from committee.composition.journal import changes_of
from ctg_portal.rules import Refused
from notifications.models import Notice
from tests import factories as f
from tests.agreements import clock
from tests.agreements.factories import SeatFactory, committee_of, since_long
from tests.committee.pages import page_of
from tests.committee.scene import a_document
from tests.notifications.posting import sent_with
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def colleague(committee):
    return since_long(f.MembershipFactory(organisation=committee.caf)).user


def ended(committee, **values) -> Seat:
    return seats.end_seat(committee.caf_seat, by=committee.coordinator, **values)


def speaks(committee) -> bool:
    bench = bench_of(committee.convention, timezone.localdate())
    return bench.voice(committee.caf_member, committee.caf, "objective") is not None


def read(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split())


def test_the_member_and_the_party_are_told_and_how_to_contest(committee, colleague):
    Notice.objects.all().delete()
    ended(committee, reason="Sur demande")
    sent = sent_with("seat_ended", "prend fin")
    assert sent.keys() == {committee.caf_member.email, colleague.email}
    told = read(sent[committee.caf_member.email])
    assert f"écrit par {committee.coordinator}. Motif : Sur demande." in told
    assert "le conteste dans les 15 jours" in told


def test_they_are_told_of_a_nomination_that_is_cancelled(committee, colleague):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    seat = seats.name_to_seat(
        committee.caf, kind="substitute", capacity="Adjointe", name="Anne Roy", starts_on=tomorrow,
        by=committee.coordinator,
    )  # fmt: skip
    seats.end_seat(seat, by=committee.coordinator)
    assert "nomination annulée" in read(sent_with("seat_ended", "annulée")[colleague.email])


def test_who_was_to_speak_for_it_is_told_too(committee, colleague):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    seat = SeatFactory(organisation=committee.caf, starts_on=tomorrow)
    outside = f.MembershipFactory(organisation=committee.caf).user
    before, at_last = (
        seats.delegate(
            seat, user=user, name=str(user), capacity="Adjointe", starts_on=tomorrow,
            act=a_document(committee.coordinator), by=committee.coordinator,
        )
        for user in (colleague, outside)
    )  # fmt: skip
    seats.end_delegation(before, by=committee.coordinator)
    outside.memberships.update(ended_at=timezone.now())
    seats.end_seat(seat, by=committee.coordinator)
    told = read(sent_with("seat_ended", "annulée")[outside.email])
    assert f"Avec elle tombe la délégation donnée à {at_last.name}." in told


def test_elections_tell_each_of_them(committee):
    SeatFactory(organisation=committee.epci, is_elected=True)
    Notice.objects.all().delete()
    seats.end_elected_seats(committee.epci, by=committee.coordinator)
    assert Notice.objects.filter(kind="seat_ended").count() == 2


def test_somebody_of_the_party_contests_and_the_member_speaks_again(committee, colleague):
    before = committee.caf_seat.starts_on, committee.caf_seat.ends_on
    seat = ended(committee)
    assert not speaks(committee)
    seat = seats.contest_ending(seat, by=colleague)
    assert (seat.starts_on, seat.ends_on, seat.end_reason) == (*before, "")
    assert speaks(committee)
    assert "il continue" in changes_of(committee.convention)[0].what
    sent = sent_with("seat_ended", "il continue")
    assert committee.coordinator.email in sent
    assert f"Sa fin est contestée par {colleague}." in read(sent[committee.coordinator.email])


def test_the_member_contests_and_a_colleague_confirms(committee, colleague):
    """Who has left the party in fact would otherwise give themselves its voice."""
    seat = seats.contest_ending(ended(committee), by=committee.caf_member)
    assert seat.awaits_confirmation
    assert not speaks(committee)
    with pytest.raises(Refused):
        seats.confirm_seat(seat, by=committee.caf_member)
    seats.confirm_seat(seat, by=colleague)
    assert speaks(committee)


def test_nobody_else_contests_nor_after_the_delay(committee, colleague):
    seat = ended(committee)
    newcomer = f.MembershipFactory(organisation=committee.caf).user
    reader = since_long(f.MembershipFactory(organisation=committee.caf, reader=True)).user
    for other in (committee.coordinator, committee.epci_member, newcomer, reader):
        with pytest.raises(Refused, match="jamais par qui l’a écrite"):
            seats.contest_ending(seat, by=other)
    late = timezone.localdate() + clock.days(committee.convention.contest_days + 1)
    with clock.on(late), pytest.raises(Refused, match="le délai a passé"):
        seats.contest_ending(seat, by=colleague)


def test_who_has_left_the_organisation_does_not(committee, colleague):
    seat = ended(committee)
    committee.caf_member.memberships.update(ended_at=timezone.now())
    f.MembershipFactory(organisation=committee.epci, user=committee.caf_member, reader=True)
    with pytest.raises(Refused):
        seats.contest_ending(seat, by=committee.caf_member)


def test_a_mandate_that_came_to_its_term_is_not_contested(committee, colleague):
    seat = SeatFactory(
        organisation=committee.caf, ends_on=timezone.localdate() - datetime.timedelta(days=1)
    )
    with pytest.raises(Refused, match="il va à son terme"):
        seats.contest_ending(seat, by=colleague)


@pytest.mark.parametrize("starts_in", [0, 30])
def test_naming_somebody_again_does_not_keep_from_contesting(
    client, committee, colleague, starts_in
):
    """The coordinator would end a mandate and name its holder once more, to a silent seat or to one
    that begins next month: nobody could say that it goes on."""
    seat, today = ended(committee), timezone.localdate()
    again = seats.name_to_seat(
        committee.caf, kind="member", capacity="Directrice", user=committee.caf_member,
        starts_on=today + clock.days(starts_in), by=committee.coordinator,
    )  # fmt: skip
    assert not speaks(committee)
    client.force_login(colleague)
    address = reverse("committee:contest_ending", args=[committee.convention.slug, seat.pk])
    assert "pour la Caf d’Exemple prend fin" in read(page_of(client.get(address)))
    client.post(address)
    assert speaks(committee)
    assert not Seat.objects.filter(pk=again.pk).not_over(today).exists()


def test_nor_does_naming_them_and_ending_that_as_well(committee, colleague):
    seat = ended(committee)
    again = seats.name_to_seat(
        committee.caf, kind="member", capacity="Directrice", user=committee.caf_member,
        by=committee.coordinator,
    )  # fmt: skip
    seats.end_seat(again, by=committee.coordinator)
    seats.contest_ending(seat, by=colleague)
    assert speaks(committee)


@pytest.mark.parametrize("has_account", [True, False])
def test_nor_does_naming_them_for_another_party(committee, colleague, has_account):
    """Or somebody without account under their name: it asks for the délibération of each party."""
    seat = ended(committee)
    who = committee.caf_member
    other = seats.name_to_seat(
        committee.epci, kind="member", capacity="Élue", user=who if has_account else None,
        name="" if has_account else str(who), by=committee.coordinator,
    )  # fmt: skip
    Notice.objects.all().delete()
    seats.contest_ending(seat, by=colleague)
    assert speaks(committee)
    other.refresh_from_db()
    assert other.is_over(timezone.localdate())
    assert "continue" in other.end_reason
    assert committee.epci_member.email in sent_with("seat_ended", "prend fin")
    with pytest.raises(Refused, match="siège déjà pour"):
        seats.contest_ending(other, by=committee.epci_member)


def test_what_was_given_before_the_end_does_not_give_way(committee, colleague):
    deed = a_document(committee.coordinator)
    for seat in (committee.caf_seat, committee.epci_seat):
        Seat.objects.filter(pk=seat.pk).update(act=deed)
    other = SeatFactory(organisation=committee.epci, user=committee.caf_member)
    seat = ended(committee)
    with pytest.raises(Refused, match="sans délibération"):
        seats.contest_ending(seat, by=colleague)
    Seat.objects.filter(pk=other.pk).update(act=deed)
    seats.contest_ending(seat, by=colleague)
    assert Seat.objects.get(pk=other.pk).ends_on is None


def test_the_page_offers_it_to_who_may(client, committee, colleague):
    seat, slug = ended(committee), committee.convention.slug
    here = reverse("committee:composition", args=[slug])
    address = reverse("committee:contest_ending", args=[slug, seat.pk])
    client.force_login(committee.coordinator)
    assert address not in client.get(here).content.decode()
    assert client.get(address).status_code == 403
    for user, told in (
        (committee.caf_member, "sans voix jusqu’à ce qu’une personne de la Caf d’Exemple"),
        (colleague, "Le mandat continue comme avant"),
    ):
        client.force_login(user)
        assert address in client.get(here).content.decode()
        assert told in read(page_of(client.get(address)))
    assert "continue" in read(page_of(client.post(address, follow=True)))
    assert speaks(committee)


def test_one_that_was_cut_short_twice_goes_on_as_before_the_first(committee, colleague):
    """Contested, the second would give way to the first, which nobody could contest any more."""
    before = committee.caf_seat.ends_on
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    seat = ended(committee, on=tomorrow)
    seat = seats.end_seat(seat, by=committee.coordinator)
    seat = seats.contest_ending(seat, by=colleague)
    assert seat.ends_on == before
    assert speaks(committee)


def test_what_was_cut_short_long_ago_is_not_undone_with_what_was_today(committee, colleague):
    today = timezone.localdate()
    agreed = today + datetime.timedelta(days=300)
    ended(committee, on=agreed)
    late = today + clock.days(committee.convention.contest_days + 1)
    with clock.on(late):
        seat = seats.end_seat(Seat.objects.get(pk=committee.caf_seat.pk), by=committee.coordinator)
        assert seats.contest_ending(seat, by=colleague).ends_on == agreed


def test_who_cut_it_short_first_contests_the_second_ending_alone(committee, colleague):
    """Whoever wrote an ending does not contest it, be it with another's."""
    second = since_long(f.MembershipFactory(organisation=committee.epci, coordinator=True)).user
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    seat = seats.end_seat(committee.epci_seat, by=second, on=tomorrow)
    seat = seats.end_seat(seat, by=committee.coordinator)
    assert seats.contest_ending(seat, by=second).ends_on == tomorrow
    seat = seats.contest_ending(seat, by=committee.epci_member)
    assert seat.ends_on is None
    assert seat.awaits_confirmation
