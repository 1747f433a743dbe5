"""List the figures of communes and sectors as lines of the tables that hold all figures."""

from indicators.by_commune.reading import CommuneYear
from indicators.disclosure import DisclosedFigure
from indicators.series.lines import FigureLine, format_decimal, notes_of


def lines_of_places(commune_year: CommuneYear, *, axis: str, theme: str) -> list[FigureLine]:
    """Return a line for each sector, then each commune, even without a number."""

    def line(figure: DisclosedFigure, place: str, insee_code: str = "") -> FigureLine:
        return FigureLine(
            axis=axis,
            theme=theme,
            indicator=commune_year.definition.title,
            unit=commune_year.definition.unit,
            year=commune_year.year,
            value="" if figure.is_below else format_decimal(figure.number),
            sign=figure.sign,
            notes=", ".join(notes_of(figure)),
            reason=figure.reason.strip(),
            provider=commune_year.entry.provider.name,
            source=commune_year.source_of(figure),
            baseline="",
            baseline_year="",
            target="",
            target_year="",
            place=place,
            insee_code=insee_code,
        )

    sectors = [
        line(commune_year.sector_figure(sector), sector.name)
        for sector in commune_year.perimeter.sectors
    ]
    communes = [line(figure, c.name, c.insee_code) for c, figure in commune_year.figures]
    return sectors + communes
