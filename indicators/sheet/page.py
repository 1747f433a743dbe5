"""The page of one indicator: what was agreed, by whom, and the figures year by year.

What everybody reads of it is drawn once, and kept; who reads more, and may do what, is found out
each time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from actions.models import Action
from agreements.answers.lights import Point, points_of, required_of
from agreements.models import Version
from agreements.versions.differences import compare_contents
from committee.points.row_page import RowPage
from conventions.models import Convention, Standing
from ctg_portal.house import ActionLink
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import STATISTICS, Subject
from ctg_portal.templatetags.french import long_date
from ctg_portal.text.differences import Changes
from indicators.by_commune.page import CommunesPart
from indicators.collection.rights import Contributor, contributor_of
from indicators.comparison.reading import Alike, alike_of
from indicators.definitions.definition import MEASURING
from indicators.definitions.models import Direction, Indicator, Kind
from indicators.disclosure.linking import describe_link, links_of, may_link_counts
from indicators.figures.campaigns import Campaign
from indicators.library.models import OfferTransition
from indicators.library.sharing import may_offer
from indicators.series.attainment import MOVEMENT_WORDS, Attainment, Movement
from indicators.series.charts import Chart, trend_chart
from indicators.series.reading import Cell, FigureRows, Series, read_rows, series_of
from indicators.statistics.surroundings import (
    Contested,
    Surroundings,
    contested_of,
    surroundings_of,
)
from indicators.values.plausibility import format_change
from indicators.values.rights import may_disclose_without_waiting, may_enter

KIND_SENTENCES = {
    Kind.CONTEXT: "Contexte : il décrit la situation, sans dépendre de la convention",
    Kind.OUTPUT: "Réalisation : ce qui a été fait",
    Kind.OUTCOME: "Résultat : ce que cela a changé pour les familles",
}


@dataclass(frozen=True)
class YearLine:
    """One year of the table: a figure that was asked for, with what is made of it."""

    series: Series
    cell: Cell

    @property
    def year(self) -> int:
        return self.cell.year

    @property
    def url(self) -> str:
        return reverse("evaluation:year", args=[self.series.indicator.convention.slug, self.year])

    @property
    def variation(self) -> str:
        """The change since the last comparable year: « +5,1 % », « −0,2 point »; or empty."""
        before = self.series.comparable_before(self.year)
        return format_change(self.cell.figure.number, before, self.cell.definition)

    @property
    def movement(self) -> Movement:
        return self.series.movement(self.year)

    @property
    def movement_words(self) -> str:
        return MOVEMENT_WORDS[self.movement]

    @property
    def aim(self) -> str:
        """The target that holds for the year, with its own year if another: « 500 », « 500 en 2026
        », « 500 à terme »; empty without one."""
        aim = self.series.aim(self.year)
        if aim is None:
            return ""
        shown = self.cell.definition.show(aim.value)
        if aim.year == self.year:
            return shown
        return f"{shown} en {aim.year}" if aim.year else f"{shown} à terme"

    @property
    def attainment(self) -> Attainment | None:
        return self.series.attainment(self.year)


@dataclass(frozen=True)
class Break:
    """A year from which figures cannot be compared with those before. ``changes``: of the
    definition, word by word; ``is_of_other_communes``: the territory changed."""

    year: int
    changes: Changes
    is_of_other_communes: bool = False


PARTS = {
    name: f"indicators/sheet/parts/{name}.html"
    for name in ("figures", "published", "definition", "measure")
}


@dataclass(frozen=True)
class DrawnPage:
    """What everybody reads of an indicator. ``points``: its versions in force and discussed, by
    key; ``parts``: drawn fragments of the page, by the keys of ``PARTS``."""

    series: Series
    points: dict[int, Point]
    parts: dict[str, SafeString]


@cached(Subject.FIGURES)
def _figures_of(convention: Convention, pk: int) -> FigureRows:
    """Return the rows of an indicator's figures, of all years."""
    return read_rows([pk], Campaign.objects.of(convention))


@cached(Subject.TEXT, Subject.COMMITTEE, Subject.PLAN, Subject.FIGURES, shared=(STATISTICS,))
def draw_page(convention: Convention, pk: int) -> DrawnPage | None:
    """Read and draw an indicator as nobody in particular reads it, cached; a draft too, so that the
    caller checks who may know it. None if the convention has no such indicator."""
    indicators = Indicator.objects.with_definition().filter(pk=pk).list_in_convention(convention)
    if not indicators:
        return None
    page = IndicatorPage(indicators[0], User())  # nobody
    versions = Version.objects.about(indicators[0]).defer("text", "search_text")
    points = points_of(versions.in_force() | versions.proposed(), required_of(convention))
    context = {"page": page, "convention": convention}
    return DrawnPage(
        page.series,
        {point.version.pk: point for point in points},
        {name: mark_safe(render_to_string(path, context).strip()) for name, path in PARTS.items()},
    )


@cached(Subject.TEXT, Subject.COMMITTEE, Subject.PLAN, Subject.FIGURES, shared=(STATISTICS,))
def draw_communes(convention: Convention, pk: int, year: str) -> SafeString:
    """Draw, cached, how an indicator's communes compare in ``year`` (empty: the last closed one,
    else the last) as everybody reads it; empty if no commune ever gave a figure."""
    drawn = draw_page(convention, pk)
    return _draw_communes(drawn.series, {"annee": year}) if drawn else SafeString()


def _draw_communes(
    series: Series, asked: Mapping[str, str], reader: Contributor | None = None
) -> SafeString:
    """Draw how communes compare; with a ``reader``, also what others read otherwise of what the
    reader sees raw. Empty if no commune ever gave a figure."""
    part = CommunesPart.of(series, asked, reader)
    if part is None:
        return SafeString()
    context = {"part": part, "convention": series.indicator.convention}
    return mark_safe(render_to_string("indicators/by_commune/part.html", context).strip())


class IndicatorPage(RowPage):
    """The page of an indicator as ``user`` reads it."""

    shown_elsewhere = frozenset({"title", "actions", "objectives", "other_themes", "theme"})
    parts: dict[str, SafeString]

    @classmethod
    def of(cls, drawn: DrawnPage, user: User) -> "IndicatorPage":
        """Return the page of ``user`` over what is drawn already: no figure is read again."""
        page = cls(drawn.series.indicator, user)
        page.series, page.points, page.parts = drawn.series, drawn.points, drawn.parts
        return page

    def by_commune(self, asked: Mapping[str, str]) -> SafeString:
        """Draw how the communes compare, for the year and the name asked; from the cache unless the
        user reads raw figures or a name is typed. Empty if no commune ever gave a figure."""
        entries = (cell.entry for cell in self.series.cells if cell.entry)
        tables = [entry for entry in entries if entry.is_by_commune]
        reader = contributor_of(self.user, self.convention)
        if any(reader.reads_raw(entry) for entry in tables):
            return _draw_communes(self.series, asked, reader)
        if not tables or asked.get("commune"):  # nothing is kept by what somebody types
            return _draw_communes(self.series, asked)
        year = asked.get("annee", "")
        is_known = year in {str(entry.campaign.year) for entry in tables}
        return draw_communes(self.convention, self.row.pk, year if is_known else "")

    @property
    def indicator(self) -> Indicator:
        return self.row

    @cached_property
    def measured(self) -> list[Action]:
        """The actions in force or proposed that the indicator measures."""
        agreed = [a for a in self.row.actions.all() if a.is_agreed or a.is_proposed]
        return self._share_convention(agreed)

    @cached_property
    def related_actions(self) -> list[Action]:
        """Other readable actions that serve an objective which it measures, or one below that."""
        served = Q(objectives__in=self.objectives) | Q(objectives__parent__in=self.objectives)
        rows = Action.objects.of(self.convention).readable().filter(served)
        rows = rows.exclude(pk__in=[action.pk for action in self.measured]).distinct()
        return self._share_convention(
            rows.select_related("theme__axis__convention").in_reading_order()
        )

    def _share_convention(self, rows: Iterable[Action]) -> list[Action]:
        """Return the actions as a list, each with the convention object read already."""
        actions = list(rows)
        for action in actions:
            action.convention = self.convention
        return actions

    # Its figures ---------------------------------------------------------------------------------

    @cached_property
    def series(self) -> Series:
        """The figures of all years; those that were drawn, where the page comes from ``of``."""
        rows = _figures_of(self.convention, self.indicator.pk)
        [series] = series_of(self.convention, [self.indicator], rows)
        return series

    @cached_property
    def years(self) -> list[YearLine]:
        """The years in which a figure was asked for, the latest first."""
        return [YearLine(self.series, cell) for cell in reversed(self.series.collected)]

    @cached_property
    def source(self) -> str:
        """The source mention that all years share; empty where they differ."""
        sources = {line.cell.source for line in self.years}
        return sources.pop() if len(sources) == 1 else ""

    @property
    def chart(self) -> Chart | None:
        return trend_chart(self.series)

    @cached_property
    def breaks(self) -> list[Break]:
        """The years whose figures cannot be compared with the ones before, the earliest first."""
        breaks = []
        for before, after in pairwise(self.series.collected):
            if after.is_break:
                contents = [
                    {name: cell.definition.content.get(name) for name in MEASURING}
                    for cell in (before, after)
                ]
                measured = compare_contents(self.commitment, *contents)
                breaks.append(Break(after.year, measured, after.is_of_other_communes))
        return breaks

    @cached_property
    def around(self) -> Surroundings | None:
        return surroundings_of(self.convention, self.indicator)

    @cached_property
    def alike(self) -> Alike | None:
        return alike_of(self.series)

    @cached_property
    def contested(self) -> list[Contested]:
        """The published figures in whose place its provider gave another."""
        return contested_of(self.indicator) if self.indicator.library_code else []

    @property
    def baseline(self) -> str:
        return self.series.definition.show(self.series.definition.baseline)

    # In words ------------------------------------------------------------------------------------

    @property
    def eyebrow(self) -> str:
        return f"{self.commitment.heading(self.indicator)} · {self.indicator.get_kind_display()}"

    @property
    def lead(self) -> str:
        """Sentences for a newcomer: kind, unit, direction expected, source of the figure shown."""
        direction = self.indicator.get_direction_display()
        wanted = (
            direction if self.indicator.direction == Direction.NEUTRAL else f"attendu {direction}"
        )
        unit = self.series.definition.unit
        last = self.series.last
        source = last.source if last else self.indicator.provider.source
        return f"{KIND_SENTENCES[self.indicator.kind]}. Unité : {unit} ; {wanted}. {source}."

    @property
    def headline(self) -> str:
        return f"{self.indicator.title} : {self.state}"

    @property
    def state(self) -> str:
        """The standing in words while it is not in force, else the last figure with its movement if
        that says something, or that there is none yet."""
        indicator = self.indicator
        if not indicator.is_agreed:
            return {
                Standing.DRAFT: "un brouillon", Standing.PROPOSED: "proposé, pas encore accepté"
            }.get(indicator.standing, "retiré")  # fmt: skip
        last = self.series.last
        if last is None:
            return "pas encore de chiffre"
        figure = f"{last.figure.words} en {last.year}"
        movement = self.series.movement(last.year)
        return (
            f"{figure}, {MOVEMENT_WORDS[movement]}" if movement in MOVEMENTS_WITH_FIGURE else figure
        )

    # What may be done ----------------------------------------------------------------------------

    @cached_property
    def actions(self) -> list[ActionLink]:
        """Links to what the user may do: enter, disclose, edit, withdraw, offer, link counts."""
        links = []
        if self.may_draft:
            links.append(ActionLink("Modifier", self._url("indicators:edit_indicator")))
        if self.may_end:
            links.append(ActionLink("Retirer", self._url("indicators:end_indicator")))
        if may_offer(self.user, self.indicator) is None:
            url = self._url("indicators:offer_indicator")
            links.append(ActionLink("Proposer pour la bibliothèque", url))
        if may_link_counts(self.user, self.indicator) is None:
            url = self._url("indicators:link_counts")
            links.append(ActionLink("Lier à un autre chiffre", url))
        return [*self._entering_links, *self._disclosing_links, *links]

    @cached_property
    def count_links(self) -> list[str]:
        """The links to other counts that providers' référents declared, as sentences."""
        return [
            f"{describe_link(link)} ({link.declared_by_name}, {long_date(link.declared_at)})"
            for link in links_of(self.indicator)
        ]

    @cached_property
    def offered(self) -> OfferTransition | None:
        """The last step of its offer to the library; None without, or if the user may not draft."""
        if not self.may_draft:
            return None
        acts = OfferTransition.objects.filter(offer__indicator=self.indicator)
        return acts.order_by("-pk").first()

    @property
    def _entering_links(self) -> list[ActionLink]:
        """Links to the figures that the user may enter now, one a year, the latest first."""
        asker = contributor_of(self.user, self.convention)
        links = []
        for entry in (line.cell.entry for line in self.years):
            if may_enter(asker, entry) is None:
                year = entry.campaign.year
                url = reverse("indicators:value", args=[self.convention.slug, year, entry.pk])
                links.append(ActionLink(f"Saisir le chiffre {year}", url))
        return links

    @property
    def _disclosing_links(self) -> list[ActionLink]:
        """Links to the years with figures that the user may disclose before the rest."""
        asker = contributor_of(self.user, self.convention)
        links = []
        for cell in (line.cell for line in self.years):
            entry = cell.entry
            if entry is None or not (entry.communes_given or cell.figure.is_pending):
                continue
            if may_disclose_without_waiting(asker, entry) is None:
                args = [self.convention.slug, cell.year, entry.pk]
                url = reverse("indicators:disclose_without_waiting", args=args)
                links.append(ActionLink(f"Diffuser {cell.year} sans attendre", url))
        return links

    def _url(self, name: str) -> str:
        return reverse(name, args=[self.convention.slug, self.indicator.pk])


MOVEMENTS_WITH_FIGURE = {Movement.PROGRESS, Movement.SETBACK, Movement.STABLE, Movement.BROKEN}
