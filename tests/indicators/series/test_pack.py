"""What figures tell the pack of a meeting, as everybody may read them."""

import datetime

import pytest
from django.utils import timezone

from indicators.models import Campaign
from indicators.series.pack import figures_chapter
from tests.indicators.factories import figures, indicator_in_force

pytestmark = pytest.mark.django_db

LONG_AGO = datetime.date(2020, 1, 1)


def chapters(committee, since=LONG_AGO):
    return list(figures_chapter(committee.convention, since, timezone.localdate()))


def test_the_last_closed_year_is_listed_by_theme_with_movement_and_source(committee):
    indicator = indicator_in_force(committee)
    figures(committee, indicator, {2022: 405, 2023: 420})
    [chapter] = chapters(committee)
    assert chapter.title == "Les chiffres de 2023"
    [(theme, [line])] = chapter.parts
    assert theme == indicator.theme.title
    assert line.replace("\u00a0", " ").startswith(f"{indicator.title} : 420")
    assert line.endswith("(en progrès).")
    assert chapter.source.startswith("Sources : ")


def test_a_protected_figure_is_listed_as_secret(committee):
    indicator = indicator_in_force(committee, is_confidential=True, baseline_value=None)
    figures(committee, indicator, {2023: 3})
    [chapter] = chapters(committee)
    [(_theme, lines)] = chapter.parts
    assert lines == [f"{indicator.title} : secret."]


def test_a_year_closed_before_the_last_meeting_has_no_chapter(committee):
    figures(committee, indicator_in_force(committee), {2023: 420})
    closed = Campaign.objects.get(year=2023).closed_at
    assert chapters(committee, timezone.localdate(closed)) == []
