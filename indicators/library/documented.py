"""What published documents say that the indicators of the library measure.

It is a file of the project (``definitions.toml``), read once. Nothing stands there without the
document that says it; of what was not found, nothing is said.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from indicators.definitions.models import MONTH_NAMES

PATH = Path(__file__).parent / "definitions.toml"


@dataclass(frozen=True)
class Source:
    """A published document. ``url`` is empty where it is not certain."""

    title: str
    publisher: str
    year: str = ""
    url: str = ""

    def __str__(self):
        return ", ".join(filter(None, [self.title, self.publisher, self.year]))


@dataclass(frozen=True)
class Documented:
    """What documents say of a library entry; empty texts and no month where none says it."""

    definition: str = ""
    numerator: str = ""
    denominator: str = ""
    available_month: int | None = None
    limits: str = ""
    sources: tuple[Source, ...] = ()

    @property
    def month(self) -> str:
        """The month of the following year in which the figure is published; empty if unknown."""
        return MONTH_NAMES[self.available_month - 1] if self.available_month else ""

    @property
    def definition_with_sources(self) -> str:
        """The definition with « D’après : » and its documents; empty without a definition."""
        if not self.definition:
            return ""
        sources = " ; ".join(str(source) for source in self.sources)
        return f"{self.definition}\n\nD’après : {sources}."


@cache
def documented() -> dict[str, Documented]:
    """Return what documents say of entries, by their code; an entry of which none says anything has
    no key. Raise KeyError for a document that is not described."""
    tables = tomllib.loads(PATH.read_text(encoding="utf-8"))
    sources = {name: Source(**row) for name, row in tables.pop("sources").items()}
    return {
        code: Documented(**row | {"sources": tuple(sources[name] for name in row["sources"])})
        for code, row in tables.items()
    }
