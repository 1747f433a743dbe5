"""A document is asked for, drawn once for all who may read the same, kept for some days."""

import datetime
from datetime import timedelta
from errno import ENOSPC

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from ctg_portal.house import job, overridden
from ctg_portal.rules import Refusal, Refused
from documents.drawing.composition import compose
from documents.drawing.events import (
    KEPT_FOR,
    LeaseLost,
    cancel,
    renew_lease,
    request_drawing,
    store_result,
    take,
)
from documents.drawing.jobs import delete_old_drawings
from documents.drawing.models import Drawing
from documents.drawing.press import next_row
from documents.drawing.rights import is_for
from tests.factories import UserFactory

pytestmark = pytest.mark.postgresql


@pytest.fixture
def reader(db):
    return UserFactory()


@pytest.fixture
def ask(leaflet):
    def ask(user, n=1):
        parameters = {"n": n}
        asked = leaflet.ask("7", parameters, user)
        return request_drawing(leaflet, "7", parameters, asked, by=user)

    return ask


def state(drawing) -> str:
    return Drawing.objects.get(pk=drawing.pk).state


def content(drawing) -> bytes:
    with Drawing.objects.get(pk=drawing.pk).file.open("rb") as file:
        return file.read()


class TestFoundAgain:
    def test_a_ready_document_serves_all_of_its_audience(self, ask, leaflet, reader):
        first, _ = ask(reader)
        compose(first)
        again, is_same = ask(UserFactory())
        assert (again, is_same) == (first, True)
        assert len(leaflet.drawn) == 1

    def test_a_ready_document_is_not_for_people_of_another_audience(self, ask, leaflet, reader):
        first, _ = ask(reader)
        compose(first)
        other = UserFactory()
        leaflet.audiences[other.pk] = "drafts"
        theirs, _ = ask(other)
        assert theirs != first
        compose(theirs)
        first.refresh_from_db()
        theirs.refresh_from_db()
        assert is_for(reader, first)
        assert not is_for(reader, theirs)
        assert not is_for(other, first)

    def test_a_document_whose_content_changed_is_drawn_anew(self, ask, leaflet, reader):
        first, _ = ask(reader)
        compose(first)
        leaflet.says = "Bonsoir"
        assert ask(reader)[0] != first

    def test_a_document_whose_format_changed_is_drawn_anew(self, ask, leaflet, reader):
        compose(ask(reader)[0])
        leaflet.format = 2
        assert not ask(reader)[0].is_ready

    def test_a_queued_document_copies_an_equal_one_ready_by_then(self, ask, leaflet, reader):
        first, second = ask(reader)[0], ask(UserFactory())[0]
        assert first != second
        assert compose(first)
        assert compose(second)
        assert content(first) == content(second)
        assert Drawing.objects.get(pk=second.pk).pages == 2
        assert len(leaflet.drawn) == 1

    def test_a_document_whose_file_is_gone_is_drawn_anew(self, ask, leaflet, reader):
        first, _ = ask(reader)
        compose(first)
        first.refresh_from_db()
        default_storage.delete(first.file.name)
        again, _ = ask(reader)
        assert again != first
        assert compose(again)
        assert len(leaflet.drawn) == 2

    def test_a_digest_is_that_of_plain_data_alone(self, leaflet, reader):
        leaflet.says = {"jour": datetime.date(2024, 1, 2)}
        asked = leaflet.ask("7", {"n": 1}, reader)
        assert leaflet.digest(asked) == leaflet.digest(asked)
        leaflet.says = object()
        with pytest.raises(TypeError):
            leaflet.digest(leaflet.ask("7", {"n": 1}, reader))


class TestOneAtATime:
    def test_a_second_document_of_one_person_is_not_begun(self, ask, reader):
        first, _ = ask(reader, 1)
        assert ask(reader, 1) == (first, True)
        assert ask(reader, 2) == (first, False)
        assert Drawing.objects.count() == 1
        cancel(first, by=reader)
        assert ask(reader, 2)[0] != first

    def test_the_database_refuses_a_second_document_of_one_person(self, ask, reader):
        ask(reader)
        with pytest.raises(IntegrityError), transaction.atomic():
            Drawing.objects.create(requested_by=reader, kind="x", audience="x")

    def test_documents_are_drawn_in_the_order_of_their_requests(self, ask, reader):
        asked = [ask(user)[0] for user in (reader, UserFactory(), UserFactory())]
        seen = []
        while (row := next_row()) is not None:
            seen.append(row)
            compose(row)
        assert seen == asked


class TestRights:
    def test_a_right_lost_before_the_drawing_fails_it(self, ask, leaflet, reader):
        drawing, _ = ask(reader)
        leaflet.audiences[reader.pk] = None
        assert not compose(drawing)
        assert state(drawing) == "failed"
        assert "vos accès ont changé" in drawing.transitions.last().reason
        assert not is_for(reader, Drawing.objects.get())

    def test_an_audience_changed_before_the_drawing_fails_it(self, ask, leaflet, reader):
        drawing, _ = ask(reader)
        leaflet.audiences[reader.pk] = "drafts"
        assert not compose(drawing)
        assert leaflet.drawn == []

    def test_the_document_of_an_ended_account_is_not_drawn(self, ask, reader):
        drawing, _ = ask(reader)
        reader.is_active = False
        reader.save()
        assert not compose(drawing)

    def test_a_document_refused_meanwhile_says_why(self, ask, leaflet, reader):
        drawing, _ = ask(reader)
        leaflet.refusal = Refused(Refusal("Trop de fiches."))
        assert not compose(drawing)
        assert drawing.transitions.last().reason == "Trop de fiches."

    def test_a_document_of_a_kind_that_is_gone_fails(self, ask, leaflet, reader):
        drawing, _ = ask(reader)
        with overridden(documents=[]):
            assert not compose(drawing)
        assert state(drawing) == "failed"

    def test_a_queued_document_is_for_who_requested_it_alone(self, ask, reader):
        drawing, _ = ask(reader)
        assert is_for(reader, drawing)
        assert not is_for(UserFactory(), drawing)
        with pytest.raises(Refused):
            cancel(drawing, by=UserFactory())


class TestTurningOut:
    def test_a_document_that_fails_is_tried_three_times(self, ask, leaflet, reader):
        leaflet.fails = True
        drawing, _ = ask(reader)
        for _ in range(3):
            assert not compose(drawing)
        assert state(drawing) == "failed"
        assert not compose(drawing)

    def test_a_cancelled_document_is_not_stored(self, ask, reader):
        drawing, _ = ask(reader)
        attempt = take(drawing)
        cancel(drawing, by=reader)
        with pytest.raises(LeaseLost):
            renew_lease(drawing, attempt)
        with pytest.raises(LeaseLost):
            store_result(drawing, attempt, b"late", 1)
        assert state(drawing) == "cancelled"
        folder = f"drawings/{timezone.localdate().year}"
        assert default_storage.listdir(folder)[1] == []

    def test_nothing_is_left_of_a_drawing_on_a_full_disk(self, ask, reader, monkeypatch):
        drawing, _ = ask(reader)
        write = FileSystemStorage.save

        def half(storage, name, content):
            write(storage, name, ContentFile(b"half"))
            raise OSError(ENOSPC, "No space left on device")

        monkeypatch.setattr(FileSystemStorage, "save", half)
        assert not compose(drawing)
        assert state(drawing) == "failed"  # at once: another try finds no more room
        assert default_storage.listdir(f"drawings/{timezone.localdate().year}")[1] == []

    @pytest.mark.django_db(transaction=True)
    def test_a_committed_document_keeps_its_file_though_the_connection_is_lost(
        self, ask, reader, monkeypatch
    ):
        drawing, _ = ask(reader)
        attempt = take(drawing)
        commit = connection.commit

        def lost():
            commit()
            raise OperationalError("server closed the connection unexpectedly")

        with monkeypatch.context() as patched:
            patched.setattr(connection, "commit", lost)
            with pytest.raises(OperationalError):
                store_result(drawing, attempt, b"kept", 1)
        assert state(drawing) == "ready"
        assert content(drawing) == b"kept"

    def test_an_old_document_is_deleted_with_its_file(
        self, ask, reader, django_capture_on_commit_callbacks
    ):
        old, _ = ask(reader)
        compose(old)
        old.refresh_from_db()
        Drawing.objects.update(finished_at=timezone.now() - KEPT_FOR - timedelta(hours=1))
        waiting, _ = ask(UserFactory(), 2)
        Drawing.objects.filter(pk=waiting.pk).update(requested_at=timezone.now() - 2 * KEPT_FOR)
        with django_capture_on_commit_callbacks(execute=True):
            delete_old_drawings()
        assert list(Drawing.objects.all()) == [waiting]
        assert not default_storage.exists(old.file.name)

    def test_the_clock_deletes_old_documents(self):
        assert job("documents.forget_drawings").run is delete_old_drawings
