"""The session of a meeting: what is written, what a party says, and what counts of it."""

import datetime

import pytest
from django.utils import timezone

from accounts.events import anonymise
from accounts.my_data import personal_parts
from agreements.answers.events import NoneRecorded, Received, Reply, answer, retract
from agreements.answers.lights import point_of
from agreements.commitments import canonical
from agreements.models import Agreement, ConfirmationWay
from committee.meetings import events
from committee.meetings.agenda import add_standing_items
from committee.meetings.decisions.models import Decision
from committee.meetings.minutes.content import decode, encode
from committee.meetings.minutes.events import submit_minutes
from committee.meetings.minutes.models import minutes_of
from committee.meetings.minutes.reading import shown_minutes
from committee.meetings.reading import offered_items
from committee.meetings.session.events import (
    confirm_by_minutes,
    confirm_for,
    pending_entries,
    record_voices,
    settle_item,
    take_decision,
    write_item,
)
from ctg_portal.forms.revisions import Rewritten
from ctg_portal.rules import Refused
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.meetings.scene import (
    convened,
    in_days,
    moved_to,
    prepared,
    row_of,
    session_about,
)
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def versions(committee):
    """Three points that await both parties."""
    return [committee.proposed(f"Ouvrir le lieu {n}") for n in range(3)]


@told_once
def meeting(committee, versions):
    """A meeting of today, about three points, at which both members are present."""
    SeatFactory(organisation=committee.caf, advisory=True, name="Denis Consultatif")
    return session_about(committee, versions)


@pytest.fixture
def caf(committee, meeting):
    """The row of the member of the Caf."""
    return row_of(meeting, committee.caf_member)


def heard(committee, meeting, attendee, versions):
    received = [Received(version) for version in versions]
    return record_voices(meeting, attendee, received, by=committee.coordinator)


def refused(act, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return caught.value.refusal.reason


def light(version, organisation) -> str:
    lights = {light.organisation: light for light in point_of(version).lights}
    return lights[organisation].state


def test_what_is_heard_of_a_party_is_one_list_that_counts_for_nothing_yet(
    committee, meeting, caf, versions
):
    recorded = heard(committee, meeting, caf, versions[:2])
    assert [entry.version for entry in recorded.entries] == versions[:2]
    assert {entry.channel for entry in recorded.entries} == {"session"}
    assert [light(version, committee.caf) for version in versions] == ["awaited"] * 3


def test_a_list_counts_at_once_when_a_present_member_confirms_it(committee, meeting, caf, versions):
    committee.agree(versions[0], committee.epci_member)
    recorded = heard(committee, meeting, caf, versions[:2])
    confirm_for(meeting, committee.caf, recorded.entries, by=committee.caf_member)
    assert [light(version, committee.caf) for version in versions] == ["ok", "ok", "awaited"]
    versions[0].refresh_from_db()
    assert versions[0].is_in_force


def test_a_list_is_confirmed_by_nobody_of_another_party(committee, meeting, caf, versions):
    recorded = heard(committee, meeting, caf, versions)
    reason = refused(
        confirm_for, meeting, committee.caf, recorded.entries, by=committee.epci_member
    )
    assert "Seule une personne qui engage la Caf d’Exemple" in reason
    assert refused(
        confirm_for, meeting, committee.caf, recorded.entries, by=committee.coordinator
    ).startswith("Seule une personne")


def test_a_list_is_not_confirmed_in_session_by_a_member_who_is_not_there(
    committee, meeting, caf, versions
):
    colleague = SeatFactory(organisation=committee.caf).user
    recorded = heard(committee, meeting, caf, versions)
    reason = refused(confirm_for, meeting, committee.caf, recorded.entries, by=colleague)
    assert "Vous n’êtes pas noté parmi les présents" in reason


def test_a_list_is_confirmed_as_it_was_shown_or_not_at_all(committee, meeting, caf, versions):
    shown = list(heard(committee, meeting, caf, versions[:2]).entries)
    heard_again = Received(versions[0], "change_requested", "Plus tard.", shown[0].rank)
    record_voices(meeting, caf, [heard_again], by=committee.coordinator)
    confirm = {"by": committee.caf_member}
    assert refused(confirm_for, meeting, committee.caf, shown, **confirm)
    assert not Agreement.objects.recorded().filter(confirmation__isnull=False).exists()


def test_the_voice_of_who_is_absent_is_refused(committee, meeting, caf, versions):
    meeting.attendees.filter(pk=caf.pk).update(is_present=False)
    assert "n’est pas noté parmi les présents" in refused(heard, committee, meeting, caf, versions)


def test_the_voice_of_an_advisory_member_is_refused(committee, meeting, versions):
    advisory = row_of(meeting, "Denis Consultatif")
    meeting.attendees.filter(pk=advisory.pk).update(is_present=True)
    assert "sa voix est un avis" in refused(heard, committee, meeting, advisory, versions)


def test_a_substitute_speaks_in_session_once_the_absence_of_the_member_is_declared(
    committee, meeting, versions
):
    seat = SeatFactory(organisation=committee.caf, substitute=True)
    row = meeting.attendees.create(
        seat=seat, user=seat.user, organisation=committee.caf, name=seat.name, commits=True,
        is_present=True,
    )  # fmt: skip
    assert "dont l’absence n’est pas déclarée" in refused(heard, committee, meeting, row, versions)
    committee.caf_seat.absences.create(starts_on=timezone.localdate())
    assert heard(committee, meeting, row, versions).organisation == committee.caf


def test_nobody_confirms_for_a_second_party_on_one_version(committee, meeting, caf, versions):
    recorded = heard(committee, meeting, caf, versions[:1])
    both = committee.epci_member
    SeatFactory(organisation=committee.caf, user=both)
    answer(Reply(versions[0]), by=both, organisation=committee.epci)
    reason = refused(confirm_for, meeting, committee.caf, recorded.entries, by=both)
    assert "ne parle pas pour deux parties" in reason


def test_a_text_that_was_amended_since_it_was_shown_is_not_agreed_to(
    committee, meeting, caf, versions
):
    committee.edited(versions[1], title="Ouvrir le lieu, autrement")
    with pytest.raises(NoneRecorded) as caught:
        heard(committee, meeting, caf, versions)
    assert [refusal.version for refusal in caught.value.refused] == [versions[1]]
    assert not Agreement.objects.recorded().exists()


def test_a_point_amended_in_session_takes_the_place_of_its_earlier_version(
    committee, meeting, versions
):
    amended = committee.edited(versions[1], title="Ouvrir le lieu, autrement")
    about = meeting.items.get(title="Les lieux").versions
    assert set(about.all()) == {versions[0], amended, versions[2]}


def test_what_was_heard_of_an_amended_text_no_longer_counts(committee, meeting, caf, versions):
    recorded = heard(committee, meeting, caf, versions[:1])
    committee.edited(versions[0], title="Ouvrir le lieu, autrement")
    by = {"by": committee.caf_member}
    assert "n’est plus celle qui est proposée" in refused(
        confirm_for, meeting, committee.caf, recorded.entries, **by
    )


def test_voices_are_not_recorded_the_day_after(committee, meeting, caf, versions):
    """A page of the session that was left open overnight."""
    moved_to(meeting, -1)
    assert "est passée" in refused(heard, committee, meeting, caf, versions)


def test_no_voice_is_recorded_in_a_cancelled_meeting(committee, meeting, caf, versions):
    events.cancel_meeting(meeting, reason="Neige.", by=committee.coordinator)
    assert "annulée" in refused(heard, committee, meeting, caf, versions)


def test_what_was_recorded_before_a_meeting_is_cancelled_still_awaits_its_party(
    committee, meeting, caf, versions
):
    heard(committee, meeting, caf, versions)
    events.cancel_meeting(meeting, reason="Alerte incendie.", by=committee.coordinator)
    assert len(pending_entries(meeting, committee.caf)) == 3


def test_a_technical_committee_agrees_to_nothing(committee, versions):
    technical = moved_to(convened(committee, kind="technical"), 0)
    row = technical.attendees.create(
        seat=committee.caf_seat, user=committee.caf_member, organisation=committee.caf,
        name="Directrice", commits=True, is_present=True,
    )  # fmt: skip
    assert "rend un avis" in refused(heard, committee, technical, row, versions)


# Personal data ------------------------------------------------------------------------------------


def test_my_data_name_the_session_in_which_a_member_agreed(committee, meeting, caf, versions):
    heard(committee, meeting, caf, versions)
    title = "Les séances où des accords ont été recueillis de vous"
    parts = {part.title: part for part in personal_parts(committee.caf_member)}
    assert [row[1] for row in parts[title].rows] == [committee.caf.name]
    others = (committee.coordinator, committee.epci_member)
    assert not [part for user in others for part in personal_parts(user) if part.title == title]


def test_a_colleague_confirms_what_was_recorded_of_an_account_deleted_since(
    committee, meeting, caf, versions
):
    colleague = SeatFactory(organisation=committee.caf).user
    meeting.attendees.create(
        user=colleague, organisation=committee.caf, name="Collègue", is_present=True
    )
    recorded = heard(committee, meeting, caf, versions[:1])
    anonymise(committee.caf_member, by=committee.caf_member)
    assert light(versions[0], committee.caf) != "ok"
    confirm_for(meeting, committee.caf, recorded.entries, by=colleague)
    assert light(versions[0], committee.caf) == "ok"


# Minutes ------------------------------------------------------------------------------------------


def test_minutes_that_a_party_approves_confirm_what_was_heard_of_it(
    committee, meeting, caf, versions
):
    heard(committee, meeting, caf, versions)
    epci = row_of(meeting, committee.epci_member)
    heard(committee, meeting, epci, versions[:1])
    confirmations = confirm_by_minutes(meeting, committee.caf, by=committee.caf_member)
    assert [row.way for row in confirmations] == [ConfirmationWay.MINUTES] * 3
    assert [light(versions[0], party) for party in (committee.caf, committee.epci)] == [
        "ok", "awaited",
    ]  # fmt: skip


def test_minutes_approved_for_one_party_confirm_nothing_of_another(
    committee, meeting, caf, versions
):
    heard(committee, meeting, caf, versions)
    assert confirm_by_minutes(meeting, committee.caf, by=committee.epci_member) == []
    assert confirm_by_minutes(meeting, committee.epci, by=committee.epci_member) == []


def test_minutes_confirm_no_answer_that_was_followed_by_another(committee, meeting, caf, versions):
    heard(committee, meeting, caf, versions[:2])
    answer(Reply(versions[0]), by=committee.caf_member)
    retract(versions[0], reason="Trop tôt.", by=committee.caf_member)
    committee.edited(versions[1], title="Ouvrir autrement")
    assert confirm_by_minutes(meeting, committee.caf, by=committee.caf_member) == []


def submitted(committee, meeting):
    return submit_minutes(events.hold(moved_to(meeting, -1), by=committee.coordinator),
                          by=committee.coordinator)  # fmt: skip


def test_a_party_that_approves_the_minutes_confirms_what_was_heard_of_it_and_of_no_other(
    committee, meeting, caf, versions
):
    heard(committee, meeting, caf, versions)
    heard(committee, meeting, row_of(meeting, committee.epci_member), versions)
    minutes = submitted(committee, meeting)
    answer(Reply(minutes), by=committee.caf_member)
    assert [light(versions[0], party) for party in (committee.caf, committee.epci)] == [
        "ok", "awaited",
    ]  # fmt: skip
    answer(Reply(minutes), by=committee.epci_member)
    versions[0].refresh_from_db()
    assert versions[0].is_in_force


def test_minutes_say_who_agreed_to_what_in_one_act_and_who_has_confirmed_it(
    committee, meeting, caf, versions
):
    recorded = heard(committee, meeting, caf, versions[:2])
    confirm_for(meeting, committee.caf, recorded.entries, by=committee.caf_member)
    heard(committee, meeting, row_of(meeting, committee.epci_member), versions[2:])
    minutes = submitted(committee, meeting)
    agreed = shown_minutes(minutes_of(meeting)).agreed
    assert f"« Ouvrir le lieu 1 » : confirmé par {committee.caf_member}." in agreed[0]
    assert "à confirmer, cela ne compte pas encore" in agreed[1]
    assert "confirme aussi les accords recueillis" in minutes.content["changes"]


def test_minutes_frozen_before_they_had_lists_are_still_read(committee, meeting):
    submitted(committee, meeting)
    data = canonical.read(encode(shown_minutes(minutes_of(meeting))))
    del data["agreed"]
    data["schema"] = 1
    assert decode(canonical.canonical(data)).agreed == []


def test_a_change_asked_to_the_minutes_confirms_nothing(committee, meeting, caf, versions):
    heard(committee, meeting, caf, versions)
    minutes = submitted(committee, meeting)
    answer(Reply(minutes, "change_requested", reason="À revoir."), by=committee.caf_member)
    assert len(pending_entries(meeting, committee.caf)) == 3


def test_nothing_is_written_in_a_session_once_its_minutes_are_submitted(committee, meeting):
    submitted(committee, meeting)
    row, words = meeting.items.first(), {"notes": "Tard.", "wording": ""}
    assert "soumis" in refused(write_item, meeting, row, **words, by=committee.coordinator)


# Points not reached -------------------------------------------------------------------------------


def test_what_was_not_reached_goes_to_the_next_meeting_prepared_from_this_one(
    committee, meeting, versions
):
    late = meeting.items.get(title="Les lieux")
    events.hold(moved_to(meeting, -1), deferred=[late], by=committee.coordinator)
    following = events.prepare_from(meeting, by=committee.coordinator)
    copy = following.items.get(title="Les lieux")
    assert set(copy.versions.all()) == set(versions)
    later = prepared(committee, 60)
    assert late.deferred_key not in [item.key for item in offered_items(later, in_days(0))]


def test_what_was_not_reached_is_offered_to_a_meeting_prepared_already(
    committee, meeting, versions
):
    following = prepared(committee, 60)
    late = meeting.items.get(title="Les lieux")
    events.hold(moved_to(meeting, -1), deferred=[late], by=committee.coordinator)
    offered = {item.key: item for item in offered_items(following, in_days(0))}
    assert offered[late.deferred_key].versions == versions
    add_standing_items(following, [offered[late.deferred_key]], by=committee.coordinator)
    assert late.deferred_key not in [item.key for item in offered_items(following, in_days(0))]


def test_what_is_put_off_twice_is_taken_up_each_time(committee, meeting):
    late = meeting.items.get(title="Les lieux")
    events.hold(moved_to(meeting, -1), deferred=[late], by=committee.coordinator)
    second = events.prepare_from(meeting, by=committee.coordinator)
    again = second.items.get(title="Les lieux")
    events.hold(moved_to(second, -1), deferred=[again], by=committee.coordinator)
    third = events.prepare_from(second, by=committee.coordinator)
    assert third.items.filter(title="Les lieux").exists()


# Writing ------------------------------------------------------------------------------------------


def test_who_writes_second_in_session_is_shown_both(committee, meeting):
    row = meeting.items.first()
    write = {"wording": "", "by": committee.coordinator, "revision": row.revision}
    write_item(meeting, row, notes="Premier.", **write)
    with pytest.raises(Refused) as caught:
        write_item(meeting, row, notes="Second.", **write)
    assert isinstance(caught.value.refusal, Rewritten)
    row.refresh_from_db()
    assert row.notes == "Premier."


def test_a_text_saved_while_it_is_typed_is_no_other_one_for_the_button_that_follows(
    committee, meeting
):
    row = meeting.items.first()
    words = {"notes": "", "wording": "Le comité ouvre un lieu.", "revision": row.revision}
    write_item(meeting, row, **words, by=committee.coordinator)
    decision = take_decision(meeting, row, **words, by=committee.coordinator)
    assert decision.text == "Le comité ouvre un lieu."


def test_a_decision_drafted_in_session_gets_its_number_and_empties_the_draft(committee, meeting):
    row = meeting.items.first()
    words = {"notes": "Débat.", "wording": "Le comité ouvre un lieu."}
    write_item(meeting, row, **words, by=committee.coordinator)
    decision = take_decision(
        meeting, row, **words, owner=committee.caf, due_on=datetime.date(2027, 1, 31),
        by=committee.coordinator,
    )  # fmt: skip
    row.refresh_from_db()
    assert (decision.item, decision.owner, decision.number) == (row, committee.caf, 1)
    assert (row.notes, row.wording, row.outcome) == ("Débat.", "", "dealt")


def test_a_decision_without_text_is_not_taken_and_its_notes_stay_as_they_were(committee, meeting):
    row = meeting.items.first()
    words = {"notes": "Débat.", "wording": " "}
    assert refused(take_decision, meeting, row, **words, by=committee.coordinator)
    row.refresh_from_db()
    assert (row.notes, Decision.objects.count()) == ("", 0)


def test_an_item_is_put_off_and_taken_up_again(committee, meeting):
    row = meeting.items.first()
    for outcome in ("deferred", ""):
        settle_item(meeting, row, outcome=outcome, by=committee.coordinator)
        row.refresh_from_db()
        assert row.is_deferred == (outcome == "deferred")


def test_only_the_coordination_writes_in_session_from_the_day_of_the_meeting_on(committee):
    meeting = convened(committee)
    row, words = meeting.items.first(), {"notes": "Tôt.", "wording": ""}
    assert "le jour de la réunion" in refused(
        write_item, meeting, row, **words, by=committee.coordinator
    )
    assert refused(write_item, moved_to(meeting, 0), row, **words, by=committee.caf_member)
