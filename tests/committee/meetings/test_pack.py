"""The pack of a meeting: one PDF for members, with the documents of its agenda attached."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from actions.follow_up.pack import plan_chapter
from committee.meetings import agenda, events
from committee.meetings.decisions.events import decide
from committee.meetings.pack import reading
from committee.meetings.pack.documents import attached_to
from committee.meetings.pack.reading import read_pack
from committee.meetings.reading import text_of as text_of_version
from committee.models import Meeting
from ctg_portal.house import PackChapter, house, overridden
from documents.models import StoredFile
from tests.agreements.factories import committee_of
from tests.committee.meetings.scene import in_days, item, moved_to, prepared
from tests.committee.pages import after
from tests.committee.pages import committee_url as url
from tests.committee.scene import PDF
from tests.documents.drawn import ask
from tests.documents.reading import faults, opened, text_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def meeting(committee):
    """A meeting in a month on a point, with a document, after one at which a decision was taken."""
    last = moved_to(prepared(committee, 3), -20)
    events.hold(last, by=committee.coordinator)
    decide(last, text="Ouvrir un relais", due_on=in_days(-2), by=committee.coordinator)
    meeting = prepared(committee)
    version = committee.proposed("Ouvrir deux espaces")
    item(committee, meeting, "Points", versions=[version], note="À **lire**.")
    return meeting


def test_the_text_of_a_version_does_not_repeat_its_title(committee):
    version = committee.proposed("Ouvrir deux espaces", measure="Nombre d’espaces")
    labels = [label for label, _text in text_of_version(version)]
    assert "Mesure" in labels
    assert "Intitulé" not in labels


@pytest.fixture
def documents(committee, meeting) -> list[StoredFile]:
    """Two documents of one name, read with an item."""
    uploads = [SimpleUploadedFile("note.pdf", PDF, "application/pdf") for _ in range(2)]
    return [
        agenda.add_document(meeting, meeting.items.last(), upload, by=committee.coordinator)
        .document
        for upload in uploads
    ]  # fmt: skip


def chapters_since(convention, since, today):
    yield PackChapter("Ce qui a bougé", 5, [("Parentalité", [f"Depuis {since}"])], source="Caf.")


@pytest.mark.usefixtures("documents")
def test_the_pack_is_an_accessible_pdf_with_its_documents(committee, meeting, client):
    client.force_login(committee.caf_member)
    with overridden(pack_chapters=[chapters_since]):
        content = ask(client, url(committee, f"reunions/{meeting.pk}/livret.pdf")).content
    assert faults(content) == []
    text = text_of(content)
    for part in ("Ouvrir deux espaces", "Ouvrir un relais", "en retard", "Parentalité"):
        assert part in text
    with opened(content) as pdf:
        assert sorted(pdf.attachments) == ["01-note.pdf", "02-note.pdf"]


def test_a_pack_covers_the_time_since_the_last_meeting_of_the_body(committee, meeting):
    with overridden(pack_chapters=[chapters_since]):
        pack = read_pack(meeting, in_days(0))
    assert pack.chapters[0].parts == [("Parentalité", [f"Depuis {in_days(-20)}"])]
    Meeting.objects.filter(day=in_days(-20)).update(state="cancelled")
    with overridden(pack_chapters=[chapters_since]):
        [chapter] = read_pack(meeting, in_days(0)).chapters
    assert chapter.parts[0][1] == [f"Depuis {committee.convention.start}"]


def test_a_document_that_is_missing_is_left_out(meeting, documents):
    documents[0].file.storage.delete(documents[0].file.name)
    pack = read_pack(meeting, in_days(0))
    assert [file.name for file in attached_to(pack)] == ["02-note.pdf"]


@pytest.mark.usefixtures("documents")
def test_documents_that_are_too_heavy_are_named(meeting, monkeypatch):
    monkeypatch.setattr(reading, "MOST_ATTACHED", len(PDF))
    pack = read_pack(meeting, in_days(0))
    assert (len(pack.attached), pack.left_out) == (1, ["note.pdf"])


def test_each_room_tells_its_chapter(committee):
    assert plan_chapter in house().pack_chapters
    assert list(plan_chapter(committee.convention, datetime.date(2020, 1, 1), in_days(0))) == []


def test_a_meeting_without_a_day_has_no_pack(committee, client):
    meeting = prepared(committee, None)
    client.force_login(committee.coordinator)
    response = client.post(url(committee, f"reunions/{meeting.pk}/livret.pdf"))
    assert "Fixez d’abord le jour" in after(client, response)
