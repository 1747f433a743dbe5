"""The objectives in force when a year, or the term, ended: those that were signed, and the
committee's own; what was said of each, and what served and measured it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from actions.models import ActionState
from agreements.models import Version
from conventions.models import Axis, Objective
from evaluation.verdicts.models import Appreciation
from evaluation.year.agreed import Agreed
from evaluation.year.plan import ActionReading
from indicators.series.reading import Series


@dataclass
class ObjectiveReading:
    """An objective at the end of a year. ``version``: as it was agreed to then, for one of the
    committee's own; None for a signed one.

    ``is_text``: a passage that is no objective, and is read only above objectives.
    ``above``: the orientation of a signed sub-objective; ``beneath``: the signed sub-objectives of
    an orientation; both only between objectives in force. ``added``: whether the committee has
    added objectives to a signed orientation; they are not ``beneath``. ``actions`` and ``series``:
    those of the year that serve and measure it. ``verdicts``: for the term, the verdict of each
    year.
    """

    objective: Objective
    version: Version | None = None
    is_text: bool = False
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
        """Whether it may be appreciated; a closed one, or a text, only stands above what is beneath
        it."""
        return not (self.objective.is_closed or self.is_text)

    @property
    def verdict(self) -> str:
        return self.appreciation.verdict if self.appreciation else ""

    @property
    def is_awaited(self) -> bool:
        """Whether it still needs a verdict. Never a signed sub-objective, for which its orientation
        speaks; nor an orientation whose signed sub-objectives all have a verdict."""
        if not self.is_in_force or self.verdict or self.above:
            return False
        return not self.beneath or not all(sub.verdict for sub in self.beneath)

    @property
    def is_counted(self) -> bool:
        """Whether it stands in the counts of verdicts: it has one, or needs one."""
        return self.is_in_force and bool(self.verdict or self.is_awaited)

    @property
    def is_leaf(self) -> bool:
        return not self.beneath and not self.added

    @property
    def all_actions(self) -> list[ActionReading]:
        """The actions that serve it or an objective ``beneath`` it, each once."""
        actions = [*self.actions, *(action for sub in self.beneath for action in sub.actions)]
        return list({id(action): action for action in actions}.values())

    @property
    def all_series(self) -> list[Series]:
        """The indicators that measure it or an objective ``beneath`` it, each once."""
        series = [*self.series, *(each for sub in self.beneath for each in sub.series)]
        return list({id(each): each for each in series}.values())

    @property
    def is_hole(self) -> bool:
        """Whether it is in force, and no objective, indicator or action (not given up) is for
        it."""
        is_served = any(action.then.state != ActionState.ABANDONED for action in self.actions)
        return self.is_in_force and self.is_leaf and not is_served and not self.series


def read_objectives(
    agreed: Agreed,
    axes: Iterable[Axis],
    appreciations: Mapping[int, Appreciation],
) -> dict[int, list[ObjectiveReading]]:
    """Return for each theme of ``axes``, by its primary key, its objectives in reading order: each
    signed orientation, its signed sub-objectives, then what the committee has added to it; last the
    committee's objectives under none of them. Closed ones too, without ``above`` and ``beneath``;
    and texts above objectives.

    ``agreed``: what was agreed to by the last day of what is evaluated, or today while that goes
    on; ``axes``: the structure as read then; ``appreciations``: by primary key of the objective.
    """
    added, elsewhere = _added_by_committee(agreed.objectives, axes)
    by_theme: dict[int, list[ObjectiveReading]] = {}
    for theme in (theme for axis in axes for theme in axis.themes_read):
        own = by_theme[theme.pk] = []
        for top in (objective for objective in theme.orientations if objective.is_signed):
            subs = [
                ObjectiveReading(sub)
                for sub in top.sub_objectives_read
                if sub.is_signed and agreed.is_objective(sub)
            ]
            is_text = not agreed.is_objective(top)
            if is_text and not subs and top.pk not in added:
                continue
            orientation = ObjectiveReading(top, added=top.pk in added, is_text=is_text)
            if orientation.is_in_force:
                orientation.beneath = [sub for sub in subs if sub.is_in_force]
                for sub in orientation.beneath:
                    sub.above = orientation
            own += [orientation, *subs, *added.get(top.pk, [])]
        own += elsewhere.get(theme.pk, [])
    for objective in (objective for own in by_theme.values() for objective in own):
        if not objective.is_text:
            objective.appreciation = appreciations.get(objective.objective.pk)
    return by_theme


def _added_by_committee(
    committee_objectives: Iterable[tuple[Objective, Version]], axes: Iterable[Axis]
) -> tuple[dict[int, list[ObjectiveReading]], dict[int, list[ObjectiveReading]]]:
    """Return the committee's own objectives by primary key of the signed orientation above them,
    and those without one by primary key of their theme; each list in reading order."""
    signed_orientations = {
        top.pk
        for axis in axes
        for theme in axis.themes_read
        for top in theme.orientations
        if top.is_signed
    }
    added, elsewhere = defaultdict(list), defaultdict(list)
    for row, version in committee_objectives:
        top = row.parent or row
        reading = ObjectiveReading(row, version)
        if top.pk in signed_orientations:
            added[top.pk].append(reading)
        else:
            elsewhere[top.theme_id].append(reading)

    def reading_order(reading: ObjectiveReading) -> tuple[int, int, bool, int, int]:
        """Sort an orientation before its sub-objectives, each by rank."""
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
    """Add to each objective the actions that were agreed to serve it, and the indicators whose
    definition for ``year`` names it. Links to objectives that are not given are left out."""
    by_pk = {reading.objective.pk: reading for reading in objectives}
    for action in actions:
        for pk in action.serves & by_pk.keys():
            by_pk[pk].actions.append(action)
    for indicator in series:
        for link in indicator.definition_of(year).objectives or []:
            if link["id"] in by_pk:
                by_pk[link["id"]].series.append(indicator)
