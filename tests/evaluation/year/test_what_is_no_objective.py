"""A passage that is no objective is neither appreciated nor counted, from the day when the parties
have agreed to that; a past year stays as it was."""

import datetime

import pytest
from django.urls import reverse

from agreements.models import Version
from conventions.models import Objective
from ctg_portal.rules import Refused
from evaluation.appreciation.over_years import verdicts_for
from evaluation.period import Period
from evaluation.report.reading import read_report
from evaluation.verdicts.events import appreciate
from evaluation.year.lacks import assessment_of
from evaluation.year.reading import read_year
from tests import factories as f
from tests.agreements.factories import agreed_since, committee_of
from tests.committee.pages import page_of
from tests.committee.reclassifications.scene import reclassified
from tests.indicators.factories import campaign_of, indicator_in_force
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee(db):
    """An orientation with a signed sub-objective, and the collections of 2022 and 2023."""
    committee = committee_of(signed_on=datetime.date(2021, 1, 1), end=datetime.date(2024, 12, 31))
    indicator = indicator_in_force(committee)
    committee.campaigns = {year: campaign_of(committee, year, [indicator]) for year in (2022, 2023)}
    committee.sub = f.ObjectiveFactory(
        parent=committee.orientation, since=committee.orientation.since, title="Former les équipes"
    )
    return committee


def in_2023(committee, *passages, becomes="text") -> Version:
    version = reclassified(committee, *passages, becomes=becomes)
    return agreed_since(version, datetime.date(2023, 6, 1))


def titles(committee, year=2023) -> list[str]:
    reading = read_year(committee.convention, committee.campaigns[year])
    return [objective.title for objective in reading.objectives]


def awaited(committee, year=2023) -> int:
    reading = read_year(committee.convention, committee.campaigns[year])
    counts = assessment_of(committee.convention, Period(year)).appreciations
    assert counts == reading.appreciations
    return counts.total


def test_what_came_in_as_a_text_is_not_read_as_an_objective(committee):
    Objective.objects.update(came_as_objective=False, is_objective=False)
    assert titles(committee) == []
    assert awaited(committee) == 0


def test_a_text_is_not_counted_from_its_agreement_on(committee):
    in_2023(committee, committee.orientation, committee.sub)
    assert titles(committee, 2022) == [committee.orientation.title, "Former les équipes"]
    assert titles(committee, 2023) == []
    assert (awaited(committee, 2022), awaited(committee, 2023)) == (1, 0)


def test_an_objective_beneath_a_heading_is_appreciated_by_itself(committee):
    in_2023(committee, committee.orientation)
    assert titles(committee) == ["Former les équipes"]
    assert awaited(committee) == 1
    report = read_report(committee.convention, committee.campaigns[2023])
    signed = [line.title for axis in report.axes for theme in axis.themes for line in theme.signed]
    assert signed == [committee.orientation.title, "Former les équipes"]


def test_a_text_beneath_an_objective_leaves_it_one(committee):
    in_2023(committee, committee.sub)
    assert titles(committee) == [committee.orientation.title]


def test_a_text_is_an_objective_again_once_that_is_agreed_to(committee):
    in_2023(committee, committee.orientation, committee.sub)
    back = reclassified(committee, committee.orientation, becomes="objective")
    agreed_since(back, datetime.date(2023, 9, 1))
    assert titles(committee) == [committee.orientation.title]


def test_a_text_cannot_be_appreciated(committee):
    in_2023(committee, committee.orientation)
    with pytest.raises(Refused, match="n’est pas un objectif"):
        appreciate(committee.orientation, 2023, "reached", "", revision=0, by=committee.coordinator)
    appreciate(committee.orientation, 2022, "reached", "", revision=0, by=committee.coordinator)


def test_verdicts_on_a_text_no_longer_count_and_those_of_past_years_do(committee):
    for year in (2022, 2023, None):
        appreciate(committee.orientation, year, "reached", "", revision=0, by=committee.coordinator)
    in_2023(committee, committee.orientation)
    verdicts = verdicts_for(committee.coordinator, committee.convention)
    assert verdicts == {committee.orientation.pk: {2022: "reached"}}
    assert awaited(committee, 2023) == 1  # the sub-objective alone
    assert read_year(
        committee.convention, committee.campaigns[2022]
    ).appreciations.sentence.endswith("1\u00a0atteint.")


def test_the_page_of_appreciation_does_not_ask_for_a_text(committee, client):
    in_2023(committee, committee.orientation)
    client.force_login(committee.coordinator)
    theme = committee.orientation.theme
    address = reverse("evaluation:appreciate", args=[committee.convention.slug, 2023, theme.pk])
    page = page_of(client.get(address))
    assert f"{committee.sub.pk}-verdict" in page
    assert f"{committee.orientation.pk}-verdict" not in page
