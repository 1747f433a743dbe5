"""Compute what a release changes of the one that is in use, before it counts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from ctg_portal.templatetags.french import number, plural
from indicators.figures.releases import PublicFigure, Release
from indicators.statistics.source import Measure, sources

# Of what changes, so many lines are shown; the rest is counted.
SHOWN = 40


@dataclass(frozen=True)
class Change:
    """A figure that differs; ``before``, ``after``: None where it is missing or secret;
    ``release``: by which it changes."""

    place_kind: str
    place: str
    measure: Measure
    before: Decimal | None
    after: Decimal | None
    release: Release

    @property
    def size(self) -> Decimal:
        """The absolute change, a missing or secret figure counted as 0."""
        return abs((self.after or 0) - (self.before or 0))

    @property
    def before_text(self) -> str:
        return self._format(self.before)

    @property
    def after_text(self) -> str:
        return self._format(self.after)

    def _format(self, figure: Decimal | None) -> str:
        """Return a figure as the releases show it; « aucun chiffre » for None."""
        if figure is None:
            return "aucun chiffre"
        return self.release.show(figure, number(figure, self.measure.decimals))


@dataclass(frozen=True)
class Difference:
    """What ``release`` changes of ``before``, the one in use, if any. ``changes``: the largest
    first; ``same``: how many figures are equal; ``withheld``: how many changes are not shown."""

    release: Release
    before: Release | None
    changes: list[Change]
    same: int
    withheld: int = 0

    @classmethod
    def of(cls, release: Release) -> "Difference":
        """Compare a release with the one in use of its source, year and convention, in three
        queries. A figure that only one has counts as a change, a secret one too."""
        rows = Release.objects.of(release.source, release.year, release.convention)
        before = rows.counting().exclude(pk=release.pk).first()
        source, figures = sources()[release.source], _figures_of(release)
        then = _figures_of(before) if before else {}
        changes = [
            Change(kind, place, source.measure(code), then.get(key), figures.get(key), release)
            for key in figures.keys() | then.keys()
            for kind, place, code in [key]
            if then.get(key) != figures.get(key) or (key in then) != (key in figures)
        ]
        changes.sort(
            key=lambda change: (-change.size, change.place_kind, change.place, change.measure.code)
        )
        return cls(release, before, changes, len(figures.keys() | then.keys()) - len(changes))

    def without(self, withheld: Iterable[Change]) -> "Difference":
        """Return the difference with these changes only counted as withheld."""
        hidden = set(withheld)
        changes = [change for change in self.changes if change not in hidden]
        return replace(self, changes=changes, withheld=self.withheld + len(hidden))

    @property
    def shown(self) -> list[Change]:
        return self.changes[:SHOWN]

    @property
    def left(self) -> int:
        return len(self.changes) - len(self.shown)

    @property
    def summary(self) -> str:
        """« 12 chiffres changent, 458 sont les mêmes. », withheld changes included."""
        count = len(self.changes) + self.withheld
        if not count:
            return "Aucun chiffre ne change."
        changed = f"{plural(count, 'chiffre change,chiffres changent')}"
        return f"{changed}, {plural(self.same, 'est le même,sont les mêmes')}."

    @property
    def sentences(self) -> Iterable[str]:
        """The summary, a sentence a change shown, and how many are left, for a command."""
        yield self.summary
        for change in self.shown:
            figures = f"{change.before_text}, puis {change.after_text}"
            yield f"{change.place} – {change.measure.title} : {figures}"
        if self.left:
            yield f"et {plural(self.left, 'autre,autres')}"


def _figures_of(release: Release) -> dict[tuple[str, str, str], Decimal | None]:
    """Return a release's figures by kind of place, place, measure; None for a secret one."""
    rows = PublicFigure.objects.filter(release=release)
    values = rows.values_list("place_kind", "place", "measure", "number")
    return {(kind, place, measure): number for kind, place, measure, number in values}
