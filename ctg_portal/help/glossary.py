"""The glossary: the words of the trade, their meaning, and which of them a text uses.

They stand in ``docs/guide/glossaire.md``, in one table: the word, what its letters stand for, what
it is, how else it is written, by which words of everyday it is looked for. A form with capitals is
found as it is written (« Caf », « CAF »), another whatever its first letter, in the singular or the
plural (« Avenants »).
"""

import logging
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ctg_portal.help.guide import FOLDER, GLOSSARY
from ctg_portal.search.rows import fold
from ctg_portal.text.typography import polish

logger = logging.getLogger(__name__)

FILE = FOLDER / f"{GLOSSARY}.md"
COLUMNS = 5
LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Word:
    """``in_full``: what the letters of an abbreviation stand for; ``forms``: how it is written;
    ``common``: the words of everyday by which it is looked for."""

    name: str
    in_full: str
    meaning: str
    forms: tuple[str, ...]
    common: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        return fold(self.name).replace(" ", "-")

    @property
    def definition(self) -> str:
        """One sentence: « Caisse d’allocations familiales : l’organisme… »."""
        text = f"{self.in_full}\u00a0: {self.meaning}" if self.in_full else self.meaning
        return f"{text[0].upper()}{text[1:]}."


@dataclass(frozen=True)
class Glossary:
    """``starts``: by the first word of a form, its other words and what it is a form of.

    A text is cut into words once, and each looked up: for a hundred forms that is ten times as
    quick as one pattern of them all, which is tried at every letter.
    """

    words: tuple[Word, ...] = ()
    starts: dict[str, list[tuple[list[str], Word]]] = field(default_factory=dict)

    def used_in(self, text: str) -> list[Word]:
        """Return the words that a text uses, in the order of the glossary."""
        used = set()
        text_words = LETTERS.findall(text)
        for place, word in enumerate(text_words):
            for rest, meant in self.starts.get(word, ()):
                following = text_words[place + 1 : place + 1 + len(rest)]
                if [_singular(each) for each in following] == [_singular(each) for each in rest]:
                    used.add(meant)
        return [word for word in self.words if word in used]


def glossary() -> Glossary:
    """Return the glossary; an empty one, with a line in the log, if its file is missing."""
    try:
        return _read(FILE, FILE.stat().st_mtime_ns)
    except OSError:
        logger.exception("The guide lacks %s: docs/guide is installed with the code", FILE)
        return Glossary()


@lru_cache(maxsize=2)
def _read(path: Path, changed: int) -> Glossary:
    """Read the glossary of a file; ``changed``, its last change, is a key of the cache."""
    words, starts = [], defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|") or len(cells) != COLUMNS or cells[0] in ("mot", "---"):
            continue
        name, in_full, meaning, others, common = cells
        forms = (name, *_listed(others))
        word = Word(polish(name), in_full, polish(meaning), forms, _listed(common))
        words.append(word)
        for form in forms:
            first, *rest = LETTERS.findall(form)
            for start in _written(first, as_it_is=bool(in_full) and not rest):
                starts[start].append((rest, word))
    return Glossary(tuple(words), dict(starts))


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, cell.split(","))))


def _written(word: str, *, as_it_is: bool) -> set[str]:
    """Return the spellings of the first word of a form: one with capitals, and an abbreviation, as
    it is; another with a capital or without, in the plural too."""
    if as_it_is or not word[1:].islower():
        return {word}
    singular = {word.lower(), word.capitalize()}
    return singular | {f"{form}s" for form in singular}


def _singular(word: str) -> str:
    return word.lower().removesuffix("s")
