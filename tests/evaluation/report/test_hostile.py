"""A report of odd or huge content: nothing is fetched, nothing is asked for each row, and a
document comes of it."""

import datetime
import logging
from dataclasses import replace

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from committee.models import Comment
from conventions.models import Convention
from documents.logos import MAX_SIZE
from documents.logos.carried import logo_data_url
from evaluation.report.document import draw, write
from evaluation.report.essential import draw_essential, write_essential
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report
from evaluation.report.word import docx_of
from tests import factories as f
from tests.agreements.factories import LONG_AGO, committee_of
from tests.documents.images import END, chunk, header
from tests.documents.reading import faults
from tests.indicators.bulk import followed_actions, many_indicators
from tests.indicators.factories import campaign_of, indicator_in_force, value_of

# Of texts, addresses and markup: ``test_report_document.ODD``, ``test_essential``.

MARK = Mark.project(datetime.date(2024, 4, 12))
MOMENT = datetime.datetime(2024, 4, 12, 9, 0, tzinfo=datetime.UTC)
HOSTILE = "<script>alert(1)</script> ![x](http://127.0.0.1:9/x) p{color:red} مركز 👍🏽 " + "x" * 300


def read(convention, campaign):
    """Without the glossary, which is long to draw: ``test_report_document`` has it."""
    content = read_report(Convention.objects.get(pk=convention.pk), campaign)
    return replace(content, glossary=[])


def queries_of(convention, campaign) -> int:
    with CaptureQueriesContext(connection) as queries:
        read(convention, campaign)
    return len(queries)


def commented(committee, number: int) -> None:
    """Comments on the committee's points, which no report tells."""
    version = committee.proposed("Ouvrir un lieu")
    Comment.objects.bulk_create(
        Comment(
            version=version, user=committee.caf_member, person_name="Jeanne Martin",
            text=f"{HOSTILE} {n}",
        )
        for n in range(number)
    )  # fmt: skip


class TestHuge:
    @pytest.mark.long
    @pytest.mark.explorer(
        stands_for="tests/evaluation/report/test_report_document.py::TestAccessible::test_the_document_of_100_indicators_and_40_actions_is_accessible"
    )
    def test_a_year_of_1000_actions_and_2000_comments_fits_in_twelve_pages(self, committee):
        few, _ = self.queries_with(committee_of(), actions=8, comments=1)
        many, campaign = self.queries_with(committee, actions=1000, comments=2000)
        assert many == few
        convention = committee.convention
        content = read(convention, campaign)
        actions = [one for axis in content.axes for theme in axis.themes for one in theme.actions]
        assert len(actions) == 1000
        html = write(content, MARK)
        assert html.count("Bilan 2023 de l’action") > 700
        assert "alert(1)" not in html
        # What of it is drawn in twelve pages; the whole takes a minute, and is drawn the same way.
        essential = draw_essential(write_essential(content, MARK), content, MARK, MOMENT)
        assert essential.pages <= 4
        assert faults(essential.content) == []

    def queries_with(self, committee, *, actions: int, comments: int):
        """How many a year of eight themes takes."""
        axis, convention = committee.orientation.theme.axis, committee.convention
        for rank in range(1, 8):
            f.ThemeFactory(axis=axis, rank=rank, title=f"Parentalité {rank}", number=f"1.{rank}")
        campaign = many_indicators(convention, 8, [2022, 2023])
        followed_actions(convention, actions, 2023)
        commented(committee, comments)
        queries_of(convention, campaign)  # what is kept from one reading to the next
        return queries_of(convention, campaign), campaign

    def test_a_photograph_of_30_megapixels_as_logo_gives_way_to_the_name(self, committee, caplog):
        """Nothing decodes the photograph."""
        photograph = b"".join([
            b"\x89PNG\r\n\x1a\n",
            header(width=6000, height=5000, depth=8, colour=2),
            chunk(b"IDAT", b"x" * (MAX_SIZE // 2)),
            END,
        ])  # fmt: skip
        committee.caf.party.logo.save("logo.png", ContentFile(photograph))
        assert logo_data_url(committee.caf.party.logo) == ""
        campaign = campaign_of(committee, 2023)
        content = read(committee.convention, campaign)
        for html in (write(content, MARK), write_essential(content, MARK)):
            assert "<img" not in html
            assert "Caf d’Exemple" in html
        assert not [one for one in caplog.records if one.levelno >= logging.WARNING]


class TestOdd:
    def test_a_year_without_a_value_is_drawn_as_without_data(self, committee):
        indicators = [indicator_in_force(committee, title=f"Places {n}") for n in range(3)]
        campaign = campaign_of(committee, 2023, indicators)
        content = read(committee.convention, campaign)
        html = write(content, MARK)
        assert "Les 3\xa0indicateurs suivis sont sans donnée" in html.replace("3 ind", "3\xa0ind")
        assert faults(draw(html, content, MARK, MOMENT).content) == []
        short = write_essential(content, MARK)
        assert "Chiffres manquants" in short
        assert faults(draw_essential(short, content, MARK, MOMENT).content) == []
        assert docx_of(content, MARK)

    def test_the_essential_of_one_indicator_has_at_most_four_pages(self, committee):
        indicator = indicator_in_force(committee)
        campaign = campaign_of(committee, 2023, [indicator])
        value_of(campaign, indicator, 430)
        content = read(committee.convention, campaign)
        document = draw_essential(write_essential(content, MARK), content, MARK, MOMENT)
        assert faults(document.content) == []
        assert document.pages <= 4

    def test_hostile_words_beside_a_figure_run_nothing_in_documents(self, committee, caplog):
        """The words come from providers, names of organisations and titles of axes."""
        committee.in_force_since(LONG_AGO, HOSTILE[:300])
        axis = committee.orientation.theme.axis
        type(axis).objects.filter(pk=axis.pk).update(title=HOSTILE[:250])
        type(committee.caf).objects.filter(pk=committee.caf.pk).update(name=HOSTILE[:250])
        indicator = indicator_in_force(committee, title=HOSTILE[:250])
        campaign = campaign_of(committee, 2023, [indicator])
        value_of(campaign, indicator, 430, comment=HOSTILE, source=HOSTILE[:250])
        content = read(committee.convention, campaign)
        for html, make in (
            (write(content, MARK), draw),
            (write_essential(content, MARK), draw_essential),
        ):
            assert "<script" not in html
            assert "127.0.0.1:9/x)" in html  # as words
            assert 'src="http' not in html
            assert faults(make(html, content, MARK, MOMENT).content) == []
        assert not [one for one in caplog.records if one.levelno >= logging.WARNING]
        assert docx_of(content, MARK)
