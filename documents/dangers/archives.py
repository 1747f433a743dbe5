"""Checks of Office and OpenDocument files, which are archives: each part is unpacked and examined.

Refused: macros and controls, files within the file, parts fetched from elsewhere when it opens,
photographs that say where they were taken.
A chart's workbook may stay, if it hides nothing itself; links that one clicks on may, too.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from django.core.exceptions import ValidationError
from django.core.files import File
from lxml import etree

from documents import dangers
from documents.dangers.pictures import has_location

MAX_UNPACKED = 100 * 1024 * 1024
XML = {"resolve_entities": False, "no_network": True, "load_dtd": False}
# Lists of types and relations are short.
MAX_LIST = 2 * 1024 * 1024
# Of a file, all parts together: formulas, fields, letters that they write as « &amp; », elements of
# lists. Each takes some microseconds, while the others wait.
MAX_COMMANDS = 1_000_000
# How other files begin: archives, OLE containers, programs of Windows and of Linux.
FILES = (b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"MZ", b"\x7fELF")
# How pictures begin that may tell their place: JPEG, PNG, TIFF, WebP.
PHOTOS = (b"\xff\xd8\xff", b"\x89PNG", b"II*\0", b"MM\0*", b"RIFF")
PROGRAMS = re.compile(r"(^|/)(activex|macrosheets|basic|scripts)/|vbaproject\.bin$|vbadata\.xml$")
TYPES_OF_PROGRAMS = ("macroenabled", "vbaproject", "activex")
# What is poured into the document when it opens, wherever it comes from.
POURED = {"afchunk", "oleobject", "package", "control"}
# An address of a site, of the machine or of a network, which no part of the file has.
ADDRESS = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|//|\\)")
UTF_8 = re.compile(rb"(?:\xef\xbb\xbf)?(?!<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8))", re.IGNORECASE)
LISTENER = re.compile(rb"<(?:[\w.-]+:)?event-listener\b")
# An element that draws, and an address of a site, of the machine, or of a folder above; or one that
# hides its letters.
FETCHED = re.compile(
    rb"<(?:[\w.-]+:)?(?:dde-source\b|(?:applet|background-image|cell-range-source|fill-image"
    rb"|floating-frame|image|object|object-ole|plugin|section-source|table-source)\b"
    rb"[^<]*?:href\s*=\s*[\"']\s*+(?:[a-z][a-z0-9+.-]*:|/|\\|\.\./|[^\"']*&#))",
    re.IGNORECASE,
)

# A table that a workbook asks a site, a base or a file for, each time it is opened, or every few
# minutes while it is open; a pivot table is made again of the workbook itself, unless it is not.
REFRESHED = re.compile(
    rb"""(?:refreshOnLoad\s*=\s*["'](?!0|false)|\binterval\s*=\s*["']0*[1-9])""", re.IGNORECASE
)
ASKING = re.compile(r"xl/(?:connections|querytables/.*)\.xml")
PIVOT = re.compile(r"xl/pivotcache/pivotcachedefinition\d*\.xml")
ELSEWHERE = re.compile(rb"""<(?:[\w.-]+:)?cacheSource\b[^<]*?\btype\s*=\s*["']external""")

# Formulas, those of workbooks and those of OpenDocument: what calls another program (its name, a
# bar, what is asked of it), and what fetches something from a site.
FORMULA = re.compile(
    rb"""<(?:[\w.-]+:)?(?:f|definedName)\b(?:"[^"<]*"|'[^'<]*'|[^"'<>])*+(?<!/)>([^<]*)<(!?)"""
    rb"""|\b(?:formula|expression)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')"""
)
SHEETS = re.compile(r"xl/(?:workbook|(?:work|chart|dialog)sheets/.*)\.xml")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|\[[^\[\]]*\]")
CALLING = re.compile(r"\||\b(?:DDE|CALL|REGISTER(?:\.ID)?|EXEC)\s*\(", re.IGNORECASE)
ASKED = re.compile(r"\b(?:WEBSERVICE|IMAGE|RTD)\s*\(", re.IGNORECASE)

# Fields of Word: where one begins, and its instruction, in one piece or in several. A tag ends at
# the next « < » at the latest: however long the part is, none is searched twice.
FIELD = re.compile(rb"""fldCharType\s*=\s*["']begin|(?=<(?:[\w.-]+:)?fldSimple\b)""")
PIECE = rb"""<(?:[\w.-]+:)?instrText\b(?:"[^"<]*"|'[^'<]*'|[^"'<>])*+(?<!/)>([^<]*)<"""
INSTRUCTION = re.compile(PIECE + rb"""|\binstr\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
CUT = re.compile(PIECE + rb"[!?]")
COMMANDS = {"DDE", "DDEAUTO"}
FETCHING = {"INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "LINK"}
LONGEST_VERB = 100


@dataclass
class Left:
    """The budget left for a file, with those within it: bytes to unpack, commands to examine."""

    unpacked: int = field(default_factory=lambda: MAX_UNPACKED)
    commands: int = field(default_factory=lambda: MAX_COMMANDS)

    def take(self, count: int) -> None:
        """Count so many commands; raises ValidationError for one too many."""
        self.commands -= count
        if self.commands < 0:
            raise ValidationError(
                f"Ce fichier contient trop de formules ou de champs pour être vérifié\u00a0:"
                f" {dangers.AS_PDF}",
                code="huge",
            )


def check_office(file: File) -> None:
    """Raise ValidationError unless an Office Open XML document hides nothing; ValueError,
    BadZipFile or struct.error when it is damaged."""
    _check_office(_read(file), Left())


def check_open_document(file: File) -> None:
    """Raise ValidationError for an OpenDocument file that hides something or asks for a password;
    ValueError, BadZipFile or struct.error for a damaged one."""
    left = Left()
    for name, content in unpack_parts(_read(file), left.unpacked):
        _check_part(name, content)
        if name == "meta-inf/manifest.xml" and b"encryption-data" in content:
            raise dangers.locked_error()
        if name.rpartition("/")[2] in {"content.xml", "styles.xml"}:
            _check_drawing(content, left)


def _read(file: File) -> bytes:
    """Return all bytes of a file, from its beginning."""
    file.seek(0)
    return file.read()


def _check_office(archive: bytes, left: Left) -> None:
    """Check each part of an Office file, and the workbooks of its charts in the same way; raises as
    ``check_office``."""
    for name, content in unpack_parts(archive, left.unpacked):
        left.unpacked -= len(content)
        if name.startswith("xl/externallinks/"):
            raise dangers.outside_error()
        if ASKING.fullmatch(name) or (PIVOT.fullmatch(name) and ELSEWHERE.search(content)):
            _check_tables(content)
        if SHEETS.fullmatch(name):
            _check_formulas(content, left)
        if "/embeddings/" in name and name.endswith(".xlsx") and content.startswith(b"PK\3\4"):
            _check_office(content, left)
            continue
        _check_part(name, content)
        if name == "[content_types].xml":
            _check_types(content, left)
        if name.endswith(".rels"):
            _check_relations(content, left)
        if name.startswith("word/") and name.endswith(".xml"):
            _check_fields(content, left)


def unpack_parts(archive: bytes, most: int) -> Iterator[tuple[str, bytes]]:
    """Yield name (in lower case) and content of the parts of a ZIP archive, unpacked one by one.

    Raises ValidationError beyond ``most`` declared bytes or for an encrypted part, ValueError for
    an archive that is damaged or declares other sizes than it has.
    """
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        parts = opened.infolist()
    if len({part.filename.lower() for part in parts}) < len(parts):
        raise ValueError("A part is there twice: each reader takes another")
    if sum(part.file_size for part in parts) > most:
        raise ValidationError(
            f"Ce fichier pèse plus de {MAX_UNPACKED // 1024**2}\u00a0Mo une fois déplié\u00a0:"
            f" {dangers.AS_PDF}",
            code="huge",
        )
    for part in parts:
        yield part.filename.lower(), _unpacked(archive, part)


def _unpacked(archive: bytes, part: zipfile.ZipInfo) -> bytes:
    """Return the unpacked content of a part. Raises ValueError where size or checksum are not those
    that the directory of the archive declares: these cannot be trusted."""
    if part.flag_bits & 1:
        raise dangers.locked_error()
    name, extra = struct.unpack_from("<HH", archive, part.header_offset + 26)
    start = part.header_offset + 30 + name + extra
    content = archive[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_DEFLATED:
        unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = unpacking.decompress(content, part.file_size + 1)
        except zlib.error as error:
            raise ValueError("Damaged") from error
    elif part.compress_type != zipfile.ZIP_STORED:
        raise ValueError("Not a way in which documents are packed")
    if len(content) != part.file_size or zlib.crc32(content) != part.CRC:
        raise ValueError("Not what is declared")
    return content


def _check_part(name: str, content: bytes) -> None:
    """Refuse a part that is a program by its name, another file, or a photograph with a place."""
    if PROGRAMS.search(name):
        raise dangers.program_error()
    if content.startswith(FILES):
        raise dangers.inside_error()
    if content.startswith(PHOTOS) and has_location(content):
        raise dangers.located_error()


def _elements(content: bytes, left: Left) -> Iterator[etree._Element]:
    """Yield the elements of a short part in XML, and count them. Raises ValueError for a long or
    damaged one."""
    if len(content) > MAX_LIST:
        raise ValueError("Not a list that a program writes")
    left.take(content.count(b"<"))
    try:
        yield from etree.fromstring(content, etree.XMLParser(**XML)).iter()
    except etree.XMLSyntaxError as error:
        raise ValueError("Damaged") from error


def _check_types(content: bytes, left: Left) -> None:
    """Refuse an Office file whose list of content types names a program."""
    for element in _elements(content, left):
        content_type = (element.get("ContentType") or "").lower()
        if any(kind in content_type for kind in TYPES_OF_PROGRAMS):
            raise dangers.program_error()


def _check_relations(content: bytes, left: Left) -> None:
    """Refuse relations of a part to something outside the file, but for links that one clicks on,
    and to what is poured into it, but for the workbook of a chart."""
    for element in _elements(content, left):
        kind = (element.get("Type") or "").rpartition("/")[2].lower()
        target = (element.get("Target") or "").lower()
        is_outside = (element.get("TargetMode") or "").lower() == "external"
        if (is_outside or ADDRESS.match(target)) and kind != "hyperlink":
            raise dangers.outside_error()
        is_chart = kind == "package" and target.endswith(".xlsx")
        if kind in POURED and not is_chart:
            raise dangers.inside_error()


def _check_encoding(content: bytes) -> None:
    """Refuse a part that is not plain UTF-8, since it is examined as bytes: parsed as a tree, a
    hundred megabytes of small elements take gigabytes."""
    if b"\0" in content or b"<!DOCTYPE" in content or not UTF_8.match(content):
        raise ValueError("Not as programs write it: what is looked for may be written otherwise")


def _check_tables(content: bytes) -> None:
    """Refuse a connection of a workbook that fetches data when it opens, or again and again."""
    _check_encoding(content)
    if REFRESHED.search(content):
        raise dangers.outside_error()


def _check_formulas(content: bytes, left: Left) -> None:
    """Refuse formulas that call another program or fetch something from a site, and count them.
    Raises ValueError for one that is cut by a comment."""
    _check_encoding(content)
    for formula in FORMULA.finditer(content):
        element, is_cut, *attributes = formula.groups(b"")
        if is_cut:
            raise ValueError("Not as programs write it: a formula is cut, or hidden, by a note")
        text = QUOTED.sub("", _decode_command(b"".join([element, *attributes]), left))
        if CALLING.search(text):
            raise dangers.program_error("Ce fichier lance un autre programme quand il s’ouvre")
        if ASKED.search(text):
            raise dangers.outside_error()


def _decode_command(command: bytes, left: Left) -> str:
    """Decode a formula or a piece of a field, and count it."""
    left.take(1 + command.count(b"&"))
    return unescape(command.decode())


def _check_fields(content: bytes, left: Left) -> None:
    """Check each field of a part of Word. Raises ValueError for one that is cut by a comment."""
    _check_encoding(content)
    if CUT.search(content):
        raise ValueError("Not as programs write it: a command is cut, or hidden, by a note")
    start = 0
    for begun in FIELD.finditer(content):
        _check_field(content, start, begun.start(), left)
        start = begun.end()
    _check_field(content, start, len(content), left)


def _check_field(content: bytes, start: int, end: int, left: Left) -> None:
    """Refuse a field by its first word, its command, which may be in several pieces."""
    left.take(1)
    text = ""
    for piece in INSTRUCTION.finditer(content, start, end):
        text = (text + _decode_command(b"".join(piece.groups(b"")), left)).lstrip()
        if len(text) > LONGEST_VERB:
            break
    verb = next(iter(text.split(maxsplit=1)), "").upper()
    if verb in COMMANDS:
        raise dangers.program_error("Ce fichier lance un autre programme quand il s’ouvre")
    if verb in FETCHING:
        raise dangers.outside_error()


def _check_drawing(content: bytes, left: Left) -> None:
    """Refuse a part of OpenDocument that runs programs or fetches something, by its elements or its
    formulas."""
    _check_encoding(content)
    if LISTENER.search(content):
        raise dangers.program_error()
    if FETCHED.search(content):
        raise dangers.outside_error()
    _check_formulas(content, left)
