"""Pages of meetings as people read them and fill them in."""

import datetime
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from committee.meetings import events
from committee.meetings.letters import send_letters
from committee.meetings.tokens import address_of
from committee.models import Attendee, Body, Meeting, MeetingRules
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.meetings.scene import convened, in_days, item, moved_to, prepared, row_of
from tests.committee.pages import after, count_queries, page_of, value_of
from tests.committee.pages import committee_url as url
from tests.committee.scene import PDF
from tests.documents.drawn import ask
from tests.documents.reading import faults
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@pytest.fixture
def get(client, committee):
    def get(address, user=None, status=200):
        client.force_login(user or committee.coordinator)
        return page_of(client.get(url(committee, address)), status).replace("\u00a0", " ")

    return get


@pytest.fixture
def post(client, committee):
    def post(address, user=None, **data):
        client.force_login(user or committee.coordinator)
        return client.post(url(committee, address), data)

    return post


def when(**changes) -> dict:
    return {
        "day": in_days(30).isoformat(), "begins_at": "14:00", "ends_at": "16 h 30",
        "place": "Mairie", "link": "",
    } | changes  # fmt: skip


class TestPreparing:
    def test_a_meeting_is_prepared_then_convened_from_its_page(self, committee, client, get, post):
        assert "Aucune réunion n’est préparée" in get("reunions/")
        response = post("reunions/nouvelle/", body="steering", **when())
        meeting = Meeting.objects.get()
        assert meeting.ends_at == datetime.time(16, 30)
        assert "l’ordre du jour est à composer" in after(client, response)
        page = f"reunions/{meeting.pk}/"
        post(f"{page}points/nouveau/", title="Le  bilan", kind="decision", minutes="20")
        text = get(page)
        assert "un point à l’ordre du jour" in text
        assert "Relire et convoquer" in text
        assert "2 personnes sont convoquées" in get(f"{page}convoquer/")
        response = post(f"{page}convoquer/")
        assert "La réunion est convoquée" in after(client, response)
        assert "2 n’ont pas répondu" in get(page).replace(",", "")

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"ends_at": "13:00"}, "La réunion finit après qu’elle a commencé."),
            ({"begins_at": "25:00"}, "Cette heure n’existe pas"),
            ({"link": "pas une adresse"}, "Cette adresse n’est pas celle d’une page"),
            ({"day": "2026-02-30"}, "Ce jour n’existe pas"),
        ],
    )
    def test_an_invalid_meeting_is_refused_with_a_message_and_stays_typed(
        self, post, changes, message
    ):
        response = post("reunions/nouvelle/", body="technical", **when(**changes))
        assert message in page_of(response)
        assert value_of(response, "place") == "Mairie"
        assert not Meeting.objects.exists()

    def test_a_second_meeting_at_that_hour_is_refused_on_the_form(self, committee, post):
        prepared(committee)
        body = Body.objects.get()
        response = post("reunions/nouvelle/", body=body.pk, **when())
        assert "à la même heure" in page_of(response)
        assert value_of(response, "place") == "Mairie"

    def test_another_body_at_that_hour_is_announced(self, committee, get):
        meeting = prepared(committee)
        prepared(committee, kind="technical")
        assert "Comité technique se réunit à la même heure" in get(f"reunions/{meeting.pk}/")

    def test_who_saves_second_sees_both_texts(self, committee, post):
        meeting = prepared(committee)
        row = meeting.items.get()
        page = f"reunions/{meeting.pk}/points/{row.pk}/modifier/"
        old = row.revision
        values = {"kind": "information", "minutes": "5", "presenter": "", "note": ""}
        post(page, title="Accueil", revision=old, **values)
        text = page_of(post(page, title="Bienvenue", revision=old, **values))
        assert "a enregistré autre chose" in text
        assert "Accueil" in text

    def test_an_agenda_that_is_too_long_is_announced(self, committee, get):
        meeting = prepared(committee)
        item(committee, meeting, "Le bilan", minutes=150)
        assert "dépasse la durée de la réunion de 45 min" in get(f"reunions/{meeting.pk}/")

    def test_a_document_is_joined_read_and_removed(self, committee, client, get, post):
        meeting = prepared(committee)
        page = f"reunions/{meeting.pk}/"
        upload = SimpleUploadedFile("note.pdf", PDF, "application/pdf")
        post(f"{page}points/{meeting.items.get().pk}/joindre/", upload=upload)
        attached = meeting.items.get().documents.get()
        assert "note.pdf" in get(page, committee.caf_member)
        client.force_login(committee.caf_member)
        response = client.get(url(committee, f"{page}documents/{attached.pk}/"))
        assert response.content == PDF
        post(f"{page}documents/{attached.pk}/retirer/")
        assert "note.pdf" not in get(page)
        attached.document.refresh_from_db()
        assert attached.document.erased_at

    def test_a_cancellation_needs_a_reason(self, committee, client, post):
        meeting = convened(committee)
        page_of(post(f"reunions/{meeting.pk}/annuler/", reason=""))
        assert Meeting.objects.get().is_convened
        response = post(f"reunions/{meeting.pk}/annuler/", reason="Grève.")
        text = after(client, response)
        assert "réunion annulée" in text
        assert "Grève." in text

    def test_a_member_reads_and_prepares_nothing(self, committee, get, post):
        meeting = prepared(committee)
        text = get(f"reunions/{meeting.pk}/", committee.caf_member)
        assert "Convoquer" not in text
        assert "Retirer" not in text
        response = post(f"reunions/{meeting.pk}/convoquer/", committee.caf_member)
        assert response.status_code == 403
        assert Meeting.objects.get().is_prepared

    def test_a_meeting_of_another_convention_does_not_exist(self, get):
        other = prepared(committee_of())
        get(f"reunions/{other.pk}/", status=404)


class TestAnswering:
    def path(self, row: Attendee) -> str:
        return urlsplit(address_of(row)).path

    def test_whoever_holds_the_link_says_whether_the_person_comes(self, committee, client):
        row = row_of(convened(committee), committee.caf_member)
        text = page_of(client.get(self.path(row)))
        assert "Venez-vous ?" in text.replace("\u00a0", " ")
        row.refresh_from_db()
        assert row.reply == ""
        client.post(self.path(row), {"reponse": "absent"})
        assert "Vous ne venez pas" in page_of(client.get(self.path(row)))
        client.post(self.path(row), {"reponse": "present"})
        assert "Vous venez" in page_of(client.get(self.path(row)))

    def test_a_link_of_a_past_meeting_takes_no_answer(self, committee, client):
        meeting = convened(committee)
        row = row_of(meeting, committee.caf_member)
        moved_to(meeting, -1)
        assert "est passée" in page_of(client.get(self.path(row)))
        client.post(self.path(row), {"reponse": "present"})
        row.refresh_from_db()
        assert row.reply == ""

    def test_a_pouvoir_asks_to_log_in(self, committee, client, get, post):
        colleague = SeatFactory(organisation=committee.caf)
        meeting = convened(committee)
        row = row_of(meeting, committee.caf_member)
        assert "Me faire représenter" in page_of(client.get(self.path(row)))
        page = f"reunions/{meeting.pk}/pouvoir/"
        assert client.get(url(committee, page)).status_code == 302
        assert colleague.name in get(page, committee.caf_member)
        proxy = row_of(meeting, colleague.user)
        response = post(page, committee.caf_member, proxy=proxy.pk)
        assert f"{colleague.name} vous représente" in after(client, response)

    def test_who_was_not_convened_gives_no_pouvoir(self, committee, get):
        meeting = convened(committee)
        reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
        assert "Vous n’êtes pas convoqué" in get(f"reunions/{meeting.pk}/pouvoir/", reader)

    def test_a_member_answers_on_the_page_too(self, committee, get, post):
        meeting = convened(committee)
        page = f"reunions/{meeting.pk}/"
        assert "Venez-vous" in get(page, committee.caf_member)
        post(f"{page}ma-reponse/", committee.caf_member, reponse="present")
        assert "vous venez" in get(page, committee.caf_member)
        assert "sera là" in get(page)

    def test_somebody_invited_without_account_answers_by_the_link(self, committee, client, post):
        meeting = convened(committee)
        post(f"reunions/{meeting.pk}/invites/nouveau/", name="Awa Diop", email="awa@asso.example")
        row = row_of(meeting, "Awa Diop")
        text = page_of(client.get(self.path(row)))
        assert "Me faire représenter" not in text
        client.post(self.path(row), {"reponse": "present"})
        row.refresh_from_db()
        assert row.comes

    def test_the_same_person_is_not_invited_twice(self, committee, post):
        meeting = prepared(committee)
        for _ in range(2):
            response = post(f"reunions/{meeting.pk}/invites/nouveau/", name="Awa Diop")
        assert "déjà invitée" in page_of(response)


class TestBodies:
    def test_a_committee_is_added_with_a_member_who_has_an_account(self, committee, get, post):
        person = f.MembershipFactory(organisation=committee.caf, reader=True).user
        post("reunions/instances/nouvelle/", name="Comité jeunesse")
        body = Body.objects.get(name="Comité jeunesse")
        post(
            f"reunions/instances/{body.pk}/membres/", name="Lou Petit", email=person.email,
            organisation=committee.caf.pk,
        )  # fmt: skip
        assert body.members.get().user == person
        assert "Lou Petit" in get("reunions/instances/")

    def test_rules_are_written_and_taken_back(self, committee, get, post):
        page = "reunions/instances/regles/"
        least = f"least_{committee.caf.pk}"
        post(page, notice_days="15", quorum="3", revision=0, **{least: "2"})
        text = get("reunions/instances/")
        assert "15 jours" in text
        assert "CAF 99 : 2 membres" in text
        post(page, notice_days="", quorum="", revision=MeetingRules.objects.get().revision)
        assert "aucun n’est demandé" in get("reunions/instances/")


class TestFiles:
    def test_the_convocation_is_an_accessible_pdf(self, committee, client):
        meeting = convened(committee)
        client.force_login(committee.caf_member)
        response = ask(client, url(committee, f"reunions/{meeting.pk}/convocation.pdf"))
        assert faults(response.content) == []

    def test_a_meeting_without_agenda_has_no_convocation(self, committee, client):
        meeting = prepared(committee)
        meeting.items.all().delete()
        client.force_login(committee.coordinator)
        response = client.post(url(committee, f"reunions/{meeting.pk}/convocation.pdf"))
        assert "est vide" in after(client, response)

    def test_a_calendar_file_has_odd_titles_on_one_line(self, committee, client):
        meeting = prepared(committee, place="Salle ; A, « B »\\n\nBEGIN:VEVENT")
        item(committee, meeting, "Un point ; avec, des\\signes : BEGIN:VALARM")
        client.force_login(committee.caf_member)
        text = client.get(url(committee, f"reunions/{meeting.pk}/agenda.ics")).content.decode()
        lines = text.replace("\r\n ", "").splitlines()
        assert [line for line in lines if line.startswith("BEGIN:")] == [
            "BEGIN:VCALENDAR", "BEGIN:VEVENT",
        ]  # fmt: skip

    def test_a_meeting_without_a_day_has_no_calendar_file(self, committee, client):
        meeting = prepared(committee, None)
        client.force_login(committee.coordinator)
        response = client.get(url(committee, f"reunions/{meeting.pk}/agenda.ics"))
        assert "Fixez d’abord le jour" in after(client, response)


@pytest.mark.parametrize("page", ["reunions/", "reunions/{pk}/"])
def test_a_page_asks_as_many_queries_for_200_meetings_as_for_5(committee, client, page):
    meetings = [convened(committee, 30 + n) for n in range(5)]
    send_letters.call()
    client.force_login(committee.coordinator)
    address = url(committee, page.format(pk=meetings[0].pk))
    few = count_queries(client.get, address)
    body, moment = meetings[0].body, timezone.now()
    Meeting.objects.bulk_create(
        Meeting(
            convention=committee.convention, body=body, state="convened", convened_at=moment,
            day=in_days(100 + n),
        )
        for n in range(195)
    )  # fmt: skip
    assert (
        count_queries(client.get, address) == few <= 25
    )  # as after a change: nothing is cached here


def test_a_cancelled_meeting_keeps_what_was_answered(committee, get):
    meeting = convened(committee)
    events.reply(meeting, row_of(meeting, committee.caf_member), comes=True)
    events.cancel_meeting(meeting, reason="Grève.", by=committee.coordinator)
    assert row_of(meeting, committee.caf_member).comes
    assert "réunion annulée" in get(f"reunions/{meeting.pk}/")
