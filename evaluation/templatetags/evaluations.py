"""What the tables of an evaluation need beside their rows."""

from django import template

register = template.Library()


@register.filter
def beside(cells: list, years: list[int]) -> list[tuple]:
    """Each cell of a row with the year of its column."""
    return [(year, cell) for year, cell in zip(years, cells, strict=True)]
