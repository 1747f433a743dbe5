"""Documents of an action: put on the sheet, handed out to members, taken off."""

import re
import stat

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from actions.follow_up.events import attach_document
from actions.models import ActionDocument
from tests import factories as f
from tests.actions.factories import action_in_force, proposed_action
from tests.actions.pages import field_errors, held_by, read, reading, summary_of  # noqa: F401
from tests.actions.ways.scene import plain, ways_url
from tests.documents import files
from tests.documents.files import PDF
from tests.documents.images import png
from tests.stories import told_once

pytestmark = pytest.mark.django_db


def upload(content: bytes = PDF, name: str = "accord.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@told_once
def action(committee):
    return action_in_force(committee)


@pytest.fixture
def attach(action, client, agent, committee):
    """``attach(file, title, person)``: send the form; the text of the answer."""

    def attach(document, title="L’accord signé", user=None):
        client.force_login(user or agent)
        data = {"title": title} | ({"document": document} if document else {})
        attach.response = client.post(ways_url(committee, f"{action.pk}/documents/ajouter/"), data)
        if attach.response.status_code == 302:
            return plain(read(client.get(attach.response.url)))
        return plain(read(attach.response))

    return attach


@pytest.fixture
def attached(action, agent) -> ActionDocument:
    return attach_document(action, upload(), title="L’accord", by=agent)


# Putting one on the sheet -------------------------------------------------------------------------


KINDS = {
    "accord.pdf": PDF, "photo.PNG": png(), "photo.jpg": files.JPEG, "mot.eml": files.EML,
    "mot.msg": files.MSG, "compte rendu.docx": files.docx(), "bilan.pptx": files.pptx(),
    "budget.xlsx": files.xlsx(),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_is_taken_and_handed_out_again(action, attach, client, name):
    text = attach(upload(KINDS[name], name), title=f"Pièce {name}")
    assert "Le document est sur la fiche." in text
    assert attach.response.url.endswith("#documents")
    assert f"Pièce {name}" in text
    [document] = action.documents.all()
    response = client.get(f"{action.get_absolute_url()}documents/{document.pk}/")
    if not response["Content-Type"].startswith("image/"):  # those are redrawn
        assert response.content == KINDS[name]


def test_a_document_sent_twice_is_on_the_sheet_once(action, attach):
    attach(upload())
    assert "Ce document est déjà sur la fiche, sous cet intitulé." in attach(upload(name="b.pdf"))
    assert action.documents.count() == 1
    attach(upload(), title="Sous un autre intitulé")
    assert action.documents.count() == 2


WRONG = {
    "none": (None, "Accord", "document", "obligatoire"),
    "an empty one": ((b"",), "Accord", "document", "Ce fichier est vide."),
    "a renamed one": ((png(),), "Accord", "document", "n’est pas un PDF"),
    "a program": ((b"MZ", "jeu.exe"), "Accord", "document", "ne sont pas acceptés"),
    "a page": ((b"<script>", "page.html"), "Accord", "document", "ne sont pas acceptés"),
    "a drawing": ((b"<svg/>", "plan.svg"), "Accord", "document", "ne sont pas acceptés"),
    "one without extension": ((PDF, "accord"), "Accord", "document", "pas d’extension"),
    "no title": ((), "", "title", "obligatoire"),
    "a blank title": ((), "   ", "title", "obligatoire"),
    "a long title": ((), "x" * 201, "title", "200"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_refused_document_has_its_reason_at_the_field(action, attach, what):
    document, title, field, reason = WRONG[what]
    attach(None if document is None else upload(*document), title)
    assert reason in field_errors(attach.response, field)
    assert any(reason in line for line in summary_of(attach.response))
    assert held_by(attach.response)["title"] == [title]
    assert not action.documents.exists()
    assert not action.journal.exists()


def test_a_far_too_large_document_has_its_reason_at_the_field(action, attach):
    attach(upload(PDF.ljust(40 * 1024 * 1024)))
    assert "dépasse 10 Mo" in field_errors(attach.response, "document")
    assert not action.documents.exists()


def test_an_infected_document_is_refused(action, attach, settings, tmp_path):
    scanner = tmp_path / "scanner"
    scanner.write_text("#!/bin/sh\ncat > /dev/null\nexit 1\n")
    scanner.chmod(stat.S_IRWXU)
    settings.DOCUMENT_SCANNER = [str(scanner)]
    attach(upload())
    assert "refusé par l’antivirus" in field_errors(attach.response, "document")
    assert not action.documents.exists()


def test_only_who_follows_the_action_may_add_a_document(committee, action, attach, get, reader):
    other = f.MembershipFactory(organisation=committee.epci).user
    for user in (reader, other):
        text = get(f"{action.pk}/documents/ajouter/", user)
        assert "tenu par ses pilotes" in text
        assert 'type="file"' not in get.html
        assert "tenu par ses pilotes" in attach(upload(), user=user)
    assert "Joindre" in get(f"{action.pk}/documents/ajouter/", committee.coordinator)
    assert not action.documents.exists()


def test_an_action_not_in_force_takes_no_document(committee, get):
    proposed = proposed_action(committee).subject
    text = get(f"{proposed.pk}/documents/ajouter/")
    assert "Une action se suit une fois acceptée" in text


# Handing it out -----------------------------------------------------------------------------------


def test_a_document_is_served_to_be_saved_not_opened(action, attached, client, reader):
    client.force_login(reader)
    response = client.get(f"{action.get_absolute_url()}documents/{attached.pk}/")
    assert response.content == PDF
    assert response["Content-Disposition"] == 'attachment; filename="accord.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]


def test_a_document_is_found_on_its_own_sheet_alone(committee, action, attached, get):
    second = action_in_force(committee, title="Autre")
    get(f"{second.pk}/documents/{attached.pk}/", status=404)
    get(f"{second.pk}/documents/{attached.pk}/retirer/", status=404)
    get(f"{action.pk}/documents/{attached.pk + 1}/", status=404)
    get(f"{action.pk}/documents/{10**18}/", status=404)


def test_a_file_that_is_gone_is_said_to_be(action, attached, get):
    attached.document.file.storage.delete(attached.document.file.name)
    assert "il n’est pas remis" in get(f"{action.pk}/documents/{attached.pk}/", status=503)


# Taking it off ------------------------------------------------------------------------------------


def test_a_withdrawn_document_is_in_the_history_alone(action, attached, get, client, agent):
    address = f"{action.pk}/documents/{attached.pk}/"
    text = get(f"{address}retirer/", agent)
    assert "Retirer « L’accord » de la fiche ?" in text
    assert "accord.pdf" in text
    assert action.documents.on_sheet().exists()
    response = client.post(f"{action.get_absolute_url()}documents/{attached.pk}/retirer/")
    text = plain(read(client.get(response.url)))
    assert "Le document n’est plus sur la fiche." in text
    assert "Aucun document n’est joint." in text
    get(address, status=404)
    assert attached.document.file.storage.exists(attached.document.file.name)
    assert re.search(r"Document retiré de la fiche .*L’accord \(accord\.pdf\)",
                     get(f"{action.pk}/historique/"))  # fmt: skip


def test_a_reader_cannot_withdraw_a_document(action, attached, get, client, reader):
    text = get(f"{action.pk}/documents/{attached.pk}/retirer/", reader)
    assert "tenu par ses pilotes" in text
    assert "btn-danger" not in get.html
    response = client.post(f"{action.get_absolute_url()}documents/{attached.pk}/retirer/")
    assert "tenu par ses pilotes" in read(client.get(response.url))
    assert action.documents.on_sheet().exists()
