"""Lives of tables that hang together, and somebody who has read every page of one.

A life discloses tables, corrects them, gives late figures and late relatives, under stricter rules
and in other sectors, in random order. What everybody could read after each act is put into a
program in whole numbers (``attacker``), which knows nothing of the rule: an equation is in it if it
holds of the true counts. Each number that a figure ever was is an unknown of its own.
"""

import random
from dataclasses import dataclass, field

from indicators.disclosure.corrections import (
    DisclosedTable,
    DisclosedTables,
    correct,
    disclose,
    regroup,
    tighten,
)
from indicators.disclosure.families import Links, Tables, Total
from indicators.disclosure.masking import TERRITORY, Perimeter
from tests.indicators.disclosure.attacker import FAR, Attacker

BASE = "base"


def total(base, *parts):
    return Total(base, frozenset(parts))


# By kind of family: its links, in the order in which counts are made up, from the parts up.
FAMILIES = {
    "plain": [],
    "share": [total(BASE, "t0")],
    "parts": [total(BASE, "t0", "t1")],
    "whole": [total(BASE, "t0", "t1")],
    "three": [total(BASE, "t0", "t1", "t2")],
    "chain": [total("t0", "u0"), total(BASE, "t0", "t1")],
    "two shares": [total(BASE, "t0"), total(BASE, "t1")],
}

ALL_ACTS = (
    "late", "correct", "relative", "swap", "correct", "tighten", "relative", "correct", "late",
    "regroup", "relative", "correct",
)  # fmt: skip
# What is tried, by the correction of the rule (part 2) that it is about.
WORLDS = {
    "1 sectors": {"most_sectors": 4},
    "3 strictest threshold": {"threshold": 8},
    "5 and 6 public figures": {"public": 0.5},
    "9 total disclosed before": {"has_given_total": True},
    "10 and 15 missing figures": {"missing": 0.25},
    "families of one place": {"has_one_place": True},
}
LIVES = {
    "2 and 14 corrections": {"acts": ("correct", "swap") * 4},
    "10 and 13 late relatives": {"late": 2, "acts": ("relative",) * 3},
    "15 late figures": {"missing": 0.3, "acts": ("late", "correct") * 4},
    "stricter rules": {"acts": ("correct", "tighten") * 3},
    "regrouped communes": {"acts": ("correct", "regroup", "swap") * 2},
    "9 corrections under a total": {"has_given_total": True, "acts": ("correct",) * 5},
    "families of one place": {
        "has_one_place": True,
        "late": 2,
        "acts": ("correct", "swap", "relative") * 3,
    },
    "all together": {"missing": 0.15, "late": 2, "acts": ALL_ACTS},
    "all together, some public": {"missing": 0.15, "late": 2, "public": 0.5, "acts": ALL_ACTS},
}


def lives(number: int, rule: type["Life"] | None = None, **names) -> list["Life"]:
    """Return so many lives: of each kind of family, with fewer and more sectors, in turn."""
    most, rule = names.pop("most_sectors", 3), rule or Life
    kinds = list(FAMILIES)
    return [
        rule(seed, kinds[seed % len(kinds)], sectors=seed // len(kinds) % (most + 1), **names)
        for seed in range(number)
    ]


@dataclass
class Life:
    """``kind``: of ``FAMILIES``. ``late``: how many tables are disclosed later than the others.
    ``missing``: how probable it is that a figure is given after its table was disclosed.
    ``public``: how probable, that it is one of a public statistic. ``acts``: what happens after the
    first disclosure."""

    seed: int
    kind: str
    sectors: int = 0
    late: int = 0
    missing: float = 0
    public: float = 0
    has_given_total: bool = False
    acts: tuple[str, ...] = ()
    threshold: int = 5
    most_communes: int = 8
    has_one_place: bool = False

    # The rule, which mutants replace.
    disclose = staticmethod(disclose)
    correct = staticmethod(correct)
    tighten = staticmethod(tighten)
    regroup = staticmethod(regroup)

    state: DisclosedTables | None = None
    # What counts come to, by table and commune, and how often that changed.
    raw: dict = field(default_factory=dict)
    version: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    # What the attacker knows.
    known: dict = field(default_factory=dict)
    least: dict = field(default_factory=dict)
    most: dict = field(default_factory=dict)
    equations: list = field(default_factory=list)
    totals: dict = field(default_factory=dict)
    protected: set = field(default_factory=set)
    sums: dict = field(default_factory=dict)
    exposed: list = field(default_factory=list)
    played: list = field(default_factory=list)

    def __post_init__(self):
        self.dice = random.Random(f"{self.seed} {self.kind}")  # noqa: S311
        communes = [f"c{n}" for n in range(self.dice.randint(2, self.most_communes))]
        if self.has_one_place:
            communes, self.sectors = [TERRITORY], 0
        self.perimeter = self.some_perimeter(communes)
        self.links = Links(FAMILIES[self.kind])
        tables = {name for t in self.links.totals for name in (t.base, *t.parts)} or {BASE}
        self.names = sorted(tables)
        for commune in communes:
            self.make_up(commune)
        self.given = {
            (name, c) for name in self.names for c in communes if self.dice.random() >= self.missing
        }
        self.public = self.some_public_ones(communes) if self.public else {}
        self.given |= {(name, c) for name, known in self.public.items() for c in known}
        waiting = [name for name in self.names if name not in self.public]
        self.waiting = self.dice.sample(waiting, min(self.late, max(0, len(waiting) - 1)))
        self.play()

    # The world

    def some_perimeter(self, communes) -> Perimeter:
        names = [f"s{n}" for n in range(self.sectors)]
        chosen = {c: self.dice.choice([*names, *names, None]) for c in communes if names}
        return Perimeter(communes, {c: sector for c, sector in chosen.items() if sector})

    def some_public_ones(self, communes) -> dict:
        """Choose figures of a public statistic: all of a table, or some."""
        public = {}
        for name in self.names:
            if self.dice.random() < self.public:
                some = {c for c in communes if self.dice.random() < self.public}
                public[name] = {*communes} if self.dice.random() < 1 / 2 else some
        return {name: known for name, known in public.items() if known}

    def some_count(self) -> int:
        return self.dice.choice([0, 0, *range(1, self.threshold), 5, 6, 8, 12, 20, 40])

    def make_up(self, commune, change: str | None = None) -> None:
        """Make up what is counted at a commune, or count another number of ``change``, a table or
        ``rest``, and of what it is a part of."""
        counts, rests = {}, {}
        before = {name: self.raw.get((name, commune)) for name in self.names}
        for name in self.names:
            if name in {t.base for t in self.links.totals}:
                continue
            keep = change not in (None, name) and before[name] is not None
            counts[name] = before[name] if keep else self.some_count()
        for link in self.links.totals:
            parts = sum(counts[part] for part in link.parts)
            rest = 0 if self.kind == "whole" else self.some_count()
            keep = change not in (None, f"rest of {link.base}")
            rests[link] = self.raw.get((link, commune), rest) if keep else rest
            if link.base in counts:
                # Two shares of one base: the second counts as many as there are at most.
                [part] = link.parts
                counts[part] = min(counts[part], counts[link.base])
                rests[link] = counts[link.base] - counts[part]
            counts[link.base] = (
                parts + rests[link] if link.base not in counts else counts[link.base]
            )
        if change and any(n == 2 != before[name] for name, n in counts.items()):
            # What stands for a small count in totals is no count, not even by chance.
            return self.make_up(commune, change)
        for name, count in counts.items():
            if before[name] != count:
                self.version[name, commune] = self.version.get((name, commune), -1) + 1
                self.values[self.key(name, commune)] = count
            self.raw[name, commune] = count
        self.raw.update({(link, commune): rest for link, rest in rests.items()})
        return None

    def key(self, name, commune) -> tuple:
        return name, commune, self.version[name, commune]

    def tables(self, names) -> Tables:
        counts = {
            name: {c: self.raw[name, c] for c in self.perimeter.communes if (name, c) in self.given}
            for name in names
        }
        given_totals = {BASE} if self.has_given_total else set()
        links = self.links
        return Tables(counts, self.threshold, links, self.public, given_totals)

    # Its acts

    def play(self) -> None:
        if self.has_given_total and sum(self.raw[BASE, c] for c in self.perimeter.communes) >= 5:
            self.know_total(BASE, TERRITORY, self.perimeter.communes)
        names = [name for name in self.names if name not in self.waiting]
        self.first_threshold = self.threshold
        self.state = self.disclose(self.tables(names), self.perimeter, draw=self.dice.choice)
        self.read(names)
        for act in self.acts:
            self.played.append(act)
            getattr(self, f"act_{act}")()

    def act_correct(self) -> None:
        """Correct a commune, once or several times in a row."""
        commune = self.dice.choice(self.perimeter.communes)
        if any(commune in known for known in self.public.values()):
            return
        rests = [f"rest of {link.base}" for link in self.links.totals]
        self.make_up(commune, self.dice.choice([*self.names, *rests]))
        self._correct(commune)

    def act_swap(self) -> None:
        """Correct what part somebody counts in: the base stays."""
        if not self.links.totals or self.kind in ("whole", "two shares"):
            return
        commune = self.dice.choice(self.perimeter.communes)
        if any(commune in known for known in self.public.values()):
            return
        link = self.links.totals[-1]
        part = self.dice.choice(sorted(link.parts - {t.base for t in self.links.totals}) or ["t1"])
        if part not in self.names:
            return
        moved = self.dice.randint(-self.raw[link, commune], self.raw[part, commune])
        if moved:
            self.raw[link, commune] += moved
            self.raw[part, commune] -= moved
            self.version[part, commune] += 1
            self.values[self.key(part, commune)] = self.raw[part, commune]
        self._correct(commune)

    def act_late(self) -> None:
        """Give figures of a commune that were missing."""
        missing = sorted({c for name in self.names for c in self.perimeter.communes
                          if (name, c) not in self.given})  # fmt: skip
        if not missing:
            return
        commune = self.dice.choice(missing)
        late = [name for name in self.names if (name, commune) not in self.given]
        self.given |= {(name, commune) for name in late if self.dice.random() < 3 / 4}
        self._correct(commune)

    def act_relative(self) -> None:
        """Disclose tables that were waiting."""
        if not self.waiting:
            return
        names = self.dice.sample(self.waiting, self.dice.randint(1, len(self.waiting)))
        self.waiting = [name for name in self.waiting if name not in names]
        tables = self.tables([n for n in self.names if n in {*self.state.tables, *names}])
        self.state = self.disclose(tables, self.perimeter, before=self.state, draw=self.dice.choice)
        self.read(names)

    def act_tighten(self) -> None:
        self.threshold = self.dice.choice([3, 6, 8, 11])
        self.state = self.tighten(self.state, self.threshold, draw=self.dice.choice)
        self.threshold = self.state.threshold
        self.read()

    def act_regroup(self) -> None:
        self.sectors = self.dice.randint(0, 3)
        self.perimeter = self.some_perimeter(self.perimeter.communes)
        self.state = self.regroup(self.state, self.perimeter)
        self.totals = {place: n for place, n in self.totals.items() if place[1] == TERRITORY}
        self.read()

    def _correct(self, commune) -> None:
        names = [name for name in self.state.tables if (name, commune) in self.given]
        if names:
            counts = {name: self.raw[name, commune] for name in names}
            before = self.state
            self.state = self.correct(self.state, commune, counts)
            self.read(before=before, corrected=commune)

    # What is read

    def read(self, new=(), before=None, corrected=None) -> None:
        """Take what everybody reads now. ``new``: tables that are disclosed for the first time."""
        for name, table in self.state.tables.items():
            for commune in self.perimeter.communes:
                if (name, commune) in self.given:
                    self.read_figure(name, commune, table, new)
            for place, number in self.state.totals(name).items():
                self.read_total(name, place, number, corrected, before)
        was_shown = corrected and before.tables.get(BASE, DisclosedTable()).shown.get(corrected)
        if len(self.names) == 1 and was_shown and corrected in self.state.tables[BASE].reasons:
            # What a rule masks that was shown is small.
            self.most[self.key(BASE, corrected)] = self.threshold - 1
        self.know_families()
        for name in new:
            self.protect_sums(name)
        self.totals |= {
            (name, place): number
            for name in self.state.tables
            for place, number in self.state.totals(name).items()
        }

    def read_figure(self, name, commune, table, new) -> None:
        key, true = self.key(name, commune), self.raw[name, commune]
        if commune in table.shown:
            if table.shown[commune] == true:
                self.known[key] = true
                if self.is_small(name, commune, true):
                    self.exposed.append((key, true, "shown"))
            return
        if self.is_small(name, commune, true):
            self.protected.add(key)
        is_root = self.links.total_of(name) is None and not self.has_given_total
        is_first = len(self.state.tables) == len(new) and name in new and not self.public
        if is_root and is_first and true:
            self.least[key] = 1

    def read_total(self, name, place, number, corrected, before) -> None:
        communes = [c for c in self.perimeter.communes_of(place) if (name, c) in self.given]
        former = self.totals.get((name, place))
        if former is None:
            used = [c for c in communes if c in self.state.tables[name].used]
            for counting in (used, communes):
                if sum(self.raw[name, c] for c in counting) == number:
                    self.know_total(name, place, counting)
                    break
            return
        if former == number or corrected not in communes:
            return
        key, true = self.key(name, corrected), self.raw[name, corrected]
        earlier = (*key[:2], key[2] - 1)
        if true == number - former:
            self.equations.append({key: 1, "one": former - number})
        if earlier in self.values and true - self.values[earlier] == number - former:
            self.equations.append({key: 1, earlier: -1, "one": former - number})

    def protect_sums(self, name) -> None:
        """Ask for small sums as well: of so many that are not zero, they may be that many, and as
        many as is small, or as public figures let them be."""
        for place in {TERRITORY, *self.perimeter.sectors} - {None}:
            used = [c for c in self.perimeter.communes_of(place) if (name, c) in self.given]
            used = [c for c in used if c in self.state.tables[name].used]
            counts = [self.raw[name, c] for c in used]
            is_public = any(
                self.floor(name, c) or self.follows_from_public_ones(self.key(name, c))
                for c in used
            )
            if len(used) > 1 and 0 < sum(counts) < self.first_threshold and not is_public:
                key = ("sum", name, place)
                if place in self.state.totals(name):
                    self.exposed.append((key, sum(counts), "shown"))
                self.values[key] = sum(counts)
                self.sums[key] = [self.key(name, c) for c in used]
                self.equations.append(dict.fromkeys(self.sums[key], 1) | {key: -1})

    def know_total(self, name, place, communes) -> None:
        keys = [self.key(name, c) for c in communes]
        self.equations.append(dict.fromkeys(keys, 1) | {"one": -sum(map(self.values.get, keys))})

    def key_as_read(self, name, commune) -> tuple:
        """Return the unknown that a figure is; another one each time before it is given and
        disclosed, and while a former number is shown: nobody knows that it was the same then."""
        key = self.key(name, commune)
        if name in self.state.tables and (name, commune) in self.given:
            true = self.raw[name, commune]
            if self.state.tables[name].shown.get(commune, true) == true:
                return key
        unread = ("unread", *key, len(self.played))
        self.values[unread] = self.values[key]
        return unread

    def know_families(self) -> None:
        """Take that parts and what they leave come to their base, whether shown or not."""
        for link in self.links.totals:
            for commune in self.perimeter.communes:
                *parts, base = [
                    self.key_as_read(name, commune) for name in (*sorted(link.parts), link.base)
                ]
                rest = ("rest", *parts, base)
                if rest in self.values:
                    continue
                self.values[rest] = self.values[base] - sum(map(self.values.get, parts))
                self.most[rest] = 0 if self.kind == "whole" else FAR
                self.equations.append(dict.fromkeys([*parts, rest], 1) | {base: -1})
                is_read = all(key[0] in self.names for key in (*parts, base))
                is_public = any(commune in known for known in self.public.values())
                if is_read and 0 < self.values[rest] < self.first_threshold and not is_public:
                    self.protected.add(rest)
        for name, known in self.public.items():
            for commune in known:
                self.known[self.key(name, commune)] = self.raw[name, commune]

    # What follows

    def narrowed(self) -> list[tuple]:
        """Return the small counts that are known better than as anything from 1 to the threshold
        − 1, with their bounds, and those that are shown."""
        shown = {key: self.known.get(key) for key in self.values} | {"one": 1}
        least = {key: self.least.get(key, 0) for key in shown}
        most = {key: self.most.get(key, FAR) for key in shown}
        attacker, narrowed_counts = Attacker(shown, self.equations, least, most), list(self.exposed)
        for key, counts in self.sums.items():
            least = sum(self.values[count] > 0 for count in counts)
            most = min(self.first_threshold - 1, sum(map(self.cap, counts)))
            if not attacker.may_be(key, least, most):
                narrowed_counts.append((key, self.values[key], *attacker.bounds(key)))
        for key in sorted(self.protected, key=str):
            if shown[key] is not None:
                narrowed_counts.append((key, self.values[key], "known"))
                continue
            if self.follows_from_public_ones(key):
                continue
            floor = self.floor(*key[:2]) if key[0] != "rest" else self.floor_of_rest(key)
            least = max(floor, self.least_as_shown(key, attacker)) + 1
            most = min(floor + self.first_threshold - 1, self.cap(key))
            if not attacker.may_be(key, least, max(least, most)):
                narrowed_counts.append((key, self.values[key], *attacker.bounds(key)))
        return narrowed_counts

    def is_small(self, name, commune, count) -> bool:
        return 0 < count - self.floor(name, commune) < self.first_threshold

    def floor(self, name, commune) -> int:
        """Return how many of a count are public."""
        if commune in self.public.get(name, ()):
            return self.raw[name, commune]
        links = [link for link in self.links.totals if link.base == name]
        return max([0, *(sum(self.floor(part, commune) for part in t.parts) for t in links)])

    def floor_of_rest(self, key) -> int:
        """Return what a numerator leaves at least of a base that was disclosed later: another one
        that was shown counts as many."""
        parts, base = key[1:-1], key[-1]
        shown = self.shown_parts(base, but={part[0] for part in parts})
        if not shown or not all(part in self.known for part in parts):
            return 0
        return max(0, max(shown) - sum(self.known[part] for part in parts) - 1)

    def least_as_shown(self, key, attacker: Attacker) -> int:
        """Return one less than what a base, or what a numerator leaves of it, is at least, as parts
        tell that were shown before it."""
        if key[0] != "rest":
            return max([0, *(n - 1 for n in self.shown_parts(key))])
        parts, base = key[1:-1], key[-1]
        shown = self.shown_parts(base, but={part[0] for part in parts})
        most = [self.known[p] if p in self.known else attacker.bounds(p)[1] for p in parts]
        return max(shown) - sum(most) - 1 if shown else 0

    def shown_parts(self, base, but=frozenset()) -> list[int]:
        """Return what was shown of the parts of a base at its commune, as they are counted today,
        ``but`` of some."""
        parts = {part for link in self.links.totals if link.base == base[0] for part in link.parts}
        keys = [self.key(part, base[1]) for part in parts - but]
        return [self.known[key] for key in keys if key in self.known]

    def cap(self, key) -> int:
        """Return what a count is at most that is part of a public one: that is its publisher's."""
        if not self.public or key[0] == "rest":
            return FAR
        if key[1] in self.public.get(key[0], ()):
            return self.raw[key[0], key[1]]
        link, cap = self.links.total_of(key[0]), FAR
        while link is not None:
            if self.floor(link.base, key[1]) == self.raw[link.base, key[1]]:
                others = sum(self.floor(p, key[1]) for p in link.parts if p != key[0])
                cap = min(cap, self.raw[link.base, key[1]] - others)
            link = self.links.total_of(link.base)
        return cap

    def follows_from_public_ones(self, key) -> bool:
        """Return whether all others of a sum without a rest are public."""
        link = self.links.total_of(key[0])
        others = {link.base, *link.parts} - {key[0]} if link and self.kind == "whole" else ()
        return bool(others) and all(key[1] in self.public.get(name, ()) for name in others)
