"""Parts of a booklet that say much of themselves: their parameters are read here."""

import datetime

from django import template

register = template.Library()


# From how many parties on their logos are smaller, and how they are then set.
SIZES = [(17, "crowd"), (7, "many"), (0, "")]


@register.inclusion_tag("documents/booklet/cover.html")
def cover(content, *, title: str, kind: str, made: str, day: datetime.date, note: str) -> dict:
    number = len(content.parties)
    return {
        "content": content,
        "title": title,
        "kind": kind,
        "made": made,
        "day": day,
        "note": note,
        "size": next(size for least, size in SIZES if number >= least),
    }


@register.inclusion_tag("documents/booklet/told.html")
def told(title: str, found: list, *, none: str, most: int) -> dict:
    return {"title": title, "found": found, "none": none, "most": most}
