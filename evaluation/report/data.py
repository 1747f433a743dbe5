"""Write the figures and the money of a report as files: within its PDF, and beside it."""

import json
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from documents.drawing.kinds import AttachedFile
from documents.tables import Column, Table, to_csv, to_xlsx
from evaluation.cooperation.lines import PostFigure
from evaluation.report.content import FundingLine, ReportContent
from evaluation.report.marks import Mark
from indicators.series.lines import columns_for, columns_with_places


def _decimal(name: str) -> Callable[[Any], Decimal | None]:
    """Return a reader of a field that holds a number as a text; it returns None where it is
    empty."""
    read = attrgetter(name)
    return lambda line: Decimal(read(line)) if read(line) else None


FUNDINGS = (
    Column("Financeur", attrgetter("funder")),
    Column("Année", lambda line: str(line.year)),
    Column("Prévu", _decimal("planned"), "euros"),
    Column("Accordé", _decimal("granted"), "euros"),
    Column("Dépensé", _decimal("spent"), "euros"),
    Column("Lignes", attrgetter("lines"), "number"),
    Column("Lignes dont la dépense est connue", attrgetter("known"), "number"),
)


POSTS = (
    Column("Poste", attrgetter("post")),
    Column("Employeur", attrgetter("employer")),
    Column("Année", lambda line: str(line.year)),
    Column("Ce qui est compté", attrgetter("counted")),
    Column("Détail", attrgetter("detail")),
    Column("Prévu", _decimal("planned"), "number"),
    Column("Réalisé", _decimal("actual"), "number"),
    Column("Unité", attrgetter("unit")),
)


def figures_table(content: ReportContent) -> Table:
    words, lines = content.words, content.data
    columns = columns_for(lines, axis=words.axis, theme=words.theme)
    return Table.of(f"Chiffres {content.span or content.year}", columns, lines, notes_of(content))


def fundings_table(content: ReportContent) -> Table:
    lines: list[FundingLine] = content.means.data
    return Table.of("Financements", FUNDINGS, lines, notes_of(content))


def posts_table(content: ReportContent) -> Table:
    return Table.of("Postes de coopération", POSTS, posts_figures(content), notes_of(content))


def posts_figures(content: ReportContent) -> list[PostFigure]:
    posts = [*content.posts, *content.posts_over_years]
    return [figure for post in posts for figure in post.data]


def notes_of(content: ReportContent) -> list[str]:
    notes = [
        f"{content.title}, {content.convention}, {content.territory}.",
        "« Sans valeur » dit pourquoi il n’y a pas de nombre : un chiffre absent n’est pas zéro.",
    ]
    return [*notes, *(["Données fictives."] if content.is_fictional else [])]


def csv_of(content: ReportContent) -> bytes:
    return to_csv(figures_table(content))


def workbook_of(content: ReportContent) -> bytes:
    posts = [posts_table(content)] if posts_figures(content) else []
    return to_xlsx(figures_table(content), fundings_table(content), *posts)


def json_of(content: ReportContent, mark: Mark) -> bytes:
    """Return the figures and the money for programs: numbers are numbers, an absent one has its
    reason beside it, and columns have the same names whatever the territory's words."""
    document = {
        "document": content.title,
        "convention": content.convention,
        "territoire": content.territory,
        "année": content.year,
        **({"années": content.span} if content.span else {}),
        "état": mark.sentence,
        "données fictives": content.is_fictional,
        "chiffres": _plain(columns_with_places(content.data), content.data),
        "financements": _plain(FUNDINGS, content.means.data),
    }
    if posts_figures(content):
        document["postes de coopération"] = _plain(POSTS, posts_figures(content))
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _plain(columns: Sequence[Column], lines: Iterable) -> list[dict]:
    def plain(value):
        return float(value) if isinstance(value, Decimal) else value

    return [{column.heading: plain(column.value(line)) for column in columns} for line in lines]


def attached_to(content: ReportContent, mark: Mark) -> list[AttachedFile]:
    """Return the files within the PDF: a table, and one for programs."""
    name = f"evaluation-{content.period.slug}-chiffres"
    return [
        AttachedFile(f"{name}.csv", "Chiffres de l’évaluation, pour un tableur", csv_of(content)),
        AttachedFile(
            f"{name}.json", "Chiffres et financements, pour des programmes",
            json_of(content, mark),
        ),
    ]  # fmt: skip
