"""What the annual evaluation says of the action plan: as it stood at the end of the year."""

import dataclasses

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.models import Action
from agreements.models import Version
from agreements.versions import events as drafts
from conventions.models import Convention
from evaluation.report.reading import read_report
from indicators.models import Campaign
from tests import factories as f
from tests.actions.factories import (
    action_content,
    action_in_force,
    agree,
    agreed_again,
    days,
    in_state,
    noted,
    proposed_action,
    spent,
    with_milestones,
)
from tests.agreements.factories import agreed_since
from tests.evaluation.planning import action_of, on, whole_action
from tests.indicators.bulk import many_indicators
from tests.indicators.factories import campaign_of, indicator_in_force, value_of
from tests.stories import told_once

NO_BREAK = str.maketrans("\u00a0\u202f", "  ")


@told_once
def year(committee):
    return campaign_of(committee, 2023)


def report_of(committee, year=2023):
    campaign = Campaign.objects.get(convention=committee.convention, year=year)
    return read_report(Convention.objects.get(pk=committee.convention.pk), campaign)


def lines_of(report):
    return [line for axis in report.axes for theme in axis.themes for line in theme.actions]


def line_of(committee, year=2023):
    (line,) = lines_of(report_of(committee, year))
    return line


def plain(text: str) -> str:
    return text.translate(NO_BREAK)


class TestLine:
    def test_a_line_has_the_fields_and_note_of_its_action(self, committee, year):
        whole_action(committee)
        line = line_of(committee)
        cells = (line.title, line.leads, plain(line.period), line.is_innovative)
        assert cells == (
            "Ouvrir un lieu", "Nadia Lefèvre (CAF 99)", "du 1er janvier 2023 au 31 décembre 2024",
            True,
        )  # fmt: skip
        cells = (line.state, line.state_kind, plain(line.since), line.reason, line.is_late)
        assert cells == (
            "bloquée", "blocked", "depuis le 1er septembre 2023", "Le local est en travaux.", False
        )  # fmt: skip
        assert (line.percent, plain(line.measured)) == (40, "estimé le 1er septembre 2023")
        assert line.note.text == "Onze **communes** sont servies."
        assert line.note.parts == [
            ("Freins", "Le bail a tardé."), ("Perspectives", "Ouvrir en mars."),
        ]  # fmt: skip
        assert not line.lacks_note

    def test_the_money_of_a_line_is_that_of_the_year(self, committee, year):
        action = whole_action(committee)
        money = line_of(committee).money
        assert plain(money.planned) == "15 000,50 €"
        assert plain(money.granted) == "11 000 € (incomplet)"
        assert plain(money.spent) == "10 500,25 €"
        assert (money.untold, money.comparisons[-1]) == (1, "1\u00a0ligne non renseignée")
        action = spent(action, {})
        money = line_of(committee).money
        assert (money.granted, money.spent, money.untold) == ("", "", 0)
        first = action.fundings.order_by("pk").first()
        spent(action, {first.pk: (None, "0")})
        assert plain(line_of(committee).money.spent) == "0 €"

    def test_an_action_of_a_past_year_stands_as_at_its_end(self, committee, year):
        action = action_of(committee, state="in_progress")
        with_milestones(action, ("A", on(5), on(6)), ("B", on(10), on(2, year=2024)), on=on(3))
        in_state(action, "done", on=on(6, year=2024))
        line = line_of(committee)
        assert (line.state, line.is_late) == ("en cours", True)
        assert (line.percent, line.bar, line.measured) == (50, 50, "selon les jalons")
        campaign_of(committee, 2024)
        line = line_of(committee, 2024)
        assert (line.state, plain(line.since)) == ("terminée", "le 1er juin 2024")
        assert (line.percent, line.measured, line.is_late) == (100, "", False)

    def test_an_action_of_the_current_year_stands_as_it_does_today(self, committee):
        today = timezone.localdate()
        campaign_of(committee, today.year)
        action = action_of(committee, starts_on=on(1, year=2021), ends_on=today + days(400))
        in_state(action, "in_progress", on=today)
        assert line_of(committee, today.year).state == "en cours"
        caption = report_of(committee, today.year).actions_caption
        assert caption == f"Où en sont les actions de {today.year} à ce jour"

    def test_an_action_without_progress_note_or_money_shows_none(self, committee, year):
        action_of(committee, ends_on=None, is_continuous=True)
        line = line_of(committee)
        assert (line.state, line.since, line.percent, line.bar) == ("à venir", "", None, None)
        assert plain(line.period) == "depuis le 1er janvier 2023, en continu"
        assert (line.is_late, line.note, line.lacks_note) == (True, None, False)
        assert line.money.comparisons == []

    def test_a_year_has_the_actions_in_force_within_it(self, committee, year):
        action_of(committee, "Celle-ci")
        action_of(committee, "Plus tard", starts_on=on(1, year=2024))
        content = action_content(committee, title="Proposée", starts_on=on(1))
        proposed_action(committee, **content)
        for title, day in (("Retirée", on(6)), ("Retirée depuis", on(1, year=2024))):
            ended(committee, action_of(committee, title), day)
        action_in_force(committee, title="Décidée depuis", starts_on=on(1))
        titles = ["Celle-ci", "Retirée depuis"]
        assert [line.title for line in lines_of(report_of(committee))] == titles


class TestPlace:
    def test_an_action_is_under_its_main_theme_even_without_any_indicator(self, committee, year):
        axis = committee.orientation.theme.axis
        theme = f.ThemeFactory(axis=axis, rank=2, title="Jeunesse")
        action_of(committee, theme=theme, other_themes=[committee.orientation.theme])
        parts = {t.title: t for a in report_of(committee).axes for t in a.themes}
        assert [line.title for line in parts["Jeunesse"].actions] == ["Ouvrir un lieu"]
        assert parts[committee.orientation.theme.title].actions == []
        assert parts["Jeunesse"].lead.startswith("Aucun indicateur n’a été suivi cette année. 1")

    def test_an_action_stays_under_a_theme_that_is_over(self, committee, year):
        action_of(committee)
        later = f.AmendmentFactory(convention=committee.convention, number=1,
                                   effective_on=committee.convention.start)  # fmt: skip
        f.end(committee.orientation.theme, later)
        assert [line.title for line in lines_of(report_of(committee))] == ["Ouvrir un lieu"]


class TestCounts:
    def test_a_sentence_counts_actions_by_state(self, committee, year):
        for title, state in [("A", "done"), ("B", "done"), ("C", "in_progress"), ("D", "paused")]:
            action_of(committee, title, state, reason="Il y a un motif.")
        action_of(committee, "E")
        noted(Action.objects.get(title="A"), 2023)
        report = report_of(committee)
        sentence = (
            "5 actions : 2 terminées, 1 en cours, 1 à venir et 1 en pause ; 1 est en retard et "
            "3 bilans manquent."
        )
        assert plain(report.summary.actions) == sentence
        assert plain(report.axes[0].lead).endswith(sentence)
        assert plain(report.axes[0].themes[0].lead).endswith(sentence)

    def test_the_sentence_on_one_finished_action_is_short(self, committee, year):
        noted(action_of(committee, state="done"), 2023)
        assert plain(report_of(committee).summary.actions) == "1 action : 1 terminée."

    def test_the_summary_below_long_axes_does_not_count_actions(self, committee, year):
        action_of(committee)
        Campaign.objects.all().delete()
        for n in range(11):
            axis = f.AxisFactory(
                convention=committee.convention, number=n + 31_000, title="Axe " * 40
            )
            for rank in (1, 2, 3):
                f.ThemeFactory(axis=axis, rank=rank)
        committee.convention.axes.update(title="Axe " * 40)
        many_indicators(committee.convention, 34, [2023])
        report = report_of(committee)
        assert (report.summary.actions, len(report.summary.rows)) == ("", 12)
        assert [axis.lead for axis in report.axes if "1\u00a0action" in axis.lead]


def test_missing_notes_are_grouped_by_who_leads_the_action(committee, year):
    leads = [
        {"organisation": o, "name": "", "capacity": ""} for o in (committee.epci, committee.caf)
    ]
    both = action_of(committee, "À deux", "in_progress", leads=leads)
    noted(action_of(committee, "Écrite", "in_progress"), 2023)
    noted(action_of(committee, "D’une autre année", "done"), 2022)
    action_of(committee, "À venir")
    gaps = {group.organisation: group.gaps for group in report_of(committee).unwritten}
    assert list(gaps) == ["Exemple agglomération et Caf d’Exemple", "Caf d’Exemple"]
    (gap,) = gaps["Exemple agglomération et Caf d’Exemple"]
    assert (gap.title, gap.text) == (f"{both.number} À deux", "pas encore écrit")
    assert [gap.title for gap in gaps["Caf d’Exemple"]] == [
        f"{both.number[:-1]}3 D’une autre année"
    ]


def test_the_report_of_a_year_without_actions_does_not_mention_them(committee, year):
    report = report_of(committee)
    assert lines_of(report) == report.unwritten == []
    assert report.actions_caption == report.summary.actions == ""
    assert report.gaps_title == "Chiffres manquants ou provisoires"
    assert "action" not in str(dataclasses.asdict(report)["method"])


def test_an_action_of_a_demonstration_is_told_as_fictional(committee, year):
    action = action_of(committee)
    assert not report_of(committee).is_fictional
    Action.objects.filter(pk=action.pk).update(is_fictional=True)
    assert report_of(committee).is_fictional


def ended(committee, action, day) -> None:
    """The parties agree that day to withdraw it."""
    in_force = Version.objects.about(action).get()
    end = drafts.save_draft(action, in_force.content, ends=True, by=committee.coordinator)
    agree(committee, drafts.propose(end, by=committee.coordinator))
    agreed_since(end, day)
    in_force.transitions.filter(verb="replaced").update(
        created_at=end.transitions.last().created_at
    )


CHANGES = {
    "state": lambda a: in_state(a, "paused", on=on(11), reason="Poste vacant."),
    "reason": lambda a: in_state(a, "blocked", on=on(10), reason="Autre motif.", progress=40),
    "progress": lambda a: in_state(
        a, "blocked", on=on(9), reason="Le local est en travaux.", progress=60
    ),
    "late": lambda a: with_milestones(a, ("Bail", on(10), None), on=on(3)),
    "note": lambda a: noted(a, 2023, "Réécrit."),
    "brakes": lambda a: noted(a, 2023, "Onze **communes** sont servies.", brakes="Autres."),
    "spent": lambda a: spent(a, {a.fundings.first().pk: ("11000", "1")}),
}


class TestDigest:
    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
    def test_the_digest_changes_with_what_is_told_of_the_year(self, committee, year, change):
        action = whole_action(committee)
        before = report_of(committee).digest
        change(action)
        assert report_of(committee).digest != before

    def test_the_digest_changes_once_another_wording_is_in_force(self, committee, year):
        action = whole_action(committee)
        before = report_of(committee).digest
        agreed_again(committee, action, title="Ouvrir deux lieux")
        assert report_of(committee).digest == before
        agreed_since(Version.objects.about(action).in_force().get(), on(11))
        assert report_of(committee).digest != before

    def test_the_digest_does_not_change_with_what_happens_later(self, committee, year):
        action = whole_action(committee)
        before = report_of(committee).digest
        noted(action, 2024, "Réécrit.")
        in_state(action, "done", on=on(2, year=2024))
        last = action.fundings.order_by("pk").last()
        first = action.fundings.order_by("pk").first()
        spent(action, {first.pk: ("11000", "10500.25"), last.pk: ("1", "1")})
        assert report_of(committee).digest == before


def test_the_report_takes_as_many_queries_for_four_actions_as_for_one(committee):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert lines_of(report_of(committee))
        return len(captured)

    indicator = indicator_in_force(committee)
    value_of(campaign_of(committee, 2023, [indicator]), indicator, 430)
    whole_action(committee)
    few = queries()
    for number in range(3):
        whole_action(committee, title=f"Action {number}")
    assert queries() == few <= 44
