"""Tags of the forms that answer a point; each hands the token of the page to its form."""

from django import template

from agreements.models import Version
from committee.answers.recap import Line
from committee.points.reading import Card
from committee.points.series import Series
from committee.points.undoing import FreshAnswer
from conventions.models import Convention

register = template.Library()


@register.inclusion_tag("committee/answers/parts/bar.html")
def answer_bar(page, pour, convention: Convention) -> dict:
    """Draw the bar of answers to a point, which stays in sight. ``page`` is a PointPage."""
    return {"page": page, "version": page.version, "series": page.series, "pour": pour,
            "convention": convention}  # fmt: skip


@register.inclusion_tag("committee/answers/parts/choice.html")
def answer_choice(
    version: Version, last_rank: int, *, pour, series: Series, note, convention
) -> dict:
    """Draw all answers that may be given. ``last_rank`` is the rank of the party's last entry."""
    return {"version": version, "last_rank": last_rank, "pour": pour, "series": series,
            "note": note, "convention": convention}  # fmt: skip


@register.inclusion_tag("committee/answers/parts/lapsed.html")
def lapsed_answer(line: Line, *, convention: Convention) -> dict:
    """Draw a note that can no longer be given, with the button that deletes it."""
    return {"line": line, "convention": convention}


@register.inclusion_tag("committee/answers/parts/agree_to_all.html")
def agree_to_all(series: Series, last_ranks: str, *, pour, convention: Convention) -> dict:
    """Draw the button that notes an agreement on the points of ``last_ranks``."""
    return {"series": series, "last_ranks": last_ranks, "pour": pour, "convention": convention}


@register.simple_tag
def series_url(series: Series, card: Card) -> str:
    """Return the address of the page of a point, one of a series where it awaits the reader."""
    return series.url("point", card.version.pk)


@register.simple_tag
def answer_url(series: Series, version: Version, word: str = "") -> str:
    """Return the address of the page that notes an answer; without ``word``, of the choice."""
    more = {"reponse": word} if word else {}
    return series.url("answer", version.pk, **more, **series.returning)


@register.inclusion_tag("committee/answers/parts/undo.html")
def undo_button(undoable: FreshAnswer, convention: Convention, *, is_named: bool = False) -> dict:
    """Draw the button that undoes an answer just given. ``is_named``: it names the point."""
    return {"undoable": undoable, "convention": convention, "is_named": is_named}
