"""What the headings of a table mean: in any order, case, spelling, with a year beside or not."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ctg_portal.search.rows import fold
from spreadsheets.reading.cells import Cell, Kind

YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
YEARS = range(1990, 2201)
MAX_HEADING = 300  # a longer text is no heading
# « 2022-2023 », « 2022/23 »: one column of two years.
TWO_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d\s*[-/–—et]+\s*(?:(?:19|20)?\d\d)(?!\d)")
ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
ASIDE_WITHOUT_YEAR = re.compile(r"\([^()\d]*\)|\[[^\[\]\d]*\]")
# Words that a heading has or has not, and means the same.
IDLE = {"de", "du", "des", "la", "le", "les", "l", "d", "a", "au", "aux", "un", "une", "en", "pour",
        "par", "sur", "et"}  # fmt: skip
# What is written beside a year without saying more: « au 31/12/2023 », « année 2023 ».
OF_YEARS = {"annee", "an", "exercice", "31", "12", "decembre", "dec", "fin", "n", "periode",
            "provisoire", "definitif", "estime", "situation", "arrete", "constate",
            "annuel"}  # fmt: skip
# What is written beside whoever brings an amount.
OF_PARTS = {"part", "financement", "cofinancement", "montant", "subvention", "participation",
            "contribution", "apport", "budget", "cout", "euro", "€", "k€"}  # fmt: skip
# « T1 », « 1er sem. 2023 »: a figure of it is none of the year.
PART_OF_YEAR = re.compile(
    r"\b(?:[tqs] ?[1-4]|(?:[1-4] ?(?:er|e|eme|re|nd|nde)?|premier|second|deuxieme|troisieme|"
    r"quatrieme) (?:trim|trimestre|sem|semestre))\b"
)
COUNTED_IN = re.compile(r"\ben\s+(?:k\s?€|€|k?euros?\b|milliers?\s+d[’' ]euros?\b)", re.IGNORECASE)
# Years that are told by their place only: « N-1 », « Val. N ».
RELATIVE = re.compile(r"(?:(?P<what>\S.*?) )?n(?: ?[-+]? ?\d)?")
# Between two names of one thing.
PIECES = re.compile(r"\s*[/&+;]\s*|\s+(?:et|ou)\s+")
# What leads to a note.
RAISED = re.compile(r"(?<=\w)[⁰¹²³⁴-⁹]+$")


@dataclass(frozen=True)
class Heading:
    """A column that a room understands: what it is called by us, and by others.

    ``is_key``: it tells what a line is about. ``is_yearly``: a column of a year stands for it.
    ``is_apart``: figures of it stand beside those that are read, and are others: a target, a move.
    ``spreads``: a merged cell of it tells of all its lines, as one of a key does. ``is_ours``: the
    portal writes it and reads it no more; nobody is asked whether a column is one. ``parts``: the
    heading of which those columns are that stand below it and name somebody each.
    """

    name: str
    label: str
    synonyms: Sequence[str] = ()
    is_key: bool = False
    is_yearly: bool = False
    is_apart: bool = False
    spreads: bool = False
    is_ours: bool = False
    parts: str = ""


@dataclass(frozen=True)
class Meaning:
    """What a heading means: the ``name`` of a ``Heading``, of which year it tells, and of whom
    alone (``part``)."""

    name: str = ""
    year: int | None = None
    part: str = ""


NOTHING = Meaning()


class Vocabulary:
    """The headings that a room understands. ``required``: of each group of names, a table has one.

    ``key``: what the first column is, where a table of years does not call it anything. ``years``:
    those among which one chooses where a column does not say its own; ``of``: for what those are
    told that say it by their place, as « N-1 » does, so that the next year asks again. ``parts``:
    who may have a column of their own among those of ``yearly``, as files name them (``bare``), and
    as we do; ``parts_below``: those of whom that is said only below another heading.
    ``with_years``: what is said year by year; all, unless given: several columns of what is not,
    « État 2022 » and « État 2023 », say the same, and one is chosen.
    """

    def __init__(
        self,
        headings: Sequence[Heading],
        required: Sequence[set[str]],
        key: str = "",
        years: Sequence[int] = (),
        of: str = "",
        parts: Mapping[str, str] | None = None,
        parts_below: Mapping[str, str] | None = None,
        with_years: Collection[str] | None = None,
    ):
        self.headings = {heading.name: heading for heading in headings}
        self.required, self.key, self.years, self.of = required, key, years, of
        self.with_years = (
            {heading.name for heading in headings} if with_years is None else with_years
        )
        self.parts = parts or {}
        self.parts_below = {**(parts_below or {}), **self.parts}
        self.yearly = next((h.name for h in headings if h.is_yearly), "")
        self.meanings: dict[str, Meaning] = {}
        self.keys = [heading.name for heading in headings if heading.is_key]
        self.apart = {heading.name for heading in headings if heading.is_apart}
        self.spreading = {heading.name for heading in headings if heading.is_key or heading.spreads}
        self.known: Mapping[str, str] = {
            bare(text): heading.name
            for heading in headings
            for text in (heading.label, *heading.synonyms)
        }

    def label(self, meaning: Meaning) -> str:
        """Return what a column is called by us: « Valeur 2023 »."""
        label = self.headings[meaning.name].label
        return f"{label} {meaning.year}" if meaning.year else label

    def meaning(self, cell: Cell) -> Meaning:
        """Return what a heading means; NOTHING for what is not understood. What a text means is
        read once."""
        if cell.kind == Kind.NUMBER and cell.number is not None and cell.number in YEARS:
            return Meaning(self.yearly, int(cell.number)) if self.yearly else NOTHING
        if cell.kind == Kind.DATE and cell.day is not None:
            is_end = (cell.day.month, cell.day.day) == (12, 31)
            return Meaning(self.yearly, cell.day.year) if self.yearly and is_end else NOTHING
        if not cell.is_text or len(cell.text) > MAX_HEADING:
            return NOTHING
        if cell.text not in self.meanings:
            self.meanings[cell.text] = self._meaning_of_text(cell.text)
        return self.meanings[cell.text]

    def _meaning_of_text(self, heading: str) -> Meaning:
        text = RAISED.sub("", heading.strip())
        if aside := self._meaning_aside(text):
            return aside
        bare_text = ASIDE.sub(" ", text)
        spellings = dict.fromkeys(
            [ASIDE_WITHOUT_YEAR.sub(" ", text), bare_text, COUNTED_IN.sub(" ", bare_text)]
        )
        meanings = [
            *map(self._plain_meaning, spellings),
            *map(self._meaning_of_part, spellings),
            self._meaning_of_pieces(spellings),
        ]
        return next(filter(None, meanings), NOTHING)

    def _meaning_aside(self, text: str) -> Meaning | None:
        """Return what a heading is by what stands in brackets, where that makes it another one:
        « 2023 (objectif) » is no figure of 2023."""
        for aside in ASIDE.findall(text):
            name = self.known.get(bare(aside))
            if name in self.apart and not self.known.get(bare(ASIDE.sub(" ", text))):
                years = years_in(text)
                return Meaning(name, years[0] if len(years) == 1 else None)
        return None

    def _meaning_of_pieces(self, spellings: Collection[str]) -> Meaning | None:
        """Return what several names of one column mean, « Porteur / Co-porteurs », whatever else
        stands beside; what has figures in it is another thing."""
        for text in spellings:
            pieces = PIECES.split(text)
            if len(pieces) > 1 and not any(letter.isdigit() for letter in text):
                names = {name for one in pieces if (name := self.known.get(bare(one)))}
                if len(names) == 1 and self.yearly not in names and not names & self.apart:
                    return Meaning(names.pop())
        return None

    def _plain_meaning(self, text: str) -> Meaning | None:
        if name := self.known.get(bare(text)):
            return Meaning(name)
        if TWO_YEARS.search(text):
            name = self.known.get(bare(YEAR.sub(" ", text)))
            return Meaning(name) if name in self.apart else None
        years = set(YEAR.findall(text))
        if len(years) != 1:
            return None
        words = [w for w in bare(YEAR.sub(" ", text)).split() if w not in OF_YEARS]
        name = self.known.get(" ".join(words)) if words else self.yearly
        if name in self.keys and name in self.with_years:  # « Données 2023 »
            name = self.yearly
        return self.in_year(name, int(years.pop())) if name else None

    def in_year(self, name: str, year: int | None) -> Meaning:
        """Return a meaning with the year that is told beside it, where it is one of what has
        years."""
        return Meaning(name, year if name in self.with_years else None)

    def _meaning_of_part(self, text: str) -> Meaning | None:
        """Return the meaning of « Part Caf 2023 »: what somebody brings, of that year."""
        words, years = self._named(text), set(YEAR.findall(text))
        if words not in self.parts or len(years) > 1:
            return None
        return Meaning(self.yearly, int(years.pop()) if years else None, self.parts[words])

    def _named(self, text: str) -> str:
        words = bare(YEAR.sub(" ", text)).split()
        return " ".join(word for word in words if word not in OF_PARTS) or " ".join(words)

    def part(self, above: Meaning, cell: Cell) -> Meaning:
        """Return whose column one is, below a heading that parts: NOTHING where nobody is known to
        be called so."""
        name = self.headings[above.name].parts if above.name else ""
        words = self._named(ASIDE.sub(" ", cell.text)) if name and cell.is_text else ""
        if words not in self.parts_below or self.is_bare_year(cell):
            return NOTHING
        years = years_in(cell.text)
        year = years[0] if len(years) == 1 else above.year
        return Meaning(name, year, self.parts_below[words])

    def is_bare_year(self, cell: Cell) -> bool:
        """Return whether a heading is a year, and says nothing else."""
        meaning = self.meaning(cell)
        words = bare(YEAR.sub(" ", cell.text)).split() if cell.is_text else []
        return bool(meaning.year) and all(word in OF_YEARS for word in words)

    def asks_year(self, cell: Cell) -> bool:
        """Return whether a heading that is not understood tells of a year all the same, of which it
        does not say which: « N-1 », « Année scolaire 2022-2023 »; a day may be that of a month."""
        if self.yearly and cell.kind == Kind.DATE:
            return True
        if not self.yearly or not cell.is_text or len(cell.text) > MAX_HEADING:
            return False
        relative = RELATIVE.fullmatch(fold(cell.text))
        if relative and (what := relative["what"]):
            return what == "annee" or self.known.get(bare(what)) == self.yearly
        return bool(TWO_YEARS.search(cell.text) or relative)

    def is_enough(self, meanings: Sequence[Meaning]) -> bool:
        """Return whether a row that says this is the head of a table."""
        names = {meaning.name for meaning in meanings}
        return all(names & group for group in self.required)


def is_part_of_year(text: str) -> bool:
    """Return whether a text names a quarter or a half of a year."""
    return len(text) <= MAX_HEADING and PART_OF_YEAR.search(fold(text)) is not None


def bare(text: str) -> str:
    """Return a heading without what changes nothing: accents, case, small words, plurals. What ends
    with a letter that stands before a word, « n.d. », is not « n° »."""
    *before, last = fold(text.replace("°", "o")).split() or [""]
    ends = [last] if last not in IDLE or len(last) == 1 else []
    words = [word for word in before if word not in IDLE] + ends
    return " ".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)


def years_in(text: str) -> list[int]:
    """Return the years that a text names, each once."""
    return [int(year) for year in dict.fromkeys(YEAR.findall(text))]
