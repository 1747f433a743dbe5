"""Small documents of every accepted kind, made by hand."""

import io
import zipfile

import xlsxwriter
from PIL import Image

from tests.documents.images import png

ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODP = "application/vnd.oasis.opendocument.presentation"


def archive(**parts: str) -> bytes:
    """Return a ZIP archive of uncompressed parts; ``__`` stands for ``/``, ``_`` for a dot."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as opened:
        for name, text in parts.items():
            opened.writestr(name.replace("__", "/").replace("_", "."), text)
    return content.getvalue()


def office(main: str, **more: str) -> bytes:
    """Return an Office document of its necessary parts and ``more``."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as opened:
        for name in ("[Content_Types].xml", main):
            opened.writestr(name, "<x/>")
        for name, text in more.items():
            opened.writestr(name.replace("__", "/").replace("_", "."), text)
    return content.getvalue()


def docx(**more: str) -> bytes:
    """Return a Word document of its necessary parts and ``more``."""
    return office("word/document.xml", **more)


def pptx(**more: str) -> bytes:
    """Return a PowerPoint presentation of its necessary parts and ``more``."""
    return office("ppt/presentation.xml", **more)


def xlsx() -> bytes:
    """Return a workbook, as a spreadsheet program writes it."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        workbook.add_worksheet().write_row(0, 0, ["Commune", 2024])
    return content.getvalue()


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


def jpeg() -> bytes:
    """Return a tiny photograph."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(content, "JPEG")
    return content.getvalue()


JPEG = jpeg()
EML = (
    "From: Claire <claire@caf.example>\r\nTo: coordination@agglo.example\r\n"
    "Date: Tue, 12 Mar 2024 10:00:00 +0100\r\nSubject: Accord\r\n\r\nD’accord.\r\n"
).encode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
MSG = OLE + "__properties_version1.0".encode("utf-16-le") + b"\0" * 512
SAMPLES = {
    "délibération.pdf": PDF, "scan.png": png(), "photo.jpg": JPEG, "photo.jpeg": JPEG,
    "accord.eml": EML, "accord.msg": MSG, "avis.odt": archive(mimetype=ODT, content_xml="<x/>"),
    "avis.docx": docx(), "chiffres.ods": archive(mimetype=ODS, content_xml="<x/>"),
    "chiffres.xlsx": xlsx(), "bilan.odp": archive(mimetype=ODP, content_xml="<x/>"),
    "bilan.pptx": pptx(),
}  # fmt: skip
