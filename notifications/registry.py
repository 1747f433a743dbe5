"""The letters that rooms bring, and by them the kinds of news that are known."""

from collections.abc import Iterator
from contextlib import contextmanager

from notifications.letters import Letter
from notifications.news import News

LETTERS: list[type[Letter]] = []


def register_letter(letter: type[Letter]) -> None:
    """Have the kinds of a letter told; an application registers its letters in ``ready``."""
    taken = kinds()
    for kind in letter.kinds:
        if kind.kind in taken:
            raise ValueError(f"Two kinds of news are called {kind.kind}.")
    LETTERS.append(letter)


def kinds() -> dict[str, type[News]]:
    return {kind.kind: kind for letter in LETTERS for kind in letter.kinds}


def letter_of(kind: str) -> type[Letter] | None:
    """By which letter a kind is told; None when nobody tells it any more."""
    for letter in LETTERS:
        if any(told.kind == kind for told in letter.kinds):
            return letter
    return None


@contextmanager
def registered(letter: type[Letter]) -> Iterator[None]:
    """For tests: a letter that exists for a while."""
    register_letter(letter)
    try:
        yield
    finally:
        LETTERS.remove(letter)
