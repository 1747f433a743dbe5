"""The sheets of the plan as they were agreed on a day that has passed (rule of the evaluation: a
past year is told as it stood on its last day)."""

import copy
import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType

from actions.models import Action, Funding, Lead
from actions.plan.commitments import LINE, ActionCommitment, Fundings
from agreements.commitments.fields import Choice, Day, Flag, Link, Text
from agreements.models import Version
from conventions.models import Convention, Organisation, Standing, Theme

COMMITMENT = ActionCommitment()
DATES = [one for one in COMMITMENT.fields if one.name in ("starts_on", "ends_on")]
PLAIN = [one for one in COMMITMENT.fields if isinstance(one, Choice | Day | Flag | Text)]
[FUNDINGS] = [one for one in COMMITMENT.fields if isinstance(one, Fundings)]


@dataclass(frozen=True)
class Agreed:
    """What the parties had agreed to about an action, by the text of its version: nothing of it is
    saved. ``action`` has the title, the theme and the dates of then; organisations are called as
    they are today."""

    action: Action
    leads: list[Lead]
    lines: list[dict]  # of funding, as ``Fundings`` reads them
    organisations: Mapping[int, Organisation]
    serves: frozenset[int] = frozenset()  # objectives, by primary key

    def fundings(self, rows: list[Funding], year: int) -> list[Funding]:
        """The year's lines: money as it was planned, beside what was granted and spent."""
        lines = [line for line in self.lines if line["year"] == year]
        places = FUNDINGS.match_places([FUNDINGS.child(row) for row in rows], lines)
        found = []
        for line, place in zip(lines, places, strict=True):
            row = self._line(line) if place is None else rows[place]
            row.planned = FUNDINGS.planned.parse(line["planned"])
            found.append(row)
        for place, row in enumerate(rows):
            if place not in places and (row.granted, row.spent) != (None, None):
                row.planned = None
                found.append(row)
        return found

    def fundings_in(self, rows: list[Funding], years: range) -> list[Funding]:
        """The lines of several years; ``rows``: those of these years."""
        known = defaultdict(list)
        for row in rows:
            known[row.year].append(row)
        told = known.keys() | {line["year"] for line in self.lines if line["year"] in years}
        return [line for year in sorted(told) for line in self.fundings(known[year], year)]

    def _line(self, line: dict) -> Funding:
        """A line that is no longer there."""
        told = {one.name: one.parse(line[one.name]) for one in LINE if not isinstance(one, Link)}
        funder = line["funder"] or {}
        known = self.organisations.get(funder.get("id"))
        if known is None and funder:
            told["funder_name"] = funder["name"]
        return Funding(action=self.action, funder=known, **told)


def agreed_on(convention: Convention, day: datetime.date, actions) -> list[Agreed]:
    """Those of a queryset of ``actions`` that were agreed to on that day, in reading order under
    their themes of then. Three queries, beside it."""
    versions = Version.objects.of(convention).filter(kind=COMMITMENT.kind, ends=False)
    return as_agreed(convention, versions.in_force_on(day), actions)


def as_agreed(convention: Convention, versions: Iterable[Version], actions) -> list[Agreed]:
    """The same, by the ``versions`` that were in force then. Two queries, beside ``actions``."""
    texts = {version.object_id: version.content for version in versions}
    themes = {}
    for theme in Theme.objects.filter(axis__convention=convention).select_related("axis"):
        theme.axis.convention = convention
        themes[theme.pk] = theme
    organisations = {row.pk: row for row in Organisation.objects.filter(convention=convention)}
    found = []
    for action in actions.filter(pk__in=texts):
        action.convention, action.theme = convention, themes[action.theme_id]
        found.append(_as_told(action, texts[action.pk], themes, organisations))
    return sorted(found, key=_place)


def dated_on(day: datetime.date, actions: Iterable[Action]) -> list[Action]:
    """Those of these actions that were agreed to on that day: copies, with the dates of then. One
    query."""
    actions = list(actions)
    versions = Version.objects.filter(
        content_type=ContentType.objects.get_for_model(Action),
        object_id__in=[action.pk for action in actions],
        ends=False,
    )
    texts = {version.object_id: version.content for version in versions.in_force_on(day)}
    found = [copy.copy(action) for action in actions if action.pk in texts]
    for action in found:
        for one in DATES:
            setattr(action, one.name, one.parse(texts[action.pk][one.name]))
    return found


def _place(agreed: Agreed) -> tuple:
    """Twin: ``ActionQuerySet.in_reading_order``, which goes by the theme of today."""
    action, theme = agreed.action, agreed.action.theme
    return theme.axis.number, theme.rank, action.rank, action.pk


def _as_told(action: Action, text: Mapping, themes: Mapping, organisations: Mapping) -> Agreed:
    for one in PLAIN:
        setattr(action, one.name, one.parse(text[one.name]))
    action.theme = themes.get((text["theme"] or {}).get("id"), action.theme)
    action.standing = Standing.IN_FORCE
    leads = [
        Lead(
            action=action,
            organisation=organisations.get(lead["organisation"]["id"])
            or Organisation(name=lead["organisation"]["name"]),
            name=lead["name"],
            capacity=lead["capacity"],
        )
        for lead in text["leads"] or []
        if lead["organisation"]
    ]
    serves = frozenset(link["id"] for link in text["objectives"] or [])
    return Agreed(action, leads, text["fundings"] or [], organisations, serves)
