"""What a year comes to, on the dashboard: how many indicators progress and recede, by theme."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from conventions.models import Convention
from ctg_portal.house import Place, StateColumn, StateFigure
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from evaluation.year.reading import read_campaign_figures
from indicators.collection.dashboard import campaigns_of
from indicators.collection.progress import counts_in
from indicators.figures.values import SHOWN
from indicators.models import Campaign
from indicators.series.counts import IndicatorCounts, count, sum_counts


@dataclass(frozen=True)
class Tally:
    """How many indicators of a theme or an axis moved which way, with their place on the page."""

    counts: IndicatorCounts
    url: str


def year_state(user: User, convention: Convention, today: datetime.date) -> Iterator[StateColumn]:
    """Yield the column of the year of ``last_year_of``, for any ``user``; nothing without one."""
    campaign, by_theme = last_year_of(convention)
    if campaign is None:
        return
    year = campaign.year
    counts = sum_counts(each for theme_counts in by_theme.values() for each in theme_counts)
    if not counts.followed:
        return
    page = reverse("evaluation:year", args=[convention.slug, year])

    def cell(place_counts: Sequence[IndicatorCounts], place: Place) -> Tally:
        """Return the sum for a theme or an axis, with a link to its place on the page."""
        anchor = ""
        if place.theme is not None:
            anchor = f"#{place.theme.anchor}"
        elif place.axis is not None:
            anchor = f"#titre-{place.axis.anchor}"
        return Tally(sum_counts(place_counts), f"{page}{anchor}")

    yield StateColumn(
        rank=10,
        title="Indicateurs",
        by_theme=by_theme,
        cell=cell,
        template="evaluation/year/tally.html",
        figure=StateFigure(counts.figure, counts.label, counts.note, page),
        clause=counts.headline,
        note=f"Indicateurs : données {year}",
        legend="evaluation/year/tally_legend.html",
    )


@cached(Subject.FIGURES, Subject.TEXT)
def last_year_of(
    convention: Convention,
) -> tuple[Campaign | None, dict[int, list[IndicatorCounts]]]:
    """Return the last collection, open or closed, with a figure that is shown, else the last open
    or closed one, or None; and how each of its indicators moved, by primary key of the theme."""
    opened = [campaign for campaign in campaigns_of([convention]) if not campaign.is_prepared]
    if not opened:
        return None, {}
    given = {row.campaign for row in counts_in(convention) if row.value_state in SHOWN}
    campaign = next((campaign for campaign in opened if campaign.pk in given), opened[0])
    year = campaign.year
    figures = read_campaign_figures(convention, campaign)
    return campaign, {pk: [count([one], year) for one in series] for pk, series in figures.items()}
