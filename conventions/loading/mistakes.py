"""Mistakes of a convention file, and their places."""

from collections.abc import Iterable
from dataclasses import dataclass

# A place in the file: keys and positions from the top, ("axes", 2, "titre").
Place = tuple[str | int, ...]

WHOLE_FILE = "fichier"


def place_text(place: Place) -> str:
    """Return a place in words, « axes n° 3, thematiques n° 1, titre », counted from one;
    « fichier » for the empty place."""
    text = ""
    for step in place:
        text += f" n°\u00a0{step + 1}" if isinstance(step, int) else f", {step}"
    return text.removeprefix(", ").replace("\n", " ") or WHOLE_FILE


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake, in French. ``line`` counts from 1; 0 when there is no file to read."""

    line: int
    place: str
    message: str

    def __str__(self):
        where = f"ligne {self.line} : " if self.line else ""
        return f"{where}{self.place} : {self.message}"


class ConventionFileError(Exception):
    """The file cannot be loaded; ``mistakes`` are all that are known, in the file’s order."""

    def __init__(self, mistakes: Iterable[Mistake]):
        self.mistakes = sorted(set(mistakes))
        super().__init__("\n".join(map(str, self.mistakes)))
