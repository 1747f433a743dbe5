"""Looking into PDF documents."""

import io
import re
from functools import lru_cache

import page
import pikepdf

# A table may have more rows than the validator would look at by itself.
LIMITS = page.SafetyLimits(max_table_grid_rows=10_000)
PROFILES = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A)


def faults(pdf: bytes) -> list[str]:
    """Why ``pdf`` is not PDF/UA-1 and PDF/A-3a; empty for one that is accessible, and may be
    kept."""
    reports = [page.validate_pdf_bytes(pdf, profile=one, limits=LIMITS) for one in PROFILES]
    assert all(report.rules.total > 100 for report in reports)
    return [f"{one.rule_id}: {one.message}" for report in reports for one in report.failures]


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def structure(pdf: bytes) -> list[tuple[str, int]]:
    """The elements that a screen reader hears, in their order, with how many headers each has."""
    with opened(pdf) as document:
        return list(_elements(document.Root.StructTreeRoot))


def _elements(node):
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield str(kid.S), len(kid.get("/A", {}).get("/Headers", []))
            yield from _elements(kid)


def drawings(pdf: bytes) -> list[str]:
    """What is said of each picture to who does not see it."""
    with opened(pdf) as document:
        return [str(node.Alt) for node in document.objects if _is_told(node)]


def _is_told(node) -> bool:
    is_figure = isinstance(node, pikepdf.Dictionary) and node.get("/S") == "/Figure"
    return is_figure and "/Alt" in node


def links(pdf: bytes) -> list[str]:
    with opened(pdf) as document:
        notes = [note for sheet in document.pages for note in sheet.get("/Annots", [])]
        return [str(note.A.URI) for note in notes if "/A" in note and "/URI" in note.A]


@lru_cache(maxsize=16)
def text_of(pdf: bytes) -> str:
    """The words of a PDF, as a reader that copies them gets them; a line for each drawn text."""
    return "\n".join(pages_of(pdf))


def pages_of(pdf: bytes) -> list[str]:
    """The same, page by page."""
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
    """What each glyph of a font stands for, by its code of four hexadecimal digits."""
    told = bytes(font.ToUnicode.read_bytes()).decode()
    return {
        code.lower(): bytes.fromhex(text).decode("utf-16-be")
        for code, text in re.findall(r"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>", told)
    }


@lru_cache(maxsize=16)
def properties_of(pdf: bytes) -> str:
    """What is told beside its pages: properties, metadata, outline."""
    with opened(pdf) as document:
        told = [str(document.docinfo), str(document.open_metadata())]
        return "\n".join([*told, *map(str, document.open_outline().root)])
