"""The figures of indicators as files: a row a figure, with what it measures and how sure it is.

A file says of a figure what everybody may read of it (``disclose``), whoever saves it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from agreements.models import Version
from conventions.models import Convention
from ctg_portal.text.typography import polish
from documents.tables import Column, Table
from indicators.definitions.definition import Definition
from indicators.definitions.models import MONTHS, Indicator
from indicators.disclosure.words import SECRET_EXPLAINED, TOTALS_EXPLAINED
from indicators.series.lines import PENDING_NOTE, FigureLine, columns_for, line_of
from indicators.series.reading import Cell, Series

NOTES = [
    "« Sans valeur » dit pourquoi il n’y a pas de nombre : un chiffre absent n’est pas zéro.",
    SECRET_EXPLAINED,
    TOTALS_EXPLAINED,
    PENDING_NOTE,
]


@dataclass(frozen=True)
class FigureWithDefinition:
    """A figure with its definition, which is the one of its year."""

    line: FigureLine
    cell: Cell
    indicator: Indicator

    @property
    def definition(self) -> Definition:
        return self.cell.definition


CODE = Column("Code", lambda definition: definition.code)
LIBRARY = Column("Code de la bibliothèque", lambda indicator: indicator.library_code)
DEFINED = (
    Column("Définition", lambda definition: definition.definition),
    Column("Champ concerné", lambda definition: definition.scope),
    Column("Ce que l’on divise", lambda definition: definition.numerator),
    Column("Par quoi l’on divise", lambda definition: definition.denominator),
    Column("Limites", lambda definition: definition.limits),
)
BY_DEFINITION = attrgetter("definition")


def _columns(convention: Convention, lines: Sequence[FigureLine]) -> list[Column]:
    """Return the columns of rows that are ``FigureWithDefinition``: those of ``lines``, with codes,
    verification, comment and definition among them."""
    words = convention.words
    shown = columns_for(lines, axis=words.axis.title, theme=words.theme.title)
    columns = [column.within(attrgetter("line")) for column in shown]
    indicator = [column.label for column in columns].index("Indicateur")
    sign = [column.label for column in columns].index("Sans valeur")
    return [
        *columns[:indicator],
        CODE.within(BY_DEFINITION),
        LIBRARY.within(attrgetter("indicator")),
        *columns[indicator : sign + 1],
        Column("Vérification", attrgetter("cell.state")),
        *columns[sign + 1 :],
        Column("Commentaire", lambda row: row.cell.figure.comment),
        *(column.within(BY_DEFINITION) for column in DEFINED),
    ]


def figures_tables(
    convention: Convention, series: Sequence[Series], *, year: int | None = None
) -> list[Table]:
    """Return two tables of these indicators: their figures as everybody may read them, of one year
    or of all, and their definitions, with a row for each indicator, collected or not."""
    figures = [
        FigureWithDefinition(line_of(row, cell, *_axis_and_theme(row)), cell, row.indicator)
        for row in series
        for cell in row.collected
        if year in (None, cell.year)
    ]
    is_fictional = any(row.cell.entry.campaign.is_fictional for row in figures)
    notes = [*NOTES, *(["Données fictives."] if is_fictional else [])]
    columns = _columns(convention, [row.line for row in figures])
    title = f"Chiffres {year}" if year else "Chiffres"
    return [
        Table.of(title, columns, figures, notes),
        Table.of(
            "Définitions", _definition_columns(convention, _reasons_after_term(series)), series
        ),
    ]


def _reasons_after_term(series: Sequence[Series]) -> dict[int, str]:
    """Return why the live versions of these indicators were proposed after the term, a line each,
    by the indicator's primary key; « En discussion » stands before that of a proposed change."""
    rows = Indicator.objects.filter(pk__in=[row.indicator.pk for row in series])
    versions = Version.objects.about_rows(rows).live().exclude(after_term="").order_by("number")
    agreed = {row.indicator.pk for row in series if row.indicator.is_agreed}
    reasons: dict[int, list[str]] = defaultdict(list)
    for version in versions.defer("text", "search_text"):
        is_next = version.is_proposed and version.object_id in agreed
        before = "En discussion : " if is_next else ""
        reasons[version.object_id].append(f"{before}{version.after_term}")
    return {pk: "\n".join(lines) for pk, lines in reasons.items()}


def _axis_and_theme(series: Series) -> tuple[str, str]:
    """Return the axis with its mark, and the theme of an indicator, with French spacing."""
    theme = series.indicator.theme
    return polish(f"{theme.axis.mark}. {theme.axis.title}"), polish(theme.title)


def _definition_columns(convention: Convention, after_term: Mapping[int, str]) -> list[Column]:
    """Return the columns of rows that are ``Series``: each indicator as defined in the last year
    collected, else today. ``after_term``: by its primary key, why it was proposed so late."""
    words, months = convention.words, dict(MONTHS)
    return [
        Column(words.axis.title, lambda row: _axis_and_theme(row)[0]),
        Column(words.theme.title, lambda row: _axis_and_theme(row)[1]),
        CODE.within(BY_DEFINITION),
        LIBRARY.within(attrgetter("indicator")),
        Column("Indicateur", lambda row: row.definition.title),
        Column("Unité", lambda row: row.definition.unit),
        Column("Accord", lambda row: row.indicator.get_standing_display()),
        Column("Après le terme", lambda row: after_term.get(row.indicator.pk, "")),
        Column("Nature", lambda row: row.indicator.get_kind_display()),
        Column("Sens attendu", lambda row: row.indicator.get_direction_display()),
        *(column.within(BY_DEFINITION) for column in DEFINED),
        Column("Périodicité", lambda row: row.indicator.get_periodicity_display()),
        Column("Disponible en", lambda row: months.get(row.definition.available_month, "")),
        Column("Fournisseur", lambda row: row.indicator.provider.name),
        Column("Soumis au secret statistique", lambda row: row.definition.is_confidential),
    ]
