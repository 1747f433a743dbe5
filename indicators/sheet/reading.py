"""The list of indicators: what everybody reads of each, in as many queries for 500 as for one."""

from functools import cached_property
from itertools import groupby

from django.core.paginator import Page, Paginator

from accounts.models import User
from agreements.answers.lights import points_of, required_of
from agreements.models import Version
from conventions.models import Convention, Objective, Standing
from ctg_portal.templatetags.french import number, plural
from indicators.definitions.models import Indicator
from indicators.definitions.reading import may_draft, readable_indicators
from indicators.series.counts import MovementCounts, count
from indicators.series.reading import Cell, Series, read_series
from indicators.sheet.filters import WITHDRAWN, IndicatorFilter
from indicators.sheet.rows import ListedAxis, ListedIndicator, ListedTheme

PAGE_SIZE = 60
YEARS_SHOWN = 3


class IndicatorList:
    """The indicators that ``user`` reads; ``asked`` is what the address asks for."""

    def __init__(self, convention: Convention, user: User, asked):
        self.convention, self.user, self.asked = convention, user, asked
        self.may_draft = may_draft(user, convention)
        self.filter = IndicatorFilter(
            asked,
            queryset=Indicator.objects.of(convention),
            convention=convention,
            with_drafts=self.may_draft,
        )

    @cached_property
    def everything(self) -> list[Series]:
        """Every indicator that the person may know of, with its figures."""
        rows = readable_indicators(self.convention, self.user).with_definition()
        return read_series(self.convention, rows.in_reading_order().held_in(self.convention))

    @cached_property
    def followed(self) -> list[Series]:
        """Those that all parties have agreed to."""
        return [series for series in self.everything if series.indicator.is_agreed]

    @property
    def withdrawn_count(self) -> int:
        return sum(s.indicator.standing == Standing.WITHDRAWN for s in self.everything)

    @property
    def title(self) -> str:
        """« 24 indicateurs suivis, 3 en discussion »."""
        told = "Aucun indicateur n’est encore suivi"
        if self.followed:
            told = plural(len(self.followed), "indicateur suivi,indicateurs suivis")
        discussed = len(self.discussed)
        return f"{told}, {number(discussed)} en discussion" if discussed else told

    @cached_property
    def shown(self) -> list[Series]:
        """Those that the address asks for; the withdrawn only where it asks for them."""
        asked = self.filter.asked
        if not asked:
            live = [s for s in self.everything if s.indicator.standing != Standing.WITHDRAWN]
            return [] if asked is None else live
        found = set(self.filter.qs.values_list("pk", flat=True))
        return [
            series
            for series in self.everything
            if series.indicator.pk in found
            and (series.indicator.standing != Standing.WITHDRAWN or asked.get("etat") == WITHDRAWN)
        ]

    @property
    def is_searched(self) -> bool:
        """Whether the address asks for some only, or for what makes no sense."""
        return self.filter.asked != {}

    @property
    def objective(self) -> Objective | None:
        """The objective whose indicators are asked for."""
        return (self.filter.asked or {}).get("objectif")

    # What was collected --------------------------------------------------------------------------

    @cached_property
    def collected(self) -> list[Cell]:
        """All cells in which something was asked for."""
        return [cell for series in self.everything for cell in series.collected]

    @cached_property
    def years(self) -> list[int]:
        """The last years of which figures were asked for."""
        return sorted({cell.year for cell in self.collected})[-YEARS_SHOWN:]

    @cached_property
    def closed_year(self) -> int | None:
        """The last year whose collection is closed: an open one is not complete yet."""
        closed = [cell.year for cell in self.collected if cell.entry.campaign.is_closed]
        return max(closed, default=None)

    @cached_property
    def counts(self) -> MovementCounts | None:
        return count(self.followed, self.closed_year) if self.closed_year else None

    @property
    def is_fictional(self) -> bool:
        """Whether figures of a demonstration are among those shown."""
        return any(c.entry.campaign.is_fictional for c in self.collected if c.year in self.years)

    # Pages ---------------------------------------------------------------------------------------

    @cached_property
    def page(self) -> Page:
        return Paginator(self.shown, PAGE_SIZE).get_page(self.asked.get("page"))

    @property
    def query(self) -> str:
        """What the address asks for, before the number of another page."""
        asked = self.asked.copy()
        asked.pop("page", None)
        return f"{asked.urlencode()}&" if asked else ""

    @cached_property
    def discussed(self) -> dict[int, Version]:
        """The version that is proposed, by indicator."""
        rows = Indicator.objects.of(self.convention)
        versions = Version.objects.of_subjects(rows).proposed().defer("text", "search_text")
        return {version.object_id: version for version in versions}

    @cached_property
    def axes(self) -> list[ListedAxis]:
        """The rows of the page, by axis and theme."""
        points = points_of(self.discussed.values(), required_of(self.convention))
        by_row = {point.version.object_id: point for point in points}
        rows = [ListedIndicator(s, self.years, by_row.get(s.indicator.pk)) for s in self.page]
        return [
            ListedAxis(axis, [ListedTheme(theme, list(own)) for theme, own in by_theme])
            for axis, of_axis in groupby(rows, lambda row: row.indicator.theme.axis)
            for by_theme in [groupby(list(of_axis), lambda row: row.indicator.theme)]
        ]
