"""What makes a PDF of WeasyPrint accessible (PDF/UA-1) and fit to be kept (PDF/A-3a) at once."""

import base64
import io
from collections.abc import Mapping
from functools import partial
from importlib import resources

import pydyf
from weasyprint.css import ColorProfile
from weasyprint.pdf.metadata import DocumentMetadata

VARIANT = "pdf/a-3a"
# Colours are told by a profile that we give: WeasyPrint would leave the file of its own open.
OPTIONS = {"pdf_variant": VARIANT, "output_intent": "given"}
# Told in the metadata of a PDF/A, which only holds what is known to it or described there.
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
# A glyph that stands for a part of what another says (the colour of a hand, written from right to
# left) is told to say nothing: what says nothing has a sign of its own.
SAYS_NOTHING, NOTHING = b"> <>", b"> <200b>"


def colours() -> dict[str, ColorProfile]:
    """What the red, green and blue of a document are."""
    content = (resources.files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
    profile = ColorProfile(
        io.BytesIO(content), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"])
    )
    return {"srgb": profile}


class Metadata(DocumentMetadata):
    """The properties of a document, read by anybody (uncompressed), with both conformities."""

    def include_in_pdf(self, pdf, variant, version, conformance, compress):
        super().include_in_pdf(pdf, variant, version, conformance, compress=False)

    def generate_rdf_metadata(self, variant, version, conformance):
        told = super().generate_rdf_metadata(variant, version, conformance)
        assert told.endswith(RDF_END)  # noqa: S101
        return told.removesuffix(RDF_END) + ACCESSIBLE + RDF_END


def finish(document, pdf: pydyf.PDF) -> None:
    """The last touch, before a PDF is written (WeasyPrint's ``finisher``)."""
    if "AF" in pdf.catalog:  # what is attached, told once
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    told = {one.reference: one for one in pdf.objects if isinstance(one, pydyf.Dictionary)}
    for item in [one for one in told.values() if one.get("S") == "/LI"]:
        _gather(item, told, pdf)
    for one in pdf.objects:
        if isinstance(one, pydyf.Stream) and "Interpolate" in one.extra:
            one.extra["Interpolate"] = "false"  # an image is kept as it is
        if isinstance(one, pydyf.Stream):
            one.stream = [_said(piece) for piece in one.stream]
        _settle(one)
    # Two more streams are added while it is written.
    pdf.add_object = partial(_add_settled, pdf.add_object)


def _gather(item: pydyf.Dictionary, told: Mapping, pdf: pydyf.PDF) -> None:
    """Have an item of a list hold its mark and one body: WeasyPrint leaves the paragraphs of an
    item beside the body of its first line. ``told``: dictionaries by their reference."""
    kinds = {reference: told[reference].get("S") for reference in item["K"]}
    if set(kinds.values()) <= {"/Lbl", "/LBody"}:
        return
    body = pydyf.Dictionary(
        {"Type": "/StructElem", "S": "/LBody", "Pg": item["Pg"], "P": item.reference}
    )
    pdf.add_object(body)
    held = []
    for reference, kind in kinds.items():
        if kind != "/Lbl":
            held += told[reference]["K"] if kind == "/LBody" else [reference]
    for reference in held:
        if "P" in told.get(reference, ()):
            told[reference]["P"] = body.reference
    body["K"] = pydyf.Array(held)
    marks = [reference for reference, kind in kinds.items() if kind == "/Lbl"]
    item["K"] = pydyf.Array([*marks, body.reference])


def _said(piece):
    """A line of what tells the letters of a font."""
    if isinstance(piece, bytes) and piece.endswith(SAYS_NOTHING):
        return piece.removesuffix(SAYS_NOTHING) + NOTHING
    return piece


def _add_settled(add, one: pydyf.Object) -> None:
    _settle(one)
    add(one)


def _settle(one: pydyf.Object) -> None:
    """Compress a stream, once and for all. One that ends as a line does would be read as shorter
    than it is: it is written in ASCII."""
    if not isinstance(one, pydyf.Stream):
        return
    if one.compress:
        whole = one.data.partition(b"\nstream\n")[2].removesuffix(b"\nendstream")
        one.stream, one.compress, one.extra["Filter"] = [whole], False, "/FlateDecode"
    content = b"\n".join(map(pydyf._to_bytes, one.stream))
    if not content.endswith(ENDS):
        return
    one.stream = [base64.a85encode(content) + b"~>"]
    if "Filter" in one.extra:
        one.extra["Filter"] = pydyf.Array(["/ASCII85Decode", one.extra["Filter"]])
        if "DecodeParms" in one.extra:
            one.extra["DecodeParms"] = pydyf.Array(["null", one.extra["DecodeParms"]])
    else:
        one.extra["Filter"] = "/ASCII85Decode"
