"""Whether two organisations are the same under two names."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from conventions.models import Organisation
from ctg_portal.search import fold
from spreadsheets.matching.likeness import LONGEST, matcher_of

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
    """The organisations that are there, as names are compared with them: each is read once, for a
    file asks of all of them at every line."""

    def __init__(self, rows: Iterable[Organisation]):
        self.names = [_Name.of(row) for row in rows]

    def put(self, row: Organisation, *, acronym: str, town: str) -> None:
        """Have one more among them, or one of them as it is called from now on."""
        self.names = [one for one in self.names if one.row is not row]
        self.names.append(_Name.told(row.name, acronym, town, row))

    def likenesses(
        self, *, name: str, acronym: str, town: str, others: Collection[int] = ()
    ) -> list[Likeness]:
        """Those that an organisation may be, the same ones first; ``others``: primary keys of those
        that it is told not to be, unless they are the same."""
        told, matcher = _Name.told(name, acronym, town), matcher_of(fold(name))
        found = []
        for one in self.names:
            if one.is_same(told):
                found.append(Likeness(one.row, is_same=True))
            elif one.row.pk not in others and one.is_close(told, matcher):
                found.append(Likeness(one.row, is_same=False))
        return sorted(found, key=lambda one: not one.is_same)

    def same(self, *, name: str, acronym: str, town: str) -> Iterator[Organisation]:
        """Those that are the same, one after the other."""
        told = _Name.told(name, acronym, town)
        return (one.row for one in self.names if one.is_same(told))

    def close(self, *, name: str, acronym: str, town: str) -> Iterator[Organisation]:
        """Those of another name that differs by little, one after the other."""
        told, matcher = _Name.told(name, acronym, town), matcher_of(fold(name))
        return (one.row for one in self.names if one.is_close(told, matcher))


@dataclass(frozen=True, slots=True)
class _Name:
    """What an organisation is called, as it is compared."""

    row: Organisation | None
    name: str
    acronym: str
    town: str
    words: frozenset[str]

    @classmethod
    def of(cls, row: Organisation) -> "_Name":
        return cls.told(row.name, row.acronym, row.town, row)

    @classmethod
    def told(cls, name: str, acronym: str, town: str, row: Organisation | None = None) -> "_Name":
        folded = fold(name)
        return cls(row, folded, fold(acronym), fold(town), frozenset(folded.split()) - IDLE)

    def is_elsewhere(self, told: "_Name") -> bool:
        return bool(self.town and told.town) and self.town != told.town

    def is_same(self, told: "_Name") -> bool:
        """Of the same name where no commune tells them apart; or of the same acronym, or called as
        the other's."""
        calls = (self.acronym, self.name)
        if told.acronym and told.acronym in calls:
            return True
        return told.name in calls and not (self.row.is_added and self.is_elsewhere(told))

    def is_close(self, told: "_Name", matcher: SequenceMatcher) -> bool:
        """Of a name that differs by little, or by idle words within one commune."""
        if self.is_elsewhere(told):
            return False
        if told.words and told.words == self.words:
            return True
        matcher.set_seq1(self.name[:LONGEST])
        is_likely = matcher.real_quick_ratio() >= CLOSE <= matcher.quick_ratio()
        return is_likely and matcher.ratio() >= CLOSE
