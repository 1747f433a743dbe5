"""The list of indicators: what everybody reads of each, in as many queries for 500 as for one.

What is the same for all is drawn once, and kept until something of it changes.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from agreements.answers.lights import points_of, required_of
from agreements.models import Version
from conventions.models import Convention, Objective, Organisation, Theme
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import number, plural
from indicators.definitions.models import Indicator
from indicators.definitions.reading import can_draft
from indicators.series.attainment import Movement
from indicators.series.counts import IndicatorCounts, count
from indicators.series.mentions import merge_mentions
from indicators.series.reading import Series, read_series
from indicators.sheet.filters import WITHDRAWN, IndicatorFilter
from indicators.sheet.rows import DrawnRow, ListedAxis, ListedIndicator, ListedTheme, Moved

PAGE_SIZE = 60
MOVED_SHOWN = 6
YEARS_SHOWN = 3


@dataclass(frozen=True)
class IndicatorListing:
    """All indicators of a convention in reading order, drafts and withdrawn ones too. ``followed``:
    how many all parties have agreed to; ``discussed``: how many have a proposed version; ``years``:
    the last with figures asked; ``closed_year``: the last closed one, None without; ``counts``: of
    the indicators followed in it; ``moved``: those that progress or
    recede in it, drawn, what recedes first, with the ``moved_sources`` of their figures."""

    rows: list[DrawnRow]
    followed: int
    discussed: int
    years: list[int]
    closed_year: int | None
    counts: IndicatorCounts | None
    providers: list[Organisation]
    moved: list[SafeString]
    moved_sources: list[str]

    @property
    def themes(self) -> list[Theme]:
        return list({row.theme.pk: row.theme for row in self.rows}.values())


@cached(Subject.TEXT, Subject.COMMITTEE, Subject.PLAN, Subject.FIGURES)
def draw_listing(convention: Convention) -> IndicatorListing:
    """Read all indicators of a convention and draw each row as everybody reads it; cached."""
    everything = _read_series_of(convention)
    collected = [cell for series in everything for cell in series.collected]
    years = sorted({cell.year for cell in collected})[-YEARS_SHOWN:]
    closed = [cell.year for cell in collected if cell.entry.campaign.is_closed]
    closed_year = max(closed, default=None)
    followed = [series for series in everything if series.indicator.is_agreed]
    versions = Version.objects.about_rows(Indicator.objects.of(convention)).proposed()
    discussed = list(versions.defer("text", "search_text"))
    points = points_of(discussed, required_of(convention))
    by_row = {point.version.object_id: point for point in points}
    rows = []
    for series in everything:
        indicator = series.indicator
        listed = ListedIndicator(series, years, by_row.get(indicator.pk))
        context = {"row": listed, "convention": convention}
        line = mark_safe(render_to_string("indicators/sheet/parts/line.html", context).strip())
        movement = series.movement(closed_year) if closed_year and indicator.is_agreed else None
        drawn = DrawnRow(
            indicator.pk, indicator.title, indicator.standing, indicator.theme, listed.sources,
            line, movement,
        )  # fmt: skip
        rows.append(drawn)
    moved = [
        Moved(series, closed_year)
        for series in followed
        if closed_year and series.movement(closed_year) in (Movement.PROGRESS, Movement.SETBACK)
    ]
    moved.sort(key=lambda one: one.place)
    provider_keys = {series.indicator.provider_id for series in everything}
    return IndicatorListing(
        rows,
        followed=len(followed),
        discussed=len({version.object_id for version in discussed}),
        years=years,
        closed_year=closed_year,
        counts=count(everything, closed_year) if closed_year else None,
        providers=list(Organisation.objects.filter(pk__in=provider_keys)),
        moved=[
            mark_safe(render_to_string("indicators/sheet/parts/moved.html", {"row": row}).strip())
            for row in moved
        ],
        moved_sources=merge_mentions(
            source for row in moved for source in row.series.sources([row.year])
        ),
    )


def _read_series_of(convention: Convention, keys: list[int] | None = None) -> list[Series]:
    """Return series in reading order, of any standing; of all indicators if ``keys`` is None."""
    rows = Indicator.objects.with_definition().in_reading_order()
    rows = rows if keys is None else rows.filter(pk__in=keys)
    return read_series(convention, rows.list_in_convention(convention))


class IndicatorList:
    """The indicators that ``user`` reads; ``asked``: the query parameters of the address."""

    def __init__(self, convention: Convention, user: User, asked):
        self.convention, self.user, self.asked = convention, user, asked
        self.can_draft = can_draft(user, convention)
        self.filter = IndicatorFilter(
            asked,
            queryset=Indicator.objects.of(convention),
            convention=convention,
            with_drafts=self.can_draft,
        )

    @cached_property
    def listed(self) -> IndicatorListing:
        return draw_listing(self.convention)

    @cached_property
    def everything(self) -> list[DrawnRow]:
        """The indicators that the user may know of, not filtered; drafts for who may draft."""
        return [row for row in self.listed.rows if self.can_draft or not row.is_draft]

    @property
    def withdrawn_count(self) -> int:
        return sum(row.is_withdrawn for row in self.everything)

    @property
    def draft_count(self) -> int:
        """The number of new indicators that nobody has proposed yet."""
        return sum(row.is_draft for row in self.everything)

    @property
    def title(self) -> str:
        """« 24 indicateurs suivis, 3 en discussion », whatever is searched."""
        followed = "Aucun indicateur n’est encore suivi"
        if self.listed.followed:
            followed = plural(self.listed.followed, "indicateur suivi,indicateurs suivis")
        discussed = self.listed.discussed
        return f"{followed}, {number(discussed)} en discussion" if discussed else followed

    @cached_property
    def shown(self) -> list[DrawnRow]:
        """The rows that match the address, without withdrawn ones unless it asks for that state;
        none if it cannot be understood."""
        asked = self.filter.asked
        if not asked:
            return [] if asked is None else [r for r in self.everything if not r.is_withdrawn]
        matches = set(self.filter.qs.values_list("pk", flat=True))
        return [
            row
            for row in self.everything
            if row.pk in matches and (not row.is_withdrawn or asked.get("etat") == WITHDRAWN)
        ]

    @property
    def series(self) -> list[Series]:
        """The series of the rows shown, of all pages, read anew."""
        return _read_series_of(self.convention, [row.pk for row in self.shown])

    @property
    def is_searched(self) -> bool:
        """Whether the address asks for some only, or cannot be understood."""
        return self.filter.asked != {}

    @property
    def moved(self) -> list[SafeString]:
        """Return what moved most, as shown at once."""
        return self.listed.moved[:MOVED_SHOWN]

    @property
    def moved_more(self) -> list[SafeString]:
        return self.listed.moved[MOVED_SHOWN:]

    @property
    def is_open(self) -> bool:
        """Whether the themes are unfolded: what is searched, or the only one."""
        return self.is_searched or sum(len(axis.themes) for axis in self.axes) == 1

    @property
    def objective(self) -> Objective | None:
        return (self.filter.asked or {}).get("objectif")

    # Pages ---------------------------------------------------------------------------------------

    @cached_property
    def page(self) -> Page:
        """The rows of the page asked for: the first for no number, the last for one too high."""
        return Paginator(self.shown, PAGE_SIZE).get_page(self.asked.get("page"))

    @property
    def query(self) -> str:
        """The address's parameters without the page number, ending in « & »; empty for none."""
        asked = self.asked.copy()
        asked.pop("page", None)
        return f"{asked.urlencode()}&" if asked else ""

    @cached_property
    def axes(self) -> list[ListedAxis]:
        """The rows of this page, by axis and theme."""
        return [
            ListedAxis(axis, [ListedTheme(theme, list(own)) for theme, own in by_theme])
            for axis, rows in groupby(self.page, lambda row: row.theme.axis)
            for by_theme in [groupby(list(rows), lambda row: row.theme)]
        ]
