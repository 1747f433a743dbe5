"""A source of public statistics: one file in ``sources/``, which says all that is known of it.

What data set it is, which of its columns are read, what a release is of, how its publisher rounds
and keeps secrets, its licence, the mention to show, and which indicators of the library it fills.
A key that nobody reads is refused, as is one that is missing.
"""

import gzip
import re
import tomllib
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from pathlib import Path
from urllib.parse import quote

SOURCES = Path(__file__).parent / "sources"
DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class PlaceColumn:
    """Where a line says of which place it is. ``kind``: of which kind all are; else what the values
    of ``kind_column`` mean (``kinds``; lines of another kind are passed over). ``none``: codes that
    are no place. ``france``: the code of the whole country, of several that its file has."""

    column: str
    kind: str = ""
    kind_column: str = ""
    kinds: dict[str, str] = field(default_factory=dict)
    none: tuple[str, ...] = ()
    france: str = ""


@dataclass(frozen=True)
class YearColumn:
    """``pattern``: all that its cells may be, the year in its first group; ``wanted``: in words."""

    column: str
    pattern: str
    wanted: str

    def year_of(self, text: str) -> int | None:
        found = re.fullmatch(self.pattern, text)
        return int(found[1]) if found else None


@dataclass(frozen=True)
class Columns:
    """Which other columns its file has. ``known``, ``known_pattern``: those that are not read.

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
    """What is measured: ``column``, its column or, of a long file, its name there; ``library``: the
    indicator of the library that it fills. ``adds_up``: a territory's is the sum of its communes'.
    """

    code: str
    column: str
    title: str
    library: str
    decimals: int = 0
    adds_up: bool = False


@dataclass(frozen=True)
class Source:
    """``bundled``: the file of ``data/`` that holds a year, if there is one. ``is_caf_alone``:
    families of the agricultural regime are not in it. ``is_beside``: its figures stand beside those
    of other sources, and fill nothing."""

    key: str
    title: str
    dataset: str
    publisher: str
    mention: str
    licence: str
    page: str
    release: str
    rounding: str
    place: PlaceColumn
    year: YearColumn
    columns: Columns
    measures: tuple[Measure, ...]
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
        """The columns without which its file is not read."""
        long = self.columns
        named = [self.place.column, self.place.kind_column, self.year.column, *long.only]
        if long.is_long:
            named += [long.measure, long.value, long.confidentiality, long.status]
        else:
            named += [measure.column for measure in self.measures]
        return list(dict.fromkeys(filter(None, named)))

    def knows(self, column: str) -> bool:
        pattern = self.columns.known_pattern
        return (
            column in self.required
            or column in self.columns.known
            or bool(pattern and re.fullmatch(pattern, column))
        )

    def measure(self, code: str) -> Measure:
        return next(measure for measure in self.measures if measure.code == code)

    def release_of(self, year: int) -> str:
        """« situation de décembre 2024 »."""
        return self.release.format(year=year)

    def told(self, year: int) -> str:
        """What stands beside its figures as their source (art. 5), with what its reader must know:
        « Source : Cnaf, cafdata (data.caf.fr), s_ben_com_f, situation de décembre 2024, arrondi à
        5 près ; Caf seule, sans les familles de la MSA »."""
        rounded = self.rounding if self.rounding.startswith("non ") else f"arrondi {self.rounding}"
        told = f"{self.mention}, {self.dataset}, {self.release_of(year)}, {rounded}"
        return f"{told} ; {CAF_ALONE}" if self.is_caf_alone else told

    def in_short(self, year: int, *, is_named: bool = False) -> str:
        """For a sentence: « Cnaf, décembre 2024 »; ``is_named``: with what it counts."""
        name = f"{self.title[0].lower()}{self.title[1:]}" if is_named else ""
        release = self.release_of(year).removeprefix("situation de ")
        return ", ".join(filter(None, [self.publisher, name, release]))

    def bundled_of(self, year: int) -> bytes | None:
        """The file of a year that comes with the portal."""
        path = DATA / self.bundled.format(year=year)
        return gzip.decompress(path.read_bytes()) if self.bundled and path.exists() else None

    def address_of(self, year: int) -> str:
        """Where its publisher hands out the file that holds a year."""
        columns = quote(",".join(measure.column for measure in self.measures), safe="")
        return self.address.format(year=year, columns=columns)


YEAR = re.compile(r"\b(?:19|20)\d\d\b")
INTRODUCED = re.compile(r"^source\s*:?\s+", re.IGNORECASE)
CAF_ALONE = "Caf seule, sans les familles de la MSA"


@cache
def sources() -> dict[str, Source]:
    """Every source by its key, the name of its file. Raises ValueError for a file that is not as it
    should be."""
    found = [_read(path) for path in sorted(SOURCES.glob("*.toml"))]
    held = [source for source in found if not source.is_beside]
    filled = [measure.library for source in held for measure in source.measures]
    if twice := {code for code in filled if filled.count(code) > 1}:
        raise ValueError(f"{', '.join(sorted(twice))}: filled by two sources.")
    return {source.key: source for source in found}


@cache
def filling() -> dict[str, tuple[Source, Measure]]:
    """What fills each indicator of the library that a source gives, by its code there."""
    return {
        measure.library: (source, measure)
        for source in sources().values()
        if not source.is_beside
        for measure in source.measures
    }


def beside(library_code: str) -> list[tuple[Source, Measure]]:
    """All sources that have figures of an indicator of the library."""
    return [
        (source, measure)
        for source in sources().values()
        for measure in source.measures
        if measure.library == library_code
    ]


def in_short(mention: str, *, is_named: bool = False) -> str:
    """What stands as the source beside a figure, told as a sentence has room for it: of a public
    statistic, who publishes it and of when (``is_named``: and what it is); another as it is,
    without the word that introduces it."""
    for source in sources().values():
        for year in set(YEAR.findall(mention)):
            if mention.startswith(source.told(int(year))):
                return source.in_short(int(year), is_named=is_named)
    return INTRODUCED.sub("", mention.strip()).rstrip(".")


def _read(path: Path) -> Source:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    measures = told.pop("measures", {})
    parts = {"place": PlaceColumn, "year": YearColumn, "columns": Columns}
    try:
        held = {name: _made(part, told.pop(name)) for name, part in parts.items()}
        rows = tuple(_made(Measure, {"code": code} | row) for code, row in measures.items())
        source = _made(Source, {"key": path.stem, "measures": rows} | held | told)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    if source.address and not source.address.startswith(f"https://{source.host}/"):
        raise ValueError(f"{path.name}: what is fetched comes from its host, by https.")
    return source


def _made(part: type, told: dict):
    names = {one.name for one in fields(part)}
    asked = (one for one in fields(part) if one.default is MISSING)
    lacking = {one.name for one in asked if one.default_factory is MISSING} - told.keys()
    if wrong := (told.keys() - names) or lacking:
        raise TypeError(f"{part.__name__}: {', '.join(sorted(wrong))}")
    return part(**{key: tuple(v) if isinstance(v, list) else v for key, v in told.items()})
