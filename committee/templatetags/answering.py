"""Where a point is answered: forms, to which a tag hands the page's token by itself."""

from django import template

from agreements.models import Version
from committee.answers.undoing import Undoable
from committee.points.reading import Card
from conventions.models import Convention

register = template.Library()


@register.inclusion_tag("committee/answers/parts/buttons.html", name="answer_buttons")
@register.inclusion_tag("committee/answers/parts/choice.html", name="answer_choice")
def answers(version: Version, seen: int, *, pour, back: str, convention: Convention) -> dict:
    """Answer for the organisation ``pour``, and come ``back``; ``seen``: its last word's rank."""
    return {"version": version, "seen": seen, "pour": pour, "back": back, "convention": convention}


@register.inclusion_tag("committee/answers/parts/undo.html")
def undo_button(undoable: Undoable, convention: Convention, *, is_named: bool = False) -> dict:
    """Undo an answer just given; ``is_named``: it says of which point."""
    return {"undoable": undoable, "convention": convention, "is_named": is_named}


@register.inclusion_tag("committee/answers/parts/undo_recent.html")
def undo_recent(undoables: list[Undoable], convention: Convention) -> dict:
    return {"undoables": undoables, "convention": convention}


@register.inclusion_tag("committee/points/parts/card.html")
def point_card(card: Card, *, pour, back: str, convention: Convention) -> dict:
    return {"card": card, "pour": pour, "back": back, "convention": convention}
