"""Everything of a convention as one ZIP: what is in it, for whom, and what is never in it."""

import hashlib
import io
import json
import zipfile

import pytest
from django.urls import reverse

from agreements.models import Version
from conventions.archive import document
from conventions.loading.dump import files_of
from documents import downloads
from documents.drawing.composition import compose
from documents.drawing.models import Drawing
from tests.documents.drawn import ask
from tests.factories import MembershipFactory
from tests.personas import build_scene
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def scene(db):
    return build_scene()


@pytest.fixture
def coordinator(client, scene):
    user = scene.people["coordinator"]
    client.force_login(user)
    return user


def address(scene) -> str:
    return reverse("conventions:archive", args=[scene.convention.slug])


def opened(response) -> dict[str, bytes]:
    content = b"".join(response) if response.streaming else response.content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.usefixtures("coordinator")
def test_the_archive_has_every_table_and_the_digest_of_each_file(client, scene):
    response = ask(client, address(scene))
    assert response.headers["Content-Type"] == "application/zip"
    assert f"archive-{scene.convention.slug}-" in response.headers["Content-Disposition"]
    files = opened(response)
    for name in ("convention/texte.md", "tableaux/plan-d-actions.xlsx", "tableaux/registre.csv",
                 "donnees/registre.json", "tableaux/chiffres.xlsx", "donnees/communes.json",
                 "tableaux/acces.csv", "tableaux/versions.csv"):  # fmt: skip
        assert name in files
    sums = dict(reversed(line.split("  ", 1)) for line in files["SHA256SUMS"].decode().splitlines())
    digests = {
        name: text for name, text in files.items() if name not in ("SHA256SUMS", "LISEZMOI.txt")
    }
    assert sums == {name: hashlib.sha256(text).hexdigest() for name, text in digests.items()}
    notice = files["LISEZMOI.txt"].decode()
    assert "CE QUI N’Y EST PAS" in notice
    assert all(name in notice and digest in notice for name, digest in sums.items())


@pytest.mark.usefixtures("coordinator")
def test_the_text_of_a_version_is_the_very_one_that_the_register_has_the_digest_of(client, scene):
    files = opened(ask(client, address(scene)))
    rows = {row["Fichier"]: row for row in json.loads(files["donnees/versions.json"])}
    assert len(rows) == Version.objects.of(scene.convention).numbered().count() > 0
    for path, row in rows.items():
        assert hashlib.sha256(files[path]).hexdigest() == row["Empreinte SHA-256"]


@pytest.mark.parametrize("who", ["reader", "contributor", "member", "stranger"])
def test_the_archive_exists_for_the_coordination_alone(client, scene, who):
    client.force_login(scene.people[who])
    assert client.get(address(scene)).status_code == 404
    assert client.post(address(scene)).status_code == 404
    assert not Drawing.objects.exists()


def test_a_former_coordinator_is_not_handed_the_archive(client, scene, coordinator):
    client.post(address(scene))
    drawing = Drawing.objects.get()
    assert compose(drawing)
    drawing.refresh_from_db()
    coordinator.memberships.all().delete()
    MembershipFactory(organisation=scene.organisation, user=coordinator, role="reader")
    assert client.get(drawing.file_url).status_code == 404


@pytest.mark.usefixtures("coordinator")
def test_an_archive_of_the_same_content_is_copied(client, scene, monkeypatch):
    first = opened(ask(client, address(scene)))
    monkeypatch.setattr(document.ArchiveDocument, "draw", None)  # it would be called
    assert opened(ask(client, address(scene))) == first
    assert Drawing.objects.ready().count() == 1


@pytest.mark.usefixtures("coordinator")
def test_another_content_is_another_archive(client, scene):
    first = opened(ask(client, address(scene)))
    scene.convention.preamble = "Un autre préambule."
    scene.convention.save()
    second = opened(ask(client, address(scene)))
    assert first["convention/texte.md"] != second["convention/texte.md"]
    assert "Un autre préambule." in second["convention/texte.md"].decode()


@pytest.mark.usefixtures("coordinator")
def test_a_large_archive_is_sent_as_it_is_read(client, scene, monkeypatch):
    monkeypatch.setattr(downloads, "AT_ONCE", 1000)
    response = ask(client, address(scene))
    assert response.streaming
    assert "LISEZMOI.txt" in opened(response)


@pytest.mark.usefixtures("coordinator")
def test_an_archive_that_is_too_heavy_is_refused_with_its_reason(client, scene, monkeypatch):
    monkeypatch.setattr(document, "MOST", -1)
    client.post(address(scene))
    drawing = Drawing.objects.get()
    assert not compose(drawing)
    assert "plus que" in client.get(drawing.get_absolute_url()).content.decode()


@pytest.mark.usefixtures("coordinator")
def test_the_file_of_the_convention_is_handed_out_with_its_logos(client, scene):
    response = client.get(reverse("conventions:file", args=[scene.convention.slug]))
    assert f"{scene.convention.slug}.zip" in response.headers["Content-Disposition"]
    assert opened(response) == files_of(scene.convention, scene.convention.slug)
