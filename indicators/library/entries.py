"""The library of indicators that a convention may take up and adapt, whatever the territory.

It is a file of the project (``indicator_library.csv``), read once. What it says in its own
words is translated to the model's; provider and theme are only guessed, the coordinator chooses.
What published documents say an indicator measures stands beside (``documented.py``).
"""

import csv
import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from conventions.models import Convention, Organisation, OrganisationKind, Theme
from ctg_portal.search.rows import SHORT, fold
from indicators.definitions.commitments import codes_taken
from indicators.definitions.definition import counts_people
from indicators.definitions.faults import is_per_hundred
from indicators.definitions.models import (
    Aggregation,
    Calculation,
    Direction,
    Grain,
    Kind,
    Periodicity,
)
from indicators.library.documented import Documented, documented

PATH = Path(__file__).parent / "indicator_library.csv"

# The themes of the library, in its own words, in its order.
THEMES = {
    "petite-enfance": "Petite enfance",
    "enfance": "Enfance",
    "jeunesse": "Jeunesse",
    "parentalite": "Parentalité",
    "droits": "Accès aux droits",
    "logement": "Logement et cadre de vie",
    "avs": "Animation de la vie sociale",
    "transversal": "Conduite de la convention",
}
KINDS = {"contexte": Kind.CONTEXT, "realisation": Kind.OUTPUT, "resultat": Kind.OUTCOME}
DIRECTIONS = {"hausse": Direction.UP, "baisse": Direction.DOWN, "neutre": Direction.NEUTRAL}
# « somme » and « aucune » tell how the figures of communes add up, which is for later.
CALCULATIONS = {
    "ratio": Calculation.RATIO, "somme": Calculation.DIRECT, "aucune": Calculation.DIRECT
}  # fmt: skip
PERIODICITIES = {
    "annuelle": Periodicity.ANNUAL,
    "semestrielle": Periodicity.HALF_YEARLY,
    "trimestrielle": Periodicity.QUARTERLY,
    "mensuelle": Periodicity.MONTHLY,
    "par séance": Periodicity.PER_MEETING,
}
# Where the source says what kind of organisation it is; elsewhere it is a name or an acronym.
PROVIDER_KINDS = {
    "caf": OrganisationKind.CAF,
    "msa": OrganisationKind.MSA,
    "epci": OrganisationKind.EPCI,
    "conseil departemental": OrganisationKind.DEPARTMENT,
}
# What a CGSS is overseas, where there is none of its own.
PLAYED_BY_CGSS = {OrganisationKind.CAF, OrganisationKind.MSA}


# What the form of a new indicator starts from; its kind and direction are for people to say.
BLANK = {
    "grain": Grain.TERRITORY,
    "aggregation": Aggregation.NONE,
    "calculation": Calculation.DIRECT,
    "factor": 1,
    "decimals": 0,
    "periodicity": Periodicity.ANNUAL,
    "variation_alert": 30,
    "is_confidential": True,
}


@dataclass(frozen=True)
class LibraryEntry:
    """An indicator of the library. ``theme``: a key of ``THEMES``; ``source``: who usually has the
    figure, in words; ``documented``: what published documents say of it."""

    code: str
    title: str
    unit: str
    kind: Kind
    direction: Direction
    calculation: Calculation
    theme: str
    source: str
    periodicity: Periodicity
    documented: Documented = field(default=Documented())

    @property
    def theme_title(self) -> str:
        return THEMES[self.theme]

    @property
    def is_about_people(self) -> bool:
        return counts_people(self.unit, self.title, self.calculation)

    @property
    def factor(self) -> int:
        """The multiplier of a ratio: 100 for « % » and « pour 100 »; 1 for all else."""
        is_ratio = self.calculation == Calculation.RATIO
        return 100 if is_ratio and is_per_hundred(self.unit) else 1

    @property
    def words(self) -> str:
        """Code, title, unit, source and theme, folded, for a search."""
        return fold(f"{self.code} {self.title} {self.unit} {self.source} {self.theme_title}")


@cache
def library() -> tuple[LibraryEntry, ...]:
    """Return the entries of the file, in its order. Raise KeyError for a word that is no choice."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return tuple(_parse_entry(row) for row in csv.DictReader(file))


def _parse_entry(row: dict[str, str]) -> LibraryEntry:
    """Return the entry of a line, with what documents say. Raise KeyError for an unknown word."""
    THEMES[row["thematique"]]  # a theme without a name would be found by nobody
    return LibraryEntry(
        code=row["code"],
        title=row["libelle"].replace("'", "’"),
        unit=row["unite"],
        kind=KINDS[row["nature"]],
        direction=DIRECTIONS[row["sens"]],
        calculation=CALCULATIONS[row["agregation"]],
        theme=row["thematique"],
        source=row["source"].replace("'", "’"),
        periodicity=PERIODICITIES[row["periodicite"]],
        documented=documented().get(row["code"], Documented()),
    )


def entry_of(code: str) -> LibraryEntry | None:
    """Return the file's entry with this code; None if only a convention gave it, or nobody."""
    return next((entry for entry in library() if entry.code == code), None)


def search_entries(
    query: str = "", theme: str = "", among: Iterable[LibraryEntry] | None = None
) -> list[LibraryEntry]:
    """Return the entries of ``among`` (by default the file's) that hold every word of ``query``,
    whatever case and accents, in their order; of all themes if ``theme`` is empty."""
    wanted = fold(query).split()
    return [
        entry
        for entry in (library() if among is None else among)
        if theme in ("", entry.theme)
        # A short word is looked for whole, a long one as a part, as in ``search.rows.has_word``.
        and all(
            word in (entry.words.split() if len(word) <= SHORT and word.isalpha() else entry.words)
            for word in wanted
        )
    ]


def guess_provider(
    entry: LibraryEntry, organisations: Iterable[Organisation]
) -> Organisation | None:
    """Return the first organisation, parties first, of the kind or name that the entry's source
    states; where a Caf or MSA is missing, the CGSS; None if none fits."""
    source = fold(entry.source)
    kind = PROVIDER_KINDS.get(source)
    for organisation in organisations:
        if organisation.kind == kind or source in (
            fold(organisation.acronym),
            fold(organisation.name),
        ):
            return organisation
    if kind in PLAYED_BY_CGSS:
        return next((o for o in organisations if o.kind == OrganisationKind.CGSS), None)
    if kind:
        return None
    return next((o for o in organisations if source in fold(o.name)), None)


def guess_theme(entry: LibraryEntry, themes: Iterable[Theme]) -> Theme | None:
    """Return the theme whose title has every long word of the entry's theme and the fewest words;
    None without. « Petite enfance » is not « Enfance »: a theme of the library fits it better."""
    near = []
    for theme in themes:
        words = fold(str(theme)).split()
        fitting = [
            key
            for key, title in THEMES.items()
            if all(any(word.startswith(start) for word in words) for start in _long_words(title))
        ]
        best = max(fitting, key=lambda key: len(_long_words(THEMES[key])), default=None)
        if best == entry.theme:
            near.append((len(str(theme).split()), len(near), theme))
    return min(near)[2] if near else None


def _long_words(title: str) -> list[str]:
    return [word for word in fold(title).split() if len(word) > SHORT]


def guess_content(
    entry: LibraryEntry, *, organisations: Iterable[Organisation], themes: Iterable[Theme]
) -> dict[str, Any]:
    """Return the values from which a form for this entry starts, by field of the commitment;
    provider and theme are guessed, None where nothing fits.

    ``organisations``: the parties first; ``themes`` with their axes, in reading order.
    """
    is_ratio = entry.calculation == Calculation.RATIO
    return BLANK | {
        "code": entry.code,
        "title": entry.title,
        "unit": entry.unit,
        "kind": entry.kind,
        "direction": entry.direction,
        "calculation": entry.calculation,
        "factor": entry.factor,
        "decimals": 1 if is_ratio else 0,
        "periodicity": entry.periodicity,
        "is_confidential": entry.is_about_people,
        "theme": guess_theme(entry, list(themes)),
        "provider": guess_provider(entry, list(organisations)),
        "definition": entry.documented.definition_with_sources,
        "numerator": entry.documented.numerator,
        "denominator": entry.documented.denominator,
        "available_month": entry.documented.available_month,
        "limits": entry.documented.limits,
    }


def prefill(
    entry: LibraryEntry, convention: Convention, day: datetime.date | None
) -> dict[str, Any]:
    """Return ``guess_content`` for a convention and its themes as read on ``day``; the code is
    empty if another of its indicators has it."""
    [guessed] = prefill_each([entry], convention, day)
    return guessed


def prefill_each(
    entries: Iterable[LibraryEntry], convention: Convention, day: datetime.date | None
) -> list[dict[str, Any]]:
    """Return what ``prefill`` does of each entry, in a few queries whatever their number."""
    themes = Theme.objects.filter(axis__convention=convention).as_read_on(day)
    themes = list(themes.select_related("axis").order_by("axis__number", "rank", "pk"))
    organisations = list(convention.organisations.all())
    taken = codes_taken(convention)
    guesses = [guess_content(e, organisations=organisations, themes=themes) for e in entries]
    return [g | {"code": "" if g["code"] in taken else g["code"]} for g in guesses]
