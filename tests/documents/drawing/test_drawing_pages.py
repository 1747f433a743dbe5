"""What a person sees who asks for a document: the offer, how far it is, the file."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from ctg_portal.clock.heartbeats import beat
from documents.drawing.composition import compose
from documents.drawing.events import take
from documents.drawing.models import Drawing
from tests.committee.pages import after, page_of
from tests.documents.drawn import ask
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/depliants/1/"


@pytest.fixture(autouse=True)
def _address(leaflet, settings):
    """An address of the kind."""
    settings.ROOT_URLCONF = "tests.documents.drawing.addresses"


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


def read(client, address) -> str:
    return page_of(client.get(address)).replace("\u00a0", " ").replace("\u202f", " ")


def test_opening_an_address_requests_no_document(client, reader):
    text = read(client, ADDRESS)
    assert "Dépliant 1" in text
    assert "Préparer le document" in text
    assert not Drawing.objects.exists()


def test_a_requested_document_is_awaited_drawn_and_downloaded(client, reader, leaflet):
    response = client.post(ADDRESS)
    drawing = Drawing.objects.get()
    assert response.url == f"/documents/{drawing.pk}/"
    text = read(client, response.url)
    assert "« Dépliant 1 » est en préparation" in text
    assert "en attente" in text
    html = client.get(response.url).content.decode()
    assert 'data-hx-trigger="every 2s"' in html
    assert "Actualiser" in html
    compose(drawing)
    text = read(client, response.url)
    assert "« Dépliant 1 » est prêt" in text
    assert "2 pages" in text
    assert "every 2s" not in client.get(response.url).content.decode()
    file = client.get(f"{response.url}fichier/")
    assert file["Content-Disposition"] == 'attachment; filename="depliant.pdf"'
    assert file["Content-Type"] == "application/pdf"
    # Found again: no page in between, whether it is asked for or opened.
    assert client.post(ADDRESS).url == f"{response.url}fichier/"
    assert client.get(ADDRESS).content == file.content
    assert len(leaflet.drawn) == 1


def test_a_second_document_waits_until_the_first_is_cancelled(client, reader):
    client.post(ADDRESS)
    first = Drawing.objects.get()
    text = after(client, client.post("/depliants/2/")).replace("\u00a0", " ")
    assert "Un autre document est déjà en préparation pour vous" in text
    assert "puis demandez de nouveau « Dépliant 2 »" in text
    assert "Annuler" in text
    cancelled = client.post(f"/documents/{first.pk}/annuler/")
    assert cancelled.url == "/conventions/"
    assert "a été annulé" in read(client, f"/documents/{first.pk}/")
    assert client.post("/depliants/2/").url != f"/documents/{first.pk}/"


def test_the_page_says_that_no_worker_answers(client, reader):
    client.post(ADDRESS)
    page = f"/documents/{Drawing.objects.get().pk}/"
    assert "ne répond pas" not in read(client, page)
    Drawing.objects.update(requested_at=timezone.now() - timedelta(seconds=11))
    assert "sera prêt dès qu’il reprendra" in read(client, page)
    beat("worker")
    assert "ne répond pas" not in read(client, page)


def test_the_page_says_how_many_documents_come_before(client, reader, leaflet):
    other = UserFactory()
    client.force_login(other)
    client.post("/depliants/9/")
    client.force_login(reader)
    page = client.post(ADDRESS).url
    assert "en attente, après 1 autre document" in read(client, page)
    take(Drawing.objects.get(requested_by=reader))
    assert "étape 1 sur 4, lecture des données" in read(client, page)


def test_the_page_says_that_a_document_failed(client, reader, leaflet):
    page = client.post(ADDRESS).url
    leaflet.fails = True
    for _ in range(3):
        compose(Drawing.objects.get())
    text = read(client, page)
    assert "n’a pas pu être composé" in text
    assert "prévenez l’hébergeur" in text
    assert client.get(f"{page}fichier/").url == page


def test_a_document_is_not_found_once_its_right_is_lost(client, reader, leaflet):
    assert ask(client, ADDRESS).status_code == 200
    page = f"/documents/{Drawing.objects.get().pk}/"
    leaflet.audiences[reader.pk] = None
    for address in (page, f"{page}fichier/", ADDRESS):
        assert client.get(address).status_code == 404
    leaflet.audiences[reader.pk] = "drafts"
    assert client.get(f"{page}fichier/").status_code == 404


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"x")])
def test_a_damaged_file_is_refused_and_the_document_composed_again(client, reader, damage):
    ask(client, ADDRESS)
    drawing = Drawing.objects.get()
    damage(Path(drawing.file.path))
    assert client.get(drawing.file_url).status_code == 503
    ask(client, ADDRESS)
    assert client.get(Drawing.objects.exclude(pk=drawing.pk).get().file_url).status_code == 200
