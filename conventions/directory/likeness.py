"""Likeness of organisations: the same, or almost, under two names."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from conventions.parties.models import Organisation
from ctg_portal.search.rows import fold
from spreadsheets.columns.likeness import LONGEST, matcher_of

CLOSE = 0.86
# Words that say nothing of which one it is.
IDLE = {"de", "du", "des", "la", "le", "les", "l", "d", "et", "a", "au", "aux", "association",
        "commune", "mairie", "ville", "centre", "social", "socio", "culturel",
        "socioculturel"}  # fmt: skip


@dataclass(frozen=True)
class Likeness:
    """An organisation that is there already; ``is_same``: of the same name or acronym."""

    organisation: Organisation
    is_same: bool


class Known:
    """The organisations that are there, prepared for the comparison of names: each is read once,
    since a file compares every line with all of them."""

    def __init__(self, rows: Iterable[Organisation]):
        self.names = [_Name.of(row) for row in rows]

    def put(self, row: Organisation, *, acronym: str, town: str) -> None:
        """Add an organisation, or replace its name, acronym and town by these."""
        self.names = [entry for entry in self.names if entry.row is not row]
        self.names.append(_Name.from_words(row.name, acronym, town, row))

    def likenesses(
        self, *, name: str, acronym: str, town: str, others: Collection[int] = ()
    ) -> list[Likeness]:
        """Return the organisations that have the name or acronym, then those whose name is close.
        ``others``: primary keys of close ones to leave out."""
        wanted, matcher = _Name.from_words(name, acronym, town), matcher_of(fold(name))
        likenesses = []
        for entry in self.names:
            if entry.is_same(wanted):
                likenesses.append(Likeness(entry.row, is_same=True))
            elif entry.row.pk not in others and entry.is_close(wanted, matcher):
                likenesses.append(Likeness(entry.row, is_same=False))
        return sorted(likenesses, key=lambda entry: not entry.is_same)

    def same(self, *, name: str, acronym: str, town: str) -> Iterator[Organisation]:
        """Yield the organisations that have the name or acronym (``_Name.is_same``)."""
        wanted = _Name.from_words(name, acronym, town)
        return (entry.row for entry in self.names if entry.is_same(wanted))

    def close(self, *, name: str, acronym: str, town: str) -> Iterator[Organisation]:
        """Yield the organisations whose name differs by little, those of the very name too."""
        wanted, matcher = _Name.from_words(name, acronym, town), matcher_of(fold(name))
        return (entry.row for entry in self.names if entry.is_close(wanted, matcher))


@dataclass(frozen=True, slots=True)
class _Name:
    """The name, acronym and commune of an organisation, folded for comparison."""

    row: Organisation | None
    name: str
    acronym: str
    town: str
    words: frozenset[str]

    @classmethod
    def of(cls, row: Organisation) -> "_Name":
        return cls.from_words(row.name, row.acronym, row.town, row)

    @classmethod
    def from_words(
        cls, name: str, acronym: str, town: str, row: Organisation | None = None
    ) -> "_Name":
        """Fold a name, acronym and town; ``row``: the organisation that has them."""
        folded = fold(name)
        return cls(row, folded, fold(acronym), fold(town), frozenset(folded.split()) - IDLE)

    def is_elsewhere(self, other: "_Name") -> bool:
        """Return whether both have a town, and not the same."""
        return bool(self.town and other.town) and self.town != other.town

    def is_same(self, other: "_Name") -> bool:
        """Return whether the other's name or acronym is the name or acronym of this one. The same
        name in another town is not, where this row was added on the portal."""
        own_names = (self.acronym, self.name)
        if other.acronym and other.acronym in own_names:
            return True
        return other.name in own_names and not (self.row.is_added and self.is_elsewhere(other))

    def is_close(self, other: "_Name", matcher: SequenceMatcher) -> bool:
        """Return whether the names differ by few letters, or only by words of no weight; never in
        two towns. ``matcher`` holds the other's name."""
        if self.is_elsewhere(other):
            return False
        if other.words and other.words == self.words:
            return True
        matcher.set_seq1(self.name[:LONGEST])
        is_likely = matcher.real_quick_ratio() >= CLOSE <= matcher.quick_ratio()
        return is_likely and matcher.ratio() >= CLOSE
