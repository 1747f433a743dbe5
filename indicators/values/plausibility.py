"""Check the plausibility of a figure before it is submitted: its bounds, its unit, its change from
the last figure given.

Nothing is forbidden here: a figure that surprises may be right, and then its comment says why.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import prefetch_related_objects

from ctg_portal.templatetags.french import enumerate_words
from ctg_portal.templatetags.french import number as in_french
from indicators.collection.rights import Contributor
from indicators.definitions.definition import Definition
from indicators.disclosure import disclose, is_lifted, is_protected
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.values import Value, ValueTransition, ValueVerb
from indicators.series.attainment import variation
from indicators.values.figure import is_taken_over

EXPLAIN = "expliquez-le avant de transmettre."
# The subject of the question; that about a table has another.
SUBJECT = "La valeur"
# Where the parties have set no share: a digit too many, or one that was forgotten. What counts few
# things moves so by itself.
TENFOLD, FEW = 10, 50
OF_ANOTHER_FIGURE = (
    "Le commentaire gardé a été écrit pour un autre chiffre : reprenez-le pour celui-ci."
)


@dataclass(frozen=True)
class EarlierFigure:
    """The last figure given before a year. ``number``: None if it is masked; ``words``: as it may
    be shown, but if there is a ``definition``, ``text`` shows the number by that.
    ``is_comparable``: it was measured in the same way. ``numerator``, ``denominator``: of a
    commune's ratio, of which totals are made."""

    year: int
    words: str
    number: Decimal | None = None
    is_comparable: bool = True
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    definition: Definition | None = None

    @property
    def text(self) -> str:
        """The figure as it may be shown."""
        return self.definition.show(self.number) if self.definition else self.words

    def describe_change(self, value: Decimal | None, definition: Definition) -> str:
        """Return the change to ``value``, « +3 % »; empty if it cannot be computed or compared."""
        return format_change(value, self.number, definition) if self.is_comparable else ""


def figures_before(
    entries: Iterable[CampaignIndicator],
    *,
    as_disclosed: bool = False,
    reader: Contributor | None = None,
) -> dict[int, EarlierFigure]:
    """Return the last number given for the territory in an earlier year, by the key of entries of
    one campaign; none for those without any. One query.

    It is raw if the same organisations provided and entered the figure. It is as disclosed to
    everybody if others did, if a rule that protects it was lifted since, if ``as_disclosed``, or
    for a ``reader`` who enters what is protected in their stead.
    """
    wanted = {entry.indicator_id: entry for entry in entries}
    if not wanted:
        return {}
    year = next(iter(wanted.values())).campaign.year
    values = (
        Value.objects.whole()
        .shown()
        .filter(
            campaign_indicator__indicator__in=wanted,
            campaign_indicator__campaign__year__lt=year,
            number__isnull=False,
        )
    )
    related = ("campaign", "version", "provider", "disclosure")
    values = values.select_related(*(f"campaign_indicator__{name}" for name in related))
    earlier_figures = {}
    for value in values.latest_by_place():
        earlier = value.campaign_indicator
        entry = wanted[earlier.indicator_id]
        if earlier.version_id == entry.version_id:
            earlier.version = entry.version  # read already
        definition, is_comparable = Definition.of(earlier.version), are_alike(earlier, entry)
        is_raw = not as_disclosed and reads_before(reader, entry)
        if is_raw and is_theirs(earlier, entry) and not value.is_public:
            text, number = definition.show(value.number), value.number
        else:
            figure = disclose(value, definition, earlier.rule)
            text, number = figure.words, figure.number
        year = earlier.campaign.year
        earlier_figures[entry.pk] = EarlierFigure(year, text, number, is_comparable)
    return earlier_figures


def is_theirs(earlier: CampaignIndicator, entry: CampaignIndicator) -> bool:
    """Return whether an earlier year's indicator had the provider and enterer of ``entry``, and
    they may still read it: no rule that protects it was lifted since."""
    same = (earlier.provider_id, earlier.enterer_id) == (entry.provider_id, entry.enterer_id)
    return same and not is_lifted(earlier, entry)


def are_alike(earlier: CampaignIndicator, entry: CampaignIndicator) -> bool:
    """Return whether both are measured in the same way, by their definitions."""
    return Definition.of(earlier.version).measuring == Definition.of(entry.version).measuring


def reads_before(reader: Contributor | None, entry: CampaignIndicator) -> bool:
    """Return whether a person, or the system (None), reads raw what an indicator's people gave in
    earlier years: who reads this year's raw does; others only if it is not protected."""
    if reader is None or reader.reads_raw(entry):
        return True
    return not is_protected(Definition.of(entry.version), entry.rule)


def unexplained(
    value: Value | None, definition: Definition, before: EarlierFigure | None
) -> list[str]:
    """Return the one question that still asks for a comment: the doubts about a value, and that its
    comment is of another figure if so; nothing if the comment explains it, or without a value."""
    asked = doubts(value.number, definition, before) if value else []
    if not asked or explains(value):
        return []
    return [f"{asked[0]} {OF_ANOTHER_FIGURE}"] if value.comment else asked


def read_acts(values: Iterable[Value]) -> None:
    """Prefetch the transitions of those of the values that have a comment or are returned. One
    query, or none."""
    needing = [value for value in values if value.comment or value.is_returned]
    prefetch_related_objects(needing, "transitions")


def explains(value: Value) -> bool:
    """Return whether the comment of a value is about its number: it was written with the number or
    after it, or confirmed for it, or was never typed here. One that stayed while the number changed
    is about the number before; one that still has the mark of another year, about that year's.
    """
    if not value.comment:
        return False
    acts = sorted(value.transitions.all(), key=lambda act: act.pk)
    saved = [act for act in acts if act.verb == ValueVerb.SAVED]
    if all(act.reason != value.comment for act in saved):
        return True  # it was not typed here
    for before, act in zip([None, *saved], saved, strict=False):
        if (act.number, act.reason) == (value.number, value.comment):
            if before is None or before.reason != act.reason:
                is_of_number = not is_taken_over(act.reason)
            else:  # saved again unchanged, it is confirmed
                stored = ValueTransition.KEPT
                is_of_number = all(getattr(before, name) == getattr(act, name) for name in stored)
            if is_of_number:
                return True
    return False


def doubts(
    value: Decimal | None, definition: Definition, before: EarlierFigure | None
) -> list[str]:
    """Return the one question that a number that surprises asks (``question_of``): its doubts are
    its bounds and unit, and its change from ``before``; none for None, an absence."""
    if value is None:
        return []
    return question_of(
        [*out_of_bounds(value, definition), *doubts_about_change(value, definition, before)]
    )


def question_of(clauses: list[str]) -> list[str]:
    """Return one sentence about « la valeur » that lists these clauses and asks for a comment, that
    answers them all; none without a clause."""
    return [f"{SUBJECT} {enumerate_words(clauses)} : {EXPLAIN}"] if clauses else []


def out_of_bounds(value: Decimal, definition: Definition) -> list[str]:
    """Return the doubts about a number itself, as clauses: beyond the bounds of its definition or,
    where the parties have set none, above 100 %."""
    clauses = []
    lowest, highest = definition.bounds
    if lowest is not None and value < lowest:
        clauses.append(f"est en dessous du plus bas attendu ({definition.show(lowest)})")
    if highest is not None and value > highest:
        clauses.append(f"dépasse le plus haut attendu ({definition.show(highest)})")
    if definition.is_percentage and highest is None and value > 100:
        clauses.append("dépasse 100 %")
    return clauses


def doubts_about_change(
    value: Decimal, definition: Definition, before: EarlierFigure | None
) -> Iterator[str]:
    """Yield a clause if the change is beyond the share that the parties set or, if they set none,
    if it is tenfold; nothing without a comparable number before."""
    alert = definition.variation_alert
    if before is None or before.number is None or not before.is_comparable:
        return
    if alert is None and not is_tenfold(value, before.number, definition):
        return
    alert = alert or 0
    if before.number == 0:
        if value != 0:
            yield f"était nulle en {before.year}"
        return
    move = variation(value, before.number)
    if abs(move) <= alert:
        return
    if definition.is_percentage:
        then = f"{definition.show(before.number)} en {before.year}"
        yield f"passe de {then} à {definition.show(value)}"
    else:
        verb = "augmente" if move > 0 else "baisse"
        yield f"{verb} de {percent(abs(move), alert)} par rapport à {before.year}"


def is_tenfold(value: Decimal, before: Decimal, definition: Definition) -> bool:
    """Return whether a figure is at least ten times the one before, or at most a tenth; never for
    a percentage, or where both are below 50."""
    least, most = sorted([abs(value), abs(before)])
    return not definition.is_percentage and most >= FEW and most >= TENFOLD * least


def percent(share: Decimal, above: int = 0) -> str:
    """Return « 37 % »; with a decimal if rounding would hide that it exceeds ``above`` or falls
    short of 100 %."""
    is_close = above < share < above + Decimal("0.5") or Decimal("99.5") <= share < 100
    return f"{in_french(share, 1 if is_close else 0)}\u202f%"


def format_change(value: Decimal | None, before: Decimal | None, definition: Definition) -> str:
    """Return the change from ``before`` to ``value``, « +3,2 % »; of a percentage in points,
    « −0,4 point »; empty if it is undefined."""
    if definition.is_percentage:
        if value is None or before is None:
            return ""
        points = definition.rounded(value - before)
        unit = "points" if abs(points) >= 2 else "point"
        return f"{_sign(points)}{in_french(abs(points))}\u202f{unit}"
    change = variation(value, before)
    return "" if change is None else signed(change)


def signed(share: Decimal) -> str:
    """Return a change with its sign, « +3,2 % », « −37 % », « 0 % »; below 10 % with a decimal, so
    that a small one is not shown as none."""
    decimals = 1 if abs(share) < Decimal("9.95") else 0
    rounded = share.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{_sign(rounded)}{in_french(abs(rounded), decimals if rounded else 0)}\u202f%"


def _sign(change: Decimal) -> str:
    return "+" if change > 0 else "−" if change < 0 else ""
