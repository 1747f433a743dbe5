"""Documents in PDF: accessible, the same twice, and closed to the outside."""

import datetime
import gc
import io
import logging
import socket

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.management import call_command
from django.template import engines

from documents import pdf
from documents.engine import FONTS, OwnFilesFetcher
from documents.pdf import render_pdf
from tests.documents.reading import faults, links, opened, structure

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgG"
    "AWjR9awAAAABJRU5ErkJggg=="
)
CONTENT = """
<p class="lead">Où l’été s’achève, cœur à l’ouvrage ; <em>naïf</em>, <strong>ÀÉÎÔÙ</strong>.</p>
<h2>Axe 1</h2><p>{{ word }} ✓ ✎ ○ ◷ ↻ « 48 000 € » <a href="/conventions/x/">la convention</a></p>
<h3>Objectif</h3><ul><li>un</li><li>deux</li></ul><ol><li>a</li></ol>
<figure><img src="{{ image }}" alt="Un point"><figcaption>Un point</figcaption></figure>
<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 9 9" width="90" height="90">
  <title>De 412 à 438</title><path d="M0 9H9" stroke="#1c212b"/><text x="1" y="5">été</text></svg>
<table><caption>Valeurs</caption><thead><tr><th scope="col">Indicateur</th><th scope="col">2023</th>
</tr></thead><tbody>{% for row in rows %}<tr><th scope="row">Places {{ row }}</th><td>1</td></tr>
{% endfor %}</tbody></table>
"""
TITLE = "Évaluation annuelle 2023 : l'été de « Grand Châtellerault »"


@pytest.fixture
def draw(monkeypatch, caplog):
    """Draw ``content`` (template source) within the base of documents; the log must stay empty."""

    def drawn(content=CONTENT, context=None, foot="", logged=(), **options):
        source = (
            '{% extends "documents/base.html" %}{% block foot %}' + foot + "{% endblock %}"
            "{% block content %}" + content + "{% endblock %}"
        )
        template = engines["django"].from_string(source)
        monkeypatch.setattr(pdf, "render_to_string", lambda _, context: template.render(context))
        caplog.clear()
        defaults = {"word": "mot", "image": PIXEL, "rows": range(3)}
        result = render_pdf("x.html", defaults | (context or {}), **{"title": TITLE} | options)
        records = [record for record in caplog.records if record.levelno >= logging.WARNING]
        assert len(records) == len(logged), records
        for record, words in zip(records, logged, strict=True):
            assert words in record.getMessage()
        return result

    return drawn


def test_a_drawing_leaves_the_threshold_of_garbage_collection(draw):
    """The threshold is that of the call, not that of the loading of the engine."""
    before = gc.get_threshold()
    expected = (before[0] + 1, *before[1:])
    try:
        gc.set_threshold(*expected)
        draw()
        assert gc.get_threshold() == expected
    finally:
        gc.set_threshold(*before)


class TestAccessible:
    def test_a_document_of_everything_is_accessible(self, draw):
        assert faults(draw(foot="CTG de Grand Châtellerault – version 1 du 12 avril 2024")) == []

    @pytest.mark.parametrize(
        "context",
        [{"word": "Châtellerault" * 60}, {"word": ""}, {"rows": range(200)},
         {"word": "a\x01b\x0c\x7f\x85"}, {"word": "<b>&amp; ' \""}, {"word": "Bravo 👍🏽🎉 ✅ ➡️ ❤️"},
         {"word": "Ελλάδα, Привет, العربية, ₂ ≠ ⇒ ①"}, {"word": "un \u2029 deux \u2028 trois"},
         {"word": "<div>" * 4000}],
        ids=["long word", "empty", "200 rows", "controls", "markup", "emoji", "alphabets",
             "separators", "endless word"],
    )  # fmt: skip
    def test_a_document_is_accessible_whatever_it_contains(self, draw, context):
        assert faults(draw(context=context)) == []

    def test_an_endless_word_is_cut_where_a_line_may_end(self):
        """Letters and entities stay whole, and usual words are not cut."""
        html = f'<p class="{"c" * 200}">{"&lt;" * 130}</p><p>{"a" * 100}</p>'
        assert pdf._with_breaks(html) == (
            f'<p class="{"c" * 200}">'
            + "\u200b".join(["&lt;" * 60, "&lt;" * 60, "&lt;" * 10])
            + f"</p><p>{'a' * 100}</p>"
        )

    def test_a_sign_that_no_font_draws_is_logged(self, draw):
        assert faults(draw("<p>\u0378</p>", logged=[".notdef glyph"]))

    def test_a_document_with_a_long_or_odd_title_is_accessible(self, draw):
        assert faults(draw(title="Châtellerault " * 30)) == []
        assert faults(draw(title='<b>"x"\0\x02&', author="Caf\0\x02 <&>")) == []

    def test_a_document_has_the_tags_that_a_screen_reader_reads(self, draw):
        elements = structure(draw())
        names = [name for name, _ in elements]
        assert [name for name in names if name in {"/H1", "/H2", "/H3"}] == ["/H1", "/H2", "/H3"]
        assert names.count("/TH") == 5
        assert elements.count(("/TD", 2)) == names.count("/TD") == 3  # its row's, its column's
        assert {"/Document", "/P", "/L", "/LI", "/Figure", "/Caption", "/Link"} <= set(names)

    def test_the_header_stands_again_on_every_page(self, draw):
        result = draw("<p>x</p>" * 30 + CONTENT, {"rows": range(200)})
        with opened(result) as document:
            pages = len(document.pages)
        assert pages > 4
        assert structure(result).count(("/TH", 0)) >= 200 + 2 * (pages - 1)
        assert structure(result).count(("/TD", 2)) == 200

    def test_the_validator_finds_faults(self, draw):
        spoilt = io.BytesIO()
        with opened(draw()) as document:
            del document.Root.StructTreeRoot
            document.save(spoilt)
        assert faults(spoilt.getvalue())


class TestProperties:
    def test_a_document_has_title_language_date_and_author(self, draw):
        day = datetime.date(2024, 4, 12)
        with opened(draw(date=day, author="Caf de la Vienne")) as document:
            assert document.Root.Lang == "fr"
            assert document.Root.ViewerPreferences.DisplayDocTitle
            assert document.docinfo["/Title"] == TITLE
            assert document.docinfo["/Author"] == "Caf de la Vienne"
            assert str(document.docinfo["/CreationDate"]).startswith("D:20240412")
            with document.open_metadata() as metadata:
                assert metadata["pdfuaid:part"] == "1"
                assert metadata["dc:title"] == TITLE

    def test_a_document_dated_to_the_second_says_so(self, draw):
        hour = datetime.datetime(2024, 4, 12, 9, 5, 1, 99, tzinfo=datetime.UTC)
        with opened(draw(date=hour)) as document:
            assert str(document.docinfo["/CreationDate"]) == "D:20240412090501+00'00"

    def test_a_document_without_date_has_none(self, draw):
        with opened(draw()) as document:
            assert "/CreationDate" not in document.docinfo
            assert "/ModDate" not in document.docinfo

    def test_equal_content_and_date_give_equal_bytes(self, draw):
        day = datetime.date(2024, 4, 12)
        assert draw(date=day) == draw(date=day)
        assert draw(date=day) != draw(date=datetime.date(2024, 4, 13))

    def test_pages_are_a4(self, draw):
        with opened(draw()) as document:
            assert [round(float(side)) for side in document.pages[0].MediaBox] == [0, 0, 595, 842]

    def test_a_document_embeds_the_fonts_of_the_portal(self, draw):
        with opened(draw(content="<p>été <em>naïf</em> <strong>gras</strong></p>")) as document:
            fonts = document.pages[0].Resources.Font.values()
            families = [font.DescendantFonts[0] for font in fonts]
            assert {str(family.BaseFont).partition("+")[2] for family in families} == {
                "Source-Serif-Pro-Semi-Bold", "Source-Sans-Pro", "Source-Sans-Pro-Italic",
                "Source-Sans-Pro-Semi-Bold",
            }  # fmt: skip
            assert all("/FontFile2" in family.FontDescriptor for family in families)

    def test_links_lead_to_the_portal(self, draw):
        assert links(draw()) == ["https://ctg.example/conventions/x/"]


REFUSED = [
    "http://127.0.0.1:9/x.png", "https://mechant.example/x.png", "//mechant.example/x.png",
    "ftp://mechant.example/x.png", "file:///etc/passwd", "file:///etc/passwd?x=/static/",
    "FILE:///etc/passwd", "file://localhost/etc/passwd", "/etc/passwd", "/conventions/x/",
    "../../etc/passwd", "/static/../manage.py", "/static/%2e%2e/manage.py", "/static//etc/passwd",
    "/static/absent.png", "https://ctg.example@mechant.example/static/documents/print.css",
    "https://ctg.example.mechant.example/static/documents/print.css", "font:../../x.ttf",
    "font:/etc/passwd", "font:Absent.ttf", "javascript:alert(1)", "gopher://x/", "jar:file:///x",
]  # fmt: skip


class TestClosed:
    @pytest.mark.parametrize("address", REFUSED)
    def test_an_image_from_elsewhere_is_not_drawn(self, draw, address):
        result = draw(f'<img src="{address}" alt="x">', logged=["Failed to load image"])
        assert b"/Subtype /Image" not in result

    @pytest.mark.parametrize("address", [a for a in REFUSED if ":" in a.partition("/")[0]])
    def test_the_fetcher_refuses_an_address_elsewhere(self, address):
        with pytest.raises((ValueError, OSError)):
            OwnFilesFetcher().fetch(address)

    @pytest.mark.parametrize("path", ["../manage.py", "%2e%2e/manage.py", "documents/../../x"])
    def test_the_fetcher_stays_in_the_folders_of_static_files(self, path):
        with pytest.raises(SuspiciousFileOperation):
            OwnFilesFetcher().fetch(f"https://ctg.example/static/{path}")

    @pytest.mark.parametrize(
        "content",
        ['<style>@import "{0}";</style>', '<link rel="stylesheet" href="{0}">',
         '<p style="background: url({0})">x</p>', '<link rel="attachment" href="{0}">',
         '<style>@font-face {{ font-family: F; src: url({0}) }} p {{ font: 9pt F }}</style><p>',
         '<object data="{0}"></object>', '<embed src="{0}">', '<img src="{0}" alt="x">',
         '<svg width="9" height="9"><title>x</title><image href="{0}" width="9" height="9"/></svg>',
         '<ul style="list-style-image: url({0})"><li>x</li></ul>',
         '<p style="content: url({0})">x</p>', '<base href="{0}"><img src="x.png" alt="x">'],
        ids=lambda content: content[:20],
    )  # fmt: skip
    @pytest.mark.parametrize("address", ["http://127.0.0.1:{port}/x", "file:///etc/passwd"])
    def test_drawing_a_document_asks_no_other_server_and_embeds_no_file(
        self, draw, content, address, monkeypatch, caplog
    ):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.setblocking(False)
            address = address.format(port=server.getsockname()[1])
            monkeypatch.setattr(caplog.handler, "level", logging.CRITICAL)
            result = draw(content.format(address))
            with pytest.raises(BlockingIOError):
                server.accept()
        with opened(result) as document:
            assert "/Names" not in document.Root or "/EmbeddedFiles" not in document.Root.Names

    def test_frames_and_scripts_are_not_followed(self, draw):
        assert draw('<iframe src="file:///etc/passwd"></iframe><script>x</script>')


class TestOwnFiles:
    @pytest.mark.parametrize("name", [name for name in FONTS if "Regular" in name])
    def test_the_fetcher_finds_the_fonts_of_the_portal(self, name):
        response = OwnFilesFetcher().fetch(f"font:{name}")
        assert response.content_type == "font/ttf"
        assert response.read() == FONTS[name].read_bytes()

    def test_the_fetcher_finds_static_files(self):
        response = OwnFilesFetcher().fetch("https://ctg.example/static/documents/print.css?v=1#x")
        assert response.content_type == "text/css"
        assert b"@page" in response.read()

    def test_an_embedded_image_is_drawn(self, draw):
        assert OwnFilesFetcher().fetch(PIXEL).read().startswith(b"\x89PNG")
        assert b"/Subtype /Image" in draw(f'<img src="{PIXEL}" alt="Un point">')

    def test_a_static_image_is_drawn(self, draw):
        assert faults(draw('<img src="/static/portal/icon.svg" alt="Le portail">')) == []

    def test_a_document_is_the_same_with_collected_hashed_files(
        self, draw, settings, tmp_path, monkeypatch
    ):
        expected = draw()
        settings.STATIC_ROOT = tmp_path
        settings.STORAGES = settings.STORAGES | {
            "staticfiles": {
                "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
            }
        }
        call_command("collectstatic", interactive=False, verbosity=0)
        monkeypatch.setattr("documents.engine.finders.find", lambda name: None)
        assert draw() == expected
