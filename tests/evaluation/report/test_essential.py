"""« L’essentiel »: four pages at most, every theme in it, whatever the territory; the annex."""

import datetime
import logging
import re
from dataclasses import replace

import pytest
from django.urls import reverse

from conventions.models import Convention
from ctg_portal.templatetags.french import typo
from documents.drawing.composition import compose
from documents.drawing.kinds import Drawn
from documents.models import Drawing
from evaluation.cooperation.lines import PostLine
from evaluation.models import Narrative
from evaluation.report.content import ReportText
from evaluation.report.essential import draw_annex, draw_essential, write_annex, write_essential
from evaluation.report.marks import Mark
from evaluation.report.pages.essential import PAGES
from evaluation.report.reading import read_report
from evaluation.stakes.lines import StakeLine
from tests import factories as f
from tests.documents.reading import faults
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


class TestFourPages:
    def test_the_essential_of_a_full_year_is_accessible_and_short(self, committee, drawn):
        html, document = drawn(full(committee))
        assert faults(document.content) == []
        assert document.pages <= PAGES
        assert "l’essentiel" in html

    def test_the_essential_of_an_empty_year_is_accessible(self, committee, drawn):
        _, document = drawn(campaign_of(committee, 2023))
        assert faults(document.content) == []

    @pytest.mark.parametrize("themes", [3, 7, 10])
    def test_each_theme_has_a_place_of_its_own(self, committee, drawn, themes):
        with_themes(committee, themes)
        campaign = many_indicators(committee.convention, 3 * themes, [2021, 2022, 2023])
        followed_actions(committee.convention, themes, 2023)
        html, document = drawn(campaign)
        assert document.pages <= PAGES
        assert html.count('<article class="ess ') == themes
        assert faults(document.content) == []

    def test_many_themes_have_a_line_each(self, committee, drawn):
        with_themes(committee, 40)
        campaign = many_indicators(committee.convention, 80, [2022, 2023])
        html, document = drawn(campaign)
        assert document.pages <= PAGES
        rows = html.split('<table class="matrix rows">')[1].split("</table>")[0]
        assert rows.count('<th scope="row"') == 40
        assert faults(document.content) == []

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
        campaign = many_indicators(committee.convention, 90, [2021, 2022, 2023])
        pages, drawn = iter((6, 5, 4)), []

        def draw(html, **options):
            drawn.append(len(html))
            return Drawn(b"%PDF", next(pages))

        monkeypatch.setattr("evaluation.report.essential.draw_pdf", draw)
        content = content_of(campaign)
        assert draw_essential(write_essential(content, MARK), content, MARK, MOMENT).pages == 4
        first, second, third = drawn
        assert first > second > third


class TestWhatIsTold:
    def test_a_section_left_out_of_the_document_is_not_in_the_essential(self, committee):
        stakes = [StakeLine(1, "Rapprocher", "", appreciation="s’est atténué")]
        closing = [ReportText("conclusion", "Conclusion", "Un an de plus.")]
        whole = replace(
            content_of(full(committee)), stakes=stakes, posts=[post_line()], closing=closing
        )
        words = {
            "means": "Les moyens", "summary": "En progrès", "stakes": "<b>Rapprocher</b>",
            "posts": "Poste\u00a0: prévu", "closing": "Un an de plus",
        }  # fmt: skip
        html = write_essential(whole, MARK)
        assert [key for key, said in words.items() if said not in html] == []
        sections = [key for key in whole.sections if key not in words]
        html = write_essential(replace(whole, sections=sections), MARK)
        assert [key for key, said in words.items() if said in html] == []

    def test_a_masked_figure_is_not_in_the_essential(self, committee):
        indicator = indicator_in_force(committee, is_confidential=True)
        type(committee.caf).objects.filter(pk=committee.caf.pk).update(masking_threshold=500)
        campaign = campaign_of(committee, 2023, [indicator])
        value_of(campaign, indicator, 441)
        content = content_of(campaign)
        assert "441" not in write_essential(content, MARK)
        assert "441" not in write_annex(content, MARK)


class TestAnnex:
    def test_the_annex_of_a_full_year_is_accessible_and_whole(self, committee):
        content = content_of(full(committee))
        html = write_annex(content, MARK)
        document = draw_annex(html, content, MARK, MOMENT)
        assert faults(document.content) == []
        for indicator in content.definitions:
            assert html.count(typo(indicator.title)) >= 2  # a series and a definition

    def test_the_annex_of_an_empty_year_is_accessible(self, committee):
        content = content_of(campaign_of(committee, 2023))
        document = draw_annex(write_annex(content, MARK), content, MARK, MOMENT)
        assert faults(document.content) == []


def post_line() -> PostLine:
    return PostLine(
        1, "Poste", "Agglo", "1", "0,5", "", [], [], "", "", "", "", "", "", [], "", "", True
    )


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
