"""Corrections that make a PDF of WeasyPrint conform to PDF/UA-1 and PDF/A-3a at once."""

import base64
import io
from collections.abc import Callable, Mapping
from functools import partial
from importlib import resources

import pydyf
from weasyprint.css import ColorProfile
from weasyprint.pdf.metadata import DocumentMetadata

VARIANT = "pdf/a-3a"
# Our own colour profile: WeasyPrint would leave the file of its own open.
OPTIONS = {"pdf_variant": VARIANT, "output_intent": "given"}
# PDF/UA in the metadata of a PDF/A, which may only have properties known to it or described there.
ACCESSIBLE = b"""
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
RDF_END = b"</rdf:RDF>"
ENDS = (b"\r", b"\n")
# In a ToUnicode map, a glyph that is part of another (the colour of a hand, written from right to
# left) maps to an empty text, which PDF/A forbids: it maps to a zero-width space instead.
SAYS_NOTHING, NOTHING = b"> <>", b"> <200b>"


def colours() -> dict[str, ColorProfile]:
    """Return the colour profile of documents, sRGB, as WeasyPrint wants it."""
    content = (resources.files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
    profile = ColorProfile(
        io.BytesIO(content), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"])
    )
    return {"srgb": profile}


class Metadata(DocumentMetadata):
    """The metadata of a document, uncompressed, with both conformities."""

    def include_in_pdf(self, pdf, variant, version, conformance, compress):
        super().include_in_pdf(pdf, variant, version, conformance, compress=False)

    def generate_rdf_metadata(self, variant, version, conformance):
        """Return the metadata of PDF/A with those of PDF/UA added."""
        rdf = super().generate_rdf_metadata(variant, version, conformance)
        assert rdf.endswith(RDF_END)  # noqa: S101
        return rdf.removesuffix(RDF_END) + ACCESSIBLE + RDF_END


def finish(document, pdf: pydyf.PDF) -> None:
    """Correct the objects of a PDF before it is written (WeasyPrint's ``finisher``): attached
    files, list items, images, texts of glyphs; and compress its streams."""
    if "AF" in pdf.catalog:  # each attached file once
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    dictionaries = {
        part.reference: part for part in pdf.objects if isinstance(part, pydyf.Dictionary)
    }
    for item in [part for part in dictionaries.values() if part.get("S") == "/LI"]:
        _gather_item_body(item, dictionaries, pdf)
    for part in pdf.objects:
        if isinstance(part, pydyf.Stream) and "Interpolate" in part.extra:
            part.extra["Interpolate"] = "false"  # an image is kept as it is
        if isinstance(part, pydyf.Stream):
            part.stream = [_with_glyph_text(piece) for piece in part.stream]
        _compress(part)
    # Two more streams are added while it is written.
    pdf.add_object = partial(_add_compressed, pdf.add_object)


def _gather_item_body(item: pydyf.Dictionary, dictionaries: Mapping, pdf: pydyf.PDF) -> None:
    """Give a list item its label and one body: WeasyPrint leaves the paragraphs of an item beside
    the body of its first line. ``dictionaries``: by their reference."""
    kinds = {reference: dictionaries[reference].get("S") for reference in item["K"]}
    if set(kinds.values()) <= {"/Lbl", "/LBody"}:
        return
    body = pydyf.Dictionary(
        {"Type": "/StructElem", "S": "/LBody", "Pg": item["Pg"], "P": item.reference}
    )
    pdf.add_object(body)
    children = []
    for reference, kind in kinds.items():
        if kind != "/Lbl":
            children += dictionaries[reference]["K"] if kind == "/LBody" else [reference]
    for reference in children:
        if "P" in dictionaries.get(reference, ()):
            dictionaries[reference]["P"] = body.reference
    body["K"] = pydyf.Array(children)
    labels = [reference for reference, kind in kinds.items() if kind == "/Lbl"]
    item["K"] = pydyf.Array([*labels, body.reference])


def _with_glyph_text(piece):
    """Return a line of a ToUnicode map with a zero-width space instead of an empty text."""
    if isinstance(piece, bytes) and piece.endswith(SAYS_NOTHING):
        return piece.removesuffix(SAYS_NOTHING) + NOTHING
    return piece


def _add_compressed(add: Callable[[pydyf.Object], None], part: pydyf.Object) -> None:
    """Compress an object, if it is a stream, and add it."""
    _compress(part)
    add(part)


def _compress(part: pydyf.Object) -> None:
    """Compress a stream, once and for all. One that ends with an end of line is encoded in ASCII,
    for readers would take it for shorter than it is."""
    if not isinstance(part, pydyf.Stream):
        return
    if part.compress:
        whole = part.data.partition(b"\nstream\n")[2].removesuffix(b"\nendstream")
        part.stream, part.compress, part.extra["Filter"] = [whole], False, "/FlateDecode"
    content = b"\n".join(map(pydyf._to_bytes, part.stream))
    if not content.endswith(ENDS):
        return
    part.stream = [base64.a85encode(content) + b"~>"]
    if "Filter" in part.extra:
        part.extra["Filter"] = pydyf.Array(["/ASCII85Decode", part.extra["Filter"]])
        if "DecodeParms" in part.extra:
            part.extra["DecodeParms"] = pydyf.Array(["null", part.extra["DecodeParms"]])
    else:
        part.extra["Filter"] = "/ASCII85Decode"
