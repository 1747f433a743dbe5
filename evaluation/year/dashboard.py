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
from ctg_portal.templatetags.french import enumerate_words, number, plural
from evaluation.year.reading import read_campaign_figures
from indicators.collection.dashboard import campaigns_of
from indicators.collection.progress import counts_in
from indicators.figures.values import SHOWN
from indicators.models import Campaign
from indicators.series.attainment import Movement
from indicators.series.counts import MovementCounts, count, sum_counts


@dataclass(frozen=True)
class Tally:
    """How many indicators of a theme or an axis moved which way; ``other``: not compared."""

    counts: MovementCounts
    url: str

    @property
    def stable(self) -> int:
        return self.counts[Movement.STABLE]

    @property
    def other(self) -> int:
        return self.counts.not_compared


def year_state(user: User, convention: Convention, today: datetime.date) -> Iterator[StateColumn]:
    """Yield the column of the year of ``last_year_of``, for any ``user``; nothing without one."""
    campaign, by_theme = last_year_of(convention)
    if campaign is None:
        return
    year = campaign.year
    counts = sum_counts(each for theme_counts in by_theme.values() for each in theme_counts)
    if not counts.total:
        return
    page = reverse("evaluation:year", args=[convention.slug, year])

    def cell(place_counts: Sequence[MovementCounts], place: Place) -> Tally:
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
        figure=_figure(counts, page),
        clause=clause_of(counts),
        note=f"Indicateurs : données {year}",
        legend="evaluation/year/tally_legend.html",
        fictional="les chiffres" if campaign.is_fictional else "",
    )


@cached(Subject.FIGURES, Subject.TEXT)
def last_year_of(convention: Convention) -> tuple[Campaign | None, dict[int, list[MovementCounts]]]:
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


def _figure(counts: MovementCounts, url: str) -> StateFigure:
    """Return « 11 sur 19 indicateurs en progrès », and how many are in each other state, if any."""
    others = [
        plural(how_many, words)
        for how_many, words in [
            (counts.setback, "recule,reculent"),
            (counts[Movement.STABLE], "est stable,sont stables"),
            (counts.missing, "est sans donnée,sont sans donnée"),
            (counts.not_compared, "n’est pas comparé,ne sont pas comparés"),
        ]
        if how_many
    ]
    label = "indicateurs en progrès" if counts.progress >= 2 else "indicateur en progrès"
    return StateFigure(f"{counts.progress} sur {counts.total}", label, enumerate_words(others), url)


def clause_of(counts: MovementCounts) -> str:
    """Describe the counts as a clause of a title: « 11 indicateurs sur 19 progressent »; says so
    where none progresses or none has a figure. Not called without an indicator."""
    total, progress = counts.total, counts.progress
    if counts.missing == total:
        if total == 1:
            return "le seul indicateur suivi est sans donnée"
        return f"les {number(total)} indicateurs suivis sont sans donnée"
    if total == 1:
        verb = "progresse" if progress else "recule" if counts.setback else "ne progresse pas"
        return f"le seul indicateur suivi {verb}"
    if not progress:
        return f"aucun des {number(total)} indicateurs ne progresse"
    if progress == total:
        return f"les {number(total)} indicateurs progressent"
    subject = plural(progress, "indicateur,indicateurs")
    return f"{subject} sur {number(total)} {'progressent' if progress >= 2 else 'progresse'}"
