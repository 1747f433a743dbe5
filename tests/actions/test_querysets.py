"""What is asked of many actions is answered as it is of each: queries and their twins in Python."""

import datetime
from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from actions.follow_up.rights import is_lead
from actions.models import Action, ActionState, Funding, Lead, Means, Milestone
from conventions.models import Standing
from tests import factories as f
from tests.actions.factories import days
from tests.agreements.factories import committee_of
from tests.databases import examples
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.both]

TODAY = datetime.date(2024, 6, 15)
QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}

NEAR = st.integers(-2, 2).map(lambda n: TODAY + days(n))
YEARS = [2022, 2023, 2024, 2025, 2026]
EDGES = [datetime.date(year, *day) for year in YEARS for day in ((1, 1), (12, 31))]
DAYS = st.none() | NEAR | st.sampled_from(EDGES)
MILESTONES = st.lists(st.tuples(NEAR, st.none() | NEAR, st.integers(1, 100)), max_size=4)


@st.composite
def action_values(draw) -> dict:
    """An action as it may stand: calendar, state, progress, milestones."""
    starts_on, ends_on = draw(DAYS), draw(DAYS)
    if starts_on and ends_on and ends_on < starts_on:
        starts_on, ends_on = ends_on, starts_on
    progress = draw(st.none() | st.integers(0, 100))
    return {
        "starts_on": starts_on,
        "ends_on": ends_on,
        "is_continuous": ends_on is None and draw(st.booleans()),
        "state": draw(st.sampled_from(ActionState.values)),
        "state_reason": "Motif",
        "standing": draw(st.sampled_from(Standing.values) | st.just(Standing.IN_FORCE)),
        "stated_progress": progress,
        "stated_on": None if progress is None else TODAY,
        "milestones": draw(MILESTONES),
    }


@dataclass
class Plan:
    """Rows straight in the database: what they say is all that matters here."""

    convention: object
    theme: object
    count: int = 0

    def add(self, milestones=(), **values) -> Action:
        self.count += 1
        row = Action.objects.create(
            convention=self.convention, theme=values.pop("theme", self.theme), rank=self.count,
            number=f"1.{self.count}", title="Action", **values,
        )  # fmt: skip
        for due_on, done_on, weight in milestones:
            Milestone.objects.create(
                action=row, title="Jalon", due_on=due_on, done_on=done_on, weight=weight
            )
        return row


@told_once
def place(db):
    return committee_of()


@pytest.fixture
def plan(place):
    return Plan(place.convention, place.orientation.theme)


def same(queryset, rows, twin) -> bool:
    """Whether a query finds the rows for which its twin holds, each once."""
    keys = list(queryset.values_list("pk", flat=True))
    wanted = {row.pk for row in rows if twin(row)}
    return len(keys) == len(set(keys)) and set(keys) == wanted


def test_querysets_and_properties_agree_on_periods_and_lateness(plan):
    seen = set()

    @settings(max_examples=examples(60), **QUIET)
    @given(st.lists(action_values(), min_size=1, max_size=5))
    @example([{"state": "in_progress", "milestones": [(TODAY, TODAY, 1), (TODAY, None, 7)]}])
    def compare(sheets):
        undo = transaction.savepoint()
        try:
            for sheet in sheets:
                plan.add(**sheet)
            rows = list(Action.objects.prefetch_related("milestones"))
            asked = Action.objects.all()
            for day in (TODAY - days(1), TODAY, TODAY + days(1)):
                assert same(asked.late(day), rows, lambda row, day=day: row.is_late(day))
                seen.update(row.is_late(day) for row in rows)
            assert same(asked.followed(), rows, lambda row: row.is_open)
            for year in YEARS:
                assert same(asked.running_in(year), rows, lambda r, year=year: r.runs_in(year))
        finally:
            transaction.savepoint_rollback(undo)

    compare()
    assert seen == {True, False}


@pytest.mark.parametrize(
    ("weights", "progress"),
    [
        ([(1, True)], 100), ([(1, False)], 0), ([], None), ([(1, True), (2, False)], 33),
        ([(2, True), (1, False)], 66), ([(1, True), (7, False)], 12), ([(3, True), (5, False)], 37),
        ([(1, True), (99, False), (100, False)], 0), ([(100, True), (1, False)], 99),
    ],
)  # fmt: skip
def test_progress_is_the_share_of_the_weights_that_are_done(plan, weights, progress):
    row = plan.add([(TODAY, TODAY if done else None, weight) for weight, done in weights])
    assert row.progress == progress


def test_progress_is_that_of_a_done_state_then_the_stated_one_then_the_milestones(plan):
    steps = [(TODAY, TODAY, 1), (TODAY, None, 3)]
    stated = {"stated_progress": 40, "stated_on": TODAY}
    rows = [plan.add(steps), plan.add(steps, **stated), plan.add(steps, state="done", **stated)]
    assert [row.progress for row in rows] == [25, 40, 100]


LATE = {
    "ended yesterday": ({"ends_on": TODAY - days(1)}, True),
    "ends today": ({"ends_on": TODAY}, False),
    "to begin yesterday": ({"starts_on": TODAY - days(1)}, True),
    "to begin today": ({"starts_on": TODAY}, False),
    "begun": ({"starts_on": TODAY - days(1), "state": "in_progress"}, False),
    "a milestone of yesterday": ({"milestones": [(TODAY - days(1), None, 1)]}, True),
    "a milestone of today": ({"milestones": [(TODAY, None, 1)]}, False),
    "a milestone done": ({"milestones": [(TODAY - days(9), TODAY, 1)]}, False),
    "paused": ({"ends_on": TODAY - days(1), "state": "paused", "state_reason": "x"}, True),
    "done": ({"ends_on": TODAY - days(1), "state": "done"}, False),
    "abandoned": ({"ends_on": TODAY - days(1), "state": "abandoned", "state_reason": "x"}, False),
    "proposed": ({"ends_on": TODAY - days(1), "standing": "proposed"}, False),
    "withdrawn": ({"ends_on": TODAY - days(1), "standing": "withdrawn"}, False),
}


@pytest.mark.parametrize(("values", "is_late"), LATE.values(), ids=LATE)
def test_late_keeps_actions_behind_what_was_agreed(plan, values, is_late):
    row = plan.add(**values)
    assert row.is_late(TODAY) == is_late
    assert Action.objects.late(TODAY).exists() == is_late


# Who, where, what for ----------------------------------------------------------------------------


def test_querysets_and_functions_agree_on_leads(place, plan):
    caf, epci = place.caf, place.epci
    elsewhere = committee_of()
    people = [place.coordinator, elsewhere.coordinator] + [
        f.MembershipFactory(organisation=organisation, **how).user
        for organisation in (caf, epci)
        for how in ({}, {"reader": True}, {"ended": True})
    ]
    f.MembershipFactory(organisation=epci, user=people[2], reader=True)
    other = Plan(elsewhere.convention, elsewhere.orientation.theme)
    lead = st.tuples(st.sampled_from([caf, epci]), st.sampled_from([None, *people]))
    seen = set()

    @settings(max_examples=examples(25), **QUIET)
    @given(st.lists(lead, max_size=3), st.sampled_from([None, *people]))
    def compare(named, abroad):
        undo = transaction.savepoint()
        try:
            row, away = plan.add(), other.add()
            for organisation, user in named:
                Lead.objects.create(action=row, organisation=organisation, user=user)
            Lead.objects.create(action=away, organisation=elsewhere.caf, user=abroad)
            for user in people:
                asked = Action.objects.led_by(user)
                assert same(asked, [row, away], lambda row, user=user: is_lead(user, row))
                seen.update(is_lead(user, action) for action in (row, away))
            for action in (row, away):
                present = set(
                    f.models.Membership.objects.active().of(action.convention)
                    .values_list("user", flat=True)
                )  # fmt: skip
                gone = {x.pk for x in action.leads.all() if x.user_id and x.user_id not in present}
                assert {x.pk for x in action.leads.all().without_access()} == gone
                seen.add(("left", bool(gone)))
        finally:
            transaction.savepoint_rollback(undo)

    compare()
    assert seen == {True, False, ("left", True), ("left", False)}


def test_involving_finds_the_actions_that_name_an_organisation(place, plan):
    caf, epci = place.caf, place.epci
    rows = {name: plan.add() for name in ("lead", "partner", "means", "funder", "none", "all")}
    for name, organisation in [(name, caf) for name in rows if name != "none"] + [("none", epci)]:
        row = rows[name]
        if name in ("lead", "all", "none"):
            Lead.objects.create(action=row, organisation=organisation)
            Lead.objects.create(action=row, organisation=organisation, name="Une autre")
        if name in ("partner", "all"):
            row.partners.add(organisation, epci)
        if name in ("means", "all"):
            Means.objects.create(action=row, organisation=organisation, fte=1)
        if name in ("funder", "all"):
            Funding.objects.create(action=row, funder=organisation, year=2024, planned=1)
            Funding.objects.create(action=row, funder=organisation, year=2025, granted=1)
    asked = Action.objects.involving
    assert same(asked(caf), rows.values(), lambda row: row != rows["none"])
    wanted = [rows["none"], rows["partner"], rows["all"]]
    assert same(asked(epci), rows.values(), lambda row: row in wanted)
    assert not asked(f.OrganisationFactory(convention=place.convention, acronym="PMI")).exists()


def test_concerning_finds_the_actions_of_a_commune_and_of_the_whole_territory(place, plan):
    here, there, nowhere = (f.CommuneFactory(convention=place.convention) for _ in "abc")
    whole, some, there_only = plan.add(), *(plan.add(is_whole_territory=False) for _ in "ab")
    some.communes.add(here, there)
    there_only.communes.add(there)
    for commune, wanted in [
        (here, {whole, some}),
        (there, {whole, some, there_only}),
        (nowhere, {whole}),
    ]:
        assert same(
            Action.objects.concerning(commune), [whole, some, there_only], wanted.__contains__
        )


def test_under_finds_the_actions_of_a_theme_main_or_other(place, plan):
    other, third = (f.ThemeFactory(axis=plan.theme.axis) for _ in "ab")
    main, both, secondary = plan.add(), plan.add(), plan.add(theme=other)
    both.other_themes.add(other, third)
    secondary.other_themes.add(plan.theme)
    rows = [main, both, secondary]
    for theme, wanted in [(plan.theme, rows), (other, [both, secondary]), (third, [both])]:
        assert same(Action.objects.under(theme), rows, wanted.__contains__)


def test_serving_finds_the_actions_of_an_objective_or_one_beneath(place, plan):
    above = place.orientation
    beneath, sibling = (f.ObjectiveFactory(parent=above) for _ in "ab")
    other = f.ObjectiveFactory(theme=plan.theme)
    rows = [plan.add() for _ in "abcd"]
    for row, served in zip(rows, [[above, beneath], [beneath, sibling], [other], []], strict=True):
        row.objectives.add(*served)
    for objective, wanted in [
        (above, rows[:2]), (beneath, rows[:2]), (sibling, rows[1:2]), (other, rows[2:3]),
    ]:  # fmt: skip
        assert same(Action.objects.serving(objective), rows, wanted.__contains__)


def test_querysets_chain_and_count_no_row_twice(place, plan):
    """Each question narrows what the others found; none counts a row twice."""
    commune = f.CommuneFactory(convention=place.convention)
    row = plan.add(
        [(TODAY - days(1), None, 1), (TODAY - days(2), None, 1)], starts_on=TODAY, state="paused",
        state_reason="x",
    )  # fmt: skip
    plan.add(starts_on=TODAY)
    for _ in "ab":
        Lead.objects.create(action=row, organisation=place.caf)
    row.objectives.add(place.orientation, f.ObjectiveFactory(parent=place.orientation))
    agent = f.MembershipFactory(organisation=place.caf).user
    narrowed = (
        Action.objects.of(place.convention).agreed().late(TODAY).running_in(2024).led_by(agent)
        .involving(place.caf).concerning(commune).under(plan.theme).serving(place.orientation)
        .matching("action").with_sheet().in_reading_order()
    )  # fmt: skip
    assert list(narrowed) == [row]
    assert narrowed.count() == 1


def test_history_adds_no_query_to_a_list(plan, django_assert_max_num_queries):
    for _ in range(6):
        row = plan.add([(TODAY, None, 1)])
        row.title = "Autrement"
        row.save()
    with django_assert_max_num_queries(3):
        for row in Action.objects.with_relations():
            str(row), row.progress, row.is_late(TODAY), row.theme.axis.colour, list(row.leads.all())
