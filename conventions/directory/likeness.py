"""Whether two organisations are the same under two names."""

from collections.abc import Iterable
from dataclasses import dataclass

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


def likenesses(
    known: Iterable[Organisation], *, name: str, acronym: str, town: str
) -> list[Likeness]:
    """Those of ``known`` that an organisation may be, the same ones first."""
    found = []
    for row in known:
        if is_same(row, name=name, acronym=acronym, town=town):
            found.append(Likeness(row, is_same=True))
        elif is_close(row, name=name, town=town):
            found.append(Likeness(row, is_same=False))
    return sorted(found, key=lambda one: not one.is_same)


def is_same(row: Organisation, *, name: str, acronym: str, town: str) -> bool:
    """Of the same name where no commune tells them apart; or of the same acronym, or called as the
    other's."""
    calls = {fold(row.acronym), fold(row.name)}
    if fold(acronym) in calls - {""}:
        return True
    told_apart = row.is_added and row.town and town and fold(row.town) != fold(town)
    return fold(name) in calls and not told_apart


def is_close(row: Organisation, *, name: str, town: str) -> bool:
    """Of a name that differs by little, or by idle words within one commune."""
    if row.town and town and fold(row.town) != fold(town):
        return False
    mine, theirs = fold(name), fold(row.name)
    matcher = matcher_of(mine)
    matcher.set_seq1(theirs[:LONGEST])
    if matcher.real_quick_ratio() >= CLOSE <= matcher.quick_ratio() and matcher.ratio() >= CLOSE:
        return True
    words = set(mine.split()) - IDLE
    return bool(words) and words == set(theirs.split()) - IDLE
