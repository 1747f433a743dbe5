"""Read the sheets of the plan as they were agreed on a day that has passed (rule of the evaluation:
a past year is shown as it stood on its last day)."""

import copy
import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType

from actions.plan.commitments import LINE, ActionCommitment, Fundings
from actions.plan.models import Action, Funding, Lead
from agreements.commitments.fields import Choice, Day, Flag, Link, Text
from agreements.models import Version
from conventions.legal.reading import themes_by_key
from conventions.models import Convention, Organisation, Standing
from conventions.parties.reading import organisations_by_key
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject

COMMITMENT = ActionCommitment()
DATES = [field for field in COMMITMENT.fields if field.name in ("starts_on", "ends_on")]
PLAIN = [field for field in COMMITMENT.fields if isinstance(field, Choice | Day | Flag | Text)]
[FUNDINGS] = [field for field in COMMITMENT.fields if isinstance(field, Fundings)]


@dataclass(frozen=True)
class AgreedSheet:
    """What the parties had agreed about an action on a past day, by the text of its version.

    ``action`` has the title, the theme and the dates of that day and is never saved; ``lines`` are
    its funding lines, as ``Fundings`` reads them; organisations have their names of today.
    """

    action: Action
    leads: list[Lead]
    lines: list[dict]
    organisations: Mapping[int, Organisation]
    serves: frozenset[int] = frozenset()  # objectives, by primary key

    def fundings(self, rows: list[Funding], year: int) -> list[Funding]:
        """Return the funding lines of a year: the amounts planned then, beside those granted and
        spent in ``rows`` (the year's rows of today).

        A line that has no row any more becomes an unsaved row; a row that was not planned then is
        returned only where something was granted or spent. Sets ``planned`` on ``rows``.
        """
        lines = [line for line in self.lines if line["year"] == year]
        places = FUNDINGS.match_places([FUNDINGS.child(row) for row in rows], lines)
        fundings = []
        for line, place in zip(lines, places, strict=True):
            row = self._line(line) if place is None else rows[place]
            row.planned = FUNDINGS.planned.parse(line["planned"])
            fundings.append(row)
        for place, row in enumerate(rows):
            if place not in places and (row.granted, row.spent) != (None, None):
                row.planned = None
                fundings.append(row)
        return fundings

    def fundings_in(self, rows: list[Funding], years: range) -> list[Funding]:
        """Return the funding lines of several years in their order; ``rows`` are of these years."""
        rows_by_year = defaultdict(list)
        for row in rows:
            rows_by_year[row.year].append(row)
        years_with_lines = rows_by_year.keys() | {
            line["year"] for line in self.lines if line["year"] in years
        }
        return [
            line
            for year in sorted(years_with_lines)
            for line in self.fundings(rows_by_year[year], year)
        ]

    def _line(self, line: dict) -> Funding:
        """Return an unsaved row for a funding line that has none any more."""
        values = {
            field.name: field.parse(line[field.name])
            for field in LINE
            if not isinstance(field, Link)
        }
        funder = line["funder"] or {}
        known = self.organisations.get(funder.get("id"))
        if known is None and funder:
            values["funder_name"] = funder["name"]
        return Funding(action=self.action, funder=known, **values)


def sheets_agreed_on(
    convention: Convention, day: datetime.date, actions: Iterable[Action]
) -> list[AgreedSheet]:
    """Return what was agreed on ``day`` about each of these actions, in reading order under the
    themes of that day; actions that were not in force are left out. Three queries."""
    texts = _texts_agreed_on(convention, day)
    themes, organisations = themes_by_key(convention), organisations_by_key(convention)
    sheets = []
    for action in actions:
        if action.pk in texts:
            action.convention, action.theme = convention, themes[action.theme_id]
            sheets.append(_read_sheet(action, texts[action.pk], themes, organisations))
    return sorted(sheets, key=_place)


@cached(Subject.COMMITTEE)
def _texts_agreed_on(convention: Convention, day: datetime.date) -> dict[int, Mapping]:
    """Return the texts of the versions of actions in force on ``day``, by key of the action."""
    versions = Version.objects.of(convention).filter(kind=COMMITMENT.kind, ends=False)
    return {version.object_id: version.content for version in versions.in_force_on(day)}


def dated_as_of(day: datetime.date, actions: Iterable[Action]) -> list[Action]:
    """Return copies of the actions in force on ``day``, with the dates agreed then. One query."""
    actions = list(actions)
    versions = Version.objects.filter(
        content_type=ContentType.objects.get_for_model(Action),
        object_id__in=[action.pk for action in actions],
        ends=False,
    )
    texts = {version.object_id: version.content for version in versions.in_force_on(day)}
    copies = [copy.copy(action) for action in actions if action.pk in texts]
    for action in copies:
        for field in DATES:
            setattr(action, field.name, field.parse(texts[action.pk][field.name]))
    return copies


def _place(agreed: AgreedSheet) -> tuple[int, int, int, int]:
    """Return the key that sorts sheets in reading order. Twin: ``ActionQuerySet.in_reading_order``,
    which goes by the theme of today."""
    action, theme = agreed.action, agreed.action.theme
    return theme.axis.number, theme.rank, action.rank, action.pk


def _read_sheet(
    action: Action, text: Mapping, themes: Mapping, organisations: Mapping
) -> AgreedSheet:
    """Set what ``text`` says on ``action``, which is never saved; return the sheet."""
    for field in PLAIN:
        setattr(action, field.name, field.parse(text[field.name]))
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
    return AgreedSheet(action, leads, text["fundings"] or [], organisations, serves)
