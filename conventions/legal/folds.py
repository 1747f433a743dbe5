"""The themes of the page of the structure, each folded to a line that tells what is beneath it,
and what addresses say to have them, or the parts of the text, open."""

import datetime
from collections.abc import Iterable, Mapping, Sequence

from django.template.loader import render_to_string

from conventions.legal.reading import article_urls, fold_proposals, objectives_of, read_structure
from conventions.legal.words import Words
from conventions.models import Axis, Convention
from ctg_portal.house import ActionLink, house
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import plural

ALL = "tous"  # what the address says to have every theme open
ALL_PARTS = "toutes"  # and every part of the text


@cached(Subject.TEXT)
def drawn_axes(
    convention: Convention,
    day: datetime.date | None,
    *,
    asked: str,
    are_all_open: bool,
    links: tuple[tuple[int, tuple[ActionLink, ...]], ...],
) -> str:
    """The axes with their themes and objectives, as a page shows them to whoever has these
    ``links`` about each objective. ``asked``: the primary key of the one that is led to."""
    axes = read_structure(convention, day).axes
    orientations, _ = objectives_of(axes)
    give_links(orientations + fold_proposals(orientations, asked), dict(links))
    for axis in axes:
        url = next((page(convention, axis) for page in house().proposals_page), "")
        for theme in axis.themes_read:
            theme.proposals_url = url
    _tell_themes(axes, convention.words, asked, are_all_open=are_all_open)
    told = {"axes": axes, "convention": convention, "words": convention.words}
    cited = article_urls(convention, day)
    return render_to_string("conventions/legal/parts/axes.html", told | {"cited": cited})


def give_links(objectives: Iterable, links: Mapping[int, Sequence[ActionLink]]) -> None:
    """Tell each objective what may be done about it: at once, and folded."""
    for objective in objectives:
        found = links.get(objective.pk, ())
        objective.page_actions = [link for link in found if not link.is_folded]
        objective.folded_actions = [link for link in found if link.is_folded]


def _tell_themes(axes: Iterable[Axis], words: Words, objective: str, *, are_all_open: bool) -> None:
    """Tell of each theme what it counts (``told``) and whether it is open (``is_open``): the one
    of the objective that the address asks for, all where it says so, the only one there is."""
    themes = [theme for axis in axes for theme in axis.themes_read]
    for theme in themes:
        below = [sub for one in theme.orientations for sub in one.sub_objectives_read]
        known = [*theme.orientations, *below]
        proposed = sum(one.is_proposed for one in known)
        counts = [
            (len(theme.orientations), words.objective.forms),
            (len(below), words.objective.sub_forms),
            (proposed, "proposition,propositions"),
        ]
        theme.told = ", ".join(plural(count, forms) for count, forms in counts if count)
        is_asked = any(str(one.pk) == objective for one in known)
        theme.is_open = are_all_open or is_asked or len(themes) == 1
