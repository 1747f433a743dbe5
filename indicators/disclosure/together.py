"""What must be decided together: the tables of a year that tell counts of each other, as a share
does of its numerator, or girls and boys of children, with all that was told of them before. What
adds up of the whole territory is tables of one figure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, product
from operator import and_

from django.db.models import QuerySet

from indicators.disclosure.figure import to_nearest
from indicators.disclosure.former_rules import told_by_itself, told_without_rule
from indicators.disclosure.models import Audit
from indicators.disclosure.sheet import Sheet, know_agreed
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
    plain,
)


@dataclass
class Single:
    """A count of an indicator of the whole territory, which is told by itself: one that is given,
    or was; or one that is ``expected``, for it is what a table comes to and may be told any day.
    ``told``: how it was told, by each rule that held, or will be."""

    sheet: Sheet
    term: int
    count: Decimal
    told: list[Earlier]
    is_expected: bool = False

    @property
    def key(self) -> Key:
        return _key_of(self.sheet, self.term, self.count)


def singles_of(sheet: Sheet, term: int) -> list[Single]:
    """Those of one term that are given or were, also under another rule."""
    found: dict[Decimal, Single] = {}
    for terms, rule in told_by_itself(sheet):
        single = found.setdefault(terms[term], Single(sheet, term, terms[term], []))
        single.told.append(_told_by_itself(single.key, single.count, terms, rule))
    audits = sheet.entry.audits.done().prefetch_related("masks").order_by("pk")
    for then in map(sheet.earlier, audits):  # of one that was taken back the log is gone
        for key, terms in then.totals.items():
            single = found.setdefault(terms[term], Single(sheet, term, terms[term], []))
            told = {single.key: (then.rounded[key][term],)} if key in then.rounded else {}
            given = {single.key: (single.count,)}
            masked = frozenset(given if key in then.masked else ())
            single.told.append(Earlier(given, masked, {}, False, {}, told, then.base))
    return list(found.values())


def expected(sheet: Sheet, term: int, count: Decimal) -> Single:
    """What a table comes to, as ``disclose`` will tell it."""
    key = _key_of(sheet, term, count)
    told = _told_by_itself(key, count, (count,), sheet.rule)
    return Single(sheet, term, count, [told], is_expected=True)


def _key_of(sheet: Sheet, term: int, count: Decimal) -> Key:
    return sheet.key(f"={term}:{plain((count,))[0]}")


def _told_by_itself(key: Key, count: Decimal, terms: Terms, rule: Rule) -> Earlier:
    given = {key: (count,)}
    return Earlier(
        given,
        frozenset(given if is_secret(terms, rule) else ()),
        {},
        has_totals=False,
        rounded={key: (to_nearest(count, rule.base),)} if rule.rounds else {},
        base=rule.base,
    )


def is_secret(terms: Terms, rule: Rule) -> bool:
    """Whether a figure that is told by itself is masked."""
    counts = [*terms, terms[-1] - terms[0]] if len(terms) > 1 else terms
    return any(count and rule.is_small(count) for count in counts)


def strictest(rules: Iterable[Rule]) -> Rule:
    """The one that masks the most; where none masks, the first."""
    return max(rules, key=lambda rule: rule.threshold or 0)


@dataclass
class Sum:
    """Some that are ``named`` as what adds up to another; ``parts``: those of them that are asked
    for."""

    total: Sheet
    named: tuple[str, ...]
    parts: list[Sheet]

    @property
    def rest(self) -> str:
        """The series of what the parts that are given leave of the total."""
        return f"{self.total.series} but {' '.join(self.named)}"

    @property
    def is_whole(self) -> bool:
        return len(self.parts) == len(self.named)

    @property
    def sheets(self) -> list[Sheet]:
        return [self.total, *self.parts]


def sums_among(sheets: Iterable[Sheet]) -> list[Sum]:
    """Those of which the total is asked for, and some of the parts."""
    there = {sheet.series: sheet for sheet in sheets}
    told = [(total, named) for total in there.values() for named in total.parts]
    found = [Sum(total, named, [there[n] for n in named if n in there]) for total, named in told]
    return [one for one in found if one.parts]


@dataclass
class Together:
    """``sheets``: the tables. ``singles``: the counts of the whole territory that tell of them,
    each with its tie; ``former``: what the communes of a table may come to that was told before of
    the territory's figure that adds up."""

    sheets: list[Sheet]
    patterns: list[Pattern] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    former: list[Tie] = field(default_factory=list)
    singles: list[Single] = field(default_factory=list)
    audits: dict[int, list[Audit]] = field(default_factory=dict)
    is_expecting: bool = True

    def join(self, other: "Together") -> None:
        self.sheets = sorted([*self.sheets, *other.sheets], key=lambda sheet: sheet.entry.pk)
        self.patterns += other.patterns
        self.ties += other.ties
        self.former += other.former
        self.singles += other.singles

    def heed_rest(self, of: Sum) -> None:
        """What the other parts of a total leave of it is the one that is not given: what would tell
        that one tells it."""
        for part in of.parts:
            self.patterns += [
                pattern.instead(part.series, of.rest)
                for pattern in list(self.patterns)
                if (part.series, 0) in pattern.coefficients
                and (of.total.series, 0) not in pattern.coefficients
            ]

    @property
    def _sums(self) -> list[Sum]:
        return sums_among(self.sheets)

    def awaited_by(self, sheet: Sheet) -> list[Sheet]:
        """Before which others one is not told, if there are any: where one that adds up with it
        will be told whatever it is, for no rule holds for it, the protected ones are told once all
        are given."""
        family = {one.series: one for of in self._sums for one in of.sheets}
        awaited = [one for one in family.values() if not one.is_whole]
        is_held = (
            sheet.series in family
            and not sheet.entry.campaign.is_closed
            and any(one.is_protected for one in awaited)
            and not all(one.is_protected for one in awaited)
        )
        return awaited if is_held else []

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
        singles = [one for one in singles if self.is_expecting or not one.is_expected]
        given: dict[Key, Terms] = {single.key: (single.count,) for single in singles}
        totals: dict[Key, Terms] = {}
        relations, earlier = [], [told for single in singles for told in single.told]
        for sheet in sheets:
            given |= sheet.given
            totals |= sheet.totals
            relations += sheet.tried
            earlier += [sheet.earlier(audit) for audit in self.audits[sheet.entry.pk]]
            earlier += sheet.told_anyway + told_without_rule(sheet)
        unsummed = {single.key.series for single in singles}
        unsummed |= {s.series for s in sheets if not s.definition.is_aggregated}
        rules = {sheet.series: sheet.rule for sheet in sheets}
        sums = self._sums
        of_rests = {of.rest: strictest(one.rule for one in of.sheets) for of in sums}
        awaited = self._awaited(sheets)
        whole = {key.series for key in awaited if key.place == TERRITORY}
        will_be_told = self._sums_to_be_told(sheets, awaited) if self.is_expecting else {}
        for of in (of for of in sums if of.total.series in rules):
            rests, told = _rests(of, awaited)
            given |= rests
            will_be_told |= told if self.is_expecting else {}
        given |= awaited | will_be_told
        earlier += [Earlier({k: t}, frozenset(), {}, has_totals=False)
                    for k, t in will_be_told.items()]  # fmt: skip
        known = {**given, **totals}
        earlier += self._left_before(sheets, known, earlier)
        # What was agreed of the year may well be what its communes come to.
        stated = [_sum_of(sheet, 0, Count(sheet.key(TERRITORY)))
                  for sheet in sheets if sheet.entry.is_by_commune and sheet.stated]  # fmt: skip
        return Table(
            given,
            {place: sector for sheet in sheets for place, sector in sheet.sectors.items()},
            totals=totals,
            relations=tuple(relations),
            ties=tuple(
                tie for tie in self.ties if all(c.figure in known for c in tie.coefficients)
            ),
            former=tuple(
                tie
                for tie in (*self.former, *stated)
                if all(count.figure in known for count, c in tie.coefficients.items() if c > 0)
            ),
            patterns=tuple(self.patterns),
            earlier=tuple(earlier),
            unsummed=frozenset(unsummed | of_rests.keys() | whole),
            untold=frozenset(of_rests) | {key.series for key in awaited.keys() - will_be_told},
            rules=rules | of_rests | {single.key.series: single.sheet.rule for single in singles},
        )

    def _awaited(self, sheets: list[Sheet]) -> dict[Key, Terms]:
        """What others tell of counts of the whole territory that are not given yet, and that add
        up, and of shares: as secret as if they were."""
        found = {}
        for sheet in sheets:
            if sheet.given:
                continue
            if sheet.definition.is_ratio:
                found |= self._awaited_shares(sheet, sheets)
            elif sheet.entry.adds_up:
                [names] = sheet.counted
                told = [count for other in sheets for count in other.tells(names, TERRITORY)]
                if told:
                    found[sheet.key(TERRITORY)] = (told[0],)
        return found

    def _awaited_shares(self, share: Sheet, sheets: list[Sheet]) -> dict[Key, Terms]:
        """Of each commune where others tell both terms; where none is told, of the territory."""
        found: dict[Key, Terms] = {}
        if not share.is_protected:
            return found
        tells_all = not share.entry.is_by_commune or share.definition.is_aggregated
        for place in (*share.placed, TERRITORY):
            if place == TERRITORY and (found or not tells_all):
                continue
            told = [
                [count for other in sheets for count in other.tells(names, place)]
                for names in share.counted
            ]
            if all(told) and 0 <= told[0][0] <= told[1][0] > 0:
                found[share.key(place)] = told[0][0], told[1][0]
        return found

    def _left_before(self, sheets, known, earlier: list[Earlier]) -> list[Earlier]:
        """What a masked share, or a total of which a part is not given, left before one of its
        terms was corrected that had been told: as secret as what it leaves now. So is what a share
        will, that does not follow its terms yet."""
        told: dict[Key, dict[Terms, None]] = {}
        for one in earlier:
            for key, terms in {**one.given, **one.totals}.items():
                if key not in one.masked and not one.base:
                    told.setdefault(key, {})[terms] = None
        rules = {sheet.series for sheet in sheets}
        found: dict[tuple[Key, Terms], None] = {}
        for of in (of for of in self._sums if of.total.series in rules):
            if strictest(one.rule for one in of.sheets).masks and not of.total.rule.rounds:
                found |= dict.fromkeys(_rests_before(of, known, told))
        for share in (one for one in sheets if one.definition.is_ratio and one.rule.masks):
            found |= dict.fromkeys(self._shares_before(share, sheets, told))
        return [Earlier({k: t}, frozenset({k}), {}, has_totals=False) for k, t in found]

    def _shares_before(self, share: Sheet, sheets, told) -> Iterator[tuple[Key, Terms]]:
        """Of places where others tell its terms: of these as they are, be it in the share itself,
        and with one of them as it was told before."""
        is_whole = not share.entry.is_by_commune
        others = [one for one in sheets if one is not share]
        others = [one for one in others if one.entry.is_by_commune != is_whole]
        for place in share.placed:
            terms = []
            for own, names in enumerate(share.counted):
                counting = [(one.key(place), i) for one in others
                            for i, theirs in enumerate(one.counted) if names & theirs]  # fmt: skip
                given = {one.key(place): one.given.get(one.key(place)) for one in (*others, share)}
                now = [given[key][i] for key, i in counting if given[key]][:1]
                now += [given[share.key(place)][own]] if given[share.key(place)] else []
                before = [then[i] for key, i in counting for then in told.get(key, ())]
                terms.append((now, [count for count in before if count not in now]))
            (ours, ours_before), (theirs, theirs_before) = terms
            pairs = [*product(ours, theirs_before), *product(ours_before, theirs)]
            pairs += product(ours, theirs) if self.is_expecting else []
            for one, other in pairs:
                if 0 <= one <= other > 0:
                    yield share.key(place), (one, other)

    def _sums_to_be_told(self, sheets: list[Sheet], awaited) -> dict[Key, Terms]:
        """What others tell of figures that are not given yet and for which no rule holds, so that
        they will be told: counts of the whole territory, and totals of which all parts are given;
        these are known then, whatever they are."""
        free = {sheet.series for sheet in sheets if not sheet.is_protected}
        found = {key: terms for key, terms in awaited.items() if key.series in free}
        for of in (of for of in self._sums if of.is_whole and of.total.series in free):
            for place in of.total.placed:
                of_parts = [part.given.get(part.key(place)) for part in of.parts]
                if not of.total.is_covered(place) and None not in of_parts:
                    found[of.total.key(place)] = (sum(terms[0] for terms in of_parts),)
        return found

    def kept(self, base: int) -> dict[Key, Terms]:
        """How figures that are the same now were rounded."""
        found = {}
        for told in (told for single in self.singles for told in single.told):
            if told.base == base:
                found |= told.rounded
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
        for told in (told for single in self.singles for told in single.told):
            if told.base != base:
                others |= {*told.masked, *told.rounded}
        told = [key for sheet in self.sheets for key in (*sheet.given, *sheet.totals)]
        joined = [{count.figure for count in tie.coefficients} for tie in self.ties]
        joined += [keys for pattern in self.patterns for keys in pattern.keys(told)]
        return hidden.union(*(keys for keys in joined if keys & others))


def hanging_together(sheets: Iterable[Sheet]) -> list[Together]:
    """The tables of a year, each with those that tell of it, and with those that tell of these."""
    sheets = list(sheets)
    know_agreed(sheets)
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
    for tied, tie, holds in _of_sums(adding_up, by_commune):
        joined(tied).former.append(tie)
        if holds:
            joined(tied).ties.append(tie)
    for of in sums_among(tables):
        groups[of.total.series].heed_rest(of)
    for single, table, tie in _of_territory(others, by_commune):
        together = groups[table.series]
        if single.key not in {one.key for one in together.singles}:
            together.singles.append(single)
        together.ties.append(tie)
    return list({id(together): together for together in groups.values()}.values())


def _of_one_count(tables: list[Sheet]) -> Iterator[tuple[list[Sheet], Pattern]]:
    """What two of these tell of each commune."""
    for one, other in combinations(tables, 2):
        for pattern in one.patterns(other):
            yield [one, other], pattern


def _of_parts(tables: list[Sheet]) -> Iterator[tuple[list[Sheet], Pattern]]:
    """What adds up to another of these."""
    for of in sums_among(tables):
        total, parts = of.total, of.parts
        year = total.entry.campaign.year
        tied = {(part.series, 0): 1 for part in parts} | {(of.rest, 0): 1}
        yield [total, *parts], Pattern(year, tied | {(total.series, 0): -1})
        # What was told of a part that is not given any more leaves no rest.
        told = {(part.series, 0): 1 for part in parts}
        yield [total, *parts], Pattern(year, told | {(total.series, 0): -1})
        for share, part in product(tables, parts):
            names = [*part.counted, *total.counted]
            if len(share.counted) > 1 and all(map(and_, share.counted, names)):
                # What a part leaves of the total is the others.
                left = {(other.series, 0): 1 for other in parts if other is not part}
                yield [share, *parts], Pattern(year, left | {(share.series, 2): -1})


def _rests(of: Sum, awaited: dict[Key, Terms]) -> tuple[dict, dict]:
    """What the parts of a total leave of it, where some of them are not given: as secret as if they
    were. What does not apply counts none. Then those of it that will be told, for no rule holds for
    what is not given."""
    total, parts, found, to_be_told = of.total, of.parts, {}, {}
    known = dict(awaited)
    for sheet in of.sheets:
        known |= sheet.given
    for place in total.placed:
        key, of_parts = total.key(place), [part.key(place) for part in parts]
        told = [known[of_part][0] for of_part in of_parts if of_part in known]
        left_out = [p for p in parts if not (p.is_covered(place) or p.key(place) in awaited)]
        if key not in known or not told or (of.is_whole and not left_out):
            continue
        left = known[key][0] - sum(told)
        if left > 0:
            rest = key._replace(series=of.rest)
            found[rest] = (left,)
            if of.is_whole and not any(part.is_protected for part in left_out):
                to_be_told[rest] = (left,)
    return found, to_be_told


def _rests_before(of: Sum, known, told) -> Iterator[tuple[Key, Terms]]:
    """What parts left of a total, one of them, or the total, being as it was told before."""
    for place in of.total.placed:
        keys = [one.key(place) for one in of.sheets]
        now = {key: known[key] for key in keys if key in known}
        is_all = all(one.key(place) in now or one.is_covered(place) for one in of.parts)
        if keys[0] not in now or len(now) < 2 or (of.is_whole and is_all):
            continue
        for key, terms in now.items():
            for before in told.get(key, ()):
                total, *parts = (now | {key: before}).values()
                left = total[0] - sum(part[0] for part in parts)
                if before != terms and left > 0:
                    yield keys[0]._replace(series=of.rest), (left,)


def _of_sums(adding_up, tables) -> Iterator[tuple[list[Sheet], Tie, bool]]:
    """The counts of the whole territory that add up with others and are called as those of a table,
    with whether they are what its communes come to now; they may have been before."""
    for sheet, table in product(adding_up, (table for table in tables if table.given)):
        counted = product(enumerate(table.counted), enumerate(sheet.counted))
        for (i, _), (j, _) in [pair for pair in counted if pair[0][1] & pair[1][1]]:
            total, key = sum(terms[i] for terms in table.given.values()), sheet.key(TERRITORY)
            holds = key in sheet.given and sheet.given[key][j] == total
            yield [sheet, table], _sum_of(table, i, Count(key, j)), holds


def _of_territory(sheets, tables) -> Iterator[tuple[Single, Sheet, Tie]]:
    """The counts of the whole territory that are called as those of a table, and that are its sum,
    or were; what it comes to will be told, where it is not yet."""
    for sheet in sheets:
        for j, names in enumerate(sheet.counted):
            called = [
                (table, i) for table in tables if table.given
                for i, theirs in enumerate(table.counted) if names & theirs
            ]  # fmt: skip
            told = {single.count: single for single in (singles_of(sheet, j) if called else ())}
            for table, i in called:
                total = sum(terms[i] for terms in table.given.values())
                single = told.setdefault(total, expected(sheet, j, total))
                yield single, table, _sum_of(table, i, Count(single.key))


def _sum_of(table: Sheet, term: int, total: Count) -> Tie:
    """That the communes of a table come to a count."""
    return Tie({Count(key, term): 1 for key in table.given} | {total: -1})
