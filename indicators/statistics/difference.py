"""What a release changes of the one that is in use, before it counts."""

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
    """A figure that is another, or is in one of both only (``None``, as where it is secret)."""

    place_kind: str
    place: str
    measure: Measure
    before: Decimal | None
    after: Decimal | None

    @property
    def size(self) -> Decimal:
        return abs((self.after or 0) - (self.before or 0))

    @property
    def before_text(self) -> str:
        return _shown(self.before, self.measure)

    @property
    def after_text(self) -> str:
        return _shown(self.after, self.measure)


def _shown(figure: Decimal | None, measure: Measure) -> str:
    return "aucun chiffre" if figure is None else number(figure, measure.decimals)


@dataclass(frozen=True)
class Difference:
    """``changes``: the largest first. ``same``: how many figures are the same in both.
    ``withheld``: how many change besides, and are not shown."""

    release: Release
    before: Release | None
    changes: list[Change]
    same: int
    withheld: int = 0

    @classmethod
    def of(cls, release: Release) -> "Difference":
        """From the release of the same series that is in use; in three queries."""
        rows = Release.objects.of(release.source, release.year, release.convention)
        before = rows.counting().exclude(pk=release.pk).first()
        source, held = sources()[release.source], _held(release)
        then = _held(before) if before else {}
        changes = [
            Change(kind, place, source.measure(code), then.get(key), held.get(key))
            for key in held.keys() | then.keys()
            for kind, place, code in [key]
            if then.get(key) != held.get(key) or (key in then) != (key in held)
        ]
        changes.sort(key=lambda one: (-one.size, one.place_kind, one.place, one.measure.code))
        return cls(release, before, changes, len(held.keys() | then.keys()) - len(changes))

    def without(self, some: Iterable[Change]) -> "Difference":
        """It, with these counted and not shown."""
        some = set(some)
        changes = [one for one in self.changes if one not in some]
        return replace(self, changes=changes, withheld=self.withheld + len(some))

    @property
    def shown(self) -> list[Change]:
        return self.changes[:SHOWN]

    @property
    def left(self) -> int:
        return len(self.changes) - len(self.shown)

    @property
    def summary(self) -> str:
        """« 12 chiffres changent, 458 sont les mêmes »."""
        count = len(self.changes) + self.withheld
        if not count:
            return "Aucun chiffre ne change."
        told = f"{plural(count, 'chiffre change,chiffres changent')}"
        return f"{told}, {plural(self.same, 'est le même,sont les mêmes')}."

    @property
    def sentences(self) -> Iterable[str]:
        yield self.summary
        for one in self.shown:
            yield f"{one.place} – {one.measure.title} : {one.before_text}, puis {one.after_text}"
        if self.left:
            yield f"et {plural(self.left, 'autre,autres')}"


def _held(release: Release) -> dict[tuple, Decimal | None]:
    rows = PublicFigure.objects.filter(release=release)
    told = rows.values_list("place_kind", "place", "measure", "number")
    return {tuple(key): number for *key, number in told}
