"""Word documents: what Word navigates, what it reads, and that nothing breaks or runs."""

import datetime
import io
import zipfile
from xml.etree import ElementTree

import docx
import pytest
from django.core.files.base import ContentFile
from docx.shared import Cm

from documents.word import WordDocument, write_markdown
from tests.documents.images import chunk, png, svg, white

DAY = datetime.date(2024, 4, 12)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def new(**values) -> WordDocument:
    return WordDocument("Fiche action 1.1", date=DAY, **values)


def opened(word: WordDocument):
    return docx.Document(io.BytesIO(word.save()))


def markdown(text: str, level: int = 3):
    """(style, text) of each paragraph."""
    word = new()
    write_markdown(word, text, heading_level=level)
    return [(p.style.name, p.text) for p in opened(word).paragraphs]


def runs(text: str) -> list:
    word = new()
    write_markdown(word, text, heading_level=3)
    return opened(word).paragraphs[0].runs


class TestDocument:
    def test_a_word_document_has_title_day_and_french_language(self):
        document = opened(new())
        properties = document.core_properties
        assert (properties.title, properties.language) == ("Fiche action 1.1", "fr-FR")
        assert (properties.author, properties.comments) == ("", "")
        assert properties.created.date() == DAY
        langs = {lang.get(f"{W}val") for lang in document.styles.element.iter(f"{W}lang")}
        assert langs == {"fr-FR"}
        assert 'themeFontLang w:val="fr-FR"' in document.settings.element.xml

    def test_headings_have_words_own_styles(self):
        word = new()
        for level in (1, 2, 3):
            word.heading(f"Titre {level}", level)
        assert [(p.style.name, p.text) for p in opened(word).paragraphs] == [
            (f"Heading {level}", f"Titre {level}") for level in (1, 2, 3)
        ]

    def test_the_header_of_a_table_is_marked_and_rows_stay_whole(self):
        word = new()
        word.table(["Financeur", "Prévu"], [("CAF", "1 000 €")], widths=[0.6, 0.4], numbers=[1])
        [table] = opened(word).tables
        marks = [[mark.tag for mark in row._tr.trPr] for row in table.rows]
        assert marks == [[f"{W}cantSplit", f"{W}tblHeader"], [f"{W}cantSplit"]]
        assert [cell.text for cell in table.rows[1].cells] == ["CAF", "1\u202f000\u202f€"]
        assert table.rows[1].cells[1].paragraphs[0].alignment == 2

    def test_labels_have_no_header_row(self):
        word = new()
        word.facts([("Public", "Parents\nEnfants")])
        [table] = opened(word).tables
        assert f"{W}tblHeader" not in [mark.tag for mark in table.rows[0]._tr.trPr]
        assert table.rows[0].cells[1].text == "Parents\nEnfants"

    def test_the_footer_has_a_text_and_the_page_number(self):
        xml = opened(new(foot="CTG")).sections[0].footer._element.xml
        assert "CTG – page " in xml
        assert 'w:instr="PAGE"' in xml

    @pytest.mark.parametrize("text", ["a\x00\x01\x0b\x0c\x1f\x7fb", "a\ud800\ufffe\uffffb"])
    def test_characters_forbidden_in_xml_are_removed(self, text):
        word = WordDocument(text, foot=text, date=DAY)
        word.heading(text, 1)
        word.table([text], [(text,)], widths=[1])
        write_markdown(word, text, heading_level=2)
        document = opened(word)
        assert {p.text for p in document.paragraphs if p.text} == {"ab"}
        assert document.core_properties.title == "ab"

    def test_every_part_is_well_formed_and_nothing_is_fetched(self):
        word = new()
        write_markdown(word, "![x](https://mechant.example/a.png) <b>&", heading_level=2)
        with zipfile.ZipFile(io.BytesIO(word.save())) as parts:
            for name in parts.namelist():
                if name.endswith((".xml", ".rels")):
                    ElementTree.fromstring(parts.read(name))  # noqa: S314
                assert b"mechant" not in parts.read(name)


class TestLogos:
    """The document names its parties and shows their logos."""

    @staticmethod
    def shown(*images: bytes):
        word = new()
        word.logos((f"Partie {n}", ContentFile(x, "logo.png")) for n, x in enumerate(images, 1))
        return opened(word)

    def test_logos_stand_on_one_line_and_name_their_party(self):
        document = self.shown(png(), png(width=2))
        [line] = document.paragraphs
        for name in ("docPr", "cNvPr"):
            descriptions = [
                found.get("descr") for found in line._p.iter() if found.tag.endswith(name)
            ]
            assert descriptions == ["Logo\u00a0: Partie 1", "Logo\u00a0: Partie 2"]
        assert len(line._p.xpath(".//pic:pic")) == 2

    @pytest.mark.parametrize(
        ("sides", "width", "height"),
        [((2, 1), 2.6, 1.3), ((1, 2), 0.65, 1.3), ((8, 1), 4.2, 0.525)],
    )
    def test_logos_keep_within_their_height_and_width(self, sides, width, height):
        [logo] = self.shown(png(width=sides[0], height=sides[1])).inline_shapes
        assert (logo.width, logo.height) == (Cm(width), Cm(height))

    @pytest.mark.parametrize(
        "image", [b"", b"GIF89a", svg(), b"\x89PNG\r\n\x1a\n", png()[:-20], b"x" * 2_000_000],
        ids=["empty", "gif", "svg", "torn", "cut", "heavy"],
    )  # fmt: skip
    def test_an_image_that_word_cannot_show_is_left_out(self, image):
        assert not self.shown(image).paragraphs
        assert len(self.shown(image, png()).inline_shapes) == 1

    def test_a_logo_without_resolution_is_drawn(self):
        """A PNG may tell 0 pixels a metre."""
        first, *others = white()
        unsized = png(first, chunk(b"pHYs", bytes(8) + b"\x01"), *others)
        assert len(self.shown(unsized).inline_shapes) == 1


class TestMarkdown:
    def test_headings_of_markdown_begin_at_the_level_asked_for(self):
        assert markdown("# Un\n\ntexte\nsuite\n\n### Deux", 4) == [
            ("Heading 4", "Un"),
            ("Normal", "texte suite"),
            ("Heading 5", "Deux"),
        ]

    def test_lists_within_lists_have_their_own_styles(self):
        assert markdown("- a\n  - b\n\n    suite\n- c\n\n1. d\n   1. e") == [
            ("List Bullet", "a"),
            ("List Bullet 2", "b"),
            ("List Continue 2", "suite"),
            ("List Bullet", "c"),
            ("List Number", "d"),
            ("List Number 2", "e"),
        ]

    def test_a_list_deeper_than_word_goes_stays_at_the_third_level(self):
        assert markdown("- a\n  - b\n    - c\n      - d")[-1] == ("List Bullet 3", "d")

    def test_each_list_of_numbers_begins_anew(self):
        word = new()
        write_markdown(word, "1. a\n2. b\n\ntexte\n\n4. c", heading_level=3)
        document = opened(word)
        numbers = [p._p.pPr.numPr.numId.val for p in document.paragraphs if p.text != "texte"]
        assert numbers[0] == numbers[1] != numbers[2]
        starts = {
            num.numId: num.lvlOverride_lst[0].startOverride.val
            for num in document.part.numbering_part.element.num_lst
            if num.lvlOverride_lst
        }
        assert [starts[numbers[0]], starts[numbers[2]]] == [1, 4]

    def test_bold_and_italic_stay_in_word(self):
        assert [(r.text, r.bold, r.italic) for r in runs("un **deux _trois_** quatre")] == [
            ("un ", None, None),
            ("deux ", True, None),
            ("trois", True, True),
            (" quatre", None, None),
        ]

    def test_links_of_the_web_stay_links(self):
        word = new()
        write_markdown(word, "voir [le **site**](https://caf.fr/x?a=1&b=2), puis", heading_level=3)
        [paragraph] = opened(word).paragraphs
        assert paragraph.text == "voir le site, puis"
        assert [(link.text, link.url) for link in paragraph.hyperlinks] == [
            ("le site", "https://caf.fr/x?a=1&b=2")
        ]

    @pytest.mark.parametrize(
        "href", ["javascript:alert(1)", "file:///etc/passwd", "//caf.fr", "/x", "x.docx"]
    )
    def test_a_link_that_is_not_of_the_web_is_text(self, href):
        word = new()
        write_markdown(word, f"[ici]({href})", heading_level=3)
        [paragraph] = opened(word).paragraphs
        assert "ici" in paragraph.text
        assert paragraph.hyperlinks == []

    def test_html_is_shown_as_typed(self):
        assert markdown("<script>alert(1)</script>\n\na <b>b</b>") == [
            ("Normal", "<script>alert(1)</script>"),
            ("Normal", "a <b>b</b>"),
        ]

    def test_quotes_code_rules_images_and_breaks_have_their_own_form(self):
        assert markdown("> dit\n\n```\nx = 1\n```\n\n---\n\n![Une carte](c.png)\n\na  \nb") == [
            ("Quote", "dit"),
            ("Normal", "x = 1"),
            ("Normal", "* * *"),
            ("Normal", "Une carte"),
            ("Normal", "a\nb"),
        ]

    def test_a_table_of_markdown_is_a_table_of_word(self):
        word = new()
        text = "| An | Nombre |\n|---|---|\n| 2021 | **12** |\n| x |"
        write_markdown(word, text, heading_level=3)
        [table] = opened(word).tables
        assert [[cell.text for cell in row.cells] for row in table.rows] == [
            ["An", "Nombre"], ["2021", "12"], ["x", ""],
        ]  # fmt: skip
        assert table.rows[0].cells[0].paragraphs[0].runs[-1].bold
        assert table.rows[1].cells[1].paragraphs[0].runs[-1].bold
        assert not table.rows[1].cells[0].paragraphs[0].runs[-1].bold

    def test_markdown_is_set_in_french_typography(self):
        assert markdown("Pourquoi ? L'accueil...") == [("Normal", "Pourquoi\u202f? L’accueil…")]
