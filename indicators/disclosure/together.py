"""What must be decided together: the tables of a year that tell counts of each other, as a share
does of its numerator, or girls and boys of children, with all that was told of them before. What
adds up of the whole territory is tables of one figure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, product

from django.db.models import QuerySet

from indicators.disclosure.figure import to_nearest
from indicators.disclosure.models import Audit
from indicators.disclosure.sheet import Sheet
from indicators.disclosure.tables import (
    TERRITORY,
    Count,
    Earlier,
    Key,
    Pattern,
    Rule,
    Table,
    Terms,
    Tie,
)
from indicators.disclosure.without_rule import told_without_rule


@dataclass
class Single:
    """One count of an indicator of the whole territory, which is told by itself: ``expected`` as
    long as it is not given, for it will be told then."""

    sheet: Sheet
    term: int
    expected: Decimal

    @property
    def key(self) -> Key:
        return self.sheet.key(f"={self.term}")

    @property
    def terms(self) -> Terms | None:
        return self.sheet.counts(self.sheet.values.get(None))

    @property
    def is_given(self) -> bool:
        return self.terms is not None

    @property
    def count(self) -> Decimal:
        return self.terms[self.term] if self.terms else self.expected

    @property
    def told(self) -> Earlier:
        """As ``disclose`` tells it."""
        given, rule = {self.key: (self.count,)}, self.sheet.rule
        is_hidden = is_secret(self.terms or (self.count,), rule)
        rounded = {self.key: (to_nearest(self.count, rule.base),)} if rule.rounds else {}
        return Earlier(
            given,
            frozenset(given if is_hidden else ()),
            {},
            has_totals=False,
            rounded=rounded,
            base=rule.base,
        )


def is_secret(terms: Terms, rule: Rule) -> bool:
    """Whether a figure that is told by itself is masked."""
    counts = [*terms, terms[-1] - terms[0]] if len(terms) > 1 else terms
    return any(count and rule.is_small(count) for count in counts)


@dataclass
class Together:
    """``sheets``: the tables. ``singles``: the counts of the whole territory that tell of them,
    each with its tie."""

    sheets: list[Sheet]
    patterns: list[Pattern] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    singles: list[Single] = field(default_factory=list)
    audits: dict[int, list[Audit]] = field(default_factory=dict)

    def join(self, other: "Together") -> None:
        self.sheets = sorted([*self.sheets, *other.sheets], key=lambda sheet: sheet.entry.pk)
        self.patterns += other.patterns
        self.ties += other.ties
        self.singles += other.singles

    def heed_rests(self, total: Sheet) -> None:
        """What the other parts of a total leave of it is the one that is not given: what would tell
        that one tells it."""
        for series in total.parts:
            self.patterns += [
                pattern.instead(series, _rest(total.series))
                for pattern in list(self.patterns)
                if (series, 0) in pattern.coefficients
                and (total.series, 0) not in pattern.coefficients
            ]

    def read_audits(self) -> None:
        """All by which figures of them were told, the oldest first."""
        self.audits = {sheet.entry.pk: [] for sheet in self.sheets}
        for audit in self._audits.prefetch_related("masks").order_by("pk"):
            self.audits[audit.campaign_indicator_id].append(audit)

    @property
    def _audits(self) -> QuerySet[Audit]:
        return Audit.objects.done().filter(campaign_indicator__in=self.audits)

    @property
    def is_overtaken(self) -> bool:
        """Whether anything was told of them since their audits were read."""
        known = {audit.pk for audits in self.audits.values() for audit in audits}
        return set(self._audits.values_list("pk", flat=True)) != known

    def table(self) -> Table:
        """Of all of them, each under its own rule."""
        return self._table(self.sheets, self.singles)

    def rounded(self, base: int) -> Table:
        """Of those that are rounded to one base."""
        return self._table(
            [sheet for sheet in self.sheets if sheet.rule.base == base],
            [single for single in self.singles if single.sheet.rule.base == base],
        )

    def _table(self, sheets: list[Sheet], singles: list[Single]) -> Table:
        given: dict[Key, Terms] = {single.key: (single.count,) for single in singles}
        totals: dict[Key, Terms] = {}
        relations, earlier = [], [single.told for single in singles]
        for sheet in sheets:
            given |= sheet.given
            totals |= sheet.totals
            relations += sheet.tried
            earlier += [sheet.earlier(audit) for audit in self.audits[sheet.entry.pk]]
            earlier += sheet.told_anyway + told_without_rule(sheet)
        unsummed = {single.key.series for single in singles}
        unsummed |= {s.series for s in sheets if not s.definition.is_aggregated}
        rules = {sheet.series: sheet.rule for sheet in sheets}
        of_rests = {_rest(series): rule for series, rule in rules.items()}
        awaited = self._awaited(sheets)
        for sheet in sheets:
            given |= self._rests(sheet, awaited)
        given |= awaited
        known = {**given, **totals}
        return Table(
            given,
            {place: sector for sheet in sheets for place, sector in sheet.sectors.items()},
            totals=totals,
            relations=tuple(relations),
            ties=tuple(
                tie for tie in self.ties if all(c.figure in known for c in tie.coefficients)
            ),
            patterns=tuple(self.patterns),
            earlier=tuple(earlier),
            unsummed=frozenset(unsummed | of_rests.keys()),
            untold=frozenset(of_rests) | {key.series for key in awaited},
            rules=rules | of_rests | {single.key.series: single.sheet.rule for single in singles},
        )

    def _awaited(self, sheets: list[Sheet]) -> dict[Key, Terms]:
        """What others tell of the counts of the whole territory that are not given yet, and that
        add up: as secret as if they were."""
        found = {}
        for sheet in sheets:
            if sheet.given or not sheet.entry.adds_up or sheet.definition.is_ratio:
                continue
            [name] = sheet.counted
            told = [count for other in sheets for count in other.comes_to(name)]
            if told:
                found[sheet.key(TERRITORY)] = (told[0],)
        return found

    def _rests(self, total: Sheet, awaited: dict[Key, Terms]) -> dict[Key, Terms]:
        """What the parts of a total leave of it, where some of them are not given: as secret as if
        they were. What does not apply counts none."""
        there = {sheet.series: sheet for sheet in self.sheets}
        parts, found = [there[name] for name in total.parts if name in there], {}
        known = dict(awaited)
        for sheet in (total, *parts):
            known |= sheet.given
        for place in total.placed if parts else ():
            key, of_parts = total.key(place), [part.key(place) for part in parts]
            told = [known[of_part][0] for of_part in of_parts if of_part in known]
            covered = sum(p.is_covered(place) or p.key(place) in awaited for p in parts)
            if key not in known or covered == len(total.parts) or not told:
                continue
            left = known[key][0] - sum(told)
            if left > 0:
                found[key._replace(series=_rest(total.series))] = (left,)
        return found

    def kept(self, base: int) -> dict[Key, Terms]:
        """How figures that are the same now were rounded."""
        found = {}
        for single in self.singles:
            if single.sheet.rule.base == base:
                found |= single.told.rounded
        for sheet in self.sheets:
            now = {**sheet.given, **sheet.totals} if sheet.rule.base == base else {}
            for then in map(sheet.earlier, self.audits[sheet.entry.pk]):
                found |= {
                    key: then.rounded[key]
                    for key, terms in {**then.given, **then.totals}.items()
                    if then.base == base and now.get(key) == terms and key in then.rounded
                }
        return found

    def withheld(self, base: int) -> set[Key]:
        """What is not told rounded to this base: it was masked before, or is told of another
        indicator masked, or rounded to another base; what both tell would be less than a base
        away."""
        hidden: set[Key] = set()
        others: set[Key] = set()
        for sheet in self.sheets:
            now, is_own = {**sheet.given, **sheet.totals}, sheet.rule.base == base
            for audit in self.audits[sheet.entry.pk]:
                then = sheet.earlier(audit)
                same = {
                    k for k, terms in {**then.given, **then.totals}.items() if now.get(k) == terms
                }
                if is_own:
                    if then.base != base:
                        hidden |= same & {*then.masked, *then.rounded}
                else:
                    others |= {k for k in same if k in then.masked or k in then.rounded}
        for single in self.singles:
            if single.sheet.rule.base != base:
                others |= {*single.told.masked, *single.told.rounded}
        told = [key for sheet in self.sheets for key in (*sheet.given, *sheet.totals)]
        joined = [{count.figure for count in tie.coefficients} for tie in self.ties]
        joined += [keys for pattern in self.patterns for keys in pattern.keys(told)]
        return hidden.union(*(keys for keys in joined if keys & others))


def hanging_together(sheets: Iterable[Sheet]) -> list[Together]:
    """The tables of a year, each with those that tell of it, and with those that tell of these."""
    sheets = list(sheets)
    by_commune = [sheet for sheet in sheets if sheet.entry.is_by_commune]
    adding_up = [sheet for sheet in sheets if sheet.entry.adds_up]
    others = [sheet for sheet in sheets if not (sheet.entry.is_by_commune or sheet.entry.adds_up)]
    tables = [*by_commune, *adding_up]
    groups = {sheet.series: Together([sheet]) for sheet in tables}

    def joined(tied: list[Sheet]) -> Together:
        together = groups[tied[0].series]
        for sheet in tied[1:]:
            other = groups[sheet.series]
            if other is not together:
                together.join(other)
                groups.update({one.series: together for one in other.sheets})
        return together

    for tied, pattern in (*_of_one_count(tables), *_of_parts(tables)):
        joined(tied).patterns.append(pattern)
    for tied, tie in _of_sums(adding_up, by_commune):
        joined(tied).ties.append(tie)
    for total in tables:
        groups[total.series].heed_rests(total)
    for single, table, tie in _of_territory(others, by_commune):
        if single not in groups[table.series].singles:
            groups[table.series].singles.append(single)
        groups[table.series].ties.append(tie)
    return list({id(together): together for together in groups.values()}.values())


def _of_one_count(tables: list[Sheet]) -> Iterator[tuple[list[Sheet], Pattern]]:
    """What two of these tell of each commune."""
    for one, other in combinations(tables, 2):
        for pattern in one.patterns(other):
            yield [one, other], pattern


def _of_parts(tables: list[Sheet]) -> Iterator[tuple[list[Sheet], Pattern]]:
    """What adds up to another of these."""
    by_series = {sheet.series: sheet for sheet in tables}
    for total in tables:
        parts = [by_series[name] for name in total.parts if name in by_series]
        if not parts:
            continue
        year = total.entry.campaign.year
        tied = {(part.series, 0): 1 for part in parts} | {(_rest(total.series), 0): 1}
        yield [total, *parts], Pattern(year, tied | {(total.series, 0): -1})
        # What was told of a part that is not given any more leaves no rest.
        told = {(part.series, 0): 1 for part in parts}
        yield [total, *parts], Pattern(year, told | {(total.series, 0): -1})
        for share, part in product(tables, parts):
            if share.counted == [*part.counted, *total.counted]:
                # What a part leaves of the total is the others.
                left = {(other.series, 0): 1 for other in parts if other is not part}
                yield [share, *parts], Pattern(year, left | {(share.series, 2): -1})


def _rest(series: str) -> str:
    """The series of what the parts of a total leave of it."""
    return f"{series} rest"


def _of_sums(adding_up, tables) -> Iterator[tuple[list[Sheet], Tie]]:
    """The counts of the whole territory that add up with others, where they are what the communes
    of a table come to."""
    for sheet, table in product(adding_up, (table for table in tables if table.given)):
        counted = product(enumerate(table.counted), enumerate(sheet.counted))
        for (i, _), (j, _) in [pair for pair in counted if pair[0][1] == pair[1][1] != ""]:
            of = {Count(key, i): 1 for key in table.given}
            total = sum(terms[i] for terms in table.given.values())
            for key, terms in sheet.given.items():
                if terms[j] == total:
                    yield [sheet, table], Tie(of | {Count(key, j): -1})


def _of_territory(sheets, tables) -> Iterator[tuple[Single, Sheet, Tie]]:
    """The counts of the whole territory that are called as those of a table, and are their sum, or
    will be: what the first of these tables comes to."""
    singles: dict[Key, Single] = {}
    for sheet in sheets:
        for table in (table for table in tables if table.given):
            for i, name in enumerate(table.counted):
                for j, called in enumerate(sheet.counted):
                    if not name or name != called:
                        continue
                    of = {Count(key, i): 1 for key in table.given}
                    total = sum(terms[i] for terms in table.given.values())
                    single = Single(sheet, j, total)
                    single = singles.setdefault(single.key, single)
                    if single.count == total:
                        yield single, table, Tie(of | {Count(single.key): -1})
