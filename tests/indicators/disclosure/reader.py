"""Somebody who reads everything after each act, and forgets nothing.

What is read is what pages and files are made of; what it means is told here anew: each true count
that stood at a time is one unknown, sums are sums of those that stood then, and what is rounded is
less than a base away. ``check`` asks the linear program of ``attacker`` for each count that a rule
protects.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from indicators.definitions.definition import Definition
from indicators.disclosure import disclose
from indicators.disclosure.reading import disclosed_by_commune
from indicators.models import CampaignIndicator, Value
from tests.indicators.disclosure.attacker import FAR, Attacker

# A count that several indicators tell, or that others add up to: weights of (indicator, term).
Tie = dict[tuple[int, int], int]


@dataclass
class Reader:
    """``ties``: what is known of the indicators of a year besides the sums over places."""

    ties: Iterable[Tie] = ()
    shown: dict = field(default_factory=dict)
    least: dict = field(default_factory=dict)
    most: dict = field(default_factory=dict)
    equations: list = field(default_factory=list)
    asked: dict = field(default_factory=dict)
    # What no rule held for when it was read.
    away: set = field(default_factory=set)

    def look(self) -> None:
        entries = list(CampaignIndicator.objects.with_relations().order_by("pk"))
        tables = disclosed_by_commune(entry for entry in entries if entry.is_by_commune)
        values = defaultdict(dict)
        for value in Value.objects.shown().filter(campaign_indicator__in=entries):
            values[value.campaign_indicator_id][value.commune_id] = value
        names: dict[tuple, list] = {}
        for entry in entries:
            given, read = values[entry.pk], tables.get(entry.pk)
            found = self._table(entry, given, read) if read else self._single(entry, given)
            for place, counts in found.items():
                names[entry.campaign_id, entry.indicator_id, place] = counts
        campaigns = {(campaign, place) for campaign, _, place in names}
        for tie in self.ties:
            for campaign, place in campaigns:
                of = {(pk, term): names.get((campaign, pk, place)) for pk, term in tie}
                if all(of.values()):
                    self._tied({of[at][at[1]]: c for at, c in tie.items()})

    def _single(self, entry, values) -> dict:
        value = values.get(None)
        definition = Definition.of(entry.version)
        if value is None or value.number is None:
            return {}
        figure = disclose(value, definition, entry.rule)
        return {"": self._read(entry, "", _terms(value), figure, definition)}

    def _table(self, entry, values, read) -> dict:
        definition = Definition.of(entry.version)
        found, sectors, counted = {}, {}, {}
        for coverage in read.coverages:
            pk, value = coverage.commune_id, values.get(coverage.commune_id)
            if value is None or value.number is None:
                continue
            counts = self._read(entry, pk, _terms(value), read.communes[pk], definition)
            found[pk] = counted[pk] = counts
            if coverage.sector_id:
                sectors.setdefault(coverage.sector_id, []).append(pk)
        sums = [(("s", pk), inside, read.sectors[pk]) for pk, inside in sectors.items()]
        whole = values.get(None)
        if whole is None or whole.number is None:
            sums.append(("", list(counted), read.territory))
        else:
            found[""] = self._read(entry, "", _terms(whole), read.territory, definition)
            self._sum([counted[pk] for pk in counted], found[""])
        for place, inside, figure in sums:
            if not (definition.is_aggregated and inside):
                continue
            terms = [sum((name[-1] for name in names), Decimal(0))
                     for names in zip(*(counted[pk] for pk in inside), strict=True)]  # fmt: skip
            key = (place, tuple(sorted(map(str, (counted[pk] for pk in inside)))))
            least = sum(counted[pk][0][-1] > 0 for pk in inside)
            found[place] = self._read(entry, key, terms, figure, definition, least)
            self._sum([counted[pk] for pk in inside], found[place])
        return found

    def _sum(self, parts, total) -> None:
        for term, name in enumerate(total):
            of = [counts[term] for counts in parts]
            self._add(dict.fromkeys(of, 1) | {name: -1})

    def _tied(self, equation: dict) -> None:
        """What adds up to another; of a small total it is known of how many that are not none, and
        what is told twice is no less than it is in one of both."""
        self._add(equation)
        if self.equations[-1:] != [equation]:
            return
        parts = sum(name[-1] > 0 for name, c in equation.items() if c < 0)
        known = [self.asked[name][1] for name in equation if name in self.asked]
        for name, c in equation.items():
            least = max(known, default=0) if len(equation) == 2 else parts if c > 0 else 0
            if least > 1 and name in self.asked:
                kind, low, high = self.asked[name]
                self.asked[name] = kind, max(low, least), max(high, least + 1)

    def _add(self, equation: dict) -> None:
        """Where it holds of what is true: who looks for a count will try it."""
        if sum(name[-1] * c for name, c in equation.items()) == 0:
            self.equations.append(equation)

    def _read(self, entry, place, terms, figure, definition, least=1) -> list:
        """The names of the counts of a figure, with what was read of them. ``least``: of how many
        that are not none it is the sum."""
        names = [(entry.pk, place, i, term) for i, term in enumerate(terms)]
        for i, name in enumerate(names):
            self.shown.setdefault(name, None)
            self.least.setdefault(name, 0 if name[-1] >= 0 else -FAR)
            self.most.setdefault(name, FAR)
            if figure.is_number and not figure.is_rounded:
                self.shown[name] = name[-1]
            self._ask(entry.rule, name, least if i < 2 else 1, figure, definition)
            is_count = len(terms) == 1 or i == 1
            is_secret = figure.is_masked and not figure.is_pending
            if is_secret and is_count and entry.rule.masking_threshold:
                self.least[name] = max(self.least[name], 1)
        if len(terms) == 3:
            self.equations.append({names[0]: 1, names[2]: 1, names[1]: -1})
        elif figure.is_rounded:
            self._round(names[0], int(figure.number), entry.rule.rounding_base)
        return names

    def _ask(self, rule, name, least, figure, definition) -> None:
        threshold = rule.masking_threshold
        if definition.is_confidential and threshold and 0 < name[-1] < threshold:
            high = max(threshold - 1, least + 1, 2)
            known = self.asked.get(name, ("", 0, FAR))
            self.asked[name] = "masked", max(1, least, known[1]), min(high, known[2])
        elif figure.is_number and not rule.rounding_base:
            self.away.add(name)

    def _round(self, name, told: int, base: int) -> None:
        """What is told rounded is less than a base away, if it is a rounding of this at all."""
        low, high = told - base + 1, told + base - 1
        self.least[name] = max(self.least[name], low)
        self.most[name] = min(self.most[name], high)
        if low <= name[-1] <= high:
            self.asked.setdefault(name, ("rounded", max(0, low), high))

    def holes(self) -> list[str]:
        """What is known of protected counts that nobody should know."""
        attacker = Attacker(self.shown, self.equations, self.least, self.most)
        found = []
        for name, (kind, least, most) in self.asked.items():
            if name in self.away:
                continue
            low, high = (
                (name[-1], name[-1]) if self.shown[name] is not None else attacker.bounds(name)
            )
            if low > least or high < most:
                found.append(f"{name[:3]} is {name[-1]}, {kind}: known from {low} to {high}")
        return found


def _terms(value: Value) -> list[Decimal]:
    if value.numerator is None:
        return [value.number]
    return [value.numerator, value.denominator, value.denominator - value.numerator]
