"""The pages of a report, read from its content: when an indicator is drawn, which sentence a page
begins with, what a table of communes holds."""

import pytest

from conventions.models import Convention
from evaluation.report.pages.sentences import first_sentence, list_items, split_text
from evaluation.report.pages.stories import parse_number, stories_by_theme
from evaluation.report.reading import read_report
from indicators.models import Campaign
from tests.indicators.factories import figures, indicator_in_force


@pytest.mark.parametrize(
    ("text", "sentence", "rest"),
    [
        ("La crèche a ouvert. Elle est pleine.", "La crèche a ouvert", "Elle est pleine."),
        ("**Un** lieu [ouvre](x).\n\nLa suite.", "Un lieu ouvre", "La suite."),
        ("- Un point", "", "- Un point"),
        ("## Un titre\n\nUn texte.", "", "## Un titre\n\nUn texte."),
        (f"{'Long ' * 40}.", "", f"{'Long ' * 40}."),
        ("", "", ""),
    ],
)
def test_a_page_begins_with_the_first_sentence_of_its_text(text, sentence, rest):
    assert split_text(text) == (sentence, rest)


def test_a_long_first_sentence_is_cut_after_a_word():
    sentence = first_sentence("mot " * 60)
    assert len(sentence) <= 160
    assert sentence.endswith("mot…")


def test_the_items_of_the_first_list_are_read():
    text = "Avant.\n\n- Un\n- **Deux**\n  sur deux lignes\n\nAprès.\n\n- Trois"
    assert list_items(text)[:2] == ["Un", "Deux sur deux lignes"]


def test_a_figure_of_an_earlier_content_is_read_as_a_number():
    assert parse_number("≠\u00a01\u202f234,5") == parse_number("1234,5")
    assert parse_number("n.d.") is None


def story_of(committee, numbers, **fields):
    indicator = indicator_in_force(committee, **fields)
    figures(committee, indicator, numbers)
    convention = Convention.objects.get(pk=committee.convention.pk)
    content = read_report(convention, Campaign.objects.get(year=max(numbers)))
    [story] = [row for rows in stories_by_theme(content).values() for row in rows]
    return story


class TestStories:
    def test_an_indicator_with_three_figures_is_drawn(self, committee):
        story = story_of(committee, {2021: 420, 2022: 431, 2023: 441})
        assert story.is_drawn
        assert story.change == "+10 depuis 2022"

    def test_an_indicator_with_two_figures_is_a_number(self, committee):
        story = story_of(committee, {2022: 431, 2023: 441})
        assert not story.is_drawn
        assert story.has_number

    def test_a_difference_keeps_its_decimals(self, committee):
        story = story_of(committee, {2022: 5.3, 2023: 4.8}, decimals=1)
        assert story.change.startswith("−0,5 ")
