"""The letters that rooms bring, and by them the kinds of news that are known."""

from ctg_portal.house import house
from notifications.letters import Letter
from notifications.news import News


def kinds() -> dict[str, type[News]]:
    return {kind.kind: kind for letter in house().letters for kind in letter.kinds}


def letter_of(kind: str) -> type[Letter] | None:
    """By which letter a kind is told; None when nobody tells it any more."""
    for letter in house().letters:
        if any(told.kind == kind for told in letter.kinds):
            return letter
    return None
