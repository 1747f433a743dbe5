"""The axes of the page of the structure, drawn with their themes: each theme is folded to a line
that counts what is beneath it, unless the address asks to have it open."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string

from conventions.legal.convention import Convention
from conventions.legal.reading import article_urls, fold_proposals, objectives_of, read_structure
from conventions.legal.structure import Axis
from conventions.legal.words import Words
from ctg_portal.house import ActionLink, house
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import plural

ALL = "tous"  # what the address says to have every theme open
ALL_PARTS = "toutes"  # and every part of the text


@cached(Subject.TEXT)
def render_axes(
    convention: Convention,
    day: datetime.date | None,
    *,
    asked: str,
    are_all_open: bool,
    links: tuple[tuple[int, tuple[ActionLink, ...]], ...],
) -> str:
    """Return the HTML of the axes on ``day`` with their themes and objectives, cached for each
    combination of arguments. ``asked``: the primary key, as text, of the objective that the address
    asks for, or ""; ``links``: pairs of an objective's primary key and its links."""
    axes = read_structure(convention, day).axes
    orientations, _ = objectives_of(axes)
    set_links(orientations + fold_proposals(orientations, asked), dict(links))
    for axis in axes:
        url = next((page(convention, axis) for page in house().proposals_page), "")
        for theme in axis.themes_read:
            theme.proposals_url = url
    _set_theme_folds(axes, convention.words, asked, are_all_open=are_all_open)
    context = {"axes": axes, "convention": convention, "words": convention.words}
    cited = article_urls(convention, day)
    return render_to_string("conventions/text/parts/axes.html", context | {"cited": cited})


def set_links(objectives: Iterable[Any], links: Mapping[int, Sequence[ActionLink]]) -> None:
    """Set on each objective ``page_actions``, its links that are shown at once, and
    ``folded_actions``, those behind a fold."""
    for objective in objectives:
        own_links = links.get(objective.pk, ())
        objective.page_actions = [link for link in own_links if not link.is_folded]
        objective.folded_actions = [link for link in own_links if link.is_folded]


def _set_theme_folds(
    axes: Iterable[Axis], words: Words, objective: str, *, are_all_open: bool
) -> None:
    """Set on each theme ``summary``, which counts what is beneath it, and ``is_open``: for the
    theme of the ``objective`` (primary key as text) asked for, the only theme, or all."""
    themes = [theme for axis in axes for theme in axis.themes_read]
    for theme in themes:
        below = [sub for top in theme.orientations for sub in top.sub_objectives_read]
        objectives = [*theme.orientations, *below]
        proposed = sum(row.is_proposed for row in objectives)
        counts = [
            (sum(row.is_objective for row in theme.orientations), words.objective.forms),
            (sum(row.is_objective for row in below), words.objective.sub_forms),
            (proposed, "proposition,propositions"),
        ]
        theme.summary = ", ".join(plural(count, forms) for count, forms in counts if count)
        is_asked = any(str(row.pk) == objective for row in objectives)
        theme.is_open = are_all_open or is_asked or len(themes) == 1
