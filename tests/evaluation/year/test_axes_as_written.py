"""Axes as the text has them: numbered « II », or without themes."""

import pytest
from django.utils import timezone

from conventions.models import Theme
from evaluation.report.document import write
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report
from indicators.models import Campaign
from tests.accounts.reading import text_of
from tests.actions.factories import action_in_force
from tests.agreements.factories import committee_of
from tests.indicators.factories import figures, indicator_in_force

pytestmark = pytest.mark.django_db

YEAR = 2023
# None of them is a number of anything else.
NUMBER, NUMERAL = 77, "LXXVII"


@pytest.fixture
def committee():
    committee = committee_of()
    axis = committee.orientation.theme.axis
    axis.number, axis.numeral = NUMBER, NUMERAL
    axis.save()
    figures(committee, indicator_in_force(committee), {YEAR: 410})
    action_in_force(committee)
    committee.proposed()
    return committee


def shows(text: str) -> bool:
    return NUMERAL in text and str(NUMBER) not in text


def test_pages_show_the_numeral_of_an_axis_and_never_its_number(committee, client):
    client.force_login(committee.coordinator)
    home = f"/conventions/{committee.convention.slug}/"
    for page in (
        "axes/", "comite/", "indicateurs/", "plan-d-actions/", "plan-d-actions/objectifs/",
        "plan-d-actions/budget/", f"evaluations/{YEAR}/",
    ):  # fmt: skip
        assert shows(text_of(client.get(f"{home}{page}").content.decode())), page


def test_the_report_shows_the_numeral_of_an_axis_and_never_its_number(committee):
    campaign = Campaign.objects.get(convention=committee.convention, year=YEAR)
    mark = Mark.project(timezone.localdate())
    assert shows(text_of(write(read_report(committee.convention, campaign), mark)))


def test_lists_of_a_convention_without_themes_ask_for_no_theme(committee, client):
    Theme.objects.update(title="", number="")
    client.force_login(committee.coordinator)
    home = f"/conventions/{committee.convention.slug}/"
    for page in ("indicateurs/", "plan-d-actions/"):
        html = client.get(f"{home}{page}").content.decode()
        assert "Thématique" not in text_of(html), page
        assert ">Axe" in html, page
