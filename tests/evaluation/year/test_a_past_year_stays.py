"""A past year is told as it stood on its last day, whatever is agreed to, changed or withdrawn
since; a correction of what was known of it shows."""

import datetime

import pytest

from actions.follow_up.parts import MILESTONES
from agreements.answers import events as answers
from agreements.models import Version
from agreements.versions import events as drafts
from conventions.models import Convention, Theme
from evaluation.report.content import ReportContent
from evaluation.report.reading import read_report
from indicators.models import Campaign, CampaignState
from indicators.values import events as values
from indicators.values.figure import Figure
from tests import factories as f
from tests.actions.factories import (
    action_in_force,
    agree,
    agreed_again,
    funding,
    in_state,
    with_milestones,
)
from tests.agreements.factories import LONG_AGO
from tests.evaluation.planning import on, whole_action
from tests.indicators.factories import campaign_of, figures, indicator_in_force, redefine
from tests.stories import told_once

pytestmark = pytest.mark.django_db

LATER = datetime.date(2024, 5, 1)
# One is late at the end of the year.
STEPS = ("Recruter", on(6), None), ("Signer", on(5), on(5))
PUT_OFF = ("Recruter", on(10, year=2024), None)


@told_once
def indicator(committee):
    indicator = indicator_in_force(committee)
    figures(committee, indicator, {2022: 410, 2023: 430})
    return indicator


@told_once
def action(committee, indicator):
    f.ThemeFactory(axis=committee.orientation.theme.axis, rank=2, title="Jeunesse")
    action = with_milestones(whole_action(committee), *STEPS)
    action.journal.filter(part=MILESTONES.key).update(day=on(3))
    return action


@told_once
def objective(committee, action):
    return committee.in_force_since(LONG_AGO, "Ouvrir un relais")


def report_of(committee) -> ReportContent:
    convention = Convention.objects.get(pk=committee.convention.pk)
    return read_report(convention, Campaign.objects.get(convention=convention, year=2023))


def digest_of(committee) -> str:
    return report_of(committee).digest


def withdrawn(committee, row) -> None:
    in_force = Version.objects.about(row).in_force().get()
    end = drafts.save_draft(row, in_force.content, ends=True, by=committee.coordinator)
    agree(committee, drafts.propose(end, by=committee.coordinator))


def edited(committee, objective) -> None:
    content = committee.content("Ouvrir deux relais")
    draft = drafts.save_draft(objective.subject, content, by=committee.coordinator)
    committee.agree(drafts.propose(draft, by=committee.coordinator))


ACTS = {
    "another title, other dates": lambda c, i, a, o: agreed_again(
        c, a, title="Autrement", starts_on=on(1, year=2024), ends_on=on(6, year=2026)
    ),
    "other leads": lambda c, i, a, o: agreed_again(
        c, a, leads=[{"organisation": c.epci, "name": "Paul", "capacity": "Directeur"}]
    ),
    "another theme": lambda c, i, a, o: agreed_again(
        c, a, theme=Theme.objects.get(axis__convention=c.convention, title="Jeunesse")
    ),
    "other money": lambda c, i, a, o: agreed_again(
        c, a, fundings=[funding(c.caf, 2023, planned="1")]
    ),
    "withdrawn": lambda c, i, a, o: withdrawn(c, a),
    "another action": lambda c, i, a, o: action_in_force(c, title="Décidée depuis"),
    "done since": lambda c, i, a, o: in_state(a, "done", on=LATER),
    "another objective": lambda c, i, a, o: c.in_force("Un objectif de plus"),
    "proposed": lambda c, i, a, o: c.proposed("Un objectif de plus"),
    "an objective edited": lambda c, i, a, o: edited(c, o),
    "an objective withdrawn": lambda c, i, a, o: withdrawn(c, o.subject),
    "an agreement taken back": lambda c, i, a, o: answers.retract(
        o, reason="À revoir", by=c.caf_member
    ),
    "an indicator defined anew": lambda c, i, a, o: redefine(c, i, title="Autrement compté"),
    "another indicator": lambda c, i, a, o: indicator_in_force(c, title="Un de plus"),
    "a milestone taken off": lambda c, i, a, o: with_milestones(a, STEPS[1]),
    "a late milestone put off": lambda c, i, a, o: with_milestones(a, PUT_OFF, STEPS[1]),
    "a milestone unticked": lambda c, i, a, o: with_milestones(a, STEPS[0], (*STEPS[1][:2], None)),
    "figures of another year": lambda c, i, a, o: figures(c, i, {2024: 470}),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_a_past_year_does_not_change_by_what_is_done_later(
    committee, indicator, action, objective, act
):
    before = digest_of(committee)
    act(committee, indicator, action, objective)
    assert digest_of(committee) == before


def test_a_past_year_does_not_change_by_several_later_acts(committee, indicator, action, objective):
    before = digest_of(committee)
    for name in ("another title, other dates", "other money", "done since", "a milestone taken off",
                 "another objective", "an objective edited", "another indicator",
                 "withdrawn"):  # fmt: skip
        ACTS[name](committee, indicator, action, objective)
    assert digest_of(committee) == before


def test_a_past_year_does_not_change_when_an_indicator_or_action_moves_to_another_theme(committee):
    youth = f.ThemeFactory(axis=committee.orientation.theme.axis, rank=2, title="Jeunesse")
    indicator, other = (indicator_in_force(committee, title=title) for title in ("Un", "Deux"))
    campaign_of(committee, 2023, [indicator, other], state=CampaignState.CLOSED)
    action, _ = (whole_action(committee, title=title) for title in ("Un lieu", "Un autre lieu"))
    before = digest_of(committee)
    redefine(committee, indicator, theme=youth)
    assert digest_of(committee) == before
    agreed_again(committee, action, theme=youth)
    assert digest_of(committee) == before


@pytest.mark.parametrize("is_new", [True, False])
def test_a_party_that_joins_the_agreement_later_is_not_awaited_on_a_past_year(
    committee, indicator, action, objective, is_new
):
    party = None if is_new else f.PartyFactory(
        organisation__convention=committee.convention, agreement_required=False
    )  # fmt: skip

    def lights():
        themes = [theme for axis in report_of(committee).axes for theme in axis.themes]
        return [point.lights for theme in themes for point in theme.committee]

    before = lights()  # of the one objective, for the two parties of the committee
    assert [len(of_objective) for of_objective in before] == [2]
    if is_new:
        f.PartyFactory(organisation__convention=committee.convention)
    else:
        party.agreement_required = True
        party.save()
    assert lights() == before


def test_a_past_year_changes_by_a_correction_of_its_figures(
    committee, indicator, action, objective
):
    before = digest_of(committee)
    asked = indicator.campaign_indicators.get(campaign__year=2023)
    agent = f.MembershipFactory(organisation=committee.caf).user
    values.correct_value(asked, Figure(number=431), reason="Une erreur de saisie", by=agent)
    assert digest_of(committee) != before
