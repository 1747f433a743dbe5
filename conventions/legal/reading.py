"""The structure of a convention as read on a day: axes, themes, objectives, in a few queries."""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet, Value

from accounts.models import User
from conventions.legal.text import TextPart
from conventions.models import (
    READABLE,
    Annex,
    Article,
    Axis,
    Commune,
    Convention,
    Coverage,
    Membership,
    Objective,
    Party,
    Standing,
    Theme,
    Worded,
)
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
    """The rows of a model that belong to a convention; of people, all who have or had access."""
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
    held: frozenset[int] = frozenset(),
) -> Structure:
    """The structure on ``day``; ``None``: the project's wording. Three queries, whatever the size;
    two more for each kind of part that was ever closed.

    ``with_proposed=False`` leaves out what nobody has agreed to yet. ``held``: themes that have
    something to show, by primary key; they are read whether in force or not.
    """
    shown = READABLE if with_proposed else [Standing.IN_FORCE]
    axes = _parts_on(convention, day, Axis)
    themes = _parts_on(convention, day, Theme)
    objectives = _parts_on(convention, day, Objective, part__standing__in=shown)
    orientations = {pk: o for pk, o in objectives.items() if not o.parent_id}
    sub_objectives = {pk: o for pk, o in objectives.items() if o.parent_id}
    _add_held(themes, Theme, held)
    _add_held(axes, Axis, {themes[pk].axis_id for pk in held if pk in themes})
    for parts in (axes, themes, objectives):
        _tell_successors(parts, day)
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
    convention: Convention, day: datetime.date | None, *, held: frozenset[int] = frozenset()
) -> list[Axis]:
    """The axes of ``read_structure``, with their themes and without objectives. Two queries."""
    axes, themes = (_parts_on(convention, day, model) for model in (Axis, Theme))
    _add_held(themes, Theme, held)
    _add_held(axes, Axis, {themes[pk].axis_id for pk in held if pk in themes})
    _nest(themes, axes, "axis", "themes_read", [])
    for axis in axes.values():
        axis.convention = convention
    return _shown_among(axes.values(), [])


@cached(Subject.TEXT)
def text_as_read(convention: Convention, day: datetime.date | None, model) -> list[TextPart]:
    """The articles, or the annexes, in force on ``day``, in its words; ``None``: the project's."""
    parts = _parts_on(convention, day, model).values()
    for part in parts:
        part.convention = convention
    return sorted((p for p in parts if not p.is_closed), key=lambda p: (p.number, p.pk))


@cached(Subject.TEXT)
def keys_read(convention: Convention, day: datetime.date | None) -> dict[type[Model], list[int]]:
    """The primary keys of the parts of each kind that are read on ``day``, and of the communes of
    its perimeter. One query."""
    read: list[tuple[type[Model], Any, str]] = []
    for model in (Article, Annex, Axis, Theme, Objective):
        parts: Any = rows_of(model, convention)
        read.append((model, parts.as_read_on(day), "pk"))
    read.append((Commune, Coverage.objects.of(convention).perimeter(day), "commune"))
    rows = [
        one.order_by().values_list(Value(place), key) for place, (_, one, key) in enumerate(read)
    ]
    found: dict[type[Model], list[int]] = {model: [] for model, _, _ in read}
    for place, key in rows[0].union(*rows[1:], all=True):
        found[read[place][0]].append(key)
    return found


def axes_as_read(
    convention: Convention, day: datetime.date | None, *, with_proposed: bool = True
) -> list[Axis]:
    """The axes of ``read_structure``."""
    return read_structure(convention, day, with_proposed=with_proposed).axes


def _parts_on(convention, day, model, **shown) -> dict[int, Worded]:
    """What has begun by ``day``, by primary key: in the words of that day; ended, in its last ones.
    One query, and one more when something has ended."""
    path = CONVENTION_PATHS.get(model, "convention")
    wordings = model.wording_model().objects.filter(**{f"part__{path}": convention}, **shown)
    said = list(wordings.last_said(day).select_related("part", "since"))
    ends = {wording.part_id: wording.since for wording in said if wording.ends}
    if ends:
        last = wordings.filter(part__in=ends).last_words(day)
        said += last.select_related("part", "since")
    parts = {}
    for wording in said:
        part = wording.part if wording.ends else wording.part.worded(wording)
        part.closed_by = ends.get(part.pk)
        part.is_closed = part.pk in ends
        parts[part.pk] = part
    return parts


def _add_held(parts: dict[int, Worded], model, held: Set[int]) -> None:
    """Have these read: the closed ones with the others, those to come in their first words."""
    if to_come := held - parts.keys():
        for part in model.objects.filter(pk__in=to_come):
            part.is_closed = True
            parts[part.pk] = part
    for pk in held:
        if pk in parts:
            parts[pk].is_held = True


def _tell_successors(parts: dict[int, Worded], day: datetime.date | None) -> None:
    """Tell each closed part what has succeeded it and is in force, however many times over."""
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
        met, ahead, part.successors = {part.pk}, list(following[part.pk]), []
        while ahead:
            pk = ahead.pop(0)
            if pk in met or pk not in parts:
                continue
            met.add(pk)
            if parts[pk].is_closed:
                ahead += following[pk]
            else:
                part.successors.append(parts[pk])


def tell_closed(parts: Iterable[Worded], convention: Convention, day: datetime.date | None) -> None:
    """Tell each of these parts of one kind, read elsewhere, whether it is closed on ``day``, by
    which amendment, and what has succeeded it. One query, four more when one is closed."""
    parts = list(parts)
    if not parts:
        return
    model = type(parts[0])
    said = model.wording_model().objects.filter(part__in=parts).last_said(day)
    if not any(wording.ends for wording in said):
        return
    known = _parts_on(convention, day, model)
    _tell_successors(known, day)
    for part in parts:
        if read := known.get(part.pk):
            part.is_closed, part.closed_by = read.is_closed, read.closed_by
            part.successors = read.successors


def still_told(former: list[Worded]) -> list[Worded]:
    """Of the parts that are closed, those that something has succeeded, or on which something of
    another chapter hangs (``page_actions``: what a page found about one)."""
    hung = {model: _hung_on(model, former) for model in {type(part) for part in former}}
    return [
        part
        for part in former
        if part.successors or part.pk in hung[type(part)] or getattr(part, "page_actions", ())
    ]


def _hung_on(model: type[Worded], former: list[Worded]) -> set[int]:
    """Which of these parts a row of another chapter points to. One query for each relation."""
    pks = [part.pk for part in former if isinstance(part, model)]
    hung: set[int] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        other = relation.related_model if relation.auto_created else None
        if not relation.one_to_many or other._meta.app_label == model._meta.app_label:
            continue
        name = relation.field.name
        rows = other._base_manager.filter(**{f"{name}__in": pks}).order_by()
        hung |= set(rows.values_list(name, flat=True))
    return hung


def _nest(parts, above, place: str, name: str, former: list[Worded]) -> None:
    """Give each part ``above`` those whose ``place`` it is, under this ``name``."""
    beneath = defaultdict(list)
    for part in parts.values():
        key = part._meta.get_field(place).attname
        if holder := above.get(getattr(part, key)):
            setattr(part, place, holder)
            beneath[holder.pk].append(part)
    for pk, holder in above.items():
        setattr(holder, name, _shown_among(beneath[pk], former))


def _shown_among(parts: Iterable[Worded], former: list[Worded]) -> list:
    """Those in force, or with something in force beneath, in reading order; the others go to
    ``former``."""
    shown = []
    for part in sorted(parts, key=lambda p: (p.number if isinstance(p, Axis) else p.rank, p.pk)):
        is_held = part.is_held or any(getattr(part, name, None) for name in BENEATH)
        (shown if is_held or not part.is_closed else former).append(part)
    return shown


BENEATH = ("themes_read", "orientations", "sub_objectives_read")


@cached(Subject.TEXT)
def axes_in_force(convention: Convention, day: datetime.date | None) -> list[Axis]:
    """The axes that bind on ``day``, without those that are closed, nor what is beneath them."""
    axes = _parts_on(convention, day, Axis).values()
    return _shown_among((axis for axis in axes if not axis.is_closed), [])


def objectives_of(axes: list[Axis]) -> tuple[list[Objective], list[Objective]]:
    """The orientations and the sub-objectives read with these axes, each knowing its theme."""
    orientations = [o for axis in axes for theme in axis.themes_read for o in theme.orientations]
    sub_objectives = [sub for o in orientations for sub in o.sub_objectives_read]
    for sub in sub_objectives:
        sub.theme = sub.parent.theme
    return orientations, sub_objectives


def fold_proposals(orientations: list[Objective], asked: str = "") -> list[Objective]:
    """Keep a few of the sub-objectives proposed beneath each orientation, and all that are agreed.

    ``folded_count`` is told of each orientation. The sub-objective ``asked`` for, by its primary
    key as an address has it, is kept. Returns the sub-objectives that stay.
    """
    for orientation in orientations:
        proposed = [sub for sub in orientation.sub_objectives_read if sub.is_proposed]
        folded = {sub.pk for sub in proposed[PROPOSED_SHOWN:] if str(sub.pk) != asked}
        kept = [sub for sub in orientation.sub_objectives_read if sub.pk not in folded]
        orientation.sub_objectives_read, orientation.folded_count = kept, len(folded)
    return [sub for orientation in orientations for sub in orientation.sub_objectives_read]


@cached(Subject.TEXT)
def article_urls(convention: Convention, day: datetime.date | None) -> dict[int, str]:
    """The address of each article by its number, for the filter ``link_articles``."""
    articles = convention.articles.as_read_on(day).only("number", "convention")
    for article in articles:
        article.convention = convention
    return {article.number: article.get_absolute_url() for article in articles}


@cached(Subject.TEXT)
def amending_article(convention: Convention, day: datetime.date | None) -> int | None:
    """The number of the article by which any change of the text is an avenant, if one says so."""
    articles = convention.articles.as_read_on(day).filter(text__icontains="avenant")
    return next((one.number for one in articles if ANY_CHANGE.search(one.text)), None)


@cached(Subject.TEXT)
def validating_article(convention: Convention, day: datetime.date | None) -> int | None:
    """The number of the article by which analyses are validated before they are published, if one
    says so."""
    articles = convention.articles.as_read_on(day).filter(text__icontains="analyse")
    return next((one.number for one in articles if ANALYSES_VALIDATED.search(one.text)), None)


def article_on(subject: str, convention: Convention, day: datetime.date | None) -> int | None:
    """The number of the first article whose title names ``subject``."""
    articles = convention.articles.as_read_on(day).filter(title__icontains=subject)
    return articles.values_list("number", flat=True).first()


def coordinators_of(convention: Convention) -> list[Membership]:
    """Who coordinates today, with what a page shows of them."""
    return list(Membership.objects.effective().of(convention).coordinators().by_organisation())


@cached(Subject.TEXT)
def parties_of(convention: Convention) -> list[Party]:
    """The parties with their organisations and signatories, in the order of the convention."""
    parties = Party.objects.of(convention).select_related("organisation")
    return list(parties.prefetch_related("signatories"))
