"""Where a point is answered: forms, to which a tag hands the page's token by itself."""

from django import template

from agreements.models import Version
from committee.answers.recap import Line
from committee.answers.undoing import Fresh
from committee.points.reading import Card
from committee.points.series import Series
from conventions.models import Convention

register = template.Library()


@register.inclusion_tag("committee/answers/parts/bar.html")
def answer_bar(page, pour, convention: Convention) -> dict:
    """The answers to a point, which stay in sight; ``page``: a PointPage."""
    return {"page": page, "version": page.version, "series": page.series, "pour": pour,
            "convention": convention}  # fmt: skip


@register.inclusion_tag("committee/answers/parts/choice.html")
def answer_choice(
    version: Version, last_rank: int, *, pour, series: Series, note, convention
) -> dict:
    """All that may be answered; ``last_rank``: the rank of the party's last word."""
    return {"version": version, "last_rank": last_rank, "pour": pour, "series": series,
            "note": note, "convention": convention}  # fmt: skip


@register.inclusion_tag("committee/answers/parts/fallen.html")
def fallen_answer(line: Line, *, convention: Convention) -> dict:
    """A noted answer that can no longer be given, and taking it off the recap."""
    return {"line": line, "convention": convention}


@register.inclusion_tag("committee/answers/parts/agree_to_all.html")
def agree_to_all(series: Series, last_ranks: str, *, pour, convention: Convention) -> dict:
    """Note an agreement on what was shown: ``last_ranks`` says of what."""
    return {"series": series, "last_ranks": last_ranks, "pour": pour, "convention": convention}


@register.simple_tag
def series_url(series: Series, card: Card) -> str:
    """The page of a point, one of a series where it awaits the reader."""
    return series.url("point", card.version.pk)


@register.simple_tag
def answer_url(series: Series, version: Version, word: str = "") -> str:
    """The page on which an answer is written; without ``word``, the choice."""
    more = {"reponse": word} if word else {}
    return series.url("answer", version.pk, **more, **series.returning)


@register.inclusion_tag("committee/answers/parts/undo.html")
def undo_button(undoable: Fresh, convention: Convention, *, is_named: bool = False) -> dict:
    """Undo an answer just given; ``is_named``: it says of which point."""
    return {"undoable": undoable, "convention": convention, "is_named": is_named}
