"""The objectives of a theme: those that were signed, and the committee's with their lights."""

from agreements.answers.lights import Light, points_of, required_of
from agreements.models import Version
from conventions.models import Objective, Theme
from ctg_portal.templatetags.french import long_date
from evaluation.report.content import ReportLight, ReportObjective
from evaluation.year.reading import YearReading

Lights = dict[int, list[Light]]


def objectives_in(theme: Theme) -> list[Objective]:
    """Both levels, in reading order."""
    return [o for top in theme.orientations for o in [top, *top.sub_objectives_read]]


def lights_of(reading: YearReading) -> Lights:
    """Where each party stands on the committee's objectives, by primary key: on the version that
    is discussed, else on the one in force. Four queries."""
    objectives = Objective.objects.of(reading.convention).readable().filter(origin="committee")
    versions = {}
    live = Version.objects.of_subjects(objectives).live().order_by("number")
    for version in live.defer("text", "search_text"):
        versions[version.object_id] = version
    points = points_of(versions.values(), required_of(reading.convention))
    return {point.version.object_id: point.lights for point in points}


def signed_in(theme: Theme) -> list[ReportObjective]:
    return [_line(o) for o in objectives_in(theme) if o.is_signed]


def committee_in(theme: Theme, lights: Lights) -> list[ReportObjective]:
    return [
        _line(
            objective,
            aim=_aim(objective),
            status="en vigueur" if objective.is_agreed else "proposé",
            lights=[
                ReportLight(light.organisation.acronym, light.state, light.word)
                for light in lights.get(objective.pk, [])
            ],
        )
        for objective in objectives_in(theme)
        if not objective.is_signed
    ]


def _line(objective: Objective, **told) -> ReportObjective:
    return ReportObjective(objective.code, objective.title, 1 + bool(objective.parent_id), **told)


def _aim(objective: Objective) -> str:
    """« Échéance : 31 décembre 2024. Mesure : nombre d’espaces ouverts. »"""
    told = []
    if objective.due_on:
        told.append(f"Échéance : {long_date(objective.due_on)}.")
    if objective.measure:
        told.append(f"Mesure : {objective.measure.strip().rstrip('.')}.")
    return " ".join(told)
