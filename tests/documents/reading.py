"""Looking into PDF documents."""

import io

import page
import pikepdf

# A table may have more rows than the validator would look at by itself.
LIMITS = page.SafetyLimits(max_table_grid_rows=10_000)


def faults(pdf: bytes) -> list[str]:
    """Why ``pdf`` is not PDF/UA-1; empty for one that is accessible."""
    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1, limits=LIMITS)
    assert report.rules.total > 100
    return [f"{failure.rule_id}: {failure.message}" for failure in report.failures]


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


def links(pdf: bytes) -> list[str]:
    with opened(pdf) as document:
        notes = [note for sheet in document.pages for note in sheet.get("/Annots", [])]
        return [str(note.A.URI) for note in notes if "/A" in note and "/URI" in note.A]
