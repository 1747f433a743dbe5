"""The final evaluation, told from its last closed year: since the start, and over all years."""

import csv
import datetime
import io
import json
from dataclasses import replace

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ctg_portal.templatetags.french import euros
from evaluation.editions.frozen import plain_of
from evaluation.models import Appreciation, Verdict
from evaluation.period import TERM, Period, PeriodConverter, span
from evaluation.publication.differences import changes_between
from evaluation.publication.snapshots import content_of, freeze
from evaluation.report.data import csv_of, json_of
from evaluation.report.document import draw, write
from evaluation.report.marks import Mark
from evaluation.report.word import docx_of
from evaluation.verdicts.events import appreciate
from evaluation.writing.events import write_criterion
from evaluation.year.reading import read_year
from indicators.models import CampaignIndicator, CampaignState
from indicators.series.attainment import Movement
from tests import factories as f
from tests.actions.factories import action_since_long, funding, in_state, noted, spent
from tests.documents.reading import faults, opened, text_of
from tests.evaluation.final.scene import MARK, content_of_term, ended_term, written_term
from tests.indicators.factories import campaign_of, indicator_in_force, version_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db

DAY = datetime.date(2024, 4, 12)
MOMENT = datetime.datetime(2024, 4, 12, 9, tzinfo=datetime.UTC)
PROJECT = Mark.project(DAY)


@told_once
def committee(db):
    return written_term()


class TestPeriod:
    def test_the_term_has_its_words(self):
        year = Period(2023)
        assert (year.title, year.name) == ("Évaluation annuelle 2023", "Évaluation 2023")
        assert (TERM.title, TERM.name) == ("Évaluation finale", "Évaluation finale")
        assert (year.evaluation, TERM.evaluation) == ("l’évaluation 2023", "l’évaluation finale")
        assert (year.account, TERM.account) == ("bilan 2023", "bilan final")
        assert (str(year), str(TERM)) == ("2023", "la convention")

    def test_an_address_is_read_back_as_the_same_period(self):
        converter = PeriodConverter()
        assert converter.to_python("2023") == 2023
        assert converter.to_python("finale") is None
        assert [converter.to_url(one) for one in (2023, None, Period(2023), TERM)] == [
            "2023", "finale", "2023", "finale",
        ]  # fmt: skip
        with pytest.raises(ValueError, match="invalid literal"):
            converter.to_url("")

    def test_the_term_has_the_days_and_years_of_the_convention(self, committee):
        convention = committee.convention
        assert Period(2022).last_day(convention) == datetime.date(2022, 12, 31)
        assert TERM.last_day(convention) == datetime.date(2023, 12, 31)
        assert TERM.end(convention, datetime.date(2022, 5, 1)) == datetime.date(2022, 5, 1)
        assert list(TERM.years(convention)) == [2021, 2022, 2023]
        assert span(convention) == "2021–2023"

    def test_the_collection_of_the_term_is_the_last_closed_one_within_it(self, committee):
        assert TERM.campaign(committee.convention).year == 2023
        campaign_of(committee, 2024, state=CampaignState.CLOSED)
        assert TERM.campaign(committee.convention).year == 2023
        committee.campaign.state = CampaignState.OPEN
        committee.campaign.save()
        assert TERM.campaign(committee.convention).year == 2022

    def test_a_project_whose_last_day_is_past_has_the_last_year(self, committee):
        """Nobody has signed it, nor said when it begins."""
        convention = committee.convention
        convention.signed_on = convention.start = None
        convention.save()
        assert span(convention) == "2023"
        content = content_of_term(committee)
        assert content.title == "Évaluation finale 2023"
        assert content.term == "jusqu’au 31\xa0décembre 2023"

    def test_the_collection_of_the_term_is_the_last_one_while_none_is_closed(self):
        convention = f.ConventionFactory(ended=True)
        assert TERM.campaign(convention) is None


class TestFigures:
    def test_a_figure_is_compared_with_the_baseline(self, committee):
        campaign = committee.campaign
        [of_year] = read_year(committee.convention, campaign).figures
        [of_term] = read_year(committee.convention, campaign, period=TERM).figures
        assert (of_year.movement, of_term.movement) == (Movement.SETBACK, Movement.PROGRESS)
        assert (of_year.before, of_term.before) == ("460 en 2022", "400 en 2020")
        assert of_term.movement_words == "en progrès depuis 2020"

    def test_a_figure_without_baseline_is_compared_with_the_first_one(self):
        committee = ended_term()
        first = read_year(committee.convention, committee.campaign, period=TERM).series[0]
        first.definition_of(2023).content["baseline_value"] = None
        assert first.before(2023, from_start=True).year == 2021
        assert first.before(2021, from_start=True) is None

    def test_the_content_compares_with_the_baseline(self, committee):
        content = content_of_term(committee)
        assert content.title == "Évaluation finale 2021–2023"
        assert content.year is None
        assert content.summary.sentence == (
            "Depuis la situation initiale, le seul indicateur suivi progresse."
        )
        assert content.summary.targets == "1\u00a0cible à atteindre au terme, non atteinte."
        assert content.summary.years == [2021, 2022, 2023]
        # Each year is told beside the year before it.
        assert [one.text for one in content.summary.total.years] == [
            "1 sur 1", "1 sur 1", "0 sur 1",
        ]  # fmt: skip
        [row] = content.axes[0].themes[0].rows
        assert [cell.text for cell in row.figures] == ["450", "460", "441"]
        assert (row.baseline, row.target) == ("400", "500")

    def test_the_files_have_all_years(self, committee):
        content = content_of_term(committee)
        lines = csv.DictReader(io.StringIO(csv_of(content).decode("utf-8-sig")), delimiter=";")
        assert [line["Année"] for line in lines] == ["2021", "2022", "2023"]
        data = json.loads(json_of(content, PROJECT))
        assert (data["année"], data["années"]) == (None, "2021–2023")

    def test_an_indicator_given_up_is_read_in_its_years(self, committee):
        left = indicator_in_force(committee, title="Abandonné")
        campaign_of(committee, 2020, [left], state=CampaignState.CLOSED)
        content = content_of_term(committee)
        assert "Abandonné" not in str(content.axes)
        assert any("abandonnés avant" in sentence for sentence in content.method)


class TestActions:
    def test_actions_stand_as_at_the_end_with_the_money_of_all_years(self, committee):
        dates = {"starts_on": datetime.date(2021, 2, 1), "ends_on": datetime.date(2021, 12, 31)}
        lines = [funding(committee.caf, year, planned="1000") for year in (2021, 2022)]
        done = action_since_long(committee, title="Ludobus", fundings=lines, **dates)
        done = in_state(done, "done", on=datetime.date(2021, 11, 1))
        first, _ = done.fundings.order_by("year")
        spent(done, {first.pk: ("900", "800")})
        noted(done, 2021, "Il roule.")
        later = {"starts_on": datetime.date(2024, 2, 1), "ends_on": datetime.date(2024, 12, 31)}
        action_since_long(committee, title="Après le terme", fundings=[], **later)

        content = content_of_term(committee)
        [action] = content.axes[0].themes[0].actions
        assert (action.title, action.state_kind, action.note) == ("Ludobus", "done", None)
        assert not action.lacks_note
        assert _plain(content.actions_caption) == "Où en étaient les actions au 31 décembre 2023"
        assert action.money.planned == euros(2000)
        by_funder, _, by_year = content.means.tables
        assert by_funder.caption == "Par financeur, sur toute la convention"
        assert [row.title for row in by_year.rows] == ["2021", "2022"]
        assert _plain(by_funder.rows[0].spent.note) == "1 ligne sur 2"
        # The year itself tells its own lines, as before.
        year = read_year(committee.convention, TERM.campaign(committee.convention))
        assert [one.action.title for one in year.actions] == []


class TestObjectives:
    def test_an_objective_has_the_verdicts_of_the_years_beside_the_final_one(self, committee):
        by = committee.coordinator
        appreciate(committee.orientation, 2021, Verdict.NOT_REACHED, "Rien.", revision=0, by=by)
        appreciate(committee.orientation, 2022, Verdict.ON_THE_WAY, "", revision=0, by=by)
        [objective] = content_of_term(committee).axes[0].themes[0].signed
        assert (objective.verdict, objective.justification) == ("reached", "Tout y est.")
        assert [(cell.year, cell.word) for cell in objective.years] == [
            (2021, "non atteint"), (2022, "en voie d’être atteint"),
        ]  # fmt: skip
        assert Appreciation.objects.for_year(None).count() == 1

    def test_an_objective_not_in_force_at_the_end_is_not_appreciated(self, committee):
        later = f.AmendmentFactory(
            convention=committee.convention, number=1, effective_on=datetime.date(2022, 6, 1)
        )
        left = f.ObjectiveFactory(theme=committee.theme, until=later)
        with pytest.raises(Exception, match="n’était pas en vigueur à la fin de la convention"):
            appreciate(left, None, Verdict.REACHED, "", revision=0, by=committee.coordinator)


class TestContent:
    def test_the_content_is_frozen_and_read_again(self, committee):
        content = content_of_term(committee)
        snapshot = freeze(committee.convention, content)
        assert snapshot.year is None
        assert content_of(snapshot) == content
        assert freeze(committee.convention, content) == snapshot

    def test_a_change_of_a_criterion_is_described_without_its_text(self, committee):
        before = plain_of(freeze(committee.convention, content_of_term(committee)))
        by = committee.coordinator
        write_criterion(committee.convention, "impact", "Peu.", "Insuffisant", revision=1, by=by)
        after = plain_of(freeze(committee.convention, content_of_term(committee)))
        changes = changes_between(before, after)
        assert [change.label for change in changes] == [
            "Impact : appréciation", "Impact : texte",
        ]  # fmt: skip
        assert all(change.is_draft for change in changes)

    def test_the_content_has_texts_and_criteria(self, committee):
        content = content_of_term(committee)
        assert [one.title for one in content.closing] == [
            "Pour la prochaine convention", "Conclusion et perspectives",
        ]  # fmt: skip
        assert [one.title for one in content.criteria] == [
            "Pertinence", "Cohérence", "Efficacité", "Efficience", "Impact", "Durabilité",
        ]  # fmt: skip
        assert {(one.mark, one.step) for one in content.criteria} == {(MARK, 3)}
        assert content.scale[2] == MARK

    def test_the_document_has_the_sections_of_the_term(self, committee):
        by = committee.coordinator
        appreciate(committee.orientation, 2022, Verdict.ON_THE_WAY, "", revision=0, by=by)
        content = replace(content_of_term(committee), glossary=[])  # long to draw
        html = write(content, PROJECT)
        document = draw(html, content, PROJECT, MOMENT)
        assert faults(document.content) == []
        text = text_of(document.content)
        for sentence in (
            "Évaluation finale 2021–2023",
            "L’ensemble de la convention en une page",
            "Ce qui progresse, ce qui recule, ce qui vient",
            "Les critères d’évaluation",
            "Pertinence : satisfaisant",
            "Pour la prochaine convention",
            "2022 : en voie d’être atteint",
        ):
            assert sentence in _plain(text), sentence
        assert "Bilans manquants" not in text
        with opened(document.content) as pdf:
            assert "evaluation-finale-chiffres.csv" in pdf.attachments

    def test_the_word_file_has_the_sections_of_the_term(self, committee):
        document = docx.Document(io.BytesIO(docx_of(content_of_term(committee), PROJECT)))
        text = "\n".join(paragraph.text for paragraph in document.paragraphs)
        assert "Les critères d’évaluation" in text
        assert "Pertinence : oui." in _plain(text)

    def test_no_further_indicators_are_asked_for(self, committee):
        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                content_of_term(committee)
            return len(queries)

        before = asked()
        for number in range(3):
            indicator = indicator_in_force(committee, title=f"Autre {number}")
            CampaignIndicator.objects.create(
                campaign=committee.campaign,
                indicator=indicator,
                version=version_of(indicator),
                provider=committee.caf,
                enterer=committee.caf,
                due_on=committee.campaign.due_on,
            )
        assert asked() == before


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")
