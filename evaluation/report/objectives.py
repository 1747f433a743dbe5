"""The objectives of a theme at the end of a year: those that were signed, and the committee's that
were in force."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from agreements.answers.lights import Light, points_of, required_of
from agreements.models import Version
from conventions.models import Objective, Theme
from ctg_portal.templatetags.french import long_date
from evaluation.report.content import ReportLight, ReportObjective
from evaluation.year.reading import YearReading


@dataclass(frozen=True)
class Decided:
    """An objective of the committee as it was in force then: its text, and what each party had
    said."""

    objective: Objective
    version: Version
    lights: list[Light]

    @property
    def top(self) -> Objective:
        return self.objective.parent or self.objective


DecidedByTheme = dict[int, list[Decided]]


def objectives_in(theme: Theme) -> list[Objective]:
    """Both levels, in reading order."""
    return [o for top in theme.orientations for o in [top, *top.sub_objectives_read]]


def decided_in(reading: YearReading) -> DecidedByTheme:
    """The committee's objectives in force when the year ended, or today while it goes on, by
    theme: whatever has been agreed to or taken back since. Five queries."""
    day = min(datetime.date(reading.year, 12, 31), timezone.localdate())
    versions = Version.objects.of(reading.convention).from_committee()
    versions = versions.filter(kind="objective", ends=False).in_force_on(day)
    rows = Objective.objects.of(reading.convention).select_related("parent").in_bulk(
        [version.object_id for version in versions]
    )  # fmt: skip
    themes = [one.theme for one in reading.themes]
    place = {
        orientation.pk: (theme.pk, n)
        for theme in themes
        for n, orientation in enumerate(o for o in theme.orientations if o.is_signed)
    }
    found = defaultdict(list)
    for point in points_of(versions, required_of(reading.convention)):
        point.said = [entry for entry in point.said if timezone.localdate(entry.created_at) <= day]
        one = Decided(rows[point.version.object_id], point.version, point.lights)
        theme, _ = place.get(one.top.pk, (one.top.theme_id, 0))
        found[theme].append(one)

    def reading_order(one: Decided) -> tuple:
        top, own = one.top, one.objective
        _, n = place.get(top.pk, (0, len(place)))
        return n, top.rank, top.pk, own is not top, own.rank, own.pk

    return {theme: sorted(those, key=reading_order) for theme, those in found.items()}


def signed_in(theme: Theme) -> list[ReportObjective]:
    return [_line(o, o.title) for o in objectives_in(theme) if o.is_signed]


def committee_in(theme: Theme, decided: DecidedByTheme) -> list[ReportObjective]:
    return [
        _line(
            one.objective,
            one.version.content["title"],
            aim=_aim(one.version),
            status=f"en vigueur depuis le {long_date(one.version.in_force_since)}",
            lights=[
                ReportLight(light.organisation.acronym, light.state, light.word)
                for light in one.lights
            ],
        )
        for one in decided.get(theme.pk, [])
    ]


def _line(objective: Objective, title: str, **told) -> ReportObjective:
    return ReportObjective(objective.code, title, 1 + bool(objective.parent_id), **told)


def _aim(version: Version) -> str:
    """« Échéance : 31 décembre 2024. Mesure : nombre d’espaces ouverts. »"""
    fields = {field.name: field for field in version.commitment.fields}
    due_on, measure = (fields[name].show(version.content[name]) for name in ("due_on", "measure"))
    told = []
    if due_on:
        told.append(f"Échéance : {due_on}.")
    if measure:
        told.append(f"Mesure : {measure.strip().rstrip('.')}.")
    return " ".join(told)
