"""A file far beyond the limit is answered by the portal itself, beside its field."""

import secrets

import pytest
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.http import HttpResponse
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.test import Client
from django.urls import path

from documents.forms import DocumentField
from documents.uploads import MAX_SIZE
from tests.documents.files import PDF

pytestmark = pytest.mark.urls(__name__)


class DepositForm(forms.Form):
    title = forms.CharField(label="Titre")
    document = DocumentField(label="Document")


@login_not_required
def deposit(request):
    form = DepositForm(request.POST, request.FILES)
    if form.is_valid():
        return HttpResponse("reçu")
    assert isinstance(request.FILES["document"], TemporaryUploadedFile)
    return HttpResponse(form["document"].errors)


urlpatterns = [path("deposer/", deposit)]


def answer(content: bytes) -> str:
    """What a page answers to this file, through all that stands before it in the portal."""
    client = Client(enforce_csrf_checks=True)
    token = secrets.token_hex(CSRF_SECRET_LENGTH // 2)
    client.cookies["csrftoken"] = token
    document = SimpleUploadedFile("délibération.pdf", content)
    data = {"csrfmiddlewaretoken": token, "title": "Délibération", "document": document}
    return client.post("/deposer/", data).content.decode()


@pytest.mark.parametrize("size", [MAX_SIZE + 1, 40 * 1024 * 1024], ids=["one byte", "40 MB"])
def test_an_upload_that_is_too_large_is_refused(size):
    assert "Ce fichier dépasse 10\u00a0Mo." in answer(PDF.ljust(size))


def test_an_upload_of_the_largest_size_is_accepted():
    assert answer(PDF.ljust(MAX_SIZE - 6) + b"%%EOF\n") == "reçu"
