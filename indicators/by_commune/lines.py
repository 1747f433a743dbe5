"""The figures of communes and sectors as lines of the tables that hold all figures."""

from indicators.by_commune.reading import CommuneYear
from indicators.disclosure import WORDS, DisclosedFigure
from indicators.series.lines import FigureLine, format_decimal, notes_of


def lines_of_places(one: CommuneYear, *, axis: str, theme: str) -> list[FigureLine]:
    """A line for each sector and for each commune of the year."""

    def line(figure: DisclosedFigure, place: str, insee_code: str = "") -> FigureLine:
        return FigureLine(
            axis=axis,
            theme=theme,
            indicator=one.definition.title,
            unit=one.definition.unit,
            year=one.year,
            value=format_decimal(figure.number),
            sign="" if figure.is_number else WORDS[figure.kind],
            notes=", ".join(notes_of(figure)),
            reason=figure.reason.strip(),
            provider=one.entry.provider.name,
            source=figure.source or one.source,
            baseline="",
            baseline_year="",
            target="",
            target_year="",
            place=place,
            insee_code=insee_code,
        )

    sectors = [line(one.of_sector(sector), sector.name) for sector in one.perimeter.sectors]
    communes = [line(figure, c.name, c.insee_code) for c, figure in one.figures]
    return sectors + communes
