"""The life of a meeting: prepared, convened, moved, cancelled, recorded as having taken place."""

import datetime

import pytest
from django.core import mail
from icalendar import Calendar

from accounts.models import User
from agreements.seats.events import end_seat
from agreements.versions import events as drafts
from committee.meetings import agenda, bodies, events
from committee.meetings.convening import Replies
from committee.meetings.letters import send_letters
from committee.meetings.models import MeetingState
from committee.meetings.reading import offered_items, planned_items
from committee.meetings.tokens import address_of, parse_token
from committee.models import Meeting, MeetingRules
from ctg_portal.forms.revisions import Rewritten
from ctg_portal.rules import Refused
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.meetings.scene import convened, in_days, item, moved_to, prepared, row_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


def refused(act, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return caught.value.refusal.reason


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """What an act sends, once it is committed."""

    def sent(act, *args, **kwargs) -> list:
        send_letters.call()
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act(*args, **kwargs)
        return [message for message in mail.outbox if message.attachments]

    return sent


def calendar_in(message) -> Calendar:
    [content] = [part[1] for part in message.attachments]
    return Calendar.from_ical(content)


class TestConvening:
    def test_each_member_gets_one_message_with_the_date(self, committee, sent):
        meeting = prepared(committee)
        messages = sent(events.convene, meeting, by=committee.coordinator)
        addresses = {committee.caf_member.email, committee.epci_member.email}
        assert {address for message in messages for address in message.to} == addresses
        meeting.refresh_from_db()
        assert meeting.state == MeetingState.CONVENED
        [event] = calendar_in(messages[0]).walk("VEVENT")
        assert event["SEQUENCE"] == 0
        assert event.decoded("DTSTART") == meeting.moment(datetime.time(14))
        assert "Ouverture" in messages[0].body
        assert len([line for line in messages[0].body.splitlines() if line]) <= 12

    def test_the_worker_sends_each_letter_once(self, committee, sent):
        meeting = convened(committee)
        send_letters.call()
        count = len(mail.outbox)
        send_letters.call()
        assert len(mail.outbox) == count
        assert not meeting.attendees.to_write_to().exists()

    def test_a_person_with_two_seats_is_convened_once(self, committee):
        SeatFactory(organisation=committee.caf, user=committee.caf_member, advisory=True)
        row = row_of(convened(committee), committee.caf_member)
        assert row.commits

    def test_a_suspended_or_ended_seat_is_not_convened(self, committee):
        suspended = SeatFactory(organisation=committee.caf, suspended=True)
        ended = SeatFactory(organisation=committee.caf, ends_on=in_days(10))
        users = convened(committee).attendees.values_list("user", flat=True)
        assert not {suspended.user.pk, ended.user.pk} & {*users}

    def test_forty_items_are_eight_lines_of_the_message(self, committee, sent):
        meeting = prepared(committee)
        for number in range(39):
            item(committee, meeting, f"Point {number}")
        [message, *_] = sent(events.convene, meeting, by=committee.coordinator)
        assert message.body.count("Point ") == 7
        assert "et 32\u00a0autres points" in message.body

    def test_two_hundred_people_each_get_a_message(self, committee, sent):
        meeting = prepared(committee)
        for number in range(200):
            events.invite(
                meeting, name=f"Invité {number}", email=f"i{number}@asso.example", capacity="",
                organisation=None, by=committee.coordinator,
            )  # fmt: skip
        assert len(sent(events.convene, meeting, by=committee.coordinator)) == 202

    def test_the_members_of_a_thematic_committee_are_convened(self, committee, sent):
        body = bodies.add_body(committee.convention, name="Comité jeunesse",
                               by=committee.coordinator)  # fmt: skip
        bodies.add_member(body, name="Lou Petit", email="lou@asso.example", capacity="",
                          organisation=None, by=committee.coordinator)  # fmt: skip
        meeting = events.prepare_meeting(
            committee.convention, body, day=in_days(3), begins_at=datetime.time(9),
            ends_at=datetime.time(10), place="Ici", by=committee.coordinator,
        )  # fmt: skip
        item(committee, meeting, "Les jeunes")
        [message] = sent(events.convene, meeting, by=committee.coordinator)
        assert message.to == ["lou@asso.example"]
        assert not row_of(meeting, "Lou Petit").commits

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"day": None}, "Fixez d’abord le jour"),
            ({"day": datetime.date(2020, 1, 6)}, "Cette date est passée"),
            ({"place": ""}, "Dites où la réunion se tient"),
        ],
    )
    def test_a_meeting_without_what_it_needs_is_not_convened(self, committee, changes, reason):
        meeting = prepared(committee)
        Meeting.objects.filter(pk=meeting.pk).update(**changes)
        assert reason in refused(events.convene, meeting, by=committee.coordinator)

    def test_an_empty_agenda_is_not_sent(self, committee):
        meeting = prepared(committee)
        agenda.remove_item(meeting, meeting.items.get(), by=committee.coordinator)
        assert "est vide" in refused(events.convene, meeting, by=committee.coordinator)

    def test_the_notice_of_the_convention_is_kept_to(self, committee):
        MeetingRules.objects.create(convention=committee.convention, notice_days=15)
        early, late = prepared(committee, 14), prepared(committee, 15)
        reason = refused(events.convene, early, by=committee.coordinator)
        assert "demande quinze jours de délai" in reason
        assert events.convene(late, by=committee.coordinator).is_convened

    def test_the_notice_does_not_bind_other_bodies(self, committee):
        MeetingRules.objects.create(convention=committee.convention, notice_days=15)
        assert convened(committee, 2, kind="technical").is_convened

    def test_a_body_does_not_meet_twice_at_one_hour(self, committee):
        prepared(committee)
        assert "à la même heure" in refused(prepared, committee)
        assert prepared(committee, begins_at=datetime.time(16), ends_at=datetime.time(17))
        assert prepared(committee, kind="technical")

    def test_a_member_prepares_no_meeting(self, committee):
        body = bodies.body_of(committee.convention, "steering")
        fields = {"day": in_days(9), "begins_at": datetime.time(9), "ends_at": datetime.time(10)}
        member = committee.caf_member
        refused(events.prepare_meeting, committee.convention, body, **fields, by=member)
        refused(events.convene, prepared(committee), by=member)


class TestChanges:
    def test_a_moved_meeting_asks_everybody_again(self, committee, sent):
        meeting = convened(committee)
        sent(events.reply, meeting, row_of(meeting, committee.caf_member), comes=True)
        fields = {"begins_at": datetime.time(10), "ends_at": datetime.time(12), "link": ""}
        messages = sent(
            events.edit_meeting, meeting, day=in_days(40), place="Ailleurs", **fields,
            by=committee.coordinator,
        )  # fmt: skip
        assert "a changé de jour" in messages[0].subject
        [event] = calendar_in(messages[0]).walk("VEVENT")
        assert event["SEQUENCE"] == 1
        assert meeting.attendees.without_reply().count() == 2

    def test_a_former_member_is_not_notified_of_a_changed_meeting(self, committee, sent):
        meeting = convened(committee)
        end_seat(committee.caf_seat, by=None)
        fields = {name: getattr(meeting, name) for name in ("day", "begins_at", "ends_at", "link")}
        [message] = sent(
            events.edit_meeting, meeting, place="Ailleurs", **fields, by=committee.coordinator
        )
        assert message.to == [committee.epci_member.email]

    def test_another_place_alone_keeps_the_answers(self, committee, sent):
        meeting = convened(committee)
        events.reply(meeting, row_of(meeting, committee.caf_member), comes=True)
        fields = {name: getattr(meeting, name) for name in ("day", "begins_at", "ends_at", "link")}
        messages = sent(
            events.edit_meeting, meeting, place="Ailleurs", **fields, by=committee.coordinator
        )
        assert len(messages) == 2
        assert row_of(meeting, committee.caf_member).comes

    def test_a_convened_meeting_is_not_moved_to_the_past(self, committee):
        meeting = convened(committee)
        fields = {
            name: getattr(meeting, name) for name in ("begins_at", "ends_at", "place", "link")
        }
        reason = refused(
            events.edit_meeting, meeting, day=in_days(-1), **fields, by=committee.coordinator
        )
        assert "Cette date est passée" in reason

    def test_a_second_save_of_the_same_meeting_is_refused(self, committee):
        meeting = prepared(committee)
        fields = {name: getattr(meeting, name) for name in ("day", "begins_at", "ends_at", "link")}
        before = Meeting.objects.get(pk=meeting.pk).revision
        events.edit_meeting(meeting, **fields, place="A", by=committee.coordinator, revision=before)
        with pytest.raises(Refused) as caught:
            events.edit_meeting(
                meeting, **fields, place="B", by=committee.coordinator, revision=before
            )
        assert isinstance(caught.value.refusal, Rewritten)

    def test_a_cancelled_meeting_leaves_the_calendars(self, committee, sent):
        meeting = convened(committee)
        messages = sent(events.cancel_meeting, meeting, reason="Grève.", by=committee.coordinator)
        assert "annulée" in messages[0].subject
        assert "Grève." in messages[0].body
        calendar = calendar_in(messages[0])
        assert calendar["METHOD"] == "CANCEL"
        assert calendar.walk("VEVENT")[0]["STATUS"] == "CANCELLED"
        row = row_of(meeting, committee.caf_member)
        assert "annulée" in refused(events.reply, meeting, row, comes=True)

    def test_a_meeting_that_was_never_convened_is_cancelled_in_silence(self, committee, sent):
        meeting = prepared(committee)
        assert sent(events.cancel_meeting, meeting, reason="Trop tôt.",
                    by=committee.coordinator) == []  # fmt: skip

    def test_a_meeting_is_over_once_it_is_recorded_so(self, committee):
        meeting = convened(committee)
        reason = "n’a pas encore commencé"
        assert reason in refused(events.hold, meeting, by=committee.coordinator)
        events.hold(moved_to(meeting, -1), by=committee.coordinator)
        meeting.refresh_from_db()
        assert meeting.state == MeetingState.HELD
        assert "tenue" in refused(item, committee, meeting, "Trop tard")

    def test_a_meeting_recorded_without_convocation_has_its_members(self, committee):
        meeting = events.hold(prepared(committee, -1), by=committee.coordinator)
        assert meeting.attendees.count() == 2

    def test_silence_is_reminded_once_a_day(self, committee, sent):
        meeting = convened(committee)
        assert "partie aujourd’hui" in refused(events.remind, meeting, by=committee.coordinator)
        Meeting.objects.filter(pk=meeting.pk).update(
            convened_at=meeting.convened_at - datetime.timedelta(days=2)
        )
        sent(events.reply, meeting, row_of(meeting, committee.caf_member), comes=True)
        [message] = sent(events.remind, meeting, by=committee.coordinator)
        assert message.to == [committee.epci_member.email]
        assert "déjà partie" in refused(events.remind, meeting, by=committee.coordinator)


class TestReplies:
    def test_a_pouvoir_goes_to_the_same_party_only(self, committee):
        colleague = SeatFactory(organisation=committee.caf)
        meeting = convened(committee)
        row = row_of(meeting, committee.caf_member)
        other = row_of(meeting, committee.epci_member)
        reason = refused(events.lend_voice, meeting, row, other, by=committee.caf_member)
        assert "le même organisme" in reason
        same = row_of(meeting, colleague.user)
        assert events.lend_voice(meeting, row, same, by=committee.caf_member).proxy == same

    def test_a_pouvoir_is_given_in_person(self, committee):
        colleague = SeatFactory(organisation=committee.caf)
        meeting = convened(committee)
        row, same = row_of(meeting, committee.caf_member), row_of(meeting, colleague.user)
        for person in (committee.coordinator, colleague.user, committee.epci_member):
            assert "elle-même" in refused(events.lend_voice, meeting, row, same, by=person)

    def test_who_stays_away_gives_pouvoirs_back(self, committee, sent):
        colleague = SeatFactory(organisation=committee.caf)
        meeting = convened(committee)
        row, same = row_of(meeting, committee.caf_member), row_of(meeting, colleague.user)
        sent(events.lend_voice, meeting, row, same, by=committee.caf_member)
        [message] = sent(events.reply, meeting, same, comes=False)
        assert message.to == [committee.caf_member.email]
        row.refresh_from_db()
        assert (row.reply, row.proxy) == ("", None)

    def test_a_party_is_there_once_enough_of_its_members_come(self, committee):
        colleague = SeatFactory(organisation=committee.caf)
        bodies.set_rules(
            committee.convention, notice_days=None, quorum=3, least={committee.caf: 2},
            by=committee.coordinator,
        )  # fmt: skip
        meeting = convened(committee)
        parties = [committee.caf, committee.epci]

        def words() -> list[str]:
            return [group.word for group in Replies(meeting, parties).parties]

        assert words() == ["réponse attendue", "réponse attendue"]
        events.reply(meeting, row_of(meeting, colleague.user), comes=True)
        events.reply(meeting, row_of(meeting, committee.epci_member), comes=False)
        assert words() == ["1 sur 2 attendus", "ne sera pas là"]
        events.lend_voice(
            meeting, row_of(meeting, committee.caf_member), row_of(meeting, colleague.user),
            by=committee.caf_member,
        )  # fmt: skip
        assert words() == ["sera là", "ne sera pas là"]
        assert not Replies(meeting, parties).has_quorum

    def test_a_substitute_counts_in_the_place_of_a_member_alone(self, committee):
        substitute = SeatFactory(
            organisation=committee.caf, substitute=True, substitute_for=committee.caf_seat
        )
        meeting = convened(committee)
        events.reply(meeting, row_of(meeting, substitute.user), comes=True)
        [caf] = Replies(meeting, [committee.caf]).parties
        assert caf.coming == 1
        events.reply(meeting, row_of(meeting, committee.caf_member), comes=True)
        [caf] = Replies(meeting, [committee.caf]).parties
        assert caf.coming == 1

    def test_a_link_is_void_once_the_address_changes(self, committee):
        row = row_of(convened(committee), committee.caf_member)
        token = address_of(row).split("/")[-2]
        assert parse_token(token) == row
        assert parse_token(f"{token}x") is None
        User.objects.filter(pk=row.user_id).update(email="autre@caf.example")
        assert parse_token(token) is None


class TestAgenda:
    def test_items_are_timed_one_after_the_other(self, committee):
        meeting = prepared(committee)
        item(committee, meeting, "Le bilan", minutes=50)
        item(committee, meeting, "La suite")
        hours = [row.hour.replace("\u00a0", " ") for row in planned_items(meeting)]
        assert hours == ["14 h", "14 h 15", "15 h 05"]

    def test_an_item_moves_up_and_down(self, committee):
        meeting = prepared(committee)
        last = item(committee, meeting, "La suite")
        agenda.move_item(meeting, last, down=False, by=committee.coordinator)
        agenda.move_item(meeting, last, down=False, by=committee.coordinator)
        assert [row.item.title for row in planned_items(meeting)] == ["La suite", "Ouverture"]

    def test_a_form_sent_twice_adds_one_item(self, committee):
        meeting = prepared(committee)
        for _ in range(2):
            item(committee, meeting, "Le bilan")
        assert meeting.items.count() == 2

    def test_an_agenda_ends_at_sixty_items(self, committee):
        meeting = prepared(committee)
        for number in range(59):
            item(committee, meeting, f"Point {number}")
        assert "60 points au plus" in refused(item, committee, meeting, "De trop")

    def test_points_that_await_an_answer_are_offered_once(self, committee):
        version = committee.proposed()
        meeting = prepared(committee)
        [offered] = [row for row in offered_items(meeting, in_days(0)) if row.key == "points"]
        assert offered.note == "Un point attend une réponse."
        agenda.add_standing_items(meeting, [offered], by=committee.coordinator)
        assert list(meeting.items.get(standing="points").versions.all()) == [version]
        assert "points" not in {row.key for row in offered_items(meeting, in_days(0))}

    def test_the_next_meeting_starts_from_the_last(self, committee):
        version, settled = committee.proposed("Ouvrir"), committee.proposed("Fermer")
        last = prepared(committee)
        item(committee, last, "Le tarif", versions=[version])
        item(committee, last, "Déjà vu", versions=[settled])
        drafts.withdraw(settled, reason="Erreur", by=committee.coordinator, capacity="")
        following = events.prepare_from(last, by=committee.coordinator)
        assert (following.day, following.place) == (None, last.place)
        titles = [row.item.title for row in planned_items(following)]
        assert titles == ["Ouverture", "Le tarif"]
        assert events.prepare_from(last, by=committee.coordinator) == following


class TestBodies:
    def test_a_name_is_that_of_one_body(self, committee):
        for name in ("Comité jeunesse", "comité de pilotage"):
            add = {"name": name, "by": committee.coordinator}
            if name == "Comité jeunesse":
                bodies.add_body(committee.convention, **add)
            assert "porte déjà ce nom" in refused(bodies.add_body, committee.convention, **add)

    def test_a_body_that_has_met_stays(self, committee):
        body = prepared(committee, kind="technical").body
        assert "a déjà des réunions" in refused(bodies.remove_body, body, by=committee.coordinator)

    def test_a_member_is_named_once(self, committee):
        body = bodies.body_of(committee.convention, "technical")
        person = {"name": "Lou", "email": "", "capacity": "", "organisation": None}
        bodies.add_member(body, **person, by=committee.coordinator)
        assert "déjà membre" in refused(bodies.add_member, body, **person, by=committee.coordinator)

    def test_the_committee_of_the_convention_has_seats(self, committee):
        body = bodies.body_of(committee.convention, "steering")
        person = {"name": "Lou", "email": "", "capacity": "", "organisation": None}
        assert "composition" in refused(bodies.add_member, body, **person, by=committee.coordinator)

    def test_a_member_of_another_convention_changes_nothing(self, committee):
        stranger = f.MembershipFactory(coordinator=True).user
        refused(bodies.add_body, committee.convention, name="x", by=stranger)
