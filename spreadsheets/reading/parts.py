"""What a workbook unpacks to, part by part, once it has been counted."""

import re
import struct
import zipfile
import zlib
from io import BytesIO

from django.core.exceptions import ValidationError
from lxml import etree

from documents.dangers.archives import MAX_UNPACKED, unpack_parts
from spreadsheets.reading.refusals import MAX_TAGS, Unreadable

MAX_PARTS = 5_000
# What an XML part must not hold: what declares entities, or letters in which one could hide that.
DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
WIDE = (b"\xff\xfe", b"\xfe\xff", b"\0")
# What readers raise for what is not sound, by where they stop.
DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, etree.LxmlError, ValueError,
           KeyError, IndexError, EOFError, OSError, OverflowError, RuntimeError)  # fmt: skip


def unpacked(archive: bytes) -> dict[str, bytes]:
    """Return the parts that are read, by their name in lower case. Raises Unreadable."""
    if archive.count(b"PK\1\2") > MAX_PARTS:
        raise Unreadable("huge")
    parts, tags = {}, 0
    try:
        for path, content in unpack_parts(archive, MAX_UNPACKED):
            name = path.lstrip("/").replace("\\", "/")
            if name.endswith((".xml", ".rels")):
                if content.startswith(WIDE) or DECLARED.search(content):
                    raise Unreadable("entities")
                tags += content.count(b"<")
                if tags > MAX_TAGS:
                    raise Unreadable("bloated")
                parts[name] = content
            else:
                parts[name] = b""
    except ValidationError as error:
        raise Unreadable(error.code if error.code in ("huge", "locked") else "damaged") from error
    except Unreadable:
        raise
    except DAMAGED as error:
        raise Unreadable("damaged") from error
    return parts


def elements(content: bytes, *tags: str):
    """Yield the elements of a part that have one of these names, each once it is complete; what is
    read is let go. Raises Unreadable for what is no XML."""
    reading = etree.iterparse(
        BytesIO(content), events=("end",), tag=[f"{{*}}{tag}" for tag in tags],
        resolve_entities=False, no_network=True, load_dtd=False,
    )  # fmt: skip
    try:
        for _, element in reading:
            yield element
    except etree.XMLSyntaxError as error:
        raise Unreadable("damaged") from error


def name_of(element) -> str:
    """Return its name without its namespace."""
    return element.tag.rpartition("}")[2]


def get(element, name: str) -> str:
    """Return an attribute by its name, in whatever namespace; empty without it."""
    value = element.get(name)
    if value is not None:
        return value
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")


def let_go(element) -> None:
    """Give back the memory of an element that has been read, and of those before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
