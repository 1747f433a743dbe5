"""What files say of an action: what is agreed, apart from it the follow-up, all in words."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.files.plan import plan_of
from actions.files.reading import read_sheets
from actions.follow_up import parts
from actions.follow_up.events import follow_up
from actions.models import Action
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Answer, Version
from agreements.versions import endings
from agreements.versions.events import propose, save_draft
from tests import factories as f
from tests.actions import factories as a
from tests.actions.bulk import many_actions
from tests.agreements.factories import WHY, committee_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db

DAY = datetime.date(2023, 7, 1)


@told_once
def committee(db):
    """Its convention ran from 2020 to 2024."""
    term = {"start": datetime.date(2020, 1, 1), "end": datetime.date(2024, 12, 31)}
    return committee_of(signed_on=datetime.date(2019, 12, 31), **term)


def sheet_of(action, day=DAY):
    [sheet] = read_sheets(action.convention, [action], day)
    return sheet


def facts(action, day=DAY) -> dict[str, tuple[str, ...]]:
    return {
        fact.label: tuple(line.replace("\u202f", " ").replace("\xa0", " ") for line in fact.lines)
        for fact in sheet_of(action, day).facts
    }


class TestWhatIsAgreed:
    def test_facts_without_a_value_are_left_out(self, committee):
        theme = committee.orientation.theme
        other = f.ThemeFactory(axis=theme.axis, rank=9, number="1.9", title="Jeunesse")
        commune = f.CommuneFactory(convention=committee.convention, name="Lésigny")
        texts = facts(
            a.action_in_force(
                committee,
                other_themes=[other],
                partners=[committee.epci],
                other_partners="la PMI",
                is_whole_territory=False,
                communes=[commune],
                means=[{"organisation": committee.caf, "fte": Decimal("0.5"), "note": "accueil"}],
                fundings=[
                    a.funding(committee.caf, 2021, planned="12000"),
                    a.funding("État", 2021, planned="8000.50"),
                ],
                plans=["Schéma départemental"],
                is_innovative=True,
            )
        )
        assert texts["Pilote"] == ("Nadia Lefèvre, Conseillère (CAF 99)",)
        assert texts["Autres rattachements"] == ("1.9 Jeunesse",)
        assert texts["Partenaires"] == ("Exemple", "la PMI")
        assert texts["Territoire"] == ("1 commune : Lésigny",)
        assert texts["Moyens humains"] == ("CAF 99 : 0,5 ETP (accueil)",)
        assert texts["Financement prévu"] == (
            "20 000,50 € (CAF 99 : 12 000 € ; État : 8 000,50 €)",
        )
        assert texts["Autres plans"] == ("Schéma départemental",)
        assert texts["Innovation"] == ("initiative ou innovation",)
        assert "Élu référent" not in texts

    def test_the_sheet_has_the_words_of_the_territory(self, committee):
        committee.convention.labels = {"axe": "Enjeu", "objectif": "Finalité"}
        committee.convention.save()
        committee.proposed()
        objective = Version.objects.latest("pk").subject
        action = a.action_in_force(committee, objectives=[committee.orientation, objective])
        action = Action.objects.get(pk=action.pk)
        texts = facts(action)
        assert [line.endswith("(proposée)") for line in texts["Finalités"]] == [False, True]
        assert sheet_of(action).place.startswith("Enjeu ")

    def test_the_theme_of_an_axis_without_themes_is_not_named(self, committee):
        theme = committee.orientation.theme
        theme.title = ""
        theme.save()
        sheet = sheet_of(a.action_in_force(committee))
        assert sheet.theme.name == ""
        assert sheet.place == f"Axe {theme.axis.number}. {theme.axis.title}"


class TestStanding:
    def test_an_action_in_force_shows_who_agreed(self, committee):
        standing = sheet_of(a.action_in_force(committee)).standing
        assert standing.text.startswith("En vigueur depuis le ")
        assert standing.text.endswith("(version 1), après le terme de la convention")
        assert [(light.who, light.state) for light in standing.lights] == [
            ("CAF 99", "ok"),
            ("Exemple", "ok"),
        ]
        assert standing.discussed == ""

    def test_a_proposed_action_is_marked_and_not_followed(self, committee):
        version = a.proposed_action(committee)
        answers.answer(
            Reply(version, Answer.CHANGE_REQUESTED, reason="Non"), by=committee.caf_member
        )
        sheet = sheet_of(Action.objects.get(pk=version.object_id))
        assert "(version 1), pas encore acceptée" in sheet.standing.text
        assert [light.state for light in sheet.standing.lights] == ["change", "awaited"]
        assert not sheet.is_followed
        assert sheet.standing.since is None

    def test_a_draft_says_that_it_is_one(self, committee):
        version = a.draft_action(committee)
        assert sheet_of(Action.objects.get(pk=version.object_id)).standing.text.startswith(
            "Brouillon"
        )

    def test_a_next_version_is_shown_beside_the_agreed_one(self, committee):
        action = a.action_in_force(committee)
        content = Version.objects.about(action).in_force().get().content
        draft = save_draft(action, content | {"title": "Autre titre"}, by=committee.coordinator)
        propose(draft, by=committee.coordinator, after_term=WHY)
        sheet = sheet_of(action)
        assert sheet.title == "Ouvrir un lieu d’accueil enfants-parents"
        assert "(version 1)" in sheet.standing.text
        assert sheet.standing.discussed.startswith("Une version 2, proposée le ")
        assert {light.state for light in sheet.standing.discussed_lights} == {"again"}

    def test_a_withdrawal_is_shown_as_discussed_then_as_agreed(self, committee):
        action = a.action_in_force(committee)
        draft = endings.draft_ending(action, by=committee.coordinator, note="Sans objet")
        ending = propose(draft, by=committee.coordinator, after_term=WHY)
        assert sheet_of(action).standing.discussed.startswith("Son retrait du plan, proposé le ")
        a.agree(committee, ending)
        sheet = sheet_of(Action.objects.get(pk=action.pk))
        assert sheet.standing.text.startswith("Retirée du plan le ")
        assert sheet.is_followed


class TestFollowUp:
    def test_the_sheet_has_state_progress_and_milestones(self, committee):
        action = a.action_in_force(committee)
        action = a.with_milestones(
            action, ("Ouvrir", "2021-03-01", "2021-03-02"), ("Étendre", "2022-03-01", None, 3)
        )
        action = a.in_state(action, "paused", on=datetime.date(2023, 1, 2), reason="Poste vacant.")
        follow_up = sheet_of(action).follow_up
        assert follow_up.sentence.replace("\xa0", " ") == "En pause depuis le 2 janvier 2023"
        assert follow_up.progress_text.replace("\u202f", " ") == "25 %, d’après les jalons"
        assert [one.state.replace("\xa0", " ") for one in follow_up.milestones] == [
            "atteint le 2 mars 2021",
            "non atteint",
        ]
        assert [late.replace("\xa0", " ") for late in follow_up.late] == [
            "1 jalon n’est pas atteint"
        ]

    def test_the_progress_is_as_stated_and_100_once_done(self, committee):
        action = a.action_in_force(committee)
        day = datetime.date(2023, 1, 2)
        stated = sheet_of(a.in_state(action, "in_progress", on=day, progress=40)).follow_up
        assert (stated.progress, stated.progress_source) == (40, "estimé le 2\xa0janvier 2023")
        done = sheet_of(a.in_state(action, "done", on=day)).follow_up
        assert (done.progress, done.progress_source) == (100, "")

    def test_what_should_have_begun_or_ended_is_late(self, committee):
        action = a.action_in_force(committee, ends_on=datetime.date(2022, 12, 31))
        [begin] = sheet_of(action, datetime.date(2022, 5, 1)).follow_up.late
        assert begin == "elle devait commencer le 1er\xa0janvier 2020"
        assert sheet_of(action).follow_up.late == ("sa fin était prévue le 31\xa0décembre 2022",)
        assert sheet_of(a.in_state(action, "done")).follow_up.late == ()

    def test_an_abandoned_action_with_an_overdue_milestone_is_not_late(self, committee):
        action = a.with_milestones(a.action_in_force(committee), ("Ouvrir", "2021-03-01", None))
        action = a.in_state(action, "abandoned", reason="Sans financement.")
        assert [one.state for one in sheet_of(action).follow_up.milestones] == ["à venir"]

    def test_an_unknown_amount_differs_from_zero_in_lines_and_totals(self, committee):
        action = a.action_in_force(
            committee, fundings=[a.funding(committee.caf, year) for year in (2021, 2022)]
        )
        first, second = action.fundings.all()
        action = a.spent(action, {first.pk: (Decimal(0), None), second.pk: (None, None)})
        sheet = sheet_of(action)
        assert (sheet.totals.planned, sheet.totals.granted, sheet.totals.spent) == (2000, 0, None)
        assert [line.amounts.granted for line in sheet.fundings] == [0, None]

    def test_the_sheet_has_notes_links_and_documents(self, committee, agent):
        action, other = a.action_in_force(committee), a.action_in_force(committee, title="Autre")
        gone = a.action_in_force(committee, title="Retirée")
        a.noted(action, 2021, brakes="Le local", by=agent)
        a.noted(action, 2022)
        linked = parts.LINKED.plain({"related": [other, gone]})
        follow_up(action, parts.LINKED, linked, by=None)
        ending = endings.draft_ending(gone, by=committee.coordinator, note="Sans objet")
        a.agree(committee, propose(ending, by=committee.coordinator, after_term=WHY))
        sheet = sheet_of(action).follow_up
        assert [note.year for note in sheet.notes] == [2022, 2021]
        assert sheet.notes[1].parts == [("Freins", "Le local")]
        assert sheet.notes[1].signature.endswith(f" par {agent}.")
        assert [one.title for one in sheet.linked] == ["Autre"]


class TestAfterTheConvention:
    """Art. 8: what was undertaken holds to its own term."""

    def remark(self, committee, day, **values):
        action = a.action_in_force(committee, **values)
        return sheet_of(action, day).follow_up.afterwards.replace("\xa0", " ")

    @pytest.fixture
    def end(self, committee):
        return committee.convention.end

    def test_an_action_that_outlives_its_convention_says_so(self, committee, end):
        text = self.remark(committee, end + a.days(1), ends_on=datetime.date(end.year + 1, 6, 30))
        assert text.startswith("La convention est arrivée à son terme le 31 décembre ")
        assert f"Cette action court jusqu’au 30 juin {end.year + 1}" in text
        assert text.endswith("son suivi continue.")

    def test_an_action_past_its_own_term_says_that_it_ran_until_then(self, committee, end):
        later = datetime.date(end.year + 1, 6, 30)
        assert "Cette action courait jusqu’au 30 juin" in self.remark(
            committee, later + a.days(1), ends_on=later
        )

    def test_a_continuous_action_says_so_after_the_convention(self, committee, end):
        text = self.remark(committee, end + a.days(1), ends_on=None, is_continuous=True)
        assert "menée en continu" in text

    def test_an_action_late_at_the_end_of_the_convention_is_not_achieved(self, committee, end):
        assert "n’est pas achevée" in self.remark(committee, end + a.days(1), ends_on=end)

    def test_neither_a_running_convention_nor_a_done_action_is_commented(self, committee, end):
        assert self.remark(committee, end, ends_on=None, is_continuous=True) == ""
        action = a.in_state(a.action_in_force(committee), "done")
        assert sheet_of(action, end + a.days(1)).follow_up.afterwards == ""


def test_sheets_are_read_in_as_many_queries_for_60_as_for_1(committee):
    actions = many_actions(committee.convention, 60)
    counts = []
    for chosen in (actions[:1], actions):
        with CaptureQueriesContext(connection) as captured:
            sheets = read_sheets(committee.convention, chosen, DAY)
            plan_of(committee.convention, sheets, DAY)
        assert [sheet.pk for sheet in sheets] == [action.pk for action in chosen]
        counts.append(len(captured))
    assert counts[0] == counts[1] < 25
