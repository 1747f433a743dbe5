"""What a year comes to, on the dashboard: how many indicators progress and recede, by theme."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from conventions.models import Convention
from ctg_portal.house import Place, StateColumn, StateFigure
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import enumerate_words, number, plural
from evaluation.year.reading import read_campaign_figures
from indicators.collection.dashboard import campaigns_of, counts_in
from indicators.figures.values import SHOWN
from indicators.models import Campaign
from indicators.series.attainment import Movement
from indicators.series.counts import MovementCounts, count, sum_counts


@dataclass(frozen=True)
class Tally:
    """How many moved which way; ``other``: those that are not compared."""

    counts: MovementCounts
    url: str

    @property
    def stable(self) -> int:
        return self.counts[Movement.STABLE]

    @property
    def other(self) -> int:
        return self.counts.not_compared


def year_state(user: User, convention: Convention, today):
    """Yield the column of the last year of which a figure is given, as everybody may read it."""
    campaign, by_theme = last_year_of(convention)
    if campaign is None:
        return
    year = campaign.year
    counts = sum_counts(one for counted in by_theme.values() for one in counted)
    if not counts.total:
        return
    page = reverse("evaluation:year", args=[convention.slug, year])

    def cell(counted: Sequence[MovementCounts], place: Place) -> Tally:
        anchor = ""
        if place.theme is not None:
            anchor = f"#{place.theme.anchor}"
        elif place.axis is not None:
            anchor = f"#titre-{place.axis.anchor}"
        return Tally(sum_counts(counted), f"{page}{anchor}")

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
def last_year_of(
    convention: Convention,
) -> tuple[Campaign | None, dict[int, list[MovementCounts]]]:
    """Return the collection of the last year of which a figure is given, None without any, and the
    movement of each of its indicators, by primary key of its theme."""
    campaign = _last_campaign(convention)
    if campaign is None:
        return None, {}
    year = campaign.year
    figures = read_campaign_figures(convention, campaign)
    return campaign, {pk: [count([one], year) for one in series] for pk, series in figures.items()}


def _last_campaign(convention: Convention) -> Campaign | None:
    """Return the last collection of which something is given, else the last that was opened; None
    without any."""
    opened = [one for one in campaigns_of([convention]) if not one.is_prepared]
    given = {row.campaign for row in counts_in(convention) if row.value_state in SHOWN}
    with_figures = (one for one in opened if one.pk in given)
    return next(with_figures, next(iter(opened), None))


def _figure(counts: MovementCounts, url: str) -> StateFigure:
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
    """Describe the counts as a clause of a title: « 11 indicateurs sur 19 progressent »."""
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
