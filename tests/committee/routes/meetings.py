"""Who gets what on the pages of meetings: everybody reads, the coordination prepares."""

from committee.meetings.tokens import address_of
from tests.routes import Route, of_convention


def meeting(scene):
    return {"pk": scene.committee.meeting.pk}


def item(scene):
    return meeting(scene) | {"item": scene.committee.meeting.items.first().pk}


def document(scene):
    item = scene.committee.meeting.items.first()
    return meeting(scene) | {"document": item.documents.get().pk}


def attendee_of(scene):
    return scene.committee.meeting.attendees.get(name="Nadia Perrin")


def attendee(scene):
    return meeting(scene) | {"attendee": attendee_of(scene).pk}


def body(scene):
    return {"pk": scene.committee.body.pk}


def member(scene):
    return body(scene) | {"member": scene.committee.body.members.first().pk}


def token(scene):
    return {"token": address_of(attendee_of(scene)).split("/")[-2]}


def decision(scene):
    return {"pk": scene.committee.decision.pk}


def held(scene):
    return {"pk": scene.committee.decision.meeting_id}


def party(scene):
    return meeting(scene) | {"organisation": scene.organisation.pk}


def by_coordination(kwargs=None):
    return of_convention(kwargs, 403, coordinator=200)


ROUTES = {
    "committee:decisions": of_convention(),
    "committee:decisions_file": of_convention(lambda scene: {"extension": "csv"}),
    "committee:decision": of_convention(decision),
    "committee:decide": by_coordination(meeting),
    "committee:presence": by_coordination(meeting),
    "committee:correct_decision": by_coordination(decision),
    "committee:report_decision": by_coordination(decision),
    "committee:drop_decision": by_coordination(decision),
    "committee:reopen_decision": by_coordination(decision),
    "committee:meetings": of_convention(),
    "committee:meetings_file": of_convention(lambda scene: {"extension": "csv"}),
    "committee:meeting": of_convention(meeting),
    "committee:meeting_calendar": of_convention(meeting),
    "committee:convocation_file": of_convention(meeting),
    "committee:agenda_document": of_convention(document),
    "committee:own_reply": of_convention(meeting, 302),
    "committee:lend_voice": of_convention(meeting),
    "committee:move_item": of_convention(item, 302),
    "committee:bodies": of_convention(),
    "committee:add_meeting": by_coordination(),
    "committee:next_meeting": by_coordination(meeting),
    "committee:edit_meeting": by_coordination(meeting),
    "committee:convene": by_coordination(meeting),
    "committee:send_agenda_again": by_coordination(meeting),
    "committee:remind_attendees": by_coordination(meeting),
    "committee:cancel_meeting": by_coordination(meeting),
    "committee:hold_meeting": by_coordination(meeting),
    "committee:add_item": by_coordination(meeting),
    "committee:standing_items": by_coordination(meeting),
    "committee:edit_item": by_coordination(item),
    "committee:remove_item": by_coordination(item),
    "committee:add_agenda_document": by_coordination(item),
    "committee:remove_agenda_document": by_coordination(document),
    "committee:invite": by_coordination(meeting),
    "committee:remove_invited": by_coordination(attendee),
    "committee:add_body": by_coordination(),
    "committee:meeting_rules": by_coordination(),
    "committee:add_body_member": by_coordination(body),
    "committee:remove_body_member": by_coordination(member),
    "committee:remove_body": by_coordination(body),
    "committee:session": of_convention(meeting),
    "committee:record_voices": by_coordination(party),
    "committee:confirm_voices": of_convention(party),
    "committee:pack": of_convention(meeting),
    "committee:minutes": of_convention(held),
    "committee:minutes_file": of_convention(
        lambda scene: held(scene) | {"extension": "pdf"}, 404, coordinator=200
    ),
    "committee:write_introduction": by_coordination(held),
    "committee:write_notes": by_coordination(lambda scene: held(scene) | {"number": 1}),
    "committee:submit_minutes": by_coordination(held),
    "committee:take_back_minutes": by_coordination(held),
    "committee:correct_minutes": by_coordination(held),
    "committee:drop_correction": by_coordination(held),
    "committee:minutes_version": of_convention(lambda scene: held(scene) | {"number": 9}, 404),
    "committee:sheet_to_sign": of_convention(meeting, 404, coordinator=200),
    "committee:convocation": Route({"reader": 200}, token),
}
