"""Uploads are handed to the virus scanner of the operator, where there is one."""

import hashlib
import logging
import os
import stat
import time
from pathlib import Path

import pytest
from django import forms
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from ctg_portal.text.typography import polish
from documents.checks import scanner_exists
from documents.forms import DocumentField
from documents.models import StoredFile, store
from documents.uploads import MAX_SIZE, check_upload
from tests.documents.files import PDF
from tests.factories import UserFactory

INFECTED = (
    "Ce fichier a été refusé par l’antivirus\u00a0: ne l’ouvrez plus et prévenez votre service"
    " informatique."
)
UNCHECKED = (
    "Ce fichier n’a pas pu être vérifié par l’antivirus\u00a0: réessayez plus tard ou prévenez"
    " l’hébergeur."
)


class DepositForm(forms.Form):
    document = DocumentField(label="Document")


def upload(content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.pdf", content)


def deposit(file=None) -> DepositForm:
    return DepositForm({}, {"document": file or upload()})


@pytest.fixture
def scanner(settings, tmp_path):
    """Sets up a shell script as the scanner; it may write into its folder, ``$0.…``."""

    def set_up(script: str, *arguments: str) -> Path:
        path = tmp_path / "scanner"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(stat.S_IRWXU)
        settings.DOCUMENT_SCANNER = [str(path), *arguments]
        return path

    return set_up


def refusal(caplog) -> tuple[str, str, str, int]:
    """Code and sentence of a refusal, and what the log says of it."""
    caplog.clear()
    with (
        caplog.at_level(logging.INFO, "documents.scanner"),
        pytest.raises(ValidationError) as error,
    ):
        check_upload(upload())
    assert deposit().errors == {"document": error.value.messages}
    record = caplog.records[0]
    assert hashlib.sha256(PDF).hexdigest() in record.getMessage()
    assert "a.pdf" not in record.getMessage()
    return error.value.code, error.value.messages[0], record.getMessage(), record.levelno


def has_ended(process: str) -> bool:
    """Whether a process that has just been killed is gone, or only waits to be buried."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


class TestAnswers:
    def test_without_a_scanner_nothing_is_scanned(self, settings, monkeypatch):
        assert settings.DOCUMENT_SCANNER == []
        monkeypatch.delattr("documents.scanner.subprocess")
        assert deposit().is_valid()

    def test_a_clean_file_is_accepted_and_can_be_read_again(self, scanner, caplog):
        path = scanner('cat > "$0.seen"; echo stream: OK')
        form = deposit()
        assert form.is_valid()
        assert Path(f"{path}.seen").read_bytes() == PDF
        assert form.cleaned_data["document"].read() == PDF
        assert not caplog.records

    def test_a_scanner_may_accept_a_file_without_reading_it_all(self, scanner):
        scanner("exit 0")
        assert deposit(upload(PDF.ljust(MAX_SIZE - 6) + b"%%EOF\n")).is_valid()

    def test_an_infected_file_is_refused_with_a_warning(self, scanner, caplog):
        scanner("cat > /dev/null; echo stream: Eicar-Test FOUND; exit 1")
        code, sentence, line, level = refusal(caplog)
        assert (code, sentence) == ("infected", INFECTED)
        assert line.endswith(": stream: Eicar-Test FOUND")
        assert level == logging.WARNING

    @pytest.mark.parametrize("status", [2, 3, 127, 255])
    def test_a_file_is_refused_when_the_scanner_is_broken(self, status, scanner, caplog):
        scanner(f"echo 'no daemon' >&2; exit {status}")
        code, sentence, line, level = refusal(caplog)
        assert (code, sentence) == ("unchecked", UNCHECKED)
        assert f"status {status}" in line
        assert line.endswith(": no daemon")
        assert level == logging.ERROR

    def test_a_file_is_refused_when_the_scanner_is_killed(self, scanner, caplog):
        scanner("kill -9 $$")
        code, _, line, _ = refusal(caplog)
        assert (code, "status -9" in line) == ("unchecked", True)

    def test_a_file_is_refused_when_the_scanner_does_not_answer(self, scanner, settings, caplog):
        path = scanner('sleep 60 & echo $! > "$0.pid"; wait')
        settings.DOCUMENT_SCANNER_TIMEOUT = 0.3
        code, sentence, line, _ = refusal(caplog)
        assert (code, sentence) == ("unchecked", UNCHECKED)
        assert line.endswith("no answer within 0.3 seconds")
        assert has_ended(Path(f"{path}.pid").read_text().strip())

    def test_a_process_left_by_the_scanner_does_not_delay_the_answer(self, scanner, settings):
        scanner("sleep 60 & exit 0")
        settings.DOCUMENT_SCANNER_TIMEOUT = 0.3
        assert deposit().errors["document"] == [UNCHECKED]

    def test_a_file_is_refused_when_the_scanner_is_absent(self, settings, tmp_path, caplog):
        settings.DOCUMENT_SCANNER = [str(tmp_path / "nowhere"), "-"]
        code, _, line, _ = refusal(caplog)
        assert (code, "No such file" in line) == ("unchecked", True)

    def test_a_file_is_refused_when_the_scanner_cannot_be_run(self, scanner, caplog):
        scanner("").chmod(stat.S_IRUSR)
        code, _, line, _ = refusal(caplog)
        assert (code, "Permission denied" in line) == ("unchecked", True)

    def test_a_long_answer_of_the_scanner_is_cut_in_the_log(self, scanner, caplog):
        scanner("head -c 100000 /dev/zero; exit 1")
        assert len(refusal(caplog)[2]) < 700

    def test_refusals_of_the_scanner_are_set_in_french(self):
        assert polish(INFECTED) == INFECTED
        assert polish(UNCHECKED) == UNCHECKED


class TestWhatItGets:
    def test_the_scanner_gets_its_arguments_as_they_are(self, scanner):
        path = scanner('printf "%s|" "$@" > "$0.args"', "--no-summary", "a b; $(id)", "-")
        assert deposit().is_valid()
        assert Path(f"{path}.args").read_text() == "--no-summary|a b; $(id)|-|"

    def test_the_scanner_gets_no_secret(self, scanner, monkeypatch):
        monkeypatch.setenv("SECRET_KEY", "s3cret")
        path = scanner('env > "$0.env"')
        assert deposit().is_valid()
        seen = Path(f"{path}.env").read_text()
        assert "s3cret" not in seen
        assert f"PATH={os.environ['PATH']}" in seen

    def test_a_file_that_is_refused_anyway_is_not_scanned(self, scanner):
        scanner("exit 1")
        for name, content in (("a.exe", PDF), ("a.pdf", b"x"), ("a.pdf", b"")):
            errors = deposit(SimpleUploadedFile(name, content)).errors["document"]
            assert errors != [INFECTED]

    def test_an_upload_kept_on_the_disk_is_scanned_whole(self, scanner):
        path = scanner('cat > "$0.seen"')
        file = TemporaryUploadedFile("a.pdf", "", 0, None)
        file.write(PDF)
        file.size = file.tell()
        assert deposit(file).is_valid()
        assert Path(f"{path}.seen").read_bytes() == PDF
        assert file.tell() == 0
        file.close()


@pytest.mark.django_db
class TestStoring:
    def test_a_file_that_no_form_has_checked_is_scanned(self, scanner, settings):
        scanner("exit 1")
        with pytest.raises(ValidationError, match="antivirus"):
            store(ContentFile(PDF, name="a.pdf"), by=UserFactory())
        assert not StoredFile.objects.exists()
        assert not Path(settings.MEDIA_ROOT).exists()

    def test_a_file_that_a_form_has_checked_is_not_scanned_again(self, scanner):
        path = scanner('echo once >> "$0.times"')
        form = deposit()
        assert form.is_valid()
        stored = store(form.cleaned_data["document"], by=UserFactory())
        assert Path(stored.file.path).read_bytes() == PDF
        assert Path(f"{path}.times").read_text() == "once\n"

    def test_a_refused_file_is_scanned_again(self, scanner):
        file = upload()
        scanner("exit 2")
        assert deposit(file).errors
        scanner("exit 0")
        assert deposit(file).is_valid()


class TestCheck:
    @pytest.mark.parametrize("command", [[], ["cat", "-"], ["/bin/cat"]], ids=str)
    def test_a_scanner_that_exists_or_none_has_no_warning(self, command, settings):
        settings.DOCUMENT_SCANNER = command
        assert scanner_exists(None) == []

    @pytest.mark.parametrize("command", ["clamdscan-nowhere", "/etc/passwd", "/etc"])
    def test_a_command_that_does_not_exist_has_a_warning(self, command, settings):
        settings.DOCUMENT_SCANNER = [command, "-"]
        (warning,) = scanner_exists(None)
        assert warning.id == "documents.W001"
        assert warning.msg == f"La commande de DOCUMENT_SCANNER est introuvable : {command}."

    def test_the_scanner_is_checked_on_deployment_only(self, settings):
        settings.DOCUMENT_SCANNER = ["clamdscan-nowhere"]
        messages = [
            {message.id for message in run_checks(include_deployment_checks=deploy)}
            for deploy in (True, False)
        ]
        assert "documents.W001" in messages[0] - messages[1]
