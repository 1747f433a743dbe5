"""A passage that is no objective is neither appreciated nor counted, once the parties have agreed
to that; an evaluation that is submitted or published by then stays as it was."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.models import Version
from conventions.models import Objective
from ctg_portal.rules import Refused
from evaluation.appreciation.over_years import verdicts_for
from evaluation.editions.models import Edition, Evaluation, Snapshot
from evaluation.period import Period
from evaluation.report.reading import read_report
from evaluation.verdicts.events import appreciate
from evaluation.year.lacks import assessment_of
from evaluation.year.reading import read_year
from tests import factories as f
from tests.actions.ways.scene import plain
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


def submitted(committee, year, day: datetime.date, state="submitted") -> Edition:
    """Create an edition of a year as it was submitted on a day."""
    convention = committee.convention
    evaluation, _ = Evaluation.objects.get_or_create(convention=convention, year=year)
    digest = f"{Snapshot.objects.count():064}"
    snapshot = Snapshot.objects.create(
        convention=convention, year=year, schema=1, text="{}", digest=digest, analyses=digest
    )
    moment = timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))
    return Edition.objects.create(
        evaluation=evaluation, snapshot=snapshot, number=1, state=state, submitted_at=moment
    )


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


def test_a_text_is_counted_in_no_year_that_is_still_written(committee):
    reclassified(committee, committee.orientation, committee.sub)
    assert (titles(committee, 2022), titles(committee, 2023)) == ([], [])
    assert (awaited(committee, 2022), awaited(committee, 2023)) == (0, 0)


def test_an_evaluation_submitted_before_the_agreement_stays_as_it_was(committee):
    submitted(committee, 2022, datetime.date(2023, 5, 1))
    submitted(committee, 2023, datetime.date(2024, 5, 1))
    in_2023(committee, committee.orientation, committee.sub)
    assert titles(committee, 2022) == [committee.orientation.title, "Former les équipes"]
    assert titles(committee, 2023) == []
    assert (awaited(committee, 2022), awaited(committee, 2023)) == (1, 0)


def test_a_later_version_of_an_evaluation_reads_passages_as_the_first_did(committee):
    submitted(committee, 2022, datetime.date(2023, 5, 1), state="returned")
    submitted(committee, 2022, datetime.date(2023, 5, 2))
    in_2023(committee, committee.orientation, committee.sub)
    assert awaited(committee, 2022) == 1


def test_an_evaluation_given_back_before_it_was_published_reads_them_as_of_now(committee):
    submitted(committee, 2022, datetime.date(2023, 5, 1), state="returned")
    in_2023(committee, committee.orientation, committee.sub)
    assert awaited(committee, 2022) == 0


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


def test_verdicts_on_a_text_no_longer_count_but_in_what_was_submitted_before(committee):
    for year in (2022, 2023, None):
        appreciate(committee.orientation, year, "reached", "", revision=0, by=committee.coordinator)
    submitted(committee, 2022, datetime.date(2023, 5, 1))
    in_2023(committee, committee.orientation)
    verdicts = verdicts_for(committee.coordinator, committee.convention)
    assert verdicts == {committee.orientation.pk: {2022: "reached"}}
    assert awaited(committee, 2023) == 1  # the sub-objective alone
    assert read_year(
        committee.convention, committee.campaigns[2022]
    ).appreciations.sentence.endswith("1\u00a0atteint.")


def test_an_appreciation_of_what_is_a_text_by_now_is_shown_and_not_counted(committee, client):
    by = committee.coordinator
    appreciate(committee.orientation, 2023, "reached", "Le local a ouvert.", revision=0, by=by)
    client.force_login(by)
    address = reverse("evaluation:appreciations", args=[committee.convention.slug, 2023])
    assert "plus comptée" not in page_of(client.get(address))
    in_2023(committee, committee.orientation)
    page = page_of(client.get(address))
    assert "1 appréciation n’est plus comptée" in plain(page)
    assert "Le local a ouvert." in page


def test_the_page_of_appreciation_does_not_ask_for_a_text(committee, client):
    in_2023(committee, committee.orientation)
    client.force_login(committee.coordinator)
    theme = committee.orientation.theme
    address = reverse("evaluation:appreciate", args=[committee.convention.slug, 2023, theme.pk])
    response = client.get(address)
    assert "Former les équipes" in page_of(response)
    html = response.content.decode()
    assert f"{committee.sub.pk}-verdict" in html
    assert f"{committee.orientation.pk}-verdict" not in html
