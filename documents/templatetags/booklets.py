"""Parts of a booklet that say much of themselves: their parameters are read here."""

import datetime

from django import template

register = template.Library()


@register.inclusion_tag("documents/booklet/cover.html")
def cover(content, *, title: str, kind: str, made: str, day: datetime.date, note: str) -> dict:
    return {
        "content": content,
        "title": title,
        "kind": kind,
        "made": made,
        "day": day,
        "note": note,
    }


@register.inclusion_tag("documents/booklet/told.html")
def told(title: str, found: list, *, none: str, most: int) -> dict:
    return {"title": title, "found": found, "none": none, "most": most}
