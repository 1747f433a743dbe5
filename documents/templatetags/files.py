"""How pages tell of a file."""

from django import template

from ctg_portal.templatetags.french import number

register = template.Library()


@register.filter
def weight(size: int) -> str:
    """« 225 Ko », « 1,4 Mo », from a number of bytes."""
    if size < 1_000_000:
        return f"{number(max(size / 1000, 1), 0)}\u00a0Ko"
    return f"{number(size / 1_000_000, 1)}\u00a0Mo"
