"""Three successes, three difficulties: chosen from what the year tells, or in one's own words."""

import pytest
from django.urls import reverse

from conventions.models import Convention
from ctg_portal.forms.revisions import revision_of
from ctg_portal.rules import Refused
from evaluation.editions.frozen import plain_of
from evaluation.layout.candidates import candidates_of
from evaluation.layout.events import Pick, choose_highlights
from evaluation.layout.models import HighlightKind
from evaluation.layout.reading import chosen_of, evaluation_of
from evaluation.models import Highlight
from evaluation.period import TERM
from evaluation.publication.differences import changes_between
from evaluation.report.document import draw, write
from evaluation.report.marks import Mark
from evaluation.report.reading import content_of
from evaluation.verdicts.events import appreciate
from evaluation.year.reading import read_year
from indicators.models import CampaignIndicator, CampaignState, Value
from tests import factories as f
from tests.committee.pages import after, page_of, value_of
from tests.documents.reading import faults
from tests.evaluation.planning import action_of
from tests.evaluation.publication.scene import YEAR, now, submitted, written_year
from tests.indicators.bulk import many_indicators
from tests.indicators.factories import campaign_of, indicator_in_force, version_of
from tests.indicators.factories import value_of as figure_of
from tests.stories import told_once

SUCCESS, DIFFICULTY = HighlightKind.SUCCESS, HighlightKind.DIFFICULTY


@told_once
def committee(db):
    """2022 and 2023: one indicator progresses, one recedes, one is missing; two actions."""
    committee = written_year()
    committee.fall = indicator_in_force(committee, title="Ateliers tenus")
    committee.gap = indicator_in_force(committee, title="Taux de pauvreté")
    before = campaign_of(
        committee, YEAR - 1, [committee.indicator, committee.fall], state=CampaignState.CLOSED
    )
    figure_of(before, committee.indicator, 431)
    figure_of(before, committee.fall, 12)
    for indicator in (committee.fall, committee.gap):
        CampaignIndicator.objects.create(
            campaign=committee.campaign, indicator=indicator, version=version_of(indicator),
            provider=committee.caf, enterer=committee.caf, due_on=committee.campaign.due_on,
        )  # fmt: skip
    figure_of(committee.campaign, committee.fall, 9)
    committee.done = action_of(committee, "Ouvrir un relais", "done")
    committee.blocked = action_of(committee, "Recruter", "blocked", reason="Sans candidat.")
    appreciate(
        committee.orientation,
        YEAR,
        "not_reached",
        "Trop tard.",
        revision=0,
        by=committee.coordinator,
    )
    return committee


def reading_of(committee):
    return read_year(Convention.objects.get(pk=committee.convention.pk), committee.campaign)


def choose(committee, successes=(), difficulties=(), *, revision=None, by=None):
    reading = reading_of(committee)
    revision = revision_of(evaluation_of(reading)) if revision is None else revision
    picks = {SUCCESS: successes, DIFFICULTY: difficulties}
    return choose_highlights(reading, picks, revision=revision, by=by or committee.coordinator)


def summary_of(committee):
    return content_of(reading_of(committee)).summary


def url(committee) -> str:
    return reverse("evaluation:highlights", args=[committee.convention.slug, YEAR])


def test_movements_verdicts_and_states_of_the_year_are_candidates(committee):
    candidates = candidates_of(reading_of(committee))
    assert {(one.group, one.line.title) for one in candidates[SUCCESS].values()} == {
        ("Indicateurs en progrès", committee.indicator.title),
        ("Actions terminées", "Ouvrir un relais"),
    }
    texts = {one.line.title: one.line.text for one in candidates[DIFFICULTY].values()}
    assert texts["Ateliers tenus"] == "de 12 en 2022 à 9 places"
    assert texts["Taux de pauvreté"] == "chiffre non transmis"
    assert texts["Recruter"].startswith("action bloquée depuis le ")
    assert texts[committee.orientation.title] == "non atteint"


class TestOnThePage:
    def test_highlights_stand_instead_of_the_lists(self, committee):
        before = summary_of(committee)
        assert [one.title for one in before.lists][:2] == ["Ce qui a reculé", "Ce qui manque"]
        choose(
            committee,
            [Pick(f"progress:{committee.indicator.pk}"), Pick("", "Un réseau est né.")],
            [Pick(f"setback:{committee.fall.pk}", "Les ateliers ont manqué de salle.")],
        )
        summary = summary_of(committee)
        assert [one.title for one in summary.lists] == ["Deux réussites", "Une difficulté"]
        first, second = summary.successes
        assert (first.title, first.text) == (
            committee.indicator.title,
            "de 431 en 2022 à 441 places",
        )
        assert (second.title, second.text, second.anchor) == ("Un réseau est né.", "", "")
        [difficulty] = summary.difficulties
        assert difficulty.title == "Les ateliers ont manqué de salle."
        assert difficulty.text == "Ateliers tenus"
        assert difficulty.anchor == committee.fall.anchor

    def test_the_list_of_the_other_kind_stays(self, committee):
        choose(committee, [Pick("", "Un réseau est né.")])
        titles = [group.title for group in summary_of(committee).lists]
        assert titles == ["Une réussite", "Ce qui a reculé", "Ce qui manque"]

    def test_a_highlight_that_the_year_no_longer_says_is_left_out(self, committee):
        choose(committee, [Pick(f"progress:{committee.indicator.pk}"), Pick("", "Un réseau.")])
        Value.objects.filter(pk=committee.value.pk).update(number=400)
        assert [one.title for one in summary_of(committee).successes] == ["Un réseau."]
        assert [one.is_gone for one in chosen_of(reading_of(committee))] == [True, False]

    def test_the_longest_highlights_are_whole_in_the_document(self, committee):
        title = "Taux de couverture de l’accueil formel des enfants de moins de trois ans " * 2
        campaign = many_indicators(committee.convention, 40, [2024, 2025], title=title.strip())
        committee.campaign = campaign
        known = candidates_of(reading_of(committee))
        picks = {
            kind: [Pick(key, "Une phrase assez longue, " * 7) for key in list(known[kind])[:3]]
            for kind in HighlightKind
        }
        choose_highlights(reading_of(committee), picks, revision=0, by=committee.coordinator)
        content = content_of(reading_of(committee))
        mark = Mark.project(committee.convention.start)
        html = write(content, mark)
        assert html.count(("Une phrase assez longue, " * 7).strip()) == 6
        assert faults(draw(html, content, mark, campaign.opened_at).content) == []


class TestEvent:
    def test_at_most_three_of_a_kind_are_chosen(self, committee):
        with pytest.raises(Refused, match="trois réussites"):
            choose(committee, [Pick("", f"Phrase {n}") for n in range(4)])

    def test_an_empty_pick_is_left_out(self, committee):
        choose(committee, [Pick(), Pick("", "  "), Pick("", "Un réseau.")])
        assert [(row.rank, row.sentence) for row in Highlight.objects.all()] == [(1, "Un réseau.")]

    def test_a_pick_that_the_year_does_not_say_is_refused(self, committee):
        with pytest.raises(Refused, match="ne dit pas"):
            choose(committee, [Pick(f"setback:{committee.fall.pk}")])

    def test_a_source_picked_twice_is_refused(self, committee):
        pick = Pick(f"progress:{committee.indicator.pk}")
        with pytest.raises(Refused, match="deux fois"):
            choose(committee, [pick, pick])

    def test_highlights_are_chosen_by_the_coordinator_alone(self, committee):
        with pytest.raises(Refused):
            choose(committee, [Pick("", "Un réseau.")], by=committee.caf_member)

    def test_a_choice_over_another_revision_is_refused(self, committee):
        choose(committee, [Pick("", "Un réseau.")], revision=0)
        with pytest.raises(Refused, match="entre-temps"):
            choose(committee, [Pick("", "Autre chose.")], revision=0)

    def test_a_choice_of_highlights_returns_what_is_submitted(self, committee):
        edition = submitted(committee)
        choose(committee, [Pick("", "Un réseau.")])
        assert now(edition).state == "returned"

    def test_a_changed_highlight_is_a_draft_and_shows_no_figure(self, committee):
        before = plain_of(submitted(committee).snapshot)
        choose(committee, [Pick(f"progress:{committee.indicator.pk}")], [Pick("", "Sans salle.")])
        changes = changes_between(before, plain_of(submitted(committee).snapshot))
        assert [change.label for change in changes] == ["réussites", "difficultés"]
        assert all(change.is_draft for change in changes)
        assert "441" not in "".join(change.text for change in changes)


class TestPage:
    def sent(self, response, **values) -> dict:
        named = {name.replace("__", "-"): value for name, value in values.items()}
        return {"revision": value_of(response, "revision")} | named

    def test_the_page_of_the_term_speaks_of_the_convention(self, client, committee):
        client.force_login(committee.coordinator)
        slug = committee.convention.slug
        page = client.get(reverse("evaluation:highlights", args=[slug, TERM]))
        shown = page_of(page)
        assert "None" not in shown
        assert "Trois réussites et trois difficultés de la convention" in shown

    def test_highlights_are_chosen_and_shown_again(self, client, committee):
        client.force_login(committee.coordinator)
        page = client.get(url(committee))
        page_of(page)
        assert 'label="Indicateurs en progrès"' in page.content.decode()
        values = self.sent(
            page, success__1__source=f"progress:{committee.indicator.pk}",
            difficulty__2__sentence="Sans salle.",
        )  # fmt: skip
        assert "sont enregistrées" in after(client, client.post(url(committee), values))
        assert Highlight.objects.count() == 2
        html = client.get(url(committee)).content.decode()
        assert f'value="progress:{committee.indicator.pk}" selected' in html
        assert 'value="Sans salle."' in html

    def test_a_mistake_stands_beside_its_field_and_nothing_is_lost(self, client, committee):
        client.force_login(committee.coordinator)
        source = f"progress:{committee.indicator.pk}"
        page = client.get(url(committee))
        values = self.sent(
            page, success__1__source=source, success__2__source=source, success__3__sentence="Né."
        )
        answer = client.post(url(committee), values)
        assert "choisie deux fois" in page_of(answer)
        assert 'value="Né."' in answer.content.decode()
        assert not Highlight.objects.exists()

    def test_a_long_title_asks_for_a_sentence(self, client, committee):
        objective = f.ObjectiveFactory(
            theme=committee.orientation.theme, since=committee.orientation.since,
            title="Ouvrir partout " * 18,
        )  # fmt: skip
        appreciate(objective, YEAR, "reached", "", revision=0, by=committee.coordinator)
        key = f"objective-reached:{objective.pk}"
        client.force_login(committee.coordinator)
        page = client.get(url(committee))
        answer = client.post(url(committee), self.sent(page, success__1__source=key))
        assert "trop long pour la page" in page_of(answer)

    def test_who_saves_second_is_shown_both_choices(self, client, committee):
        client.force_login(committee.coordinator)
        page = client.get(url(committee))
        choose(committee, [Pick("", "Un réseau.")])
        values = self.sent(page, success__1__sentence="Autre chose.")
        answer = client.post(url(committee), values)
        assert "[supprimé : Un réseau ]" in page_of(answer).replace("\u00a0", " ")
        values["revision"] = value_of(answer, "revision")
        after(client, client.post(url(committee), values))
        assert Highlight.objects.get().sentence == "Autre chose."

    def test_a_highlight_that_is_gone_is_marked(self, client, committee):
        choose(committee, [Pick(f"progress:{committee.indicator.pk}")])
        Value.objects.filter(pk=committee.value.pk).update(number=400)
        client.force_login(committee.coordinator)
        assert "ne le dit plus" in page_of(client.get(url(committee)))
