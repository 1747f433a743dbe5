"""What the figures of communes come to while a table is typed, beside what they came to before.

The plausible values and the moves that the parties want explained are those of the territory: its
total is judged by them. What it asks is said once, beside the communes that move it most.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ctg_portal.templatetags.french import enumerate_words, plural
from indicators.collection.rights import Contributor
from indicators.definitions.definition import Definition, is_counted
from indicators.definitions.models import Aggregation
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.values import Absence, Value
from indicators.values.plausibility import (
    SUBJECT,
    EarlierFigure,
    alerting_move,
    explains,
    figures_before,
    out_of_bounds,
    told_move,
)
from indicators.values.tables import figures_of_communes_before

# So many communes are asked about at most: where all have moved, one need not say it of each.
ASKED_ABOUT = 3

Earlier = Mapping[int | None, EarlierFigure]


def all_before(
    entries: Iterable[CampaignIndicator],
    *,
    as_disclosed: bool = False,
    reader: Contributor | None = None,
) -> dict[int, Earlier]:
    """By entry, the figures before, as ``figures_before`` tells them: of each commune by its key,
    of the territory under None."""
    entries = list(entries)
    whole = figures_before(entries, as_disclosed=as_disclosed, reader=reader)
    communes = figures_of_communes_before(
        [entry for entry in entries if entry.is_by_commune],
        as_disclosed=as_disclosed,
        reader=reader,
    )
    return {
        entry.pk: communes.get(entry.pk, {})
        | ({None: whole[entry.pk]} if entry.pk in whole else {})
        for entry in entries
    }


def come_to(figures: Iterable[Value | EarlierFigure], definition: Definition) -> Decimal | None:
    """What figures of communes come to: their sum, or the ratio of their sums; None where they do
    not add up."""
    counted = [one for one in figures if one.number is not None]
    if not counted or not definition.is_aggregated:
        return None
    if not definition.is_ratio:
        return Decimal(sum(one.number for one in counted))
    if any(one.denominator is None for one in counted):
        return None
    denominator = sum(one.denominator for one in counted)
    if not denominator:
        return None
    return Decimal(sum(one.numerator for one in counted)) / denominator * definition.factor


@dataclass(frozen=True)
class Total:
    """A table as a whole: its ``values`` (that of the territory among them, where it is given) as
    who reads it knows them, of the communes ``asked``; ``earlier``: by commune, and under None."""

    definition: Definition
    year: int
    values: list[Value]
    earlier: Earlier
    asked: int

    @cached_property
    def communes(self) -> list[Value]:
        """Those of communes that are a number."""
        return [one for one in self.values if one.commune_id and one.number is not None]

    @cached_property
    def own(self) -> Value | None:
        """The figure given for the territory, which counts instead of what communes come to."""
        given = (one for one in self.values if one.commune_id is None)
        return next((one for one in given if one.number is not None), None)

    @cached_property
    def number(self) -> Decimal | None:
        return self.own.number if self.own else come_to(self.communes, self.definition)

    @property
    def covered(self) -> int:
        """Of how many communes it is told what they come to; « sans objet » adds nothing."""
        none = [one for one in self.values if one.absence == Absence.NOT_APPLICABLE]
        return len(self.communes) + sum(one.commune_id is not None for one in none)

    @property
    def is_partial(self) -> bool:
        return self.own is None and self.covered < self.asked

    @property
    def text(self) -> str:
        """« 412, partiel : 41 communes sur 47 »; empty where nothing adds up."""
        told = self.definition.show(self.number)
        if not told or not self.is_partial:
            return told
        return f"{told}, partiel : {plural(self.covered, 'commune,communes')} sur {self.asked}"

    # Beside the year before ---------------------------------------------------------------------

    @cached_property
    def of_year_before(self) -> dict[int, EarlierFigure]:
        """Those of communes of the last year that has some, measured as they are now."""
        found = {
            pk: one for pk, one in self.earlier.items() if pk is not None and one.is_comparable
        }
        year = max((one.year for one in found.values()), default=None)
        return {pk: one for pk, one in found.items() if one.year == year and one.number is not None}

    @cached_property
    def before(self) -> EarlierFigure | None:
        """What the territory came to: as it was given, or from its communes; of how many, where
        they are not as many as now."""
        own, communes = self.earlier.get(None), self.of_year_before
        year = max((one.year for one in communes.values()), default=0)
        number = come_to(communes.values(), self.definition)
        if number is None or (own and own.year >= year):
            return own
        told = self.definition.show(number)
        if self.own is None and communes.keys() != {one.commune_id for one in self.communes}:
            told = f"{told}, de {plural(len(communes), 'commune,communes')}"
        return EarlierFigure(year, told, number)

    @property
    def variation(self) -> str:
        """Its move, over the communes that have a figure in both years: « +3 % »."""
        if self.before is None:
            return ""
        if self.own or self.is_given_before:
            is_told = self.own or not self.is_partial
            return self.before.move(self.number, self.definition) if is_told else ""
        both = self._in_both(self.communes)
        move = self._moved(self.communes)
        told = told_move(*move, self.definition) if move else ""
        if not told or len(both) == len(self.communes) == len(self.of_year_before):
            return told
        return f"{told} sur {plural(len(both), 'commune,communes')}"

    @property
    def is_given_before(self) -> bool:
        """Whether what the territory came to was given, and not made of its communes."""
        return self.before is not None and self.before is self.earlier.get(None)

    @property
    def is_of_most(self) -> bool:
        """Whether most communes of the year before have a figure: of few, a total moves more than
        that of the territory."""
        return 2 * len(self._in_both(self.communes)) >= len(self.of_year_before)

    def _in_both(self, values: list[Value]) -> list[Value]:
        return [one for one in values if one.commune_id in self.of_year_before]

    def _moved(self, values: list[Value]) -> tuple[Decimal, Decimal] | None:
        """What communes come to, and came to: those that have a figure in both years."""
        both = self._in_both(values)
        now = come_to(both, self.definition)
        then = come_to([self.of_year_before[one.commune_id] for one in both], self.definition)
        return None if now is None or then is None else (now, then)

    # What it asks --------------------------------------------------------------------------------

    def asks(self) -> list[str]:
        """What asks for a comment before what is not given yet may be, in sentences; nothing where
        those that move the total most are explained."""
        if self.own:  # it is judged as the figure of a territory is, and beside its communes
            return self._asks_of_less()
        told = self._doubts(self.communes)
        given = [one for one in self.communes if one.is_shown and explains(one)]
        if not told or not self._doubts(self._unmoved(given)):
            return []
        movers = [one for one in self._movers(given) if not explains(one)]
        if not movers:
            return []
        named = enumerate_words(self._told_of(one) for one in movers)
        both = self._in_both(self.communes) or self.communes
        counted = plural(len(both), "commune,communes")
        whose = f"La valeur de {counted}" if self.is_partial else "La valeur du territoire"
        told = [f"{whose}{sentence.removeprefix(SUBJECT)}" for sentence in told]
        return [*told, f"Commentez ce qui la change le plus : {named}."]

    @cached_property
    def is_less(self) -> bool:
        """Whether the figure given for the territory is less than its communes count together."""
        definition = self.definition
        if not self.own or definition.aggregation != Aggregation.SUM:
            return False
        if not is_counted(definition.unit) or any(one.number < 0 for one in self.communes):
            return False
        return self._excess > 0

    @property
    def differs(self) -> bool:
        """Whether the figure given for the territory is not what its communes come to."""
        return bool(self.own) and self._excess != 0

    @cached_property
    def _excess(self) -> Decimal:
        """By how much its communes come to more than the figure given for the territory."""
        communes = come_to(self.communes, self.definition)
        if communes is None:
            return Decimal(0)
        return self.definition.rounded(communes) - self.definition.rounded(self.own.number)

    @property
    def communes_label(self) -> str:
        """What the communes come to."""
        return self.definition.show(come_to(self.communes, self.definition))

    @property
    def told_less(self) -> str:
        """« Le chiffre du territoire, 10, est inférieur à ce que comptent 2 communes : 61. »"""
        counted = plural(len(self.communes), "commune,communes")
        verb = "compte" if len(self.communes) < 2 else "comptent"
        return (
            f"Le chiffre du territoire, {self.definition.show(self.own.number)}, est inférieur à "
            f"ce que {verb} {counted} : {self.communes_label}."
        )

    def _asks_of_less(self) -> list[str]:
        """A territory that counts less than some of its communes, unless it is explained: with the
        total, or with a commune, where the total was given before."""
        left = [one for one in self.values if not one.is_shown]
        if not left or not self.is_less or any(map(explains, {*left, self.own})):
            return []
        return [self.told_less, "Vérifiez-le, ou dites pourquoi en commentaire."]

    def _doubts(self, values: list[Value]) -> list[str]:
        """What surprises of the total of these values."""
        number = come_to(values, self.definition)
        if number is None:
            return []
        told = out_of_bounds(number, self._bounded(values))
        if self.is_given_before:
            before = None if self.is_partial else self.before
            return [*told, *alerting_move(number, self.definition, before)]
        if (move := self._moved(values)) is None or not self.is_of_most:
            return told
        now, then = move
        year = next(iter(self.of_year_before.values())).year
        return [*told, *alerting_move(now, self.definition, EarlierFigure(year, "", then))]

    def _bounded(self, values: list[Value]) -> Definition:
        """The bounds of these values' total: where communes are missing a sum may be low, and
        nothing is known of a ratio."""
        if len(values) == len(self.communes) and not self.is_partial:
            return self.definition
        unknown = ("minimum", "maximum") if self.definition.is_ratio else ("minimum",)
        return Definition(self.definition.content | dict.fromkeys(unknown))

    def _unmoved(self, some: list[Value]) -> list[Value]:
        """All communes, as if some had stayed as they were; without those of them that had no
        figure."""
        stayed = [(one.commune_id, self.of_year_before.get(one.commune_id)) for one in some]
        return [one for one in self.communes if one not in some] + [
            Value(commune_id=pk, number=one.number, numerator=one.numerator,
                  denominator=one.denominator)
            for pk, one in stayed if one
        ]  # fmt: skip

    def _movers(self, explained: list[Value]) -> list[Value]:
        """Of what is not given yet, the communes whose own moves account for what surprises, or
        the first of them."""
        left = [one for one in self.communes if not one.is_shown and self._change(one)]
        is_up = self._is_up()
        left = [one for one in left if (self._change(one) > 0) == is_up]
        left.sort(key=lambda one: -abs(self._change(one)))
        found: list[Value] = []
        for one in left[:ASKED_ABOUT]:
            found.append(one)
            if not self._doubts(self._unmoved([*explained, *found])):
                break
        return found

    def _is_up(self) -> bool:
        move = self._moved(self.communes)
        if move and move[0] != move[1]:
            return move[0] > move[1]
        if self.is_given_before and self.number != self.before.number:
            return self.number > (self.before.number or 0)
        return True

    def _change(self, value: Value) -> Decimal:
        """How much a commune has moved of what is counted; all of it, without an earlier figure."""
        name = "numerator" if self.definition.is_ratio else "number"
        before = self.of_year_before.get(value.commune_id)
        return getattr(value, name) - (getattr(before, name) or 0 if before else 0)

    def _told_of(self, value: Value) -> str:
        """« Naintré (26 en 2023, 260 en 2024) »."""
        told = f"{self.definition.show(value.number)} en {self.year}"
        before = self.of_year_before.get(value.commune_id)
        return f"{value.commune} ({f'{before.text} en {before.year}, ' if before else ''}{told})"


def total_of(entry: CampaignIndicator, values: list[Value], earlier: Earlier) -> Total:
    """A table as a whole; ``values``: those that who reads it may know."""
    definition = Definition.of(entry.version)
    return Total(definition, entry.campaign.year, values, earlier, entry.communes_asked)
