"""The text of a convention as read on a day: articles, axes, themes, objectives, in a few
queries."""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from accounts.models import User
from conventions.legal.convention import Convention
from conventions.legal.standing import READABLE, Standing
from conventions.legal.structure import Axis, Objective, Theme
from conventions.legal.text import TextPart
from conventions.legal.time import Worded
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject

ANALYSES_VALIDATED = re.compile(r"\bvalid(?:e|ent|er|ation)\b[^.]*\banalyses?\b", re.IGNORECASE)
ANY_CHANGE = re.compile(r"\btoute modification\b[^.]*\bavenant", re.IGNORECASE)
# Beneath one orientation; the rest is read where it is answered.
PROPOSED_SHOWN = 5


# How the rows of each model find their convention, where they have no column for it.
CONVENTION_PATHS = {
    Theme: "axis__convention",
    Objective: "theme__axis__convention",
    User: "memberships__organisation__convention",
}


def rows_of(model: type[Model], convention: Convention) -> QuerySet:
    """Return a convention's rows of a model; of ``User``, all who have or had access."""
    path = CONVENTION_PATHS.get(model, "convention")
    return model._default_manager.filter(**{path: convention})


@dataclass
class Structure:
    """What the parties pursue, as read on a day.

    ``axes`` in force, each with ``.themes_read`` → ``.orientations`` → ``.sub_objectives_read``.
    One that is closed (``is_closed``, ``closed_by``, ``successors``) stands in its place while
    something in force is beneath it; the others that amendments have closed are ``former``.
    """

    axes: list[Axis]
    former: list[Worded]


@cached(Subject.TEXT)
def read_structure(
    convention: Convention,
    day: datetime.date | None,
    *,
    with_proposed: bool = True,
    requested: frozenset[int] = frozenset(),
) -> Structure:
    """Read axes, themes and objectives on ``day`` (None: the project's latest wording). Three
    queries, and two more for each kind of part of which one has ended.

    ``with_proposed=False`` leaves out objectives that are only proposed. ``requested``: primary
    keys of themes that are read whether in force or not.
    """
    shown = READABLE if with_proposed else [Standing.IN_FORCE]
    axes = _parts_on(convention, day, Axis)
    themes = _parts_on(convention, day, Theme)
    objectives = _parts_on(convention, day, Objective, part__standing__in=shown)
    orientations = {pk: o for pk, o in objectives.items() if not o.parent_id}
    sub_objectives = {pk: o for pk, o in objectives.items() if o.parent_id}
    _add_requested(themes, Theme, requested)
    _add_requested(axes, Axis, {themes[pk].axis_id for pk in requested if pk in themes})
    for parts in (axes, themes, objectives):
        _set_successors(parts, day)
    former: list[Worded] = []
    _nest(sub_objectives, orientations, "parent", "sub_objectives_read", former)
    _nest(orientations, themes, "theme", "orientations", former)
    _nest(themes, axes, "axis", "themes_read", former)
    for sub in sub_objectives.values():
        if sub.parent_id in orientations:
            sub.theme = sub.parent.theme
    for axis in axes.values():
        axis.convention = convention
    return Structure(_shown_among(axes.values(), former), former)


@cached(Subject.TEXT)
def read_themes(
    convention: Convention, day: datetime.date | None, *, requested: frozenset[int] = frozenset()
) -> list[Axis]:
    """Return the axes of ``read_structure`` with their themes, without objectives. Two queries."""
    axes, themes = (_parts_on(convention, day, model) for model in (Axis, Theme))
    _add_requested(themes, Theme, requested)
    _add_requested(axes, Axis, {themes[pk].axis_id for pk in requested if pk in themes})
    _nest(themes, axes, "axis", "themes_read", [])
    for axis in axes.values():
        axis.convention = convention
    return _shown_among(axes.values(), [])


@cached(Subject.TEXT)
def text_as_read(convention: Convention, day: datetime.date | None, model) -> list[TextPart]:
    """Return the articles, or the annexes, in force on ``day`` (None: the project's), in the words
    of that day, by number."""
    parts = _parts_on(convention, day, model).values()
    for part in parts:
        part.convention = convention
    return sorted((p for p in parts if not p.is_closed), key=lambda p: (p.number, p.pk))


def axes_as_read(
    convention: Convention, day: datetime.date | None, *, with_proposed: bool = True
) -> list[Axis]:
    """Return the axes of ``read_structure``."""
    return read_structure(convention, day, with_proposed=with_proposed).axes


def _parts_on(convention, day, model, **shown) -> dict[int, Worded]:
    """Map the parts of a model that have begun by ``day``, by primary key, in the words of that
    day; those that have ended are ``is_closed``, in their last words. ``shown``: filters of their
    wordings. One query, two where a part has ended."""
    path = CONVENTION_PATHS.get(model, "convention")
    wordings = model.wording_model().objects.filter(**{f"part__{path}": convention}, **shown)
    last_wordings = list(wordings.last_in_effect(day).select_related("part", "since"))
    ends = {wording.part_id: wording.since for wording in last_wordings if wording.ends}
    if ends:
        last = wordings.filter(part__in=ends).last_words_in_effect(day)
        last_wordings += last.select_related("part", "since")
    parts = {}
    for wording in last_wordings:
        part = wording.part if wording.ends else wording.part.in_words_of(wording)
        part.closed_by = ends.get(part.pk)
        part.is_closed = part.pk in ends
        parts[part.pk] = part
    return parts


def _add_requested(parts: dict[int, Worded], model, requested: Set[int]) -> None:
    """Mark the parts whose keys are ``requested`` as such; add those that have not begun, closed
    and as their rows are."""
    if to_come := requested - parts.keys():
        for part in model.objects.filter(pk__in=to_come):
            part.is_closed = True
            parts[part.pk] = part
    for pk in requested:
        if pk in parts:
            parts[pk].is_requested = True


def _set_successors(parts: dict[int, Worded], day: datetime.date | None) -> None:
    """Set the ``successors`` of each closed part: the parts in force that succeed it by ``day``,
    directly or through closed ones."""
    closed = [part for part in parts.values() if part.is_closed]
    if not closed:
        return
    following = defaultdict(list)
    successions = type(closed[0]).succession_model().objects.filter(old__in=parts)
    if day:
        successions = successions.filter(amendment__effective_on__lte=day)
    for succession in successions:
        following[succession.old_id].append(succession.new_id)
    for part in closed:
        visited, queue, part.successors = {part.pk}, list(following[part.pk]), []
        while queue:
            pk = queue.pop(0)
            if pk in visited or pk not in parts:
                continue
            visited.add(pk)
            if parts[pk].is_closed:
                queue += following[pk]
            else:
                part.successors.append(parts[pk])


def mark_closed(parts: Iterable[Worded], convention: Convention, day: datetime.date | None) -> None:
    """Set ``is_closed``, ``closed_by`` and ``successors``, as on ``day``, of parts of one kind that
    were read elsewhere. One query, four more where one has ended."""
    parts = list(parts)
    if not parts:
        return
    model = type(parts[0])
    last_wordings = model.wording_model().objects.filter(part__in=parts).last_in_effect(day)
    if not any(wording.ends for wording in last_wordings):
        return
    parts_read = _parts_on(convention, day, model)
    _set_successors(parts_read, day)
    for part in parts:
        if read := parts_read.get(part.pk):
            part.is_closed, part.closed_by = read.is_closed, read.closed_by
            part.successors = read.successors


def former_to_show(former: list[Worded]) -> list[Worded]:
    """Return the closed parts that have a successor, or are still referred to: by a row of another
    app, or by ``page_actions`` that the page has set."""
    referenced = {
        model: _referenced_by_other_apps(model, former) for model in {type(part) for part in former}
    }
    return [
        part
        for part in former
        if part.successors or part.pk in referenced[type(part)] or getattr(part, "page_actions", ())
    ]


def _referenced_by_other_apps(model: type[Worded], former: list[Worded]) -> set[int]:
    """Return the primary keys of the ``former`` parts of a model to which a foreign key of another
    app points. One query for each relation."""
    pks = [part.pk for part in former if isinstance(part, model)]
    referenced: set[int] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        other = relation.related_model if relation.auto_created else None
        if not relation.one_to_many or other._meta.app_label == model._meta.app_label:
            continue
        name = relation.field.name
        rows = other._base_manager.filter(**{f"{name}__in": pks}).order_by()
        referenced |= set(rows.values_list(name, flat=True))
    return referenced


def _nest(parts, above, place: str, name: str, former: list[Worded]) -> None:
    """Set on each part ``above`` the list ``name`` of the parts whose foreign key ``place`` points
    to it, in reading order, and on these the part above. Closed ones not shown go to ``former``."""
    beneath = defaultdict(list)
    for part in parts.values():
        key = part._meta.get_field(place).attname
        if holder := above.get(getattr(part, key)):
            setattr(part, place, holder)
            beneath[holder.pk].append(part)
    for pk, holder in above.items():
        setattr(holder, name, _shown_among(beneath[pk], former))


def _shown_among(parts: Iterable[Worded], former: list[Worded]) -> list:
    """Return the parts in force, requested, or with something shown beneath, in reading order;
    append the others to ``former``."""
    shown = []
    for part in sorted(parts, key=lambda p: (p.number if isinstance(p, Axis) else p.rank, p.pk)):
        is_kept = part.is_requested or any(getattr(part, name, None) for name in BENEATH)
        (shown if is_kept or not part.is_closed else former).append(part)
    return shown


BENEATH = ("themes_read", "orientations", "sub_objectives_read")


@cached(Subject.TEXT)
def axes_in_force(convention: Convention, day: datetime.date | None) -> list[Axis]:
    """Return the axes in force on ``day``, without reading what is beneath them."""
    axes = _parts_on(convention, day, Axis).values()
    return _shown_among((axis for axis in axes if not axis.is_closed), [])


@cached(Subject.TEXT)
def themes_by_key(convention: Convention) -> dict[int, Theme]:
    """Map all themes, as their rows are today, by primary key, each with its axis."""
    themes = Theme.objects.filter(axis__convention=convention).select_related("axis")
    for theme in themes:
        theme.axis.convention = convention
    return {theme.pk: theme for theme in themes}


@cached(Subject.TEXT)
def objectives_by_key(convention: Convention, keys: tuple[int, ...]) -> dict[int, Objective]:
    """Map these objectives, as their rows are today, by primary key, each with its parent."""
    return Objective.objects.of(convention).select_related("parent").in_bulk(keys)


def objectives_of(axes: list[Axis]) -> tuple[list[Objective], list[Objective]]:
    """Return the orientations, then the sub-objectives, that were read with these axes; set the
    theme of sub-objectives."""
    orientations = [o for axis in axes for theme in axis.themes_read for o in theme.orientations]
    sub_objectives = [sub for o in orientations for sub in o.sub_objectives_read]
    for sub in sub_objectives:
        sub.theme = sub.parent.theme
    return orientations, sub_objectives


def fold_proposals(orientations: list[Objective], asked: str = "") -> list[Objective]:
    """Keep on each orientation its agreed sub-objectives and the first ``PROPOSED_SHOWN`` proposed
    ones; set its ``folded_count``, of those left out. The sub-objective whose primary key, as text,
    is ``asked`` stays. Return the sub-objectives that stay."""
    for orientation in orientations:
        proposed = [sub for sub in orientation.sub_objectives_read if sub.is_proposed]
        folded = {sub.pk for sub in proposed[PROPOSED_SHOWN:] if str(sub.pk) != asked}
        shown = [sub for sub in orientation.sub_objectives_read if sub.pk not in folded]
        orientation.sub_objectives_read, orientation.folded_count = shown, len(folded)
    return [sub for orientation in orientations for sub in orientation.sub_objectives_read]


@cached(Subject.TEXT)
def article_urls(convention: Convention, day: datetime.date | None) -> dict[int, str]:
    """Map the number of each article in force to its address."""
    articles = convention.articles.as_read_on(day).only("number", "convention")
    for article in articles:
        article.convention = convention
    return {article.number: article.get_absolute_url() for article in articles}


@cached(Subject.TEXT)
def amending_article(convention: Convention, day: datetime.date | None) -> int | None:
    """Return the number of the article by which any change takes an avenant, or None."""
    articles = convention.articles.as_read_on(day).filter(text__icontains="avenant")
    return next((row.number for row in articles if ANY_CHANGE.search(row.text)), None)


@cached(Subject.TEXT)
def validating_article(convention: Convention, day: datetime.date | None) -> int | None:
    """Return the number of the article by which analyses are validated first, or None."""
    articles = convention.articles.as_read_on(day).filter(text__icontains="analyse")
    return next((row.number for row in articles if ANALYSES_VALIDATED.search(row.text)), None)


def article_about(subject: str, convention: Convention, day: datetime.date | None) -> int | None:
    """Return the lowest number of an article whose title contains ``subject``, or None."""
    articles = convention.articles.as_read_on(day).filter(title__icontains=subject)
    return articles.values_list("number", flat=True).first()
