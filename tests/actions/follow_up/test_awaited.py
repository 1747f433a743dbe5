"""Which notes are awaited: the years in question, and the actions that lack one."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.follow_up.awaited import (
    actions_awaiting_note,
    awaited_years,
    awaited_years_by_convention,
)
from actions.models import Action
from ctg_portal.house import overridden
from tests.actions.factories import (
    action_in_force,
    action_since_long,
    agreed_again,
    in_state,
    noted,
    proposed_action,
)
from tests.agreements.factories import committee_of
from tests.factories import ConventionFactory
from tests.indicators.factories import campaign_of

IN_2023 = datetime.date(2023, 5, 2)


@pytest.fixture
def alone():
    """No chapter tells years."""
    own = []
    with overridden(awaited_years=own):
        yield own


class TestYears:
    TERM = {"start": datetime.date(2021, 3, 1), "end": datetime.date(2024, 6, 30)}

    @pytest.mark.parametrize(
        ("today", "years"),
        [((2020, 5, 1), []), ((2021, 5, 1), []), ((2022, 1, 1), [2021]), ((2023, 12, 31), [2022]),
         ((2024, 6, 30), [2023]), ((2024, 7, 1), [2024]), ((2029, 1, 1), [2024])],
    )  # fmt: skip
    def test_the_last_year_over_within_the_term_is_awaited(self, db, alone, today, years):
        convention = ConventionFactory(signed_on=self.TERM["start"], **self.TERM)
        assert awaited_years(convention, datetime.date(*today)) == years

    def test_a_project_awaits_no_year(self, db, alone):
        convention = ConventionFactory(project=True)
        assert awaited_years(convention, datetime.date(2035, 1, 1)) == []

    def test_the_years_that_rooms_contribute_replace_the_last_year(self, db, alone):
        convention, other = ConventionFactory(ended=True), ConventionFactory(ended=True)
        alone.append(lambda conventions, today: {convention.pk: [2022, 2021]})
        alone.append(lambda conventions, today: {convention.pk: [2022], other.pk: []})
        today = datetime.date(2024, 5, 1)
        assert awaited_years(convention, today) == [2021, 2022]
        assert awaited_years(other, today) == [2023]


class TestYearsOfTheEvaluation:
    def test_the_years_of_open_campaigns_are_awaited(self, db):
        committee = committee_of(ended=True)
        campaign_of(committee, 2021, state="closed")
        campaign_of(committee, 2022)
        campaign_of(committee, 2024, state="prepared")
        today = datetime.date(2024, 5, 1)
        assert awaited_years(committee.convention, today) == [2022]
        committee.convention.campaigns.filter(year=2021).update(state="reopened")
        assert awaited_years(committee.convention, today) == [2021, 2022]

    def test_without_a_campaign_the_last_year_over_is_awaited(self, db):
        committee = committee_of(ended=True)
        campaign_of(committee, 2021, state="closed")
        assert awaited_years(committee.convention, datetime.date(2024, 5, 1)) == [2023]

    def test_many_conventions_ask_as_few_queries_as_one(self, db):
        conventions = [ConventionFactory(ended=True) for _ in range(4)]
        for number in (1, 4):
            with CaptureQueriesContext(connection) as captured:
                assert awaited_years_by_convention(conventions[:number], timezone.localdate())
            assert len(captured) == 1


class TestNotes:
    def awaited(self, committee, year=2023):
        return [
            a.title for a in actions_awaiting_note(Action.objects.of(committee.convention), year)
        ]

    def test_notes_are_awaited_of_actions_under_way_or_ended_that_year(self, committee):
        def story(title, state, on=IN_2023, **values):
            action = action_since_long(committee, title=title, starts_on=datetime.date(2023, 1, 1))
            return in_state(action, state, on=on, reason="Il y a un motif.", **values)

        for title, state in [("En cours", "in_progress"), ("Finie", "done"), ("Bloquée", "blocked"),
                             ("Abandonnée", "abandoned")]:  # fmt: skip
            story(title, state)
        noted(story("Écrite", "in_progress"), 2023)
        noted(story("Écrite une autre année", "in_progress"), 2022)
        story("À venir toute l’année", "in_progress", on=datetime.date(2024, 1, 1))
        action_since_long(committee, title="Jamais dite", starts_on=datetime.date(2023, 1, 1))
        proposed_action(committee, title="Proposée", starts_on=datetime.date(2023, 1, 1))
        assert self.awaited(committee) == [
            "En cours", "Finie", "Bloquée", "Abandonnée", "Écrite une autre année",
        ]  # fmt: skip
        assert self.awaited(committee, 2024) == [
            "En cours", "Bloquée", "Écrite", "Écrite une autre année", "À venir toute l’année",
        ]  # fmt: skip

    def test_no_note_is_awaited_of_an_action_agreed_since(self, committee):
        dates = {"starts_on": datetime.date(2023, 1, 1), "ends_on": datetime.date(2023, 12, 31)}
        in_state(action_in_force(committee, **dates), "in_progress", on=IN_2023)
        assert self.awaited(committee) == []
        known = in_state(action_since_long(committee, **dates), "in_progress", on=IN_2023)
        assert actions_awaiting_note([known], 2023) == [known]

    def test_the_period_agreed_at_the_end_of_the_year_counts(self, committee):
        begun = datetime.date(2024, 1, 1)
        moved = action_since_long(committee, title="Avancée", starts_on=begun)
        moved = agreed_again(committee, moved, starts_on=datetime.date(2023, 1, 1))
        in_state(moved, "in_progress", on=IN_2023)
        assert self.awaited(committee) == []
        [action] = actions_awaiting_note([moved], 2024)
        assert action.starts_on == datetime.date(2023, 1, 1)

    def test_a_list_of_actions_gives_what_a_queryset_gives(self, committee):
        action = in_state(
            action_since_long(committee, starts_on=IN_2023), "in_progress", on=IN_2023
        )
        assert actions_awaiting_note([action], 2023) == [action]
        assert actions_awaiting_note([], 2023) == []

    def test_no_note_of_a_year_to_come_is_awaited(self, committee):
        in_state(action_since_long(committee, starts_on=IN_2023), "in_progress", on=IN_2023)
        assert self.awaited(committee, timezone.localdate().year + 1) == []

    def test_awaited_notes_take_as_many_queries_for_many_actions(self, committee):
        def queries():
            with CaptureQueriesContext(connection) as captured:
                assert self.awaited(committee)
            return len(captured)

        for number in range(3):
            action = action_since_long(committee, title=f"Action {number}", starts_on=IN_2023)
            in_state(action, "in_progress", on=IN_2023)
            if number == 0:
                few = queries()
        assert queries() == few == 6
