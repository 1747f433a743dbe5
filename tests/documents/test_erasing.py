"""A file is erased on request: its name, day, size and digest stay, with who asked and why."""

from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import include, path

from ctg_portal.marks.models import Mark
from ctg_portal.rules import Refused
from documents.downloads import serve_stored_file
from documents.events import erase
from documents.models import StoredFile, store
from tests.documents.files import PDF
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
WHY = {"asked_by": "Mme Martin", "reason": "Données de santé d’un enfant"}


@login_not_required
def download(request):
    return serve_stored_file(StoredFile.objects.get())


urlpatterns = [path("fichier/", download), path("", include("ctg_portal.urls"))]


@pytest.fixture
def stored():
    return store(ContentFile(PDF, name="certificat.pdf"), by=UserFactory())


@pytest.fixture
def erased(stored, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        erase(stored, **WHY, by=None)
    return StoredFile.objects.get()


def test_an_erased_file_keeps_its_description(stored, erased):
    assert not Path(stored.file.path).exists()
    for name in ("name", "size", "sha256", "uploaded_at", "uploaded_by", "content_type"):
        assert getattr(erased, name) == getattr(stored, name)
    assert (erased.erased_for, erased.erasure_reason) == tuple(WHY.values())
    assert erased.erased_at
    assert not erased.file


def test_the_download_of_an_erased_file_says_when_it_was_erased(client, erased):
    response = client.get("/fichier/")
    assert response.status_code == 410
    assert "certificat.pdf" in response.content.decode()
    assert "a été effacé le" in response.content.decode()
    assert "santé" not in response.content.decode()


def test_a_file_is_erased_once_and_by_the_operator_alone(stored, erased):
    with pytest.raises(Refused):
        erase(erased, **WHY, by=None)
    with pytest.raises(Refused):
        erase(store(ContentFile(PDF, name="a.pdf"), by=UserFactory()), **WHY, by=UserFactory())


def test_a_file_is_not_erased_without_who_asked_and_why(stored):
    with pytest.raises(Refused):
        erase(stored, asked_by=" ", reason="x", by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuerySet(StoredFile).filter(pk=stored.pk).update(file="")


def test_the_command_erases_every_copy_of_a_digest(stored, django_capture_on_commit_callbacks):
    again = store(ContentFile(PDF, name="copie.pdf"), by=UserFactory())
    output = StringIO()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("erase_file", stored.sha256, asked_by="X", reason="Y", stdout=output)
    assert not Path(again.file.path).exists()
    assert not Path(stored.file.path).exists()
    assert "certificat.pdf" in output.getvalue()
    assert "copie.pdf" in output.getvalue()
    with pytest.raises(CommandError):
        call_command("erase_file", stored.sha256, asked_by="X", reason="Y")


def test_erasing_a_file_has_pages_read_again(stored):
    before = Mark.objects.create(key="1/committee", word="before")

    erase(stored, **WHY, by=None)

    before.refresh_from_db()
    assert before.word != "before"
