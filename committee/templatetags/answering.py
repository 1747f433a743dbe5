"""Where a point is answered: forms, to which a tag hands the page's token by itself."""

from django import template

from agreements.models import Version
from committee.points.reading import Card
from conventions.models import Convention

register = template.Library()


@register.inclusion_tag("committee/answers/parts/buttons.html", name="answer_buttons")
@register.inclusion_tag("committee/answers/parts/choice.html", name="answer_choice")
def answers(version: Version, seen: int, *, pour, back: str, convention: Convention) -> dict:
    """Answer for the organisation ``pour``, and come ``back``; ``seen``: its last word's rank."""
    return {"version": version, "seen": seen, "pour": pour, "back": back, "convention": convention}


@register.inclusion_tag("committee/points/parts/card.html")
def point_card(card: Card, *, pour, back: str, convention: Convention) -> dict:
    return {"card": card, "pour": pour, "back": back, "convention": convention}
