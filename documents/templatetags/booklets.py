"""Tags for the parts of a booklet."""

import datetime

from django import template

register = template.Library()

# The number of parties from which their logos are smaller, and the CSS class for that.
SIZES = [(17, "crowd"), (7, "many"), (0, "")]


@register.inclusion_tag("documents/booklet/cover.html")
def cover(content, *, title: str, kind: str, made: str, day: datetime.date, note: str) -> dict:
    """Show the cover of a booklet, with the logos of ``content.parties``: the more, the smaller."""
    number = len(content.parties)
    return {
        "content": content, "title": title, "kind": kind, "made": made, "day": day, "note": note,
        "size": next(size for least, size in SIZES if number >= least),
    }  # fmt: skip


@register.inclusion_tag("documents/booklet/shortlist.html")
def shortlist(title: str, items: list, *, none: str, most: int) -> dict:
    """Show the first ``most`` of ``items``, or the sentence ``none``."""
    return {"title": title, "items": items, "none": none, "most": most}
