"""The actions on the page of a year, and what the page of its report says of them."""

import io

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ctg_portal.marks.cache import memory
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report
from evaluation.report.word import docx_of
from indicators.models import Campaign
from tests import factories as f
from tests.actions.factories import noted, with_milestones
from tests.committee.pages import page_of
from tests.evaluation.planning import action_of, on, whole_action
from tests.evaluation.whole import whole_told
from tests.indicators.factories import campaign_of


@pytest.fixture
def read(client, committee):
    """The text of a page of 2023, for a reader unless another is given."""

    def page(name="year", user=None):
        client.force_login(user or committee.caf_member)
        url = reverse(f"evaluation:{name}", args=[committee.convention.slug, 2023])
        return page_of(client.get(url)).replace("\u00a0", " ").replace("\u202f", " ")

    page.client = client
    return page


class TestActionsOfAYear:
    def test_an_action_is_shown_with_its_state_and_its_theme_with_a_link_to_the_sheets(
        self, committee, read
    ):
        campaign_of(committee, 2023)
        action = whole_action(committee)
        text = read()
        for words in (
            f"{action.number} Ouvrir un lieu", "Nadia Lefèvre (CAF 99) · initiative ou innovation",
            "■ bloquée", "depuis le 1er septembre 2023", "Le local est en travaux.", "40 %",
            "estimé le 1er septembre 2023", "✓ écrit", "1 action : 1 bloquée.",
        ):  # fmt: skip
            assert words in text, words
        html = read.client.get(reverse("evaluation:year", args=[committee.convention.slug, 2023]))
        plan = reverse("actions:plan", args=[committee.convention.slug])
        assert f'href="{plan}?thematique={action.theme_id}"' in html.content.decode()

    def test_an_action_shows_whether_its_note_is_written_or_awaited(self, committee, read):
        campaign_of(committee, 2023)
        action = action_of(committee)
        assert "non attendu" in read()
        action_of(committee, "Une autre", "in_progress")
        text = read()
        assert "○ attendu" in text
        assert "2 actions : 1 en cours et 1 à venir ; 1 est en retard et 1 bilan manque." in text
        noted(action, 2023)
        assert "✓ écrit" in read()

    def test_an_action_with_a_late_milestone_is_shown_as_late(self, committee, read):
        campaign_of(committee, 2023)
        action = action_of(committee, state="in_progress")
        assert "en retard" not in read()
        with_milestones(action, ("Bail", on(10), on(2, year=2024)), on=on(3))
        assert "en retard" in read()

    @pytest.mark.parametrize(
        ("end", "word"), [(on(1, year=2024), "en retard"), (on(12, 31), "non achevée au terme")]
    )
    def test_an_open_action_is_unfinished_in_the_year_in_which_the_convention_ends(
        self, committee, read, end, word
    ):
        campaign_of(committee, 2023)
        action = action_of(committee, state="in_progress")
        with_milestones(action, ("Bail", on(10), None), on=on(3))
        type(committee.convention).objects.update(start=on(1), end=end)
        campaign = Campaign.objects.select_related("convention").get()
        page, content = read(), read_report(campaign.convention, campaign)
        document = docx.Document(io.BytesIO(docx_of(content, Mark.project(on(1, year=2024)))))
        cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
        assert page.count(f"1 {word}") == 1
        assert f"1 est {word}" in page
        assert f"! {word}" in page
        assert f"en cours\n{word}" in "\n".join(cells)
        assert f"action est {word} quand" in " ".join(content.method)
        assert ("en retard" in page) is (word == "en retard")

    def test_a_theme_with_actions_only_is_shown(self, committee, read):
        campaign_of(committee, 2023)
        theme = f.ThemeFactory(axis=committee.orientation.theme.axis, rank=2, title="Jeunesse")
        assert "Jeunesse" not in read()
        action_of(committee, theme=theme)
        text = read()
        assert "Jeunesse" in text
        assert "2023 : aucun indicateur n’est suivi, 1 action au plan" in text

    def test_the_page_takes_as_many_queries_for_four_actions_as_for_one(self, committee, read):
        def queries():
            memory.clear()
            with CaptureQueriesContext(connection) as captured:
                read()
            return len(captured)

        campaign_of(committee, 2023)
        whole_action(committee)
        read()
        few = queries()
        for number in range(3):
            whole_action(committee, title=f"Action {number}")
        assert queries() == few


class TestPageOfTheReport:
    def test_missing_notes_of_actions_are_counted_and_listed_where_they_are_completed(
        self, committee, read
    ):
        campaign_of(committee, 2023)
        action = action_of(committee, state="in_progress")
        whole_told(committee, 2023)
        text = read("report", committee.coordinator)
        assert "Le rapport 2023 peut être composé ; 3 éléments manquent" in text
        assert "0 indicateur, 1 action, 2 textes et 1 axe" in text
        text = read("complete", committee.coordinator)
        assert "1 action n’a pas son bilan. Qui le doit : leurs pilotes" in text
        assert f"Écrire celui de l’action {action.number}" in text

    def test_a_report_whose_notes_are_written_lacks_none(self, committee, read):
        campaign_of(committee, 2023)
        noted(action_of(committee, state="in_progress"), 2023)
        whole_told(committee, 2023)
        text = read("complete", committee.coordinator)
        assert "n’a pas son bilan" not in text

    def test_a_year_without_actions_mentions_none(self, committee, read):
        campaign_of(committee, 2023)
        text = read("report", committee.coordinator)
        assert "serait vide" in text
        assert "bilan d’action" not in text
        assert "0 indicateur, 0 texte" in text
