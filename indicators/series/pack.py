"""The chapter of figures in the pack of a meeting: those of the last closed year, as disclosed."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.utils import timezone

from conventions.models import Convention
from ctg_portal.house import PackChapter
from indicators.definitions.models import Indicator
from indicators.figures.campaigns import Campaign, CampaignState
from indicators.series.reading import Series, read_series


def figures_chapter(
    convention: Convention, since: datetime.date, today: datetime.date
) -> Iterable[PackChapter]:
    """Yield the chapter of the figures of the last year whose collection is closed, if it was
    closed after the day ``since``; each as everybody may read it."""
    closed = Campaign.objects.of(convention).filter(state=CampaignState.CLOSED)
    campaign = closed.order_by("-year").first()
    if campaign is None or timezone.localdate(campaign.closed_at) <= since:
        return
    rows = Indicator.objects.with_definition().in_reading_order()
    year, parts, sources = campaign.year, defaultdict(list), []
    for series in read_series(convention, rows.list_in_convention(convention)):
        cell = series.by_year.get(year)
        if cell is None or not cell.is_collected:
            continue
        parts[series.indicator.theme.title].append(_line(series, year))
        if not cell.figure.is_missing:
            sources.append(cell.source)
    if parts:
        mention = " ; ".join(dict.fromkeys(filter(None, sources)))
        yield PackChapter(
            f"Les chiffres de {year}", 30, list(parts.items()),
            source=f"Sources : {mention}." if mention else "",
        )  # fmt: skip


def _line(series: Series, year: int) -> str:
    """Return a year's figure in words: « Places agréées : 448 places, provisoire (en progrès). »"""
    figure, definition = series.figure(year), series.definition_of(year)
    unit = f" {definition.unit}" if figure.is_number and definition.unit else ""
    provisional = ", provisoire" if figure.is_number and figure.is_provisional else ""
    moved = f" ({series.movement(year).label})" if figure.is_number else ""
    return f"{definition.title} : {figure.words}{unit}{provisional}{moved}."
