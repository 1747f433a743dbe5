"""The annual evaluation as a document: accessible and safe, whatever people have written."""

import datetime
import logging
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from django.core.files.base import ContentFile

from conventions.models import Convention
from evaluation.models import Narrative
from evaluation.report.content import ReportContent
from evaluation.report.document import draw, file_name, write
from evaluation.report.essential import write_annex
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report
from indicators.models import Campaign
from tests import factories as f
from tests.actions.factories import noted
from tests.agreements.factories import LONG_AGO
from tests.documents.images import png
from tests.documents.reading import faults, opened, structure, text_of
from tests.evaluation.planning import action_of, whole_action
from tests.indicators.bulk import followed_actions, many_indicators
from tests.indicators.factories import campaign_of, figures, indicator_in_force, value_of

DAY = datetime.date(2024, 4, 12)
PROJECT = Mark.project(DAY)
PUBLISHED = Mark("Version 2", "publiée le", DAY)
MOMENT = datetime.datetime(2024, 4, 12, 9, 0, tzinfo=datetime.UTC)
ODD = {
    "long word": "Châtellerault" * 20,
    "emoji": "Bravo 👍🏽🎉 ✅ pour les enfants ❤️",
    "right to left": "مركز الأسرة والطفل – בית הילדים – مركز",
    "markup": "<script>alert(1)</script><b>&amp;</b> <style>p{display:none}</style> {{ x }}",
    "css": "red; } @page { size: A0 } p { content: url(file:///etc/passwd)",
    "endless": "x" * 300,
    "markdown": "![x](http://127.0.0.1:9/x.png) ![y](file:///etc/passwd) [z](file:///etc/passwd) "
    "[w](javascript:alert(1)) [v](http://169.254.169.254/latest/)",
    "entities": "&lt;img src=x onerror=alert(1)&gt; <svg onload=alert(1)><image href='file:///x'/>",
    "controls": "a\x01b\x0cc\x7fd\u200be",
}  # fmt: skip


@pytest.fixture
def drawn(caplog):
    """The HTML and the PDF of a campaign; nothing that was drawn is to be complained of. Without
    its glossary, which is always the same and takes half the time."""

    def draw_report(campaign, mark=PROJECT, *, has_glossary=False):
        content = contents(campaign)
        if not has_glossary:
            content = replace(content, glossary=[])
        caplog.clear()
        html = write(content, mark)
        document = draw(html, content, mark, MOMENT)
        warnings = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
        assert warnings == []
        return html, document

    return draw_report


def contents(campaign) -> ReportContent:
    return read_report(Convention.objects.get(pk=campaign.convention_id), campaign)


def written(campaign, mark=PROJECT) -> str:
    """The HTML alone, which the document is drawn from."""
    return write(contents(campaign), mark)


def full(committee):
    """A year with something of everything, three axes, logos."""
    convention = committee.convention
    for number in (7, 8):
        axis = f.AxisFactory(convention=convention, number=number)
        f.ThemeFactory(axis=axis, title="" if number == 8 else "Jeunesse", number="")
    committee.in_force_since(LONG_AGO, "Ouvrir un relais")
    committee.caf.party.logo.save("logo.png", ContentFile(png(width=1)))
    committee.epci.party.logo.save("logo.png", ContentFile(png()))
    convention.organisations.update(opts_out_of_secrecy=True)
    campaign = many_indicators(convention, 9, [2020, 2021, 2022, 2023], is_confidential=True)
    whole_action(committee, title="Ouvrir un lieu", theme=axis.themes.get())
    action_of(committee, "En cours, sans bilan", "in_progress")
    campaign.is_fictional = True
    campaign.save()
    return campaign


@pytest.fixture(scope="module")
def drawings():
    return []


@pytest.fixture
def full_year(committee, drawn, drawings):
    """The HTML and the PDF of a full year, drawn once for who only reads them."""
    if not drawings:
        drawings.append(drawn(full(committee), has_glossary=True))
    return drawings[0]


class TestAccessible:
    def test_the_document_of_a_full_year_is_accessible(self, full_year):
        html, document = full_year
        assert faults(document.content) == []
        assert document.pages >= 8
        assert "DONNÉES FICTIVES" in html

    def test_the_document_of_an_empty_year_is_accessible(self, committee, drawn):
        _, document = drawn(campaign_of(committee, 2023))
        assert faults(document.content) == []

    def test_the_document_of_a_prepared_year_is_accessible(self, committee, drawn):
        _, document = drawn(campaign_of(committee, 2023, state="prepared"))
        assert faults(document.content) == []

    def test_the_document_of_one_indicator_is_accessible(self, committee, drawn):
        indicator = indicator_in_force(committee)
        campaign = campaign_of(committee, 2023, [indicator])
        value_of(campaign, indicator, 430)
        assert faults(drawn(campaign)[1].content) == []

    def test_the_document_of_100_indicators_and_40_actions_is_accessible(self, committee, drawn):
        followed_actions(committee.convention, 40, 2023)
        html, document = drawn(many_indicators(committee.convention, 100, [2022, 2023]))
        assert faults(document.content) == []
        assert html.count('<div class="action"') == 40
        assert document.pages > 12

    def test_the_document_is_accessible_and_safe_whatever_is_written(self, committee, drawn):
        odd = {
            indicator_in_force(
                committee, title=text[:300], definition=text, unit=text[:60], limits=text,
                scope=text[:300],
            ): text
            for text in ODD.values()
        }  # fmt: skip
        campaign = campaign_of(committee, 2023, list(odd))
        for indicator, text in odd.items():
            given = {"reason": text, "source": text[:300]}
            value_of(campaign, indicator, absence="not_available", **given)
            committee.in_force_since(LONG_AGO, text[:300])
            theme = f.ThemeFactory(axis=committee.orientation.theme.axis, title=text[:200])
            Narrative.objects.create(theme=theme, year=2023, text=text)
            action = action_of(committee, text[:200], "blocked", reason=text)
            noted(action, 2023, text, brakes=text, levers=f"# {text}", prospects=f"- {text}")
        html, document = drawn(campaign)
        assert faults(document.content) == []
        assert "<script" not in html
        assert "<style" not in html
        assert "<svg" not in html
        sources = re.findall(r'(?:src|data)="([^"]{,40})', html)
        assert all(one.startswith("data:image/") for one in sources), sources
        assert not re.search(r'href="(?:file|javascript|data):', html)
        assert _size(document.content) == (595, 842)


def _size(content: bytes) -> tuple[int, int]:
    with opened(content) as document:
        return tuple(round(float(side)) for side in document.pages[0].MediaBox[2:])


class TestReading:
    def test_headings_tables_and_drawings_are_tagged(self, full_year):
        elements = structure(full_year[1].content)
        names = [name for name, _ in elements]
        levels = [int(name[2:]) for name in names if re.fullmatch(r"/H\d", name)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert names.count("/Figure") >= 4  # drawings, logos
        assert "/Table" in names

    def test_bookmarks_lead_to_the_chapters(self, full_year):
        with opened(full_year[1].content) as document:
            outline = document.open_outline()
            titles = [item.title for item in outline.root]
        assert titles[:3] == ["Sommaire", "La convention en bref", "L’année 2023 en une page"]
        assert titles[-2:] == ["Méthode et sources", "Les mots de ce document"]
        assert [t for t in titles if "Jeunesse" in t]

    def test_the_contents_give_page_numbers(self, full_year):
        html, document = full_year
        targets = re.findall(r'<a href="#([^"]+)">', html)
        assert targets
        assert all(f'id="{target}"' in html for target in targets)
        with opened(document.content) as file:
            notes = [note for note in file.pages[1].Annots if note.Subtype == "/Link"]
        assert len(notes) >= 8

    def test_every_page_of_a_project_says_so_in_its_margin(self, full_year):
        """A screen reader does not repeat the margin on each page."""
        _, marked = full_year
        text = text_of(marked.content).replace(" ", "")
        assert text.count("CONFIDENTIEL") == marked.pages - 1  # the cover says it in its own words
        assert text.replace("\n", "").count("Projetcomposéle") == marked.pages - 1
        with opened(marked.content) as document:
            sheet = document.pages[3].Contents.read_bytes()
        assert sheet.count(b"/Artifact") >= 3

    def test_every_page_of_a_published_document_has_its_version(self, committee, drawn):
        html, document = drawn(campaign_of(committee, 2023), PUBLISHED)
        assert faults(document.content) == []
        text = re.sub(r"\s", "", text_of(document.content))
        assert text.count("Version2publiéele12avril2024") == document.pages - 1
        assert "CONFIDENTIEL" not in text
        assert "Projet" not in html
        assert "confidentiel" not in html

    def test_a_project_is_confidential_as_the_convention_says(self, committee, drawn):
        campaign = campaign_of(committee, 2023)
        assert "Document confidentiel jusqu’à sa publication." in written(campaign)
        f.ArticleFactory(convention=committee.convention, number=10, title="Confidentialité")
        assert "jusqu’à sa publication (article\u00a010 de la convention)." in written(campaign)

    def test_the_title_of_the_file_names_its_territory(self, full_year):
        with opened(full_year[1].content) as document:
            title = str(document.docinfo["/Title"])
        assert title.startswith("Évaluation annuelle 2023 – ")
        assert len(title) > len("Évaluation annuelle 2023 – ")

    def test_the_date_of_the_document_is_that_of_its_request(self, full_year):
        html, document = full_year
        assert "composé le 12\u00a0avril 2024" in html
        with opened(document.content) as file:
            assert str(file.docinfo["/CreationDate"]).startswith("D:20240412")

    def test_the_same_content_gives_the_same_bytes(self, committee, full_year):
        html, document = full_year
        content = contents(full(committee))
        assert write(content, PROJECT) == html
        assert draw(html, content, PROJECT, MOMENT) == document

    def test_a_theme_without_text_says_so(self, committee):
        campaign = full(committee)
        assert "reste à écrire" not in written(campaign)
        Narrative.objects.all().delete()
        assert "reste à écrire" in written(campaign)


class TestActions:
    def test_the_document_has_a_table_of_actions_and_their_notes(self, committee):
        html = written(full(committee))
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
        for words in (
            "Où en étaient les actions au 31 décembre 2023", "■ bloquée",
            "Le local est en travaux.",
            "40 %", "10 500,25 € sur", "(1 ligne non renseignée)", "Onze communes sont servies.",
            "Freins.", "Le bail a tardé.", "Chiffres et bilans manquants",
            "En cours, sans bilan : pas encore écrit",
        ):  # fmt: skip
            assert words in text, words
        assert '<i class="p40">' in html
        assert "Une autre année." not in html

    def test_the_document_of_a_year_without_actions_does_not_mention_them(self, committee):
        html = written(campaign_of(committee, 2023))
        text = re.sub(r"<[^>]+>", " ", html)
        assert "Les actions" not in text

    def test_the_document_says_that_no_note_is_missing(self, committee, drawn):
        campaign = campaign_of(committee, 2023)
        whole_action(committee)
        html, document = drawn(campaign)
        assert "Aucun bilan d’action ne manque pour 2023." in html
        assert faults(document.content) == []


class TestBareAxes:
    def test_axes_without_indicator_stand_together_with_their_objectives(self, committee, drawn):
        convention = committee.convention
        for number in (7, 8, 9):
            axis = f.AxisFactory(convention=convention, number=number, title=f"Axe nu {number}")
            f.ObjectiveFactory(theme=f.ThemeFactory(axis=axis), title=f"Objectif nu {number}")
        figures(committee, indicator_in_force(committee), {2023: 430})
        html, document = drawn(Campaign.objects.get())
        assert faults(document.content) == []
        annex = write_annex(contents(Campaign.objects.get()), PROJECT)
        for number in (7, 8, 9):
            assert html.count(f"Axe nu {number}") >= 1
            assert annex.count(f"Objectif nu {number}") == 1
        assert "Axes sans suivi en 2023" in html

    def test_a_year_whose_axes_are_all_followed_lists_none_without(self, committee):
        figures(committee, indicator_in_force(committee), {2023: 430})
        assert "sans suivi" not in written(Campaign.objects.get())


class TestMeans:
    def test_the_document_has_money_by_funder_theme_and_year(self, committee):
        html = written(full(committee))
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
        for words in ("Les moyens", "Par financeur, en 2023", "10 500,25 €", "1 ligne sur 2"):
            assert words in text, words

    def test_a_share_names_its_sums_where_they_are_not_those_of_its_row(self, committee):
        table = written(full(committee)).partition("Par financeur")[2].partition("</table>")[0]
        rows = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in table.split("</tr>")]
        assert rows[1].endswith("88 % 12 000 € 11 000 € 10 500,25 €")
        assert "88 % 10 500 € sur 12 000 €, 1 ligne sur 2" in rows[3]

    def test_the_document_of_a_year_without_money_has_no_means(self, committee):
        assert "Les moyens" not in written(campaign_of(committee, 2023))


class TestLogos:
    def test_a_spoilt_logo_gives_way_to_the_name(self, committee):
        committee.caf.party.logo.save("logo.png", ContentFile(b"spoilt"))
        html = written(campaign_of(committee, 2023))
        assert "<img" not in html
        assert "Caf d’Exemple" in html

    def test_thirteen_parties_stand_on_the_cover(self, committee, drawn):
        convention = committee.convention
        for n in range(11):
            name = f"Communauté de communes du Pays de Saint-Savin et de la Vienne moyenne {n}"
            party = f.PartyFactory(organisation__convention=convention, organisation__name=name)
            if n % 2:
                party.logo.save("logo.png", ContentFile(png(width=1)))
        html, document = drawn(campaign_of(committee, 2023))
        assert 'class="parties crowd"' in html
        assert faults(document.content) == []
        with opened(document.content) as file:
            outline = file.open_outline()
            places = [page.obj.objgen for page in file.pages]
            assert places.index(outline.root[0].destination[0].objgen) == 1  # contents come next

    def test_a_sound_logo_has_the_name_as_its_text(self, committee):
        committee.caf.party.logo.save("logo.png", ContentFile(png()))
        assert 'alt="Logo\u00a0: Caf d’Exemple"' in written(campaign_of(committee, 2023))


def test_the_file_is_named_after_year_and_convention():
    assert file_name("grand-chatellerault", 2023) == "evaluation-2023-grand-chatellerault.pdf"


def test_every_page_of_a_fictional_year_says_so(committee):
    html = written(full(committee))
    assert re.search(r'data-mark="[^"]*DONNÉES FICTIVES"', html)
    Campaign.objects.update(is_fictional=False)
    assert "FICTIVES" not in written(Campaign.objects.get(year=2023))
