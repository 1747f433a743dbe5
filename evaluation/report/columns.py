"""How the columns of a table of indicators are set: as many years as stay readable."""

from collections.abc import Iterable
from dataclasses import dataclass

# Millimetres: what a page gives to columns of figures, the title kept readable beside them.
ROOM = 166 - 40 - 15
# By the longest figure: the class of the table (which tells the style sheet), and its columns.
WIDTHS = [(5, "narrow", 13.0), (7, "medium", 16.0), (9, "wide", 17.0), (11, "wider", 20.0)]
WIDEST = ("widest", 25.0)
# The baseline and the target stand beside the years.
BESIDE = 2


@dataclass(frozen=True)
class Columns:
    years: list[int]
    width: str


def columns_for(figures: Iterable[str], years: list[int]) -> Columns:
    """The last of ``years`` that fit, given the figures that the table shows."""
    longest = max(map(len, figures), default=0)
    fitting = ((name, width) for length, name, width in WIDTHS if longest <= length)
    name, width = next(fitting, WIDEST)
    return Columns(years[-max(int(ROOM / width) - BESIDE, 1) :], name)
