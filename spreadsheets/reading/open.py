"""Opening a file of tables: what it is by its content, whatever its name says, then its cells.

Whatever is wrong with a file is told before its cells are read: its size, its lock, its macros,
what it unpacks to, what its XML declares, how many cells it holds.
"""

import io
import re
import zipfile
from pathlib import PurePosixPath

from spreadsheets.reading import opendocument, page, text, workbook
from spreadsheets.reading.cells import Book
from spreadsheets.reading.parts import DAMAGED, unpacked
from spreadsheets.reading.refusals import MAX_CELLS, MAX_TEXT, Unreadable

MAX_SIZE = 10 * 1024 * 1024
# From which on a file is the worker's to read. What a table says is compared with what is there,
# cell by cell: of these many, in about a second.
LARGE, LARGE_UNPACKED, LARGE_CELLS, LARGE_TEXT = 1024 * 1024, 2 * 1024 * 1024, 5_000, 200_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
IMAGES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"MZ",
    b"\x7fELF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
)
# A note that is passed over is not gone back to: each could begin another one otherwise.
MARKUP = re.compile(
    r"\s*+(?:<\?xml[^>]*+>\s*+)?+(?:<!--.*?-->\s*+)*+"
    r"<(?:!doctype\s+html|html|head|meta|body|style|table|div|font)\b",
    re.IGNORECASE | re.DOTALL,
)
XML_2003 = re.compile(r"urn:schemas-microsoft-com:office:spreadsheet")
NAMED = {
    ".xlsx": "classeur Excel",
    ".ods": "classeur OpenDocument",
    **dict.fromkeys((".csv", ".tsv", ".txt"), "texte"),
    **dict.fromkeys((".html", ".htm"), "page web"),
}


def open_book(name: str, content: bytes, most: int = MAX_CELLS) -> Book:
    """Return the cells of a file; raises Unreadable, with what to do, for anything that is not
    read, and for what holds more than ``most`` cells.

    XLSX, ODS, CSV (semicolons, commas, tabs; UTF-8, UTF-16, Windows-1252, Mac), and tables of a web
    page, which some programs save as « .xls ».
    """
    if not content:
        raise Unreadable("empty")
    if len(content) > MAX_SIZE:
        raise Unreadable("too_large")
    title = PurePosixPath(name.replace("\\", "/")).stem.strip()[:60] or "Tableau"
    try:
        book = _read(title, content, most)
    except Unreadable:
        raise
    except DAMAGED as error:
        raise Unreadable("damaged") from error
    book.name = name
    if not book.count:
        raise Unreadable("no_cells")
    if book.length > MAX_TEXT:
        raise Unreadable("wordy")
    _note_format(book)
    return book


def is_large(content: bytes, cells: int = LARGE_CELLS) -> bool:
    """Return whether reading a file takes more than somebody waits for a page: told by its size, by
    what an archive says that it unpacks to, and by its cells and their letters, of which no more
    are read than a page may have (``cells``). A few bytes of a workbook may hold many."""
    if len(content) > LARGE:
        return True
    if content.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                unpacked = sum(part.file_size for part in archive.infolist())
        except DAMAGED:
            return False
        if unpacked > LARGE_UNPACKED:
            return True
    try:
        return open_book("", content, cells).length > LARGE_TEXT
    except Unreadable as refusal:
        return refusal.code == "too_many"


def _read(title: str, content: bytes, most: int) -> Book:
    if content.startswith(b"PK"):
        return _read_archive(content, most)
    if content.startswith(OLE):
        raise Unreadable("locked" if ENCRYPTED in content else "old")
    if content.startswith(b"%PDF-"):
        raise Unreadable("pdf")
    if content.startswith(IMAGES) or content.startswith(b"\x09\x08"):
        raise Unreadable("old" if content.startswith(b"\x09") else "not_a_table")
    decoded = text.decode(content)
    head = decoded[:4096]
    if XML_2003.search(head):
        raise Unreadable("xml_2003")
    if re.match(r"\s*MIME-Version:", head, re.IGNORECASE):
        raise Unreadable("web_archive")
    if MARKUP.match(head):
        return page.read(decoded, most)
    if re.match(r"\s*(<\?xml|<[a-zA-Z!]|\{|%!PS)", head):
        raise Unreadable("not_a_table")
    return text.read(title, decoded, most)


def _read_archive(content: bytes, most: int) -> Book:
    parts = unpacked(content)
    names = parts.keys()
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise Unreadable("macros")
    if b"macroEnabled" in parts.get("[content_types].xml", b""):
        raise Unreadable("macros")
    if "xl/workbook.bin" in names:
        raise Unreadable("binary")
    if "content.xml" in names:
        if b"encryption-data" in parts.get("meta-inf/manifest.xml", b""):
            raise Unreadable("locked")
        return opendocument.read(parts, most)
    if "[content_types].xml" in names:
        return workbook.read(parts, most)
    raise Unreadable("not_a_table")


def _note_format(book: Book) -> None:
    suffix = PurePosixPath(book.name).suffix.lower()
    named = NAMED.get(suffix)
    if (named and named != book.format) or suffix == ".xls":
        book.notes.append(
            f"Ce fichier se nomme « {suffix} », mais c’est un fichier « {book.format} » : il a été "
            "lu comme tel."
        )
