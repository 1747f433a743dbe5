"""Filters for the tables of an evaluation."""

from django import template

register = template.Library()


@register.filter
def with_years(cells: list, years: list[int]) -> list[tuple]:
    """Return (year, cell) for each cell of a row."""
    return list(zip(years, cells, strict=True))
