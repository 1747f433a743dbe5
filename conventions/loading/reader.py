"""From a path to a convention’s content, or to all that is wrong in the file."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conventions.loading import rules, schema
from conventions.loading.logos import read_logos
from conventions.loading.mistakes import WHOLE_FILE, ConventionFileError, Mistake, Place, place_text
from conventions.loading.nodes import Mapping, Node, decode, line_of, parse
from conventions.loading.numerals import count_axes
from conventions.loading.values import completed, typed

MAX_SIZE = 5 * 1024 * 1024


@dataclass(frozen=True)
class ConventionFile:
    """A file without mistakes.

    ``content`` has the format’s French keys, typed: texts, ``int``, ``Decimal``, ``bool``,
    ``date``, lists and dicts; absent keys have the format’s default where it gives one.
    ``logos`` holds the images, in PNG, by the path that the file gives. ``numerals``: how the text
    writes the number of each axis, « II », where it does not count 1, 2, 3.
    """

    source: Path
    content: dict
    root: Node
    logos: dict[str, bytes]
    numerals: list[str]

    def line(self, *place: str | int) -> int:
        """Return the line of a place, ``file.line("axes", 2)``, or of what surrounds it."""
        return line_of(self.root, place)

    def mistake(self, place: Place, message: str) -> Mistake:
        """Return a mistake at one of the file’s places, found after it was read."""
        return Mistake(self.line(*place), place_text(place), message)


def read(source: Path) -> ConventionFile:
    """Return the convention file at a path, typed, with defaults and logos. Raises
    ConventionFileError with every mistake."""
    root, mistakes = parse(decode(_load(source)))
    content, misspelt = typed(root)
    numerals = count_axes(content)
    logos, bad_logos = read_logos(content, source.parent)
    located = [
        Mistake(line_of(root, at), place_text(at), message)
        for at, message in [*faults_of(content), *bad_logos]
    ]
    if all_mistakes := [*mistakes, *misspelt, *located]:
        raise ConventionFileError(all_mistakes)
    return ConventionFile(source, _complete(content), root, logos, numerals)


def file_of(content: dict[str, Any], logos: dict[str, bytes]) -> ConventionFile:
    """Return a content that was not read from a file, as if it had been: what pages edit. Days are
    texts, as in a file. Raises ConventionFileError, without lines, with every mistake."""
    content = copy.deepcopy(content)
    numerals = count_axes(content)
    if mistakes := [Mistake(0, place_text(at), message) for at, message in faults_of(content)]:
        raise ConventionFileError(mistakes)
    return ConventionFile(Path(), _complete(content), Mapping(0), logos, numerals)


def faults_of(content: Any) -> Iterator[tuple[Place, str]]:
    """Yield all that the format refuses in a content whose axes are counted, logos apart."""
    yield from schema.mistakes_in(content)
    yield from rules.mistakes_in(content)


def _complete(content: dict[str, Any]) -> dict[str, Any]:
    """Return a correct content with what the format takes for granted, a convention's first day
    included."""
    content = completed(content, schema.load())
    convention = content["convention"]
    if "signee_le" in convention:
        convention.setdefault("debut", convention["signee_le"])
    return content


def _load(source: Path) -> bytes:
    """Return the bytes of a file. Raises ConventionFileError for one unreadable or too large."""
    try:
        with source.open("rb") as stream:
            data = stream.read(MAX_SIZE + 1)
    except FileNotFoundError:
        raise _unreadable(source, "ce fichier n’existe pas") from None
    except IsADirectoryError:
        raise _unreadable(source, "c’est un dossier, pas un fichier") from None
    except OSError:
        raise _unreadable(source, "ce fichier ne peut pas être lu") from None
    if len(data) > MAX_SIZE:
        raise ConventionFileError([Mistake(1, WHOLE_FILE, "le fichier dépasse 5 Mo")])
    return data


def _unreadable(source: Path, message: str) -> ConventionFileError:
    return ConventionFileError([Mistake(0, str(source), message)])
