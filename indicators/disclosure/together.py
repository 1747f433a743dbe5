"""What must be decided together: the tables of a year that tell counts of each other, as a share
does of its numerator, or girls and boys of children, with all that was told of them before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from indicators.disclosure.figure import to_nearest
from indicators.disclosure.models import Audit
from indicators.disclosure.sheet import Sheet
from indicators.disclosure.tables import Count, Earlier, Key, Table, Terms, Tie
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
        terms = self.terms or (self.count,)
        counts = [*terms, terms[-1] - terms[0]] if len(terms) > 1 else terms
        is_hidden = any(count and rule.is_small(count) for count in counts)
        rounded = {self.key: (to_nearest(self.count, rule.base),)} if rule.rounds else {}
        return Earlier(
            given,
            frozenset(given if is_hidden else ()),
            {},
            has_totals=False,
            rounded=rounded,
            base=rule.base,
        )


@dataclass
class Together:
    """``sheets``: the tables. ``singles``: the counts of the whole territory that tell of them."""

    sheets: list[Sheet]
    ties: list[Tie] = field(default_factory=list)
    singles: list[Single] = field(default_factory=list)
    audits: dict[int, list[Audit]] = field(default_factory=dict)

    @property
    def is_expecting(self) -> bool:
        """Whether something is reckoned with that is not given yet."""
        return not all(single.is_given for single in self.singles)

    def read_audits(self) -> None:
        """All by which figures of them were told, the oldest first."""
        self.audits = {sheet.entry.pk: [] for sheet in self.sheets}
        audits = Audit.objects.done().filter(campaign_indicator__in=self.audits)
        for audit in audits.prefetch_related("masks").order_by("pk"):
            self.audits[audit.campaign_indicator_id].append(audit)

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
        known = {**given, **totals}
        return Table(
            given,
            sheets[0].sectors,
            totals=totals,
            relations=tuple(relations),
            ties=tuple(
                tie for tie in self.ties if all(c.figure in known for c in tie.coefficients)
            ),
            earlier=tuple(earlier),
            unsummed=frozenset(unsummed),
            rules={sheet.series: sheet.rule for sheet in sheets}
            | {single.key.series: single.sheet.rule for single in singles},
        )

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
        for tie in self.ties:
            keys = {count.figure for count in tie.coefficients}
            if keys & others:
                hidden |= keys
        return hidden


def hanging_together(sheets: Iterable[Sheet]) -> list[Together]:
    """The tables of a year, each with those that tell of it, and with those that tell of these."""
    sheets = list(sheets)
    tables = [sheet for sheet in sheets if sheet.entry.is_by_commune]
    root = {sheet.series: sheet.series for sheet in sheets}

    def top(series):
        while root[series] != series:
            series = root[series]
        return series

    found: list[tuple[str, Tie]] = []
    singles: dict[str, list[Single]] = {}
    for at, one in enumerate(tables):
        for other in tables[at + 1 :]:
            if ties := one.ties(other):
                root[top(other.series)] = top(one.series)
                found += [(one.series, tie) for tie in ties]
    for single, table, tie in _of_territory(sheets, tables):
        singles.setdefault(table.series, []).append(single)
        found.append((table.series, tie))
    groups: dict[str, Together] = {}
    for sheet in tables:
        groups.setdefault(top(sheet.series), Together([])).sheets.append(sheet)
    for series, tie in found:
        groups[top(series)].ties.append(tie)
    for series, of in singles.items():
        known = groups[top(series)].singles
        known += [single for single in of if single.key not in {one.key for one in known}]
    return list(groups.values())


def _of_territory(sheets, tables) -> Iterator[tuple[Single, Sheet, Tie]]:
    """The counts of the whole territory that are called as those of a table: their sum."""
    for sheet in sheets:
        if sheet.entry.is_by_commune:
            continue
        for table in tables:
            for i, name in enumerate(table.counted):
                for j, called in enumerate(sheet.counted):
                    if name and name == called and table.given:
                        expected = sum(terms[i] for terms in table.given.values())
                        single = Single(sheet, j, expected)
                        of = {Count(key, i): 1 for key in table.given}
                        if single.count == expected:
                            yield single, table, Tie(of | {Count(single.key): -1})
