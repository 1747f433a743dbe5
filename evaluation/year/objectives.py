"""The objectives in force when a year, or the term, ended: those that were signed, and the
committee's own; what was said of each, and what served and measured it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from actions.models import ActionState
from agreements.models import Version
from conventions.models import Axis, Objective
from evaluation.appreciation.models import Appreciation
from evaluation.year.plan import ActionReading
from indicators.series.reading import Series


@dataclass
class ObjectiveReading:
    """An objective at the end of a year. ``version``: of the committee's own, as agreed then.

    ``above``, ``beneath``: the orientation of a signed sub-objective, and the other way round, all
    in force. ``added``: whether the committee has added some there. ``actions`` and ``series`` are
    those of the year that serve and measure it. ``verdicts``: what each year had made of it, for
    the evaluation of the term.
    """

    objective: Objective
    version: Version | None = None
    appreciation: Appreciation | None = None
    above: "ObjectiveReading | None" = None
    beneath: list["ObjectiveReading"] = field(default_factory=list)
    added: bool = False
    actions: list[ActionReading] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    verdicts: dict[int, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.version.content["title"] if self.version else self.objective.title

    @property
    def level(self) -> int:
        return 2 if self.objective.parent_id else 1

    @property
    def is_signed(self) -> bool:
        return self.version is None

    @property
    def is_in_force(self) -> bool:
        """Whether it may be appreciated; a closed one only stands above what is beneath it."""
        return not self.objective.is_closed

    @property
    def verdict(self) -> str:
        return self.appreciation.verdict if self.appreciation else ""

    @property
    def is_awaited(self) -> bool:
        """Whether something is still to be said of it: an orientation speaks for its signed
        sub-objectives, of which nothing is asked one by one; all of them speak for it."""
        if not self.is_in_force or self.verdict or self.above:
            return False
        return not self.beneath or not all(one.verdict for one in self.beneath)

    @property
    def is_counted(self) -> bool:
        return self.is_in_force and bool(self.verdict or self.is_awaited)

    @property
    def is_leaf(self) -> bool:
        return not self.beneath and not self.added

    @property
    def all_actions(self) -> list[ActionReading]:
        """Those that serve it, or something beneath it, once each."""
        return _once([*self.actions, *(one for sub in self.beneath for one in sub.actions)])

    @property
    def all_series(self) -> list[Series]:
        return _once([*self.series, *(one for sub in self.beneath for one in sub.series)])

    @property
    def is_hole(self) -> bool:
        """Whether nothing that was going on served it, and nothing measured it."""
        served = any(one.then.state != ActionState.ABANDONED for one in self.actions)
        return self.is_in_force and self.is_leaf and not served and not self.series


def _once(rows: list) -> list:
    return list({id(row): row for row in rows}.values())


def read_objectives(
    committee_objectives: Iterable[tuple[Objective, Version]],
    axes: Iterable[Axis],
    appreciations: Mapping[int, Appreciation],
) -> dict[int, list[ObjectiveReading]]:
    """By primary key of the theme under which they stood, in reading order: each orientation, its
    sub-objectives, then what the committee has added there. ``committee_objectives``: its own, with
    the version of each, in force on the last day of what is evaluated, or today while that goes on;
    ``axes``: the structure as read then; ``appreciations``: by primary key of the objective."""
    added, elsewhere = _added_by_committee(committee_objectives, axes)
    found: dict[int, list[ObjectiveReading]] = {}
    for theme in (theme for axis in axes for theme in axis.themes_read):
        own = found[theme.pk] = []
        for top in (one for one in theme.orientations if one.is_signed):
            subs = [ObjectiveReading(sub) for sub in top.sub_objectives_read if sub.is_signed]
            one = ObjectiveReading(top, added=top.pk in added)
            if one.is_in_force:
                one.beneath = [sub for sub in subs if sub.is_in_force]
                for sub in one.beneath:
                    sub.above = one
            own += [one, *subs, *added.get(top.pk, [])]
        own += elsewhere.get(theme.pk, [])
    for one in (one for own in found.values() for one in own):
        one.appreciation = appreciations.get(one.objective.pk)
    return found


def _added_by_committee(
    committee_objectives: Iterable[tuple[Objective, Version]], axes: Iterable[Axis]
):
    """The committee's own, by the signed orientation above them; else by theme."""
    known = {
        top.pk: theme
        for axis in axes
        for theme in axis.themes_read
        for top in theme.orientations
        if top.is_signed
    }
    added, elsewhere = defaultdict(list), defaultdict(list)
    for row, version in committee_objectives:
        top = row.parent or row
        one = ObjectiveReading(row, version)
        if top.pk in known:
            added[top.pk].append(one)
        else:
            elsewhere[top.theme_id].append(one)

    def reading_order(one: ObjectiveReading) -> tuple:
        own = one.objective
        top = own.parent or own
        return top.rank, top.pk, own is not top, own.rank, own.pk

    for those in (*added.values(), *elsewhere.values()):
        those.sort(key=reading_order)
    return added, elsewhere


def bring_together(
    objectives: Iterable[ObjectiveReading],
    actions: Iterable[ActionReading],
    series: Iterable[Series],
    year: int,
) -> None:
    """Tell each objective which actions and indicators of the year were agreed to be for it."""
    by_pk = {one.objective.pk: one for one in objectives}
    for action in actions:
        for pk in action.serves & by_pk.keys():
            by_pk[pk].actions.append(action)
    for one in series:
        for link in one.definition_of(year).objectives or []:
            if link["id"] in by_pk:
                by_pk[link["id"]].series.append(one)
