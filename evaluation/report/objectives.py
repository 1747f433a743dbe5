"""Write the objectives of a theme for the report: the signed ones, and the committee's with the
answer of each party; the appreciation of the year, or the term."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from agreements.answers.lights import AWAITED, Light, points_of, required_of
from agreements.models import Version
from conventions.legal.words import Word
from conventions.models import Organisation, Party
from ctg_portal.templatetags.french import long_date
from evaluation.report.content import ReportLight, ReportObjective
from evaluation.verdicts.words import cells_of, verdict_word
from evaluation.year.objectives import ObjectiveReading
from evaluation.year.reading import ThemeReading, YearReading

LightsByVersion = dict[int, list[Light]]


def lights_in(reading: YearReading) -> LightsByVersion:
    """Return the lights of the committee's objectives, by version, at the end of the year, or the
    term, today while it goes on; a party whose agreement is required only since then has no light
    « attendu ». Three queries, four where an answer was awaited."""
    day = reading.period.end(reading.convention, timezone.localdate())
    versions = [o.version for theme in reading.themes for o in theme.objectives if o.version]
    points = points_of(versions, required_of(reading.convention))
    for point in points:
        point.answers = [
            entry for entry in point.answers if timezone.localdate(entry.created_at) <= day
        ]
    lights = {point.version.pk: point.lights for point in points}
    awaited = {light.organisation for row in lights.values() for light in row if _is_awaited(light)}
    later = _required_after(day, awaited) if awaited else set()
    return {
        pk: [light for light in row if not (_is_awaited(light) and light.organisation.pk in later)]
        for pk, row in lights.items()
    }


def _is_awaited(light: Light) -> bool:
    return light.state == AWAITED and light.entry is None


def _required_after(day: datetime.date, organisations: Iterable[Organisation]) -> set[int]:
    """Return the primary keys of those organisations whose agreement was first required after a
    day; an organisation without a history of it is not among them."""
    since: dict[int, datetime.datetime] = {}
    acts = Party.history.filter(organisation__in=organisations, agreement_required=True)
    for pk, moment in acts.order_by("history_date").values_list("organisation_id", "history_date"):
        since.setdefault(pk, moment)
    return {pk for pk, moment in since.items() if timezone.localdate(moment) > day}


def signed_in(reading: ThemeReading) -> list[ReportObjective]:
    return [_line(row, reading.word) for row in reading.objectives if row.is_signed]


def committee_in(reading: ThemeReading, lights: LightsByVersion) -> list[ReportObjective]:
    return [
        _line(
            row,
            reading.word,
            aim=_describe_aim(row.version),
            status=f"en vigueur depuis le {long_date(row.version.in_force_since)}",
            lights=[
                ReportLight(light.organisation.acronym, light.state, light.word)
                for light in lights[row.version.pk]
            ],
        )
        for row in reading.objectives
        if not row.is_signed
    ]


def _line(
    row: ObjectiveReading,
    word: Word,
    *,
    aim: str = "",
    status: str = "",
    lights: Iterable[ReportLight] = (),
) -> ReportObjective:
    """Return an objective of the reading as the report has it; a justification without a verdict is
    still being written, and left out."""
    return ReportObjective(
        row.objective.code,
        row.title,
        row.level,
        aim=aim,
        status=status,
        lights=[*lights],
        key=row.objective.pk,
        verdict=row.verdict or "",
        appreciation=verdict_word(row.verdict, word) if row.verdict else "",
        justification=row.appreciation.text.strip() if row.verdict else "",
        years=cells_of(row.verdicts, word),
    )


def _describe_aim(version: Version) -> str:
    """Return « Échéance : 31 décembre 2024. Mesure : nombre d’espaces ouverts. », without what
    is empty."""
    fields = {field.name: field for field in version.commitment.fields}
    due_on, measure = (fields[name].show(version.content[name]) for name in ("due_on", "measure"))
    sentences = []
    if due_on:
        sentences.append(f"Échéance : {due_on}.")
    if measure:
        sentences.append(f"Mesure : {measure.strip().rstrip('.')}.")
    return " ".join(sentences)
