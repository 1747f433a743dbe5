"""Roles of columns: what a room reads of a sheet, and what each column of a sheet contains."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from spreadsheets.columns.headings import Vocabulary
from spreadsheets.reading.cells import Cell, Sheet

IGNORED = "-"
YEAR = "year"


class Known(NamedTuple):
    """Something of the portal that a text names: the ``role`` of a column of such texts, the key of
    the thing."""

    role: str
    key: str


class Choice(NamedTuple):
    value: str
    label: str


@dataclass(frozen=True)
class Assignment:
    """What a column contains: the ``name`` of a role, empty while it is to be chosen.

    ``by_heading``: what its heading says of each of its cells, in a cross table; ``year``: of which
    year they are, where somebody has said so; ``part``: of whom alone, as its heading calls them.
    """

    name: str = ""
    by_heading: tuple[str, ...] = ()
    year: int | None = None
    part: str = ""

    def __str__(self) -> str:
        name = f"{self.name}#{self.part}" if self.part else self.name
        if self.year is not None:
            return f"{name}={self.year}"
        return f"{name}@{'+'.join(self.by_heading)}" if self.by_heading else name

    @classmethod
    def parse(cls, text: str) -> "Assignment":
        """Return the assignment that ``str`` has written."""
        name, is_of_year, year = text.rpartition("=")
        if is_of_year and year.lstrip("-").isdecimal():
            name, _, part = name.partition("#")
            return cls(name, (), int(year), part)
        name, _, part = text.partition("#")
        if part:
            return cls(name, part=part)
        name, _, facets = name.partition("@")
        return cls(name, tuple(filter(None, facets.split("+"))))

    @property
    def is_read(self) -> bool:
        return self.name not in ("", IGNORED)


class Knowledge:
    """What a room reads of a sheet, and what of it the portal knows by name.

    ``vocabulary``: the roles, and how headings call them. ``values``: those of the cells that make
    a record, one or several beside one another. ``texts``: those that are said of a record beside
    them, of the last of several, or ``spread_texts``, of each. ``facets``: what a cell of a role
    says of a record; a code names an indicator, as a title does. ``crossed``: the facets that
    headings may say. ``year``: that of what names none.
    """

    vocabulary: Vocabulary
    values: Sequence[str]
    texts: Sequence[str] = ()
    spread_texts: Sequence[str] = ()
    facets: Mapping[str, str]
    crossed: Sequence[str] = (YEAR,)
    year: int | None = None
    years: Sequence[int] = ()

    def propose(self, sheet: Sheet) -> "SheetColumns":
        """Return what the columns of a sheet seem to contain; what is not sure is left to be
        chosen. A hidden sheet, and one without records, is off."""
        raise NotImplementedError

    def assign(self, sheet: Sheet, head: Sequence[int]) -> "SheetColumns":
        """Return what each column below a head contains."""
        raise NotImplementedError

    def recognise(self, text: str) -> Known | None:
        """Return what a text names outright; None for anything else."""
        raise NotImplementedError

    def is_value(self, cell: Cell) -> bool:
        """Return whether a cell looks like what a record is made of."""
        raise NotImplementedError

    def choices(self, facet: str) -> Sequence[Choice]:
        """Return what one may choose for a facet, in reading order."""
        return [Choice(str(year), str(year)) for year in self.years] if facet == YEAR else []

    def label_facet(self, facet: str) -> str:
        """Return the French name of a facet: « indicateur »."""
        return self.vocabulary.headings[facet].label.lower()

    @property
    def options(self) -> list[tuple[str, str]]:
        """The roles that one may choose for a column, as text, each with its label."""
        headings = self.vocabulary.headings
        plain = [(name, headings[name].label) for name in headings if self._is_offered(name)]
        options = []
        for name, label in plain:
            options.append((name, label))
            if name == self.values[0]:
                for facet in self.crossed:
                    by_heading = str(Assignment(name, (facet,)))
                    options.append((by_heading, f"{label} ({self.label_facet(facet)} en titre)"))
                options += [
                    (str(Assignment(name, (), year)), f"{label} de {year}") for year in self.years
                ]
        return options

    def _is_offered(self, name: str) -> bool:
        return name in self.values or name in self.texts or name in self.facets

    def label_assignment(self, assignment: Assignment) -> str:
        """Return what a column contains, in French: « Valeur (commune en titre) »."""
        label = self.vocabulary.headings[assignment.name].label
        if assignment.part:
            label = f"{label} : {assignment.part}"
        if assignment.year is not None:
            return f"{label} de {assignment.year}"
        by_heading = " et ".join(map(self.label_facet, assignment.by_heading))
        return f"{label} ({by_heading} en titre)" if by_heading else label


@dataclass
class SheetColumns:
    """What the columns of a sheet contain.

    ``head``: the rows of its headings, none, one or two; ``roles``: an ``Assignment`` as text by
    column; ``constants``: what the whole sheet says, by facet; ``sure``: the columns whose role a
    heading says, ``known``: those whose cells do; ``asks``: the facets that the sheet says in two
    ways, or nowhere; ``offers``: what one column alone may be, beside what all may.
    """

    is_read: bool = True
    head: list[int] = field(default_factory=list)
    roles: dict[int, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    sure: list[int] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    offers: dict[int, list[str]] = field(default_factory=dict)

    @property
    def assignments(self) -> dict[int, Assignment]:
        return {column: Assignment.parse(role) for column, role in self.roles.items()}

    @property
    def to_choose(self) -> list[int]:
        return [column for column, role in self.roles.items() if not role]

    @property
    def is_settled(self) -> bool:
        """Whether headings say all that it contains, so that nobody needs to look."""
        if not self.is_read:
            return True
        return bool(self.head) and not self.asks and set(self.sure) >= set(self.roles)

    def as_plain(self) -> dict[str, Any]:
        return asdict(self) | {"roles": {str(column): role for column, role in self.roles.items()}}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "SheetColumns":
        roles = {int(column): role for column, role in plain["roles"].items()}
        return cls(**{**plain, "roles": roles})
