"""The demonstration shows every case that people meet, and says that it is fictional."""

from collections import Counter

import pytest

from agreements.models import Agreement, Answer, Version
from conventions.models import Convention
from ctg_portal.demo import run_steps
from evaluation.models import Narrative
from indicators.models import Campaign, Indicator, Value
from indicators.series.attainment import Movement
from indicators.series.counts import count
from indicators.series.reading import read_series

pytestmark = pytest.mark.once


@pytest.fixture
def convention(db, settings):
    settings.DEBUG = True
    run_steps()
    return Convention.objects.get(slug="grand-chatellerault")


def test_demonstration_of_the_evaluation(convention):
    indicators = Indicator.objects.of(convention).prefetch_related("targets")
    by_theme = Counter(indicators.values_list("theme__number", flat=True))
    assert sum(by_theme.values()) == 24
    assert len(by_theme) == 7
    assert min(by_theme.values()) >= 3
    standings = Counter(indicators.values_list("standing", flat=True))
    assert standings == {"in_force": 19, "proposed": 4, "draft": 1}
    said = Agreement.objects.filter(version__in=Version.objects.of_subjects(indicators))
    assert {Answer.AGREED, Answer.CHANGE_REQUESTED, Answer.DELIBERATION} <= set(
        said.values_list("answer", flat=True)
    )
    campaigns = Campaign.objects.of(convention)
    assert dict(campaigns.values_list("year", "state")) == {
        2020: "closed", 2021: "closed", 2022: "closed", 2023: "closed", 2024: "open"
    }  # fmt: skip
    assert all(campaign.is_fictional for campaign in campaigns)
    assert set(Narrative.objects.of(convention).filter(year=2023).values_list("theme__number",
               flat=True)) == set(by_theme)  # fmt: skip
    series = read_series(convention, indicators)
    counts = {year: count(series, year) for year in range(2020, 2025)}
    assert counts[2023].setback >= 2
    assert counts[2023].missing
    assert counts[2023].progress > counts[2023].setback
    assert counts[2022][Movement.BROKEN] == 1
    assert counts[2021][Movement.SECRET] == 1
    stages = set(Value.objects.filter(campaign_indicator__campaign__year=2024).values_list(
        "state", flat=True))  # fmt: skip
    assert stages == {"draft", "submitted", "verified", "returned"}
