"""Which documents people may upload, and under what name they are kept."""

import re
import struct
import unicodedata
import zipfile

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from ctg_portal.text.typography import polish
from documents.forms import DocumentField
from documents.kinds import KINDS
from documents.uploads import HELP, MAX_NAME, MAX_SIZE, check_upload, clean_name
from tests.documents.files import (
    EML,
    JPEG,
    MSG,
    ODT,
    OLE,
    PDF,
    SAMPLES,
    archive,
    docx,
    office,
    pptx,
)
from tests.documents.images import png


class DepositForm(forms.Form):
    document = DocumentField(label="Document")


def deposit(name: str, content: bytes) -> DepositForm:
    return DepositForm({}, {"document": SimpleUploadedFile(name, content)})


def refusal(name: str, content: bytes) -> ValidationError:
    """The one refusal of a file, the same by the form as without it."""
    with pytest.raises(ValidationError) as caught:
        check_upload(SimpleUploadedFile(name, content))
    assert deposit(name, content).errors == {"document": caught.value.messages}
    return caught.value


@pytest.mark.parametrize("name", SAMPLES)
def test_every_kind_is_accepted(name):
    form = deposit(name, SAMPLES[name])
    assert form.is_valid()
    upload = form.cleaned_data["document"]
    assert upload.tell() == 0
    assert upload.read() == SAMPLES[name]
    assert check_upload(upload).kind is KINDS[name[name.index(".") :]]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_word_of_a_kind_is_within_its_label(kind):
    assert re.fullmatch(rf"une? {kind.word}( sans macros)?", kind.label)


def test_every_kind_has_a_sample():
    assert {name[name.index(".") :] for name in SAMPLES} == set(KINDS)


@pytest.mark.parametrize(
    ("name", "content"),
    [("SCAN.PDF", PDF), ("photo.Jpg", JPEG), ("avenant.docx.pdf", PDF), ("été 2024 (v2).pdf", PDF),
     ("a.eml", b"\xef\xbb\xbf" + EML), ("a.eml", b"Received: by x\nFrom: a@b.example\n\nOui"),
     ("a.docx", office("word/document2.xml")), ("a.xlsx", office("xl/workbook22.xml")),
     ("a.pdf", PDF + b"\n" * 1000), ("a.pdf", PDF.ljust(MAX_SIZE - 6) + b"%%EOF\n")],
)  # fmt: skip
def test_a_variant_of_an_accepted_kind_is_accepted(name, content):
    assert deposit(name, content).is_valid()


def test_an_upload_kept_on_the_disk_is_accepted():
    upload = TemporaryUploadedFile("a.docx", "text/html", 0, None)
    upload.write(docx())
    upload.size = upload.tell()
    assert check_upload(upload).kind is KINDS[".docx"]
    assert DocumentField().clean(upload) is upload


def test_an_empty_file_is_refused():
    error = refusal("a.pdf", b"")
    assert (error.code, error.messages) == ("empty", ["Ce fichier est vide."])


def test_a_file_that_is_too_large_is_refused():
    error = refusal("a.pdf", PDF + b" " * MAX_SIZE)
    assert (error.code, error.messages) == ("too_large", ["Ce fichier dépasse 10\u00a0Mo."])


@pytest.mark.parametrize(
    ("name", "start"),
    [("a.exe", "Les fichiers «\u00a0.exe\u00a0» ne sont pas acceptés."),
     ("facture.pdf.exe", "Les fichiers «\u00a0.exe\u00a0» ne sont pas acceptés."),
     ("a.pdf.", "Ce fichier se nomme «\u00a0.pdf\u00a0» mais n’est pas un PDF"),
     ("page.html", "Les fichiers «\u00a0.html\u00a0» ne sont pas acceptés."),
     ("logo.svg", "Les fichiers «\u00a0.svg\u00a0» ne sont pas acceptés."),
     ("a.docm", "Les fichiers «\u00a0.docm\u00a0» ne sont pas acceptés."),
     ("a." + "x" * 99, f"Les fichiers «\u00a0.{'x' * 19}\u00a0» ne sont pas acceptés."),
     ("pdf", "Le nom de ce fichier n’a pas d’extension."),
     (".pdf", "Le nom de ce fichier n’a pas d’extension."),
     ("dossier.pdf/pièce", "Le nom de ce fichier n’a pas d’extension.")],
)  # fmt: skip
def test_another_extension_is_refused_with_those_accepted(name, start):
    message = refusal(name, b"MZ").messages[0]
    assert message.startswith(start)
    if "extension" in start or "acceptés" in start:
        assert message.endswith(f" Sont acceptés\u00a0: {HELP}")


PAGE, DRAWING, PROGRAM = b"<!DOCTYPE html><script>a()</script>", b"<svg/>", b"MZ\x90\0"
CONTENT = {
    "a page named as a PDF": ("a.pdf", b"<html>%PDF-1.7 %%EOF</html>", "un PDF"),
    "a cut PDF": ("a.pdf", PDF[:20], "un PDF"),
    "a PDF before something else": ("a.pdf", PDF + b"<?php" * 1000, "un PDF"),
    "a page before a PDF": ("a.pdf", PAGE + PDF, "un PDF"),
    "a program before a PDF": ("a.pdf", PROGRAM + PDF, "un PDF"),
    "a drawing named as an image": ("a.png", DRAWING, "une image PNG"),
    "a page behind the mark of an image": ("a.png", png()[:8] + PAGE, "une image PNG"),
    "a JPEG named as a PNG": ("a.png", JPEG, "une image PNG"),
    "a PNG named as a JPEG": ("a.jpg", png(), "une image JPEG"),
    "a program named as an image": ("a.jpeg", b"MZ\x90\0", "une image JPEG"),
    "a page named as a mail": ("a.eml", b"<html>From: a\nTo: b</html>", "un courriel"),
    "a program named as a mail": ("a.eml", b"From: a\nTo: b\n\n\0\1", "un courriel"),
    "a mail of nobody": ("a.eml", b"To: b\nDate: hier\n\nOui", "un courriel"),
    "a mail to nobody": ("a.eml", b"From: b\n\nOui", "un courriel"),
    "a mail named as an Outlook one": ("a.msg", EML, "un courriel d’Outlook"),
    "an old spreadsheet named as a mail": ("a.msg", OLE, "un courriel d’Outlook"),
    "words of an Outlook mail": ("a.msg", MSG[512:], "un courriel d’Outlook"),
    "any archive": ("a.odt", archive(a_txt="x"), "un texte OpenDocument"),
    "a spreadsheet": ("a.odt", archive(mimetype=ODT[:-4] + "spreadsheet"), "un texte OpenDocument"),
    "a template": ("a.odt", archive(mimetype=ODT + "-template"), "un texte OpenDocument"),
    "a type told too late": ("a.odt", archive(a="x", mimetype=ODT), "un texte OpenDocument"),
    "no archive": ("a.docx", b"PK\3\4", "un document Word sans macros"),
    "an empty archive": ("a.docx", archive(), "un document Word sans macros"),
    "an ODT named as Word": ("a.docx", SAMPLES["avis.odt"], "un document Word sans macros"),
    "a cut Word document": ("a.docx", docx()[:-30], "un document Word sans macros"),
    "a page before a Word document": ("a.docx", PAGE + docx(), "un document Word sans macros"),
    "a program before it": ("a.docx", PROGRAM + docx(), "un document Word sans macros"),
    "a page before an ODT": ("a.odt", PAGE + SAMPLES["avis.odt"], "un texte OpenDocument"),
    "a page within the mark of an ODT": (
        "a.odt",
        SAMPLES["avis.odt"][:90] + PAGE,
        "un texte OpenDocument",
    ),
    "an ODT of nothing": ("a.odt", archive(mimetype=ODT, a="x"), "un texte OpenDocument"),
    "macros": ("a.docx", docx(word__vbaProject_bin="x"), "un document Word sans macros"),
    "an old Word document": ("a.docx", OLE, "un document Word sans macros"),
    "a text named as a spreadsheet": ("a.ods", SAMPLES["avis.odt"], "un tableur OpenDocument"),
    "a Word document named as Excel": ("a.xlsx", docx(), "un classeur Excel sans macros"),
    "macros of a workbook": (
        "a.xlsx",
        docx(xl__workbook_xml="x", xl__vbaProject_bin="x"),
        "un classeur Excel sans macros",
    ),
    "an old workbook": ("a.xlsx", OLE, "un classeur Excel sans macros"),
    "a text named as a presentation": (
        "a.odp",
        SAMPLES["avis.odt"],
        "une présentation OpenDocument",
    ),
    "a Word document named as PowerPoint": (
        "a.pptx",
        docx(),
        "une présentation PowerPoint sans macros",
    ),
    "macros of a presentation": (
        "a.pptx",
        pptx(ppt__vbaProject_bin="x"),
        "une présentation PowerPoint sans macros",
    ),
    "an old presentation": ("a.pptx", OLE, "une présentation PowerPoint sans macros"),
}


@pytest.mark.parametrize(("name", "content", "kind"), CONTENT.values(), ids=CONTENT)
def test_a_file_whose_content_is_not_what_its_name_says_is_refused(name, content, kind):
    error = refusal(name, content)
    extension = name[1:]
    assert error.code == "content"
    assert error.messages == [
        f"Ce fichier se nomme «\u00a0{extension}\u00a0» mais n’est pas {kind}, ou il est"
        " abîmé\u00a0: ouvrez-le, enregistrez-le de nouveau, puis envoyez-le."
    ]


@pytest.mark.parametrize("extension", KINDS)
@pytest.mark.parametrize("content", [PAGE, DRAWING, PROGRAM], ids=["page", "drawing", "program"])
def test_an_executable_file_is_refused_under_any_name(extension, content):
    assert refusal(f"a{extension}", content).code == "content"


class TestBombs:
    def test_an_archive_is_checked_without_being_unpacked(self, monkeypatch):
        bomb = docx(word__media__image_png="\0" * 50_000_000)
        assert len(bomb) < 100_000
        for opening in ("open", "read", "extract", "extractall", "testzip"):
            monkeypatch.delattr(zipfile.ZipFile, opening)
        assert deposit("a.docx", bomb).is_valid()
        assert deposit("a.odt", bomb).errors

    def test_a_list_without_end_is_not_read(self, monkeypatch):
        name = "[Content_Types].xml"
        entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", *[0] * 9, len(name), *[0] * 6) + name.encode()
        end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0, 0, 10_001 * len(entry), 30, 0)
        content = b"PK\3\4" + b"\0" * 26 + entry * 10_001 + end
        monkeypatch.delattr(zipfile, "ZipFile")
        assert refusal("a.docx", content).code == "content"


@pytest.mark.parametrize("name", SAMPLES)
def test_a_kind_is_none_of_the_others(name):
    for extension, kind in KINDS.items():
        if kind is not KINDS[name[name.index(".") :]]:
            assert refusal(f"a{extension}", SAMPLES[name]).code == "content"


@pytest.mark.parametrize("extension", KINDS)
@given(content=st.binary(min_size=1, max_size=300))
def test_noise_is_refused_and_nothing_breaks(extension, content):
    assert refusal(f"a{extension}", b"\0" + content).code == "content"


@pytest.mark.parametrize("offset", range(0, 120, 3))
def test_a_damaged_archive_is_refused_or_accepted_but_breaks_nothing(offset):
    damaged = bytearray(docx())
    damaged[-offset - 1] ^= 0xFF
    for extension in (".docx", ".odt"):
        deposit(f"a{extension}", bytes(damaged)).is_valid()


def test_refusals_are_set_in_french():
    for message in (HELP, *refusal("a.exe", b"x").messages, *refusal("a.pdf", b"x").messages):
        assert polish(message) == message


class TestField:
    def test_the_field_names_the_kinds_it_accepts(self):
        html = str(DepositForm()["document"])
        assert f'accept="{",".join(KINDS)}"' in html
        assert 'type="file"' in html
        assert DepositForm()["document"].help_text == HELP
        assert "10\u00a0Mo" in HELP

    def test_the_field_takes_another_help(self):
        assert DocumentField(help_text="La délibération.").help_text == "La délibération."

    def test_an_absent_file_is_refused(self):
        assert DepositForm({}, {}).errors["document"] == ["Ce champ est obligatoire."]

    def test_an_absent_file_is_accepted_where_it_may_be(self):
        assert DocumentField(required=False).clean(None) is None


NAMES = {
    "Délibération du 12\u00a0mars.pdf": "Délibération du 12 mars.pdf",
    "../../etc/passwd.pdf": "passwd.pdf", r"C:\Users\moi\avis.pdf": "avis.pdf",
    "a\0b.pdf": "ab.pdf", "a\r\nSet-Cookie: x.pdf": "aSet-Cookie_ x.pdf",
    "facture\u202efdp.exe": "facturefdp.exe", "\ufeffa\u200b.pdf": "a.pdf",
    "e\u0301te\u0301.pdf": "été.pdf", 'a<b>"c".pdf': "a_b__c_.pdf", "  a   b .pdf  ": "a b.pdf",
    ".pdf": "pdf", "...": "document", "": "document", "/": "document", "\ud800.pdf": "pdf",
    "文件.pdf": "文件.pdf", "a.b.c.pdf": "a.b.c.pdf", "x" * 300 + ".docx": "x" * 195 + ".docx",
    "a." + "x" * 300: "a." + "x" * 19,
}  # fmt: skip


@pytest.mark.parametrize(("name", "cleaned"), NAMES.items(), ids=map(ascii, NAMES))
def test_a_name_is_cleaned(name, cleaned):
    assert clean_name(name) == cleaned


@given(st.text(max_size=400))
def test_any_name_is_cleaned_once_for_all(name):
    cleaned = clean_name(name)
    assert 0 < len(cleaned) <= MAX_NAME
    assert clean_name(cleaned) == cleaned
    assert not set(cleaned) & set('/\\\0\r\n"<>:|?*')
    assert unicodedata.is_normalized("NFC", cleaned)
