"""Which images a logo may be, and what is kept of them."""

import base64
import io
import re

import pytest
from PIL import Image

from documents.logos import MAX_SIZE, LogoError, clean_image, clean_logo, drawing
from documents.logos import png as png_module
from documents.logos import svg as svg_module
from tests.documents.images import END, PIXELS, chunk, header, png, svg


def refusal(data: bytes) -> str:
    with pytest.raises(LogoError) as caught:
        clean_logo(data)
    return str(caught.value)


def cleaned(data: bytes) -> str:
    """What is kept of an SVG within its root; it is kept as it is when it is cleaned again."""
    logo = clean_logo(data)
    assert logo.kind == clean_image(logo.data)[1] == "svg"
    assert svg_module.clean_svg(logo.data) == logo.data
    lines = logo.data.decode().splitlines()
    return "".join(line.strip() for line in lines[2:-1])


def pixels(data: bytes) -> tuple:
    image = Image.open(io.BytesIO(data))
    return image.size, image.convert("RGBA").tobytes()


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\xff\xd8\xff\xe0JFIF", b"%PDF-1.7", b"<html/>"])
def test_other_files_are_refused(data):
    assert refusal(data) == "ce fichier n’est ni une image PNG ni une image SVG"


@pytest.mark.parametrize("image", [png(), svg()], ids=["png", "svg"])
def test_a_logo_has_a_size_limit(image):
    assert refusal(image + b" " * (MAX_SIZE + 1 - len(image))) == "ce logo dépasse 1 Mo"


def test_a_logo_that_grows_beyond_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr("documents.logos.MAX_SIZE", 120)
    image = svg("<g/>" * 5)
    assert len(image) <= 120
    assert refusal(image) == "ce logo dépasse 1 Mo"


def test_an_image_as_large_as_the_limit_is_accepted():
    image = svg()
    assert clean_logo(image + b" " * (MAX_SIZE - len(image))).kind == "svg"


class TestPng:
    @pytest.mark.parametrize(
        "fields",
        [{}, {"width": 4000, "height": 4000}, {"depth": 16}, {"colour": 0, "depth": 1},
         {"colour": 3, "depth": 4}, {"colour": 6}, {"colour": 4}, {"interlace": 1}],
        ids=str,
    )  # fmt: skip
    def test_a_png_of_any_accepted_kind_keeps_its_pixels(self, fields):
        image = png(**fields)
        logo = clean_logo(image)
        assert (logo.kind, logo.png, clean_image(logo.data)) == ("png", b"", (logo.data, "png"))
        assert pixels(logo.data) == pixels(image)
        assert clean_logo(logo.data) == logo

    def test_a_cleaned_png_has_its_pixels_alone(self):
        exif = b"Exif\0\0Caf"
        image = png(header(), chunk(b"tEXt", b"Author\0Caf"), chunk(b"eXIf", exif), PIXELS, END)
        assert b"Caf" in image
        assert b"Caf" not in clean_logo(image).data

    def test_a_transparent_png_stays_transparent(self):
        colour = chunk(b"tRNS", b"\0\xff\0\xff\0\xff")
        image = png(header(), colour, PIXELS, END)
        assert pixels(clean_logo(image).data) == ((1, 1), b"\xff\xff\xff\0")

    @pytest.mark.parametrize(
        ("width", "height"), [(0, 1), (1, 0), (4001, 1), (1, 4001), (2**32 - 1, 2**32 - 1)]
    )
    def test_a_png_of_excessive_dimensions_is_refused(self, width, height):
        assert refusal(png(width=width, height=height)) == (
            f"cette image mesure {width} × {height} pixels ; 4000 au plus de chaque côté"
        )

    @pytest.mark.parametrize(
        "fields",
        [{"depth": 3}, {"depth": 4}, {"colour": 1}, {"colour": 3, "depth": 16}, {"colour": 7},
         {"filtering": 1}],
        ids=str,
    )  # fmt: skip
    def test_a_png_with_an_impossible_header_is_refused(self, fields):
        assert refusal(png(**fields)) == png_module.DAMAGED

    @pytest.mark.parametrize(
        "chunks",
        [(PIXELS, header(), END), (chunk(b"IHDR", b"short"), PIXELS, END), (END,),
         (header(), PIXELS)],
        ids=["order", "short header", "only the end", "no end"],
    )  # fmt: skip
    def test_a_png_with_impossible_chunks_is_refused(self, chunks):
        assert refusal(png(*chunks)) == png_module.DAMAGED

    @pytest.mark.parametrize("cut", range(8, len(png())))
    def test_a_png_cut_anywhere_is_refused_or_sound(self, cut):
        self.is_refused_or_sound(png()[:cut])

    @pytest.mark.parametrize("position", range(8, len(png())))
    def test_a_png_with_any_changed_byte_is_refused_or_sound(self, position):
        spoilt = bytearray(png())
        spoilt[position] ^= 0x55
        self.is_refused_or_sound(bytes(spoilt))

    @staticmethod
    def is_refused_or_sound(image):
        """The library forgives what does not touch the pixels; what is kept is sound."""
        try:
            logo = clean_logo(image)
        except LogoError:
            return
        assert pixels(logo.data) == pixels(png())
        assert clean_logo(logo.data) == logo

    def test_what_follows_the_end_of_a_png_is_left_out(self):
        assert clean_logo(png() + b"<?php") == clean_logo(png())

    def test_a_damaged_png_is_not_drawn(self):
        with pytest.raises(LogoError):
            clean_image(png()[:-20])


INKSCAPE = """
<sodipodi:namedview xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"
  xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
  inkscape:export-filename="C:\\Users\\moi\\logo.png"/>
<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <cc:Work xmlns:cc="http://creativecommons.org/ns#" rdf:about="">
    <cc:license rdf:resource="http://creativecommons.org/licenses/by/4.0/"/></cc:Work>
</rdf:RDF></metadata>
"""

IMAGE = base64.b64encode(png()).decode()
HARMLESS = {
    "a drawing": '<g fill="red"><circle r="2"/><text x="1">Caf</text></g>',
    "its own gradient": '<linearGradient id="a"/><rect fill="url(#a)"/>',
    "its own gradient, quoted": """<linearGradient id="a"/><rect style='fill:url( "#a" )'/>""",
    "a shape used twice": '<path id="p" d="M0 0"/><use href="#p"/><use href="#p" x="2"/>',
    "a shape used the old way":
        '<path id="p"/><use xmlns:x="http://www.w3.org/1999/xlink" x:href="#p"/>',
    "a reference to nothing": '<use href="#absent"/>',
    "a style sheet": "<style>.a { fill: #fff; font-family: 'Sans' } .b{filter:url(#f)}</style>",
    "an embedded image": f'<image href="data:image/png;base64,{IMAGE}"/>',
    "an embedded image in a style":
        f"<style>a{{background:url(data:image/png;base64,{IMAGE})}}</style>",
    "a clip": '<clipPath id="c"><rect/></clipPath><g clip-path="url(#c)"/>',
    "what Inkscape adds": INKSCAPE,
    "a title with an address": "<title>Caf, https://caf.example</title>",
    "a comment": "<!-- <script>alert(1)</script> -->",
    "an attribute that only begins like another": '<g opacity="0.5" offset="1"/>',
}  # fmt: skip

OUTSIDE = {
    "an image on a site": '<image href="https://mechant.example/x.png"/>',
    "an image on a site, the old way":
        '<image xmlns:x="http://www.w3.org/1999/xlink" x:href="//mechant.example/x.png"/>',
    "an image beside": '<image href="autre.png"/>',
    "a file of the server": '<image href="file:///etc/passwd"/>',
    "an embedded drawing": '<image href="data:image/svg+xml;base64,PHN2Zz4="/>',
    "an embedded page": '<image href="data:text/html;base64,PHNjcmlwdD4="/>',
    "an empty address": '<use href=""/>',
    "a shape of another file": '<use href="autre.svg#a"/>',
    "a programmed address": '<use href="javascript:alert(1)"/>',
    "a fill from a site": '<rect fill="url(https://mechant.example/a.svg#b)"/>',
    "a fill from a site, in capitals": '<rect fill="URL(HTTPS://mechant.example)"/>',
    "a fill from a site after its own": '<rect fill="url(#a) url(https://mechant.example)"/>',
    "a style from a site": '<rect style="fill:url(\'https://mechant.example\')"/>',
    "an address that is not closed": '<rect style="fill:url(https://mechant.example"/>',
    "a fetched font": "<style>@font-face{src:url(data:font/woff;base64,AA)}</style>",
    "a set of images": "<style>a{background:image-set('x.png' 1x)}</style>",
    "an old binding": '<rect style="-moz-binding:url(#a)"/>',
    "an animation": '<rect><animate attributeName="href" values="javascript:alert(1)"/></rect>',
    "an expression": '<rect style="width:expression(alert(1))"/>',
}  # fmt: skip

TAKEN_AWAY = {
    "a base address": '<g xml:base="https://mechant.example/"/>',
    "a fill from a site, escaped": '<rect fill="u\\72l(https://mechant.example)"/>',
    "an imported style": "<style>@import 'https://mechant.example/a.css';</style>",
    "an imported style, in capitals": "<style>@IMPORT url(#a);</style>",
    "an imported style between texts": "<style>a{b:'/*'} @import 'x'; c{d:'*/'}</style>",
    "an imported style in CDATA": "<style><![CDATA[@import 'x';]]></style>",
    "an escaped import": "<style>@\\69mport 'x';</style>",
    "a style sheet by instruction": '<?xml-stylesheet href="https://mechant.example/a.css"?>',
    "a script": "<script>alert(1)</script>",
    "a script in capitals": "<SCRIPT>alert(1)</SCRIPT>",
    "a script of no namespace": '<script xmlns="">alert(1)</script>',
    "a script under a prefix": '<a:script xmlns:a="http://www.w3.org/2000/svg"/>',
    "a page": '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
    "an element of a page": '<p xmlns="http://www.w3.org/1999/xhtml">x</p>',
    "a frame": "<iframe/>",
    "a link": '<a href="#x"><rect/></a>',
    "an event": '<rect onclick="alert(1)"/>',
    "an event in capitals": '<rect ONLOAD="alert(1)"/>',
    "an event under a prefix": '<rect xmlns:a="b" a:onload="alert(1)"/>',
    "a value that is set": '<rect><set attributeName="onclick" to="alert(1)"/></rect>',
    "a listener": '<listener xmlns="http://www.w3.org/2001/xml-events"/>',
    "an element that is not known": "<inconnu/>",
}


class TestSvg:
    @pytest.mark.parametrize("content", HARMLESS.values(), ids=HARMLESS)
    def test_a_harmless_svg_is_accepted(self, content):
        assert cleaned(svg(content)) is not None

    def test_the_shapes_of_an_svg_stay(self):
        drawing = '<path d="M0 0h9v9z" fill="red"/><use href="#a"/><text>a<tspan>b</tspan>c</text>'
        assert cleaned(svg(drawing)) == drawing

    @pytest.mark.parametrize("content", OUTSIDE.values(), ids=OUTSIDE)
    def test_an_svg_that_refers_to_something_else_is_refused(self, content):
        assert refusal(svg(content)) == svg_module.OUTSIDE

    @pytest.mark.parametrize("content", TAKEN_AWAY.values(), ids=TAKEN_AWAY)
    def test_what_runs_or_fetches_in_an_svg_is_removed(self, content):
        left = re.compile(
            r"(</?g/?>|</?rect/?>|</?a>|<style></style>|<style>#a\);</style>"
            r"|<style>a{b:'/\*'} c{d:'\*/'}</style>|<rect fill=\"https://mechant.example\)\"/>"
            r'|<set to="alert\(1\)"/>)*'
        )
        assert left.fullmatch(cleaned(svg(content))), cleaned(svg(content))

    def test_an_event_on_the_root_is_removed(self):
        assert clean_logo(svg(attributes=' onload="alert(1)"')) == clean_logo(svg())

    def test_an_import_after_a_long_text_is_removed(self):
        style = "<style>" + " " * 8190 + "@import 'x';</style>"
        assert "import" not in cleaned(svg(style))

    def test_a_public_doctype_is_left_out(self):
        declaration = (
            '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'
        )
        assert clean_logo(declaration.encode() + svg()) == clean_logo(svg())

    @pytest.mark.parametrize(
        "declaration",
        ['<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
         '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'],
        ids=["external entity", "entities"],
    )  # fmt: skip
    def test_an_svg_that_declares_entities_is_refused(self, declaration):
        assert refusal(declaration.encode() + svg("<text>&a;</text>")) == svg_module.ENTITIES

    @pytest.mark.parametrize("side", [30_000, 5_000])
    def test_an_svg_with_an_excessive_embedded_image_is_refused(self, side):
        image = base64.b64encode(png(header(width=side, height=side), PIXELS, END)).decode()
        message = refusal(svg(f'<image href="data:image/png;base64,{image}"/>'))
        assert "4000" in message

    def test_an_svg_with_a_damaged_embedded_image_is_refused(self):
        message = refusal(svg('<image href="data:image/png;base64,iVBORw0KGgo="/>'))
        assert message == "cette image SVG contient une image abîmée"

    @pytest.mark.parametrize(
        "data",
        [b"<svg", svg()[:-3], svg("<g>"), svg("&nbsp;"), svg("<g a='1' a='2'/>"),
         svg() + svg(), svg("é").decode().encode("latin-1"), svg("\x01")],
        ids=["cut", "not closed", "crossed", "entity", "twice", "two", "encoding", "control"],
    )  # fmt: skip
    def test_an_svg_that_is_not_xml_is_refused(self, data):
        assert refusal(data) == svg_module.DAMAGED

    def test_a_page_that_contains_an_svg_is_refused(self):
        html = b'<html><svg xmlns="http://www.w3.org/2000/svg"/></html>'
        assert refusal(html) == "ce fichier n’est pas une image SVG"

    def test_an_svg_without_its_namespace_is_refused(self):
        assert refusal(b"<svg/>") == "ce fichier n’est pas une image SVG"

    def test_an_svg_under_a_prefix_is_refused(self):
        assert refusal(b'<s:svg xmlns:s="http://www.w3.org/2000/svg"/>') == svg_module.DAMAGED

    def test_an_svg_that_is_too_deep_is_refused(self):
        assert refusal(svg("<g>" * 200 + "</g>" * 200)) == svg_module.TOO_MUCH

    @pytest.mark.parametrize(
        "part",
        ['<g id="p{0}"><use href="#p{1}"/><use href="#p{1}"/></g>',
         '<g id="p{0}"><rect fill="url(#p{1})"/><rect fill="url(#p{1})"/></g>',
         '<g id="p{0}"><rect style="mask:url(#p{1})"/><rect style="mask:url(#p{1})"/></g>'],
        ids=["use", "fill", "style"],
    )  # fmt: skip
    def test_an_svg_whose_shapes_multiply_is_refused(self, part):
        parts = "".join(part.format(n, n + 1) for n in range(30))
        assert refusal(svg(parts + '<rect id="p30"/>')) == svg_module.TOO_MUCH

    @pytest.mark.parametrize(
        "content",
        ['<g id="a"><use href="#a"/></g>',
         '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
         '<use href="#root"/>'],
        ids=["itself", "each other", "the whole"],
    )  # fmt: skip
    def test_an_svg_whose_shapes_refer_in_a_circle_is_refused(self, content):
        assert refusal(svg(content, ' id="root"')) == svg_module.TOO_MUCH

    @pytest.mark.parametrize(
        ("content", "expected"),
        [("<g/>" * 200_000, svg_module.TOO_MUCH),
         ('<rect fill="' + "url(" * 200_000 + '"/>', svg_module.OUTSIDE),
         ("<style>" + "url(#" * 150_000 + "</style>", svg_module.OUTSIDE),
         ("<g>" * 140_000 + "</g>" * 140_000, svg_module.DAMAGED)],
        ids=["elements", "addresses", "style", "depth"],
    )  # fmt: skip
    def test_a_large_svg_of_many_parts_is_refused(self, content, expected):
        assert refusal(svg(content)) == expected

    def test_a_large_drawing_is_accepted(self):
        assert clean_logo(svg('<path d="' + "M0 0" * 250_000 + '"/>')).kind == "svg"

    def test_a_large_comment_of_a_style_is_removed(self):
        assert cleaned(svg("<style>" + "/*" * 250_000 + "@import</style>")) == "<style></style>"


class TestCopy:
    def test_the_png_copy_is_as_large_as_print_needs(self):
        copy = clean_logo(svg('<path d="M0 0h9v9z"/>')).png
        assert clean_logo(copy).kind == "png"
        assert Image.open(io.BytesIO(copy)).size == (600, 600)

    def test_the_png_copy_shows_the_words_of_an_svg(self):
        image = Image.open(io.BytesIO(clean_logo(svg('<text y="8">Caf</text>')).png))
        assert image.getbbox() is not None

    def test_an_svg_without_size_is_refused(self):
        empty = b'<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0"/>'
        assert refusal(empty) == drawing.UNDRAWN

    def test_an_svg_that_takes_too_long_to_draw_is_refused(self, monkeypatch):
        monkeypatch.setattr(drawing, "SECONDS", 0.001)
        assert refusal(svg()) == "cette image SVG est trop longue à dessiner pour un logo"
