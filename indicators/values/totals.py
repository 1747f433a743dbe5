"""Compute the total of a table while it is typed, beside that of the year before.

The plausible values and the changes that the parties want explained are those of the territory: its
total is checked by them. What it asks is said once, beside the communes that change it most.
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
    EXPLAIN,
    SUBJECT,
    EarlierFigure,
    doubts_about_change,
    explains,
    figures_before,
    format_change,
    out_of_bounds,
    question_of,
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
    """Return the last figures given in earlier years, by the key of entries of one campaign, as
    ``figures_before`` reads them: of each commune by its key, of the territory under None."""
    entries = list(entries)
    whole = figures_before(entries, as_disclosed=as_disclosed, reader=reader)
    tables = [entry for entry in entries if entry.is_by_commune]
    communes = figures_of_communes_before(tables, as_disclosed=as_disclosed, reader=reader)
    territory = {pk: {None: figure} for pk, figure in whole.items()}
    return {entry.pk: communes.get(entry.pk, {}) | territory.get(entry.pk, {}) for entry in entries}


def aggregate(figures: Iterable[Value | EarlierFigure], definition: Definition) -> Decimal | None:
    """Return the total of figures of communes: the sum of their numbers, or the ratio of the sums
    of their terms. None without a number, if the definition does not add up, or if denominators are
    lacking or sum to zero."""
    counted = [figure for figure in figures if figure.number is not None]
    if not counted or not definition.is_aggregated:
        return None
    if not definition.is_ratio:
        return Decimal(sum(figure.number for figure in counted))
    if any(figure.denominator is None for figure in counted):
        return None
    denominator = sum(figure.denominator for figure in counted)
    if not denominator:
        return None
    return Decimal(sum(figure.numerator for figure in counted)) / denominator * definition.factor


@dataclass(frozen=True)
class Total:
    """A table as a whole: its ``values``, drafts too, that of the territory among them, as far as
    the reader may know them; ``asked``: how many communes are asked; ``earlier``: the last figures
    given before, by the commune's key, the territory's under None."""

    definition: Definition
    year: int
    values: list[Value]
    earlier: Earlier
    asked: int

    @cached_property
    def communes(self) -> list[Value]:
        """The values of communes that are numbers."""
        return [value for value in self.values if value.commune_id and value.number is not None]

    @cached_property
    def own(self) -> Value | None:
        """The value of the territory, if it is a number: it counts instead of the total of
        communes; else None."""
        given = (value for value in self.values if value.commune_id is None)
        return next((value for value in given if value.number is not None), None)

    @cached_property
    def number(self) -> Decimal | None:
        """The territory's own number, else the total of its communes; None if nothing adds up."""
        return self.own.number if self.own else aggregate(self.communes, self.definition)

    @property
    def covered(self) -> int:
        """The number of communes that have a number or are « sans objet »."""
        none = [value for value in self.values if value.absence == Absence.NOT_APPLICABLE]
        return len(self.communes) + sum(value.commune_id is not None for value in none)

    @property
    def is_partial(self) -> bool:
        """Whether it is computed, and not of all communes asked."""
        return self.own is None and self.covered < self.asked

    @property
    def text(self) -> str:
        """The words « 412, partiel : 41 communes sur 47 »; empty if nothing adds up."""
        shown = self.definition.show(self.number)
        if not shown or not self.is_partial:
            return shown
        return f"{shown}, partiel : {plural(self.covered, 'commune,communes')} sur {self.asked}"

    # Beside the year before ---------------------------------------------------------------------

    @cached_property
    def commune_figures_before(self) -> dict[int, EarlierFigure]:
        """The comparable numbers of communes, by key, of the last year that has such figures."""
        comparable = {
            pk: figure
            for pk, figure in self.earlier.items()
            if pk is not None and figure.is_comparable
        }
        year = max((figure.year for figure in comparable.values()), default=None)
        return {
            pk: figure
            for pk, figure in comparable.items()
            if figure.year == year and figure.number is not None
        }

    @cached_property
    def before(self) -> EarlierFigure | None:
        """The territory's last figure before: the later of what was given and the total of its
        communes, with their number in words if they are others than now; None without either."""
        own, communes = self.earlier.get(None), self.commune_figures_before
        year = max((figure.year for figure in communes.values()), default=0)
        number = aggregate(communes.values(), self.definition)
        if number is None or (own and own.year >= year):
            return own
        words = self.definition.show(number)
        if self.own is None and communes.keys() != {figure.commune_id for figure in self.communes}:
            words = f"{words}, de {plural(len(communes), 'commune,communes')}"
        return EarlierFigure(year, words, number)

    @property
    def variation(self) -> str:
        """The change from ``before``, « +3 % »; of computed totals over the communes with a number
        in both years, and how many these are if not all; empty if undefined."""
        if self.before is None:
            return ""
        if self.own or self.is_given_before:
            is_comparable = self.own or not self.is_partial
            change = self.before.describe_change(self.number, self.definition)
            return change if is_comparable else ""
        both = self._in_both(self.communes)
        move = self._totals_in_both(self.communes)
        change = format_change(*move, self.definition) if move else ""
        if not change or len(both) == len(self.communes) == len(self.commune_figures_before):
            return change
        return f"{change} sur {plural(len(both), 'commune,communes')}"

    @property
    def is_given_before(self) -> bool:
        """Whether ``before`` was given for the territory, not computed from communes."""
        return self.before is not None and self.before is self.earlier.get(None)

    @property
    def is_of_most(self) -> bool:
        """Whether at least half of the communes with a number before have one now: the total of few
        changes more than that of the territory."""
        return 2 * len(self._in_both(self.communes)) >= len(self.commune_figures_before)

    def _in_both(self, values: list[Value]) -> list[Value]:
        return [value for value in values if value.commune_id in self.commune_figures_before]

    def _totals_in_both(self, values: list[Value]) -> tuple[Decimal, Decimal] | None:
        """Return the totals now and before over communes with a figure in both years; None if
        undefined."""
        both = self._in_both(values)
        now = aggregate(both, self.definition)
        then = aggregate(
            [self.commune_figures_before[value.commune_id] for value in both], self.definition
        )
        return None if now is None or then is None else (now, then)

    # What it asks --------------------------------------------------------------------------------

    def open_questions(self) -> list[str]:
        """Return the one question that asks for a comment before what is not given yet may be: the
        doubts about the total and who changes it most; none if those communes are explained."""
        if self.own:  # it is judged as the figure of a territory is, and beside its communes
            return self._question_about_less()
        question = self._doubts(self.communes)
        given = [value for value in self.communes if value.is_shown and explains(value)]
        if not question or not self._doubts(self._unmoved(given)):
            return []
        movers = [value for value in self._movers(given) if not explains(value)]
        if not movers:
            return []
        named = enumerate_words(self._describe_commune(value) for value in movers)
        both = self._in_both(self.communes) or self.communes
        counted = plural(len(both), "commune,communes")
        whose = f"La valeur de {counted}" if self.is_partial else "La valeur du territoire"
        surprise = question[0].removeprefix(SUBJECT).removesuffix(f" : {EXPLAIN}")
        return [f"{whose}{surprise} : commentez ce qui la change le plus, {named}."]

    @cached_property
    def is_less(self) -> bool:
        """Whether the territory's own number is less than its communes count together; False for
        what is not a sum of counts."""
        definition = self.definition
        if not self.own or definition.aggregation != Aggregation.SUM:
            return False
        if not is_counted(definition.unit) or any(value.number < 0 for value in self.communes):
            return False
        return self._excess > 0

    @property
    def differs(self) -> bool:
        """Whether the territory's own number is not the total of its communes, both rounded; False
        if they do not add up."""
        return bool(self.own) and self._excess != 0

    @cached_property
    def _excess(self) -> Decimal:
        """The communes' total less the territory's own number, which must exist, both rounded;
        negative if the communes count less, 0 if they have no total."""
        communes = aggregate(self.communes, self.definition)
        if communes is None:
            return Decimal(0)
        return self.definition.rounded(communes) - self.definition.rounded(self.own.number)

    @property
    def communes_total_text(self) -> str:
        return self.definition.show(aggregate(self.communes, self.definition))

    @property
    def less_sentence(self) -> str:
        """The sentence « Le chiffre du territoire, 10, est inférieur à ce que comptent 2 communes :
        61. »"""
        counted = plural(len(self.communes), "commune,communes")
        verb = "compte" if len(self.communes) < 2 else "comptent"
        return (
            f"Le chiffre du territoire, {self.definition.show(self.own.number)}, est inférieur à "
            f"ce que {verb} {counted} : {self.communes_total_text}."
        )

    def _question_about_less(self) -> list[str]:
        """Return the question about a territory that counts less than its communes; nothing once
        all is given, or if a comment explains it, of the territory or of a value not given yet."""
        left = [value for value in self.values if not value.is_shown]
        if not left or not self.is_less or any(map(explains, {*left, self.own})):
            return []
        return [f"{self.less_sentence} Vérifiez-le, ou dites pourquoi en commentaire."]

    def _doubts(self, values: list[Value]) -> list[str]:
        """Return the one question about the total of these values of communes (``question_of``):
        its bounds and, if they can be compared, its change."""
        number = aggregate(values, self.definition)
        if number is None:
            return []
        bounded = self.definition
        if len(values) < len(self.communes) or self.is_partial:
            # If communes are missing a sum may be low, and nothing is known of a ratio.
            unknown = ("minimum", "maximum") if bounded.is_ratio else ("minimum",)
            bounded = Definition(bounded.content | dict.fromkeys(unknown))
        clauses = out_of_bounds(number, bounded)
        if self.is_given_before:
            before = None if self.is_partial else self.before
            return question_of([*clauses, *doubts_about_change(number, self.definition, before)])
        if (move := self._totals_in_both(values)) is None or not self.is_of_most:
            return question_of(clauses)
        now, then = move
        year = next(iter(self.commune_figures_before.values())).year
        before = EarlierFigure(year, "", then)
        return question_of([*clauses, *doubts_about_change(now, self.definition, before)])

    def _unmoved(self, some: list[Value]) -> list[Value]:
        """Return the values of all communes as if ``some`` of them had stayed as they were before;
        without those of ``some`` that had no number."""
        stayed = [
            (value.commune_id, self.commune_figures_before.get(value.commune_id)) for value in some
        ]
        return [value for value in self.communes if value not in some] + [
            Value(commune_id=pk, number=value.number, numerator=value.numerator,
                  denominator=value.denominator)
            for pk, value in stayed if value
        ]  # fmt: skip

    def _movers(self, explained: list[Value]) -> list[Value]:
        """Return the values not given yet that move the total most in its own direction: as few as
        explain what surprises besides ``explained``, three at most."""
        left = [value for value in self.communes if not value.is_shown and self._change(value)]
        totals, is_up = self._totals_in_both(self.communes), True
        if totals and totals[0] != totals[1]:
            is_up = totals[0] > totals[1]
        elif self.is_given_before and self.number != self.before.number:
            is_up = self.number > (self.before.number or 0)
        left = [value for value in left if (self._change(value) > 0) == is_up]
        left.sort(key=lambda value: -abs(self._change(value)))
        movers: list[Value] = []
        for value in left[:ASKED_ABOUT]:
            movers.append(value)
            if not self._doubts(self._unmoved([*explained, *movers])):
                break
        return movers

    def _change(self, value: Value) -> Decimal:
        """Return by how much a commune's number, of a ratio its numerator, has changed; all of it
        without an earlier one."""
        name = "numerator" if self.definition.is_ratio else "number"
        before = self.commune_figures_before.get(value.commune_id)
        return getattr(value, name) - (getattr(before, name) or 0 if before else 0)

    def _describe_commune(self, value: Value) -> str:
        """Return « Naintré (26 en 2023, 260 en 2024) »."""
        before = self.commune_figures_before.get(value.commune_id)
        before_words = f"{before.text} en {before.year}, " if before else ""
        now_words = f"{self.definition.show(value.number)} en {self.year}"
        return f"{value.commune} ({before_words}{now_words})"


def total_of(entry: CampaignIndicator, values: list[Value], earlier: Earlier) -> Total:
    """Return a table as a whole; ``values``: those that the reader may know."""
    definition = Definition.of(entry.version)
    return Total(definition, entry.campaign.year, values, earlier, entry.communes_asked)
