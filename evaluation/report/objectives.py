"""The objectives of a theme in the report: those that were signed, and the committee's with what
each party had said; what the year, or the term, made of them."""

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
    """What each party had said of the committee's objectives when the year, or the term, ended, or
    has today while it goes on; nothing was awaited of one whose agreement is required since. Three
    queries, four where a party had said nothing."""
    day = reading.period.end(reading.convention, timezone.localdate())
    versions = [o.version for theme in reading.themes for o in theme.objectives if o.version]
    points = points_of(versions, required_of(reading.convention))
    for point in points:
        point.answers = [
            entry for entry in point.answers if timezone.localdate(entry.created_at) <= day
        ]
    lights = {point.version.pk: point.lights for point in points}
    awaited = {one.organisation for told in lights.values() for one in told if _is_awaited(one)}
    later = _required_after(day, awaited) if awaited else set()
    return {
        pk: [one for one in told if not (_is_awaited(one) and one.organisation.pk in later)]
        for pk, told in lights.items()
    }


def _is_awaited(light: Light) -> bool:
    return light.state == AWAITED and light.entry is None


def _required_after(day: datetime.date, organisations: Iterable[Organisation]) -> set[int]:
    """Those of these organisations, by primary key, whose agreement was not required by a day, as
    far as it is known since when it is."""
    since: dict[int, datetime.datetime] = {}
    acts = Party.history.filter(organisation__in=organisations, agreement_required=True)
    for pk, moment in acts.order_by("history_date").values_list("organisation_id", "history_date"):
        since.setdefault(pk, moment)
    return {pk for pk, moment in since.items() if timezone.localdate(moment) > day}


def signed_in(reading: ThemeReading) -> list[ReportObjective]:
    return [_line(one, reading.word) for one in reading.objectives if one.is_signed]


def committee_in(reading: ThemeReading, lights: LightsByVersion) -> list[ReportObjective]:
    return [
        _line(
            one,
            reading.word,
            aim=_aim(one.version),
            status=f"en vigueur depuis le {long_date(one.version.in_force_since)}",
            lights=[
                ReportLight(light.organisation.acronym, light.state, light.word)
                for light in lights[one.version.pk]
            ],
        )
        for one in reading.objectives
        if not one.is_signed
    ]


def _line(one: ObjectiveReading, word: Word, **told) -> ReportObjective:
    """What is merely being written of it is not told."""
    if one.verdict:
        told |= {
            "verdict": one.verdict,
            "appreciation": verdict_word(one.verdict, word),
            "justification": one.appreciation.text.strip(),
        }
    years = cells_of(one.verdicts, word)
    return ReportObjective(
        one.objective.code, one.title, one.level, key=one.objective.pk, years=years, **told
    )


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
