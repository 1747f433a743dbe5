"""Sum up the money of the report: planned, granted and spent, by funder, theme and year."""

from collections.abc import Iterable
from decimal import Decimal

from actions.models import Funding
from actions.ways.budget import Amount, Sums, SumsRow
from ctg_portal.templatetags.french import euros, number, plural
from evaluation.report.content import FundingLine, Means, MoneyCell, MoneyRow, MoneyTable
from evaluation.year.key_figures import money_of
from evaluation.year.money import MeansReading, YearMoney, read_means
from evaluation.year.reading import YearReading

UNKNOWN = MoneyCell("non renseigné")
TitledSums = tuple[str, int, Sums]  # with the colour of an axis between


def means_of(reading: YearReading) -> Means:
    """Return the money of the year, or the term, by funder and by theme; then year by year. Five
    queries; none for the term, whose actions have the lines of all years."""
    money, period = money_of(reading), reading.period
    means = MeansReading(money.lines)
    if not period.is_term:
        means = read_means(reading.convention, period.year, money.lines)
    part, when = reading.word, period.within

    def plain(rows: Iterable[SumsRow]) -> list[TitledSums]:
        return [(row.label, 0, row.sums) for row in rows]

    themes = [
        (str(theme.theme), theme.theme.axis.colour, Sums.of(lines))
        for theme in reading.themes
        if (lines := [line for action in theme.actions for line in action.fundings])
    ]
    tables = []
    if money.lines:
        tables = [
            _table(f"Par financeur, {when}", "Financeur", plain(money.by_funder), money.total),
            _table(f"Par {part.singular}, {when}", part.title, themes, money.total),
        ]
    if len(means.by_year) > 1:
        whole = Sums.of(means.lines)
        tables.append(
            _table("Depuis le début de la convention", "Année", plain(means.by_year), whole)
        )
    return Means(
        sentence=_sentence(money, when),
        tables=tables,
        data=[_line(*sums) for sums in means.by_funder_and_year],
    )


def _sentence(money: YearMoney, when: str) -> str:
    if not money.lines:
        return f"Aucun financement n’est prévu {when}."
    comparison = money.comparison[0].upper() + money.comparison[1:]
    return f"{money.figure} {money.label} {when}. {comparison}."


def _table(caption: str, heading: str, rows: list[TitledSums], whole: Sums) -> MoneyTable:
    total = _row("Ensemble", 0, whole) if len(rows) > 1 else None
    return MoneyTable(caption, heading, [_row(*row) for row in rows], total)


def _row(title: str, colour: int, sums: Sums) -> MoneyRow:
    share = sums.share
    return MoneyRow(
        title=title,
        colour=colour,
        planned=_cell(sums.planned),
        granted=_cell(sums.granted),
        spent=_cell(sums.spent),
        share=share.figure if share else "",
        bar=min(5 * round(share.percent / 5), 100) if share else None,
        basis=share.note if share else "",
    )


def _cell(amount: Amount) -> MoneyCell:
    if not amount.known:
        return UNKNOWN if amount.unknown else MoneyCell("–")
    of = f"{plural(amount.known, 'ligne,lignes')} sur {number(amount.known + amount.unknown)}"
    return MoneyCell(euros(amount.total), of if amount.is_incomplete else "")


def _line(funder: str, year: int, lines: list[Funding]) -> FundingLine:
    sums = Sums.of(lines)

    def text(amount: Amount) -> str:
        return f"{Decimal(amount.total):f}" if amount.known else ""

    return FundingLine(
        funder=funder,
        year=year,
        planned=text(sums.planned),
        granted=text(sums.granted),
        spent=text(sums.spent),
        lines=len(lines),
        known=sums.spent.known,
    )
