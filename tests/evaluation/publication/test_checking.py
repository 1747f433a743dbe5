"""« Ce document est-il le bon ? »: on its page and on the command line."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from documents.models import StoredFile
from evaluation.publication import events
from evaluation.writing.events import write_narrative
from tests import factories as f
from tests.committee.pages import page_of
from tests.evaluation.publication.scene import (
    YEAR,
    agreed,
    keep_drawn,
    now,
    submitted,
    written_year,
)
from tests.stories import told_once

# What pages make of what they read is the same on both databases.

FIRST, SECOND, PROJECT = b"%PDF first", b"%PDF second", b"%PDF project"


@told_once
def committee(db):
    committee = written_year()
    committee.reader = f.MembershipFactory(organisation=committee.epci, reader=True).user
    return committee


def publish(committee, content: bytes, **reason):
    edition = agreed(committee, **reason)
    keep_drawn(events.request_publication(edition, by=committee.coordinator), content)
    return now(edition)


def correct(committee):
    write_narrative(committee.theme, YEAR, "Corrigé.", revision=1, by=committee.coordinator)
    return publish(committee, SECOND, reason="Le mois.")


def asked(client, committee, content: bytes, user=None) -> str:
    client.force_login(user or committee.reader)
    address = reverse("evaluation:check", args=[committee.convention.slug])
    assert "rien n’en est gardé" in page_of(client.get(address))
    sent = {"document": SimpleUploadedFile("reçu.pdf", content, "application/pdf")}
    return page_of(client.post(address, sent)).replace("\xa0", " ")


class TestThePage:
    def test_the_published_file_is_recognised(self, client, committee):
        publish(committee, FIRST)
        page = asked(client, committee, FIRST)
        assert "Ce document est le bon" in page
        assert "Évaluation annuelle 2023, version 1" in page
        assert not StoredFile.objects.exists()

    def test_a_file_corrected_since_leads_to_the_later_version(self, client, committee):
        publish(committee, FIRST)
        correct(committee)
        page = asked(client, committee, FIRST)
        assert "une version plus récente existe" in page
        assert "La version 2 est publiée" in page
        assert "Ce document est le bon" in asked(client, committee, SECOND)

    def test_a_file_with_one_byte_more_is_unknown(self, client, committee):
        publish(committee, FIRST)
        assert "n’est pas une évaluation publiée" in asked(client, committee, FIRST + b"\n")

    def test_a_project_is_recognised_for_who_reads_drafts_alone(self, client, committee):
        keep_drawn(submitted(committee).printings.get(), PROJECT)
        assert "est un projet" in asked(client, committee, PROJECT, committee.caf_member)
        assert "n’est pas une évaluation publiée" in asked(client, committee, PROJECT)

    def test_a_project_leads_to_the_version_published_since(self, client, committee):
        edition = publish(committee, FIRST)
        keep_drawn(edition.printings.get(is_final=False), PROJECT)
        answer = asked(client, committee, PROJECT, committee.caf_member)
        assert "est un projet" in answer
        assert "La version 1 est publiée" in answer

    def test_a_file_of_another_convention_is_unknown(self, client, committee):
        publish(committee, FIRST)
        stranger = f.MembershipFactory(coordinator=True)
        client.force_login(stranger.user)
        other = stranger.organisation.convention
        address = reverse("evaluation:check", args=[other.slug])
        sent = {"document": SimpleUploadedFile("reçu.pdf", FIRST, "application/pdf")}
        assert "n’est pas une évaluation publiée" in page_of(client.post(address, sent))

    def test_an_empty_file_is_unknown(self, client, committee):
        assert "n’est pas une évaluation publiée" in asked(client, committee, b"")


class TestTheCommand:
    def output_of(self, tmp_path, content: bytes, capsys) -> str:
        file = tmp_path / "reçu.pdf"
        file.write_bytes(content)
        call_command("verify_report", str(file))
        return capsys.readouterr().out

    def test_the_command_prints_version_and_day(self, committee, tmp_path, capsys):
        publish(committee, FIRST)
        answer = self.output_of(tmp_path, FIRST, capsys)
        assert "Évaluation annuelle 2023, version 1, publiée le" in answer
        assert "plus récente" not in answer
        correct(committee)
        assert "plus récente existe : version 2" in self.output_of(tmp_path, FIRST, capsys)

    def test_the_command_fails_for_a_project(self, committee, tmp_path, capsys):
        keep_drawn(submitted(committee).printings.get(), PROJECT)
        with pytest.raises(CommandError, match="est un projet"):
            self.output_of(tmp_path, PROJECT, capsys)
        with pytest.raises(CommandError, match="aucun document du portail"):
            self.output_of(tmp_path, b"autre", capsys)
        with pytest.raises(CommandError, match="ne se lit pas"):
            call_command("verify_report", str(tmp_path / "absent.pdf"))
