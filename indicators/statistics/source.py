"""Describe the sources of public statistics: one file in ``sources/`` each, which says all about
it.

It says which data set it is, which columns are read, what a release covers, how its publisher
rounds and protects figures, its licence, and which indicators of the library it fills. An unknown
key is refused, as is a missing one.
"""

import gzip
import re
import tomllib
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

SOURCES = Path(__file__).parent / "sources"
DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class PlaceColumn:
    """The column that identifies the place of a line. ``kind``: the kind of all places; else
    ``kinds`` says what the values of ``kind_column`` mean (lines of another kind are skipped).
    ``none``: codes that are no place. ``france``: the code of the country, where it has several."""

    column: str
    kind: str = ""
    kind_column: str = ""
    kinds: dict[str, str] = field(default_factory=dict)
    none: tuple[str, ...] = ()
    france: str = ""


@dataclass(frozen=True)
class YearColumn:
    """The column of the year. ``pattern``: what a cell must match whole, the year in its first
    group; ``wanted``: that in words."""

    column: str
    pattern: str
    wanted: str

    def year_of(self, text: str) -> int | None:
        """Return the year of a cell; None if it does not match the pattern."""
        match = re.fullmatch(self.pattern, text)
        return int(match[1]) if match else None


@dataclass(frozen=True)
class Columns:
    """The other columns of a file. ``known``, ``known_pattern``: those that are not read.

    A long file names its measures in a column (``measure``) and has one ``value`` a line, perhaps
    with what hides it (``confidentiality``) or explains that there is none (``status``); ``only``:
    what columns must say, for a line to be read.
    """

    known: tuple[str, ...] = ()
    known_pattern: str = ""
    value: str = ""
    measure: str = ""
    confidentiality: str = ""
    status: str = ""
    ignored_measures: tuple[str, ...] = ()
    ignores_other_measures: bool = False
    only: dict[str, str] = field(default_factory=dict)

    @property
    def is_long(self) -> bool:
        return bool(self.measure)


@dataclass(frozen=True)
class Measure:
    """A measure of a source. ``column``: its column or, in a long file, its name; ``library``: the
    indicator that it fills; ``adds_up``: a territory's figure is the sum of its communes'."""

    code: str
    column: str
    title: str
    library: str
    decimals: int = 0
    adds_up: bool = False


@dataclass(frozen=True)
class Source:
    """A source. ``bundled``: the file of ``data/`` that holds a year, if there is one.
    ``is_caf_alone``: families of the agricultural regime are not in it. ``is_beside``: its figures
    stand beside those of other sources, and fill nothing. Its publisher rounds to the nearest
    multiple of ``rounding_base`` or, for 0, as ``rounding`` says in words."""

    key: str
    title: str
    dataset: str
    publisher: str
    licence: str
    page: str
    release: str
    place: PlaceColumn
    year: YearColumn
    columns: Columns
    measures: tuple[Measure, ...]
    rounding: str = ""
    rounding_base: int = 0
    secrecy: str = ""
    limits: str = ""
    host: str = ""
    address: str = ""
    bundled: str = ""
    is_caf_alone: bool = False
    is_beside: bool = False

    def __str__(self):
        return self.title

    @property
    def can_be_fetched(self) -> bool:
        return bool(self.address)

    @property
    def required(self) -> list[str]:
        """The names of the columns without which its file is refused."""
        long = self.columns
        named = [self.place.column, self.place.kind_column, self.year.column, *long.only]
        if long.is_long:
            named += [long.measure, long.value, long.confidentiality, long.status]
        else:
            named += [measure.column for measure in self.measures]
        return list(dict.fromkeys(filter(None, named)))

    def knows(self, column: str) -> bool:
        """Return whether a column is required, or known and ignored."""
        pattern = self.columns.known_pattern
        return (
            column in self.required
            or column in self.columns.known
            or bool(pattern and re.fullmatch(pattern, column))
        )

    def measure(self, code: str) -> Measure:
        return next(measure for measure in self.measures if measure.code == code)

    def release_of(self, year: int) -> str:
        return self.release.format(year=year)

    def full_mention(self, year: int) -> str:
        """Return the source mention beside its figures (art. 5): publisher, title, date, rounding,
        and what its reader must know: « Source : Insee, « Populations de référence », population
        municipale de 2023, non arrondi ». Its data set and file are no source."""
        rounding = self.rounding_words
        rounded = rounding if rounding.startswith("non ") else f"arrondi {rounding}"
        named = f"Source : {self.publisher}, « {self.title} »"
        words = f"{named}, {self.release_of(year)}, {rounded}"
        return f"{words} ; {CAF_ALONE}" if self.is_caf_alone else words

    @property
    def rounding_words(self) -> str:
        """« à 5 près », « non arrondi »."""
        return f"à {self.rounding_base} près" if self.rounding_base else self.rounding

    def short_mention(self, year: int, *, is_named: bool = False) -> str:
        """Return « Cnaf, décembre 2024 » for a sentence; ``is_named`` inserts the title."""
        name = f"{self.title[0].lower()}{self.title[1:]}" if is_named else ""
        release = self.release_of(year).removeprefix("situation de ")
        return ", ".join(filter(None, [self.publisher, name, release]))

    def bundled_of(self, year: int) -> bytes | None:
        """Return the unpacked file of a year that comes with the portal; None if there is none."""
        path = DATA / self.bundled.format(year=year)
        return gzip.decompress(path.read_bytes()) if self.bundled and path.exists() else None

    def address_of(self, year: int) -> str:
        """Return the publisher's address of a year's file; empty if it has none."""
        columns = quote(",".join(measure.column for measure in self.measures), safe="")
        return self.address.format(year=year, columns=columns)


YEAR = re.compile(r"\b(?:19|20)\d\d\b")
INTRODUCED = re.compile(r"^source\s*:?\s+", re.IGNORECASE)
CAF_ALONE = "Caf seule, sans les familles de la MSA"


@cache
def sources() -> dict[str, Source]:
    """Return all sources by key, the name of their file. Raise ValueError for a faulty file, and
    for an indicator of the library that two of them fill."""
    all_sources = [_read(path) for path in sorted(SOURCES.glob("*.toml"))]
    filling_sources = [source for source in all_sources if not source.is_beside]
    filled = [measure.library for source in filling_sources for measure in source.measures]
    if twice := {code for code in filled if filled.count(code) > 1}:
        raise ValueError(f"{', '.join(sorted(twice))}: filled by two sources.")
    return {source.key: source for source in all_sources}


@cache
def filling() -> dict[str, tuple[Source, Measure]]:
    """Return the source and measure that fill a library indicator, by its code."""
    return {
        measure.library: (source, measure)
        for source in sources().values()
        if not source.is_beside
        for measure in source.measures
    }


def sources_measuring(library_code: str) -> list[tuple[Source, Measure]]:
    """Return all sources and measures of a library indicator, filling it or beside."""
    return [
        (source, measure)
        for source in sources().values()
        for measure in source.measures
        if measure.library == library_code
    ]


def shorten_mention(mention: str, *, is_named: bool = False) -> str:
    """Return a source mention for a sentence: of a public statistic, publisher and date
    (``is_named``: with its title between); any other without « Source : » and final stop."""
    for source in sources().values():
        for year in set(YEAR.findall(mention)):
            if mention.startswith(source.full_mention(int(year))):
                return source.short_mention(int(year), is_named=is_named)
    return INTRODUCED.sub("", mention.strip()).rstrip(".")


def _read(path: Path) -> Source:
    """Return the source that a file describes; its key is the file's name. Raise ValueError."""
    settings = tomllib.loads(path.read_text(encoding="utf-8"))
    measures = settings.pop("measures", {})
    parts = {"place": PlaceColumn, "year": YearColumn, "columns": Columns}
    try:
        parts_read = {name: _build(part, settings.pop(name)) for name, part in parts.items()}
        rows = tuple(_build(Measure, {"code": code} | row) for code, row in measures.items())
        source = _build(Source, {"key": path.stem, "measures": rows} | parts_read | settings)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    if bool(source.rounding) == bool(source.rounding_base):
        raise ValueError(f"{path.name}: either « rounding » or « rounding_base ».")
    if source.address and not source.address.startswith(f"https://{source.host}/"):
        raise ValueError(f"{path.name}: what is fetched comes from its host, by https.")
    return source


def _build(part: type[Any], settings: dict[str, Any]) -> Any:
    """Return a ``part``, lists as tuples. Raise TypeError for an unknown or missing key."""
    required = {f.name for f in fields(part) if f.default is f.default_factory is MISSING}
    unknown = settings.keys() - {f.name for f in fields(part)}
    if wrong := unknown or required - settings.keys():
        raise TypeError(f"{part.__name__}: {', '.join(sorted(wrong))}")
    return part(**{key: tuple(v) if isinstance(v, list) else v for key, v in settings.items()})
