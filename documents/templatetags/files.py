"""Filters for the size of a file."""

from django import template

from ctg_portal.templatetags.french import number

register = template.Library()


@register.filter
def weight(size: int) -> str:
    """Format a number of bytes, in units of 1,000: « 225 Ko », « 1,4 Mo »."""
    if size < 1_000_000:
        return f"{number(max(size / 1000, 1), 0)}\u00a0Ko"
    return f"{number(size / 1_000_000, 1)}\u00a0Mo"
