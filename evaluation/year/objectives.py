"""The objectives in force when a year, or the term, ended: those that were signed, and the
committee's own; what was said of each, and what served and measured it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from actions.models import ActionState
from agreements.models import Version
from conventions.models import Axis, Objective
from evaluation.verdicts.models import Appreciation
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
        """The actions that serve it, or something beneath it, once each."""
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
    """Return by primary key of the theme, in reading order, the objectives that stood under it:
    each orientation, its sub-objectives, then what the committee has added there.

    ``committee_objectives``: the committee's own, with the version of each, in force on the last
    day of what is evaluated, or today while that goes on; ``axes``: the structure as read then;
    ``appreciations``: by primary key of the objective.
    """
    added, elsewhere = _added_by_committee(committee_objectives, axes)
    by_theme: dict[int, list[ObjectiveReading]] = {}
    for theme in (theme for axis in axes for theme in axis.themes_read):
        own = by_theme[theme.pk] = []
        for top in (one for one in theme.orientations if one.is_signed):
            subs = [ObjectiveReading(sub) for sub in top.sub_objectives_read if sub.is_signed]
            orientation = ObjectiveReading(top, added=top.pk in added)
            if orientation.is_in_force:
                orientation.beneath = [sub for sub in subs if sub.is_in_force]
                for sub in orientation.beneath:
                    sub.above = orientation
            own += [orientation, *subs, *added.get(top.pk, [])]
        own += elsewhere.get(theme.pk, [])
    for objective in (objective for own in by_theme.values() for objective in own):
        objective.appreciation = appreciations.get(objective.objective.pk)
    return by_theme


def _added_by_committee(
    committee_objectives: Iterable[tuple[Objective, Version]], axes: Iterable[Axis]
):
    """Return the committee's own objectives by the signed orientation above them, and the others by
    theme."""
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
        reading = ObjectiveReading(row, version)
        if top.pk in known:
            added[top.pk].append(reading)
        else:
            elsewhere[top.theme_id].append(reading)

    def reading_order(reading: ObjectiveReading) -> tuple:
        own = reading.objective
        top = own.parent or own
        return top.rank, top.pk, own is not top, own.rank, own.pk

    for readings in (*added.values(), *elsewhere.values()):
        readings.sort(key=reading_order)
    return added, elsewhere


def link_to_objectives(
    objectives: Iterable[ObjectiveReading],
    actions: Iterable[ActionReading],
    series: Iterable[Series],
    year: int,
) -> None:
    """Give each objective the actions and indicators of the year that were agreed to be for it."""
    by_pk = {one.objective.pk: one for one in objectives}
    for action in actions:
        for pk in action.serves & by_pk.keys():
            by_pk[pk].actions.append(action)
    for indicator in series:
        for link in indicator.definition_of(year).objectives or []:
            if link["id"] in by_pk:
                by_pk[link["id"]].series.append(indicator)
