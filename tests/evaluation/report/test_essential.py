"""« L’essentiel »: twelve pages at most, a theme on a page at most, whatever the territory."""

import datetime
import logging
import re
from dataclasses import replace

import pytest
from django.urls import reverse

from conventions.models import Convention
from documents.drawing.composition import compose
from documents.drawing.kinds import Drawn
from documents.models import Drawing
from evaluation.cooperation.lines import PostLine
from evaluation.models import Narrative
from evaluation.report.content import SHORT, ReportText
from evaluation.report.essential.heights import extract, text_height
from evaluation.report.essential.whole import PAGES, Essential, draw_essential, write_essential
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report
from evaluation.stakes.lines import StakeLine
from tests import factories as f
from tests.documents.reading import faults, opened
from tests.evaluation.report.test_report_document import ODD, full
from tests.indicators.bulk import followed_actions, many_indicators
from tests.indicators.factories import campaign_of, indicator_in_force, value_of

MARK = Mark.project(datetime.date(2024, 4, 12))
MOMENT = datetime.datetime(2024, 4, 12, 9, 0, tzinfo=datetime.UTC)


def content_of(campaign):
    return read_report(Convention.objects.get(pk=campaign.convention_id), campaign)


@pytest.fixture
def drawn(caplog):
    """The HTML and the PDF; nothing that was drawn is to be complained of."""

    def draw(campaign):
        content = content_of(campaign)
        caplog.clear()
        html = write_essential(content, MARK)
        document = draw_essential(html, content, MARK, MOMENT)
        assert not [one for one in caplog.records if one.levelno >= logging.WARNING]
        return html, document

    return draw


def with_themes(committee, number: int, title="Accompagnement à la parentalité") -> None:
    axis = committee.orientation.theme.axis
    for rank in range(1, number):
        f.ThemeFactory(axis=axis, rank=rank, title=f"{title} {rank}", number=f"1.{rank}")


class TestTwelvePages:
    def test_the_essential_of_a_full_year_is_accessible_and_short(self, committee, drawn):
        html, document = drawn(full(committee))
        assert faults(document.content) == []
        assert document.pages <= PAGES
        assert "l’essentiel" in html

    def test_the_essential_of_an_empty_year_is_accessible_on_two_pages(self, committee, drawn):
        _, document = drawn(campaign_of(committee, 2023))
        assert faults(document.content) == []
        assert document.pages == 2

    @pytest.mark.parametrize(("themes", "a_page"), [(3, 1), (9, 1), (10, 2), (23, 3), (36, 4)])
    def test_themes_share_pages(self, committee, drawn, themes, a_page):
        with_themes(committee, themes)
        campaign = many_indicators(committee.convention, 3 * themes, [2021, 2022, 2023])
        followed_actions(committee.convention, themes, 2023)
        essential = Essential(content_of(campaign))
        assert essential.a_page == a_page
        assert len(essential.blocks) == themes
        html, document = drawn(campaign)
        assert document.pages <= PAGES
        assert html.count('<section class="essential ') == themes
        assert ("se partagent les pages" in html) == (a_page > 1)
        if themes <= 10:
            assert faults(document.content) == []

    def test_each_theme_begins_and_ends_on_its_own_page(self, committee, drawn):
        with_themes(committee, 9)
        campaign = many_indicators(committee.convention, 72, [2021, 2022, 2023])
        followed_actions(committee.convention, 36, 2023)
        _, document = drawn(campaign)
        with opened(document.content) as file:
            outline = list(file.open_outline().root)
            pages = [page.obj.objgen for page in file.pages]
            places = [pages.index(one.destination[0].objgen) for one in outline]
        assert places == list(range(1, 12))

    def test_more_themes_than_pages_hold_have_a_line_each(self, committee, drawn):
        with_themes(committee, 60)
        campaign = many_indicators(committee.convention, 120, [2022, 2023])
        html, document = drawn(campaign)
        assert document.pages <= PAGES
        assert "<h2>Thématique par thématique</h2>" in html
        lines = html.split('<table class="listing">')[1].split("</table>")[0]
        assert lines.count('<th scope="row"') == 60
        assert faults(document.content) == []

    def test_too_many_long_themes_give_way_to_a_line_an_axis(self, committee, drawn):
        with_themes(committee, 120, title="Accompagnement-à-la-parentalité " * 8)
        campaign = many_indicators(committee.convention, 120, [2023])
        html, document = drawn(campaign)
        assert document.pages <= PAGES
        assert "<h2>Axe par axe</h2>" in html

    def test_the_essential_is_accessible_and_safe_whatever_is_written(self, committee, drawn):
        odd = {
            indicator_in_force(
                committee, title=text[:300], definition=text, unit=text[:60], limits=text
            ): text
            for text in ODD.values()
        }
        campaign = campaign_of(committee, 2023, list(odd))
        for indicator, text in odd.items():
            given = {"reason": text, "source": text[:300]}
            value_of(campaign, indicator, absence="not_available", **given)
            theme = f.ThemeFactory(axis=committee.orientation.theme.axis, title=text[:120])
            Narrative.objects.create(theme=theme, year=2023, text=text * 5)
        html, document = drawn(campaign)
        assert document.pages <= PAGES
        assert faults(document.content) == []
        assert "<script" not in html
        assert not re.search(r'(?:href|src)="(?:file|javascript|http)', html)

    def test_a_document_drawn_too_tall_is_drawn_again_with_less(self, committee, monkeypatch):
        with_themes(committee, 18)
        campaign = many_indicators(committee.convention, 90, [2022, 2023])
        lengths, drawn = iter((14, 13, 12)), []

        def draw(html, **options):
            drawn.append(len(html))
            return Drawn(b"%PDF", next(lengths))

        monkeypatch.setattr("evaluation.report.essential.whole.draw_pdf", draw)
        content = content_of(campaign)
        assert draw_essential(write_essential(content, MARK), content, MARK, MOMENT).pages == 12
        first, second, third = drawn
        assert first >= second >= third
        assert first > third


class TestWhatIsTold:
    def test_figures_have_their_sources(self, committee):
        campaign = full(committee)
        blocks = Essential(content_of(campaign)).blocks
        tables = [block for block in blocks if block.rows]
        assert tables
        assert all(block.small_print for block in tables)

    def test_indicators_that_moved_come_first_and_the_rest_is_counted(self, committee):
        campaign = many_indicators(committee.convention, 60, [2021, 2022, 2023])
        [block] = Essential(content_of(campaign)).blocks
        kinds = {one.row.movement_kind for one in block.rows}
        assert kinds <= {"progress", "setback"}
        assert f"{60 - len(block.rows)}\xa0indicateurs" in block.rest

    def test_a_section_left_out_of_the_document_is_not_in_the_essential(self, committee):
        content = content_of(full(committee))
        assert "Les moyens" in write_essential(content, MARK)
        shorter = replace(content, sections=[k for k in content.sections if k != "means"])
        assert "Les moyens" not in write_essential(shorter, MARK)
        shorter = replace(content, sections=[k for k in content.sections if k != "summary"])
        assert "en une page" not in write_essential(shorter, MARK)

    def test_the_essential_says_which_document_it_comes_from(self, committee):
        assert "Il est tiré du même contenu" in write_essential(content_of(full(committee)), MARK)

    def test_the_essential_lists_missing_figures_and_notes(self, committee):
        html = write_essential(content_of(full(committee)), MARK)
        assert "Chiffres manquants" in html
        assert "Bilans d’actions manquants" in html

    def test_a_masked_figure_is_not_in_the_essential(self, committee):
        indicator = indicator_in_force(committee, is_confidential=True)
        type(committee.caf).objects.filter(pk=committee.caf.pk).update(masking_threshold=500)
        campaign = campaign_of(committee, 2023, [indicator])
        value_of(campaign, indicator, 441)
        assert "441" not in write_essential(content_of(campaign), MARK)


class TestLastPage:
    def test_the_last_page_has_stakes_posts_and_conclusion_unless_left_out(self, committee):
        content = content_of(full(committee))
        stakes = [StakeLine(1, "Rapprocher", "", appreciation="s’est atténué")]
        closing = [ReportText("conclusion", "Conclusion", "Un an de plus.")]
        content = replace(content, stakes=stakes, posts=[post_line()], closing=closing)
        content = replace(content, sections=[key for key in content.sections if key != "means"])
        html = write_essential(content, MARK)
        for words in ("<b>Rapprocher</b>", "<b>Poste</b>", "Un an de plus."):
            assert words in html
        left_out = {"stakes", "posts", "closing"}
        sections = [key for key in content.sections if key not in left_out]
        html = write_essential(replace(content, sections=sections), MARK)
        assert not any(words in html for words in ("Rapprocher", "<b>Poste</b>", "Un an de plus."))

    def test_long_stakes_posts_and_conclusion_add_no_page(self, committee, caplog):
        content = content_of(full(committee))
        stakes = [StakeLine(n, f"Enjeu {n} " * 9, "", appreciation="stable") for n in range(40)]
        closing = [ReportText("conclusion", "Conclusion", "Un paragraphe de plus. " * 60 + "\n\n")]
        closing = [replace(closing[0], text=closing[0].text * 30)]
        posts = [replace(post_line(), key=n, title=f"Poste {n}") for n in range(30)]
        content = replace(content, stakes=stakes, posts=posts, closing=closing)
        last = Essential(content).last
        assert len(last.stakes.told) + int(last.stakes.left.split("\xa0")[0]) == 40
        assert len(last.posts.told) + int(last.posts.left.split("\xa0")[0]) == 30
        whole = draw_essential(write_essential(content, MARK), content, MARK, MOMENT)
        usual = draw_essential(
            write_essential(replace(content, stakes=[], posts=[], closing=[]), MARK),
            content, MARK, MOMENT,
        )  # fmt: skip
        assert whole.pages == usual.pages
        assert faults(whole.content) == []

    def test_the_rest_of_a_conclusion_is_announced(self, committee):
        text = "Court.\n\n" + "Un très long paragraphe. " * 400
        closing = [ReportText("conclusion", "Conclusion", text)]
        last = Essential(replace(content_of(full(committee)), closing=closing)).last
        assert (last.closing.text, last.is_cut) == ("Court.", True)


def post_line() -> PostLine:
    return PostLine(
        1, "Poste", "Agglo", "1", "0,5", "", [], [], "", "", "", "", "", "", [], "", "", True
    )


class TestExtract:
    def test_an_extract_ends_after_a_whole_paragraph(self):
        text = f"{'a ' * 40}\n\n{'b ' * 40}\n\n{'c ' * 400}"
        taken = extract(text, 2 * text_height("a " * 40) + 1)
        assert taken.count("\n\n") == 1
        assert "c" not in taken

    def test_an_extract_has_no_heading_without_what_it_announces(self):
        assert extract(f"Un.\n\n## Freins\n\n{'c ' * 999}", 30) == "Un."

    def test_an_extract_has_no_image(self):
        assert extract("![une crèche](image:1)\n\nUn.", 30) == "Un."

    def test_an_extract_without_room_is_empty(self):
        assert extract("x" * SHORT, 1) == ""


class TestAsked:
    def test_the_essential_is_drawn_once_by_the_worker_and_downloaded(self, client, committee):
        campaign_of(committee, 2023, [indicator_in_force(committee)])
        client.force_login(committee.coordinator)
        page = reverse("evaluation:report", args=[committee.convention.slug, 2023])
        assert "L’essentiel (PDF)" in client.get(page).content.decode()
        address = reverse(
            "evaluation:report_files", args=[committee.convention.slug, 2023, "essential"]
        )
        client.post(address)
        drawing = Drawing.objects.get()
        assert compose(drawing)
        answer = client.get(address)
        assert answer["Content-Type"] == "application/pdf"
        assert "-essentiel.pdf" in answer["Content-Disposition"]
        client.post(address)
        assert Drawing.objects.count() == 1
        assert faults(answer.content) == []
