"""Documents that are accessible and may be kept, with the files that they carry."""

import datetime

import pydyf
import pytest

from documents import archival
from documents.drawing.kinds import AttachedFile
from documents.pdf import draw_pdf
from tests.documents.reading import faults, opened, structure

HTML = '<html lang="fr"><title>Bilan</title><h1>Bilan</h1><p>Été.</p></html>'
MOMENT = datetime.datetime(2024, 4, 12, 9, 0, tzinfo=datetime.UTC)
FILES = [
    AttachedFile("chiffres.csv", "Les chiffres", b"Ann\xc3\xa9e;Valeur\r\n2023;438\r\n"),
    AttachedFile("chiffres.json", "Les chiffres, pour des programmes", b'{"valeur": 438}'),
]


def drawn(**relations) -> bytes:
    return draw_pdf(HTML, **{"title": "Bilan", "date": MOMENT} | relations).content


def test_the_files_within_are_the_data_of_the_document():
    content = drawn(attached=FILES)
    assert faults(content) == []
    with opened(content) as pdf:
        contents = {name: pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments}
        relations = [
            (str(file.UF), str(file.AFRelationship), str(file.Desc)) for file in pdf.Root.AF
        ]
        types = [str(file.EF.F.Subtype) for file in pdf.Root.AF]
    assert contents == {file.name: file.content for file in FILES}
    assert relations == [(file.name, "/Data", file.description) for file in FILES]
    assert types == ["/text/csv", "/application/json"]


def test_a_pdf_with_files_has_the_same_bytes_each_time():
    assert drawn(attached=FILES) == drawn(attached=FILES)
    assert drawn(attached=FILES, date=None) == drawn(attached=FILES, date=None)


@pytest.mark.parametrize(
    "item",
    [
        "a",
        "<p>a</p>",
        "<p>a</p><p>b</p>",
        "a <b>b</b><div><p>c</p></div>",
        "<div>a</div><ul><li><p>b</p></li></ul>",
        '<a href="https://exemple.fr/">a</a><p>b</p>',
    ],
)
@pytest.mark.parametrize("style", ["", ' style="list-style: none"'])
def test_an_item_of_a_list_has_one_body(item, style):
    html = f'<html lang="fr"><title>x</title><h1>x</h1><ul{style}><li>{item}</li></ul></html>'
    content = draw_pdf(html, title="x", date=MOMENT).content
    assert faults(content) == []
    kinds = [kind for kind, _ in structure(content)]
    assert kinds.count("/LI") == kinds.count("/LBody") > 0


def test_both_conformities_are_read_by_anybody():
    content = drawn()
    for words in (b'pdfaid:part="3"', b'pdfaid:conformance="A"', b"<pdfuaid:part>1</pdfuaid:part>"):
        assert words in content
    with opened(content) as pdf:
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"


@pytest.mark.parametrize("end", [b"\r", b"\n"])
def test_no_stream_ends_as_a_line_does(end):
    """One stream of some hundred would by chance, and would be read as shorter than it is."""
    stream = pydyf.Stream([b"abc" + end], {"Filter": "/DCTDecode", "DecodeParms": "<<>>"})
    archival._compress(stream)
    assert stream.data.endswith(b"~>\nendstream")
    assert stream.extra["Filter"].data == b"[/ASCII85Decode /DCTDecode]"
    assert stream.extra["DecodeParms"].data == b"[null <<>>]"


def test_a_document_whose_streams_are_all_in_ascii_is_valid(monkeypatch):
    """The metadata, which end by « > », stay readable."""
    monkeypatch.setattr(archival, "ENDS", tuple(bytes([n]) for n in range(256) if n != ord(">")))
    content = drawn(attached=FILES)
    assert content.count(b"/ASCII85Decode") > 8
    assert faults(content) == []
    with opened(content) as pdf:
        assert pdf.attachments["chiffres.csv"].get_file().read_bytes() == FILES[0].content


def test_each_glyph_says_something():
    """One glyph of an emoji beside Arabic letters would say nothing."""
    content = draw_pdf(HTML.replace("Été", "مركز 👍🏽"), title="Bilan").content
    assert faults(content) == []
