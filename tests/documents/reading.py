"""Reading of PDF documents."""

import io
import re
from functools import lru_cache

import page
import pikepdf

# A table may have more rows than the validator would look at by itself.
LIMITS = page.SafetyLimits(max_table_grid_rows=10_000)
PROFILES = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A)


def faults(pdf: bytes) -> list[str]:
    """Return why ``pdf`` is not PDF/UA-1 and PDF/A-3a; empty for one that is both."""
    reports = [page.validate_pdf_bytes(pdf, profile=p, limits=LIMITS) for p in PROFILES]
    assert all(report.rules.total > 100 for report in reports)
    failures = [failure for report in reports for failure in report.failures]
    return [f"{failure.rule_id}: {failure.message}" for failure in failures]


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def structure(pdf: bytes) -> list[tuple[str, int]]:
    """Return the structure elements of a PDF in order, each with the number of its headers."""
    with opened(pdf) as document:
        return list(_elements(document.Root.StructTreeRoot))


def _elements(node):
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield str(kid.S), len(kid.get("/A", {}).get("/Headers", []))
            yield from _elements(kid)


def drawings(pdf: bytes) -> list[str]:
    """Return the alternative texts of the pictures of a PDF."""
    with opened(pdf) as document:
        return [str(node.Alt) for node in document.objects if _is_described_figure(node)]


def _is_described_figure(node) -> bool:
    is_figure = isinstance(node, pikepdf.Dictionary) and node.get("/S") == "/Figure"
    return is_figure and "/Alt" in node


def links(pdf: bytes) -> list[str]:
    with opened(pdf) as document:
        notes = [note for sheet in document.pages for note in sheet.get("/Annots", [])]
        return [str(note.A.URI) for note in notes if "/A" in note and "/URI" in note.A]


@lru_cache(maxsize=16)
def text_of(pdf: bytes) -> str:
    """Return the text of a PDF, as a reader copies it; a line for each drawn text."""
    return "\n".join(pages_of(pdf))


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of a PDF, page by page."""
    with opened(pdf) as document:
        return ["\n".join(_texts(sheet)) for sheet in document.pages]


def _texts(sheet):
    fonts = {name: _letters(font) for name, font in sheet.Resources.get("/Font", {}).items()}
    letters = {}
    for operands, operator in pikepdf.parse_content_stream(sheet):
        if str(operator) == "Tf":
            letters = fonts[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            drawn = operands[0] if str(operator) == "TJ" else operands
            codes = b"".join(bytes(run) for run in drawn if isinstance(run, pikepdf.String))
            glyphs = (codes[at : at + 2].hex() for at in range(0, len(codes), 2))
            yield "".join(letters.get(glyph, "") for glyph in glyphs)


def _letters(font) -> dict[str, str]:
    """Return the text of each glyph of a font, by its code of four hexadecimal digits."""
    to_unicode = bytes(font.ToUnicode.read_bytes()).decode()
    return {
        code.lower(): bytes.fromhex(text).decode("utf-16-be")
        for code, text in re.findall(r"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>", to_unicode)
    }


@lru_cache(maxsize=16)
def properties_of(pdf: bytes) -> str:
    """Return the properties, metadata and outline of a PDF, as text."""
    with opened(pdf) as document:
        texts = [str(document.docinfo), str(document.open_metadata())]
        return "\n".join([*texts, *map(str, document.open_outline().root)])
