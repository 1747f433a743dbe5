"""Read action sheets from the database: in as many queries for one action as for 300."""

import datetime
from collections.abc import Iterable

from django.db.models import Prefetch
from django.utils import timezone

from actions.files.sheet import Sheet
from actions.follow_up.models import ActionDocument
from actions.follow_up.words import describe_beyond_term, describe_progress_source, late_word
from actions.plan.models import Action, ActionState
from actions.sheet.lines import (
    Amounts,
    AxisLine,
    FollowUpReading,
    FundingLine,
    LinkedLine,
    MilestoneLine,
    NoteLine,
    PartyLight,
    ServedObjective,
    StandingReading,
    ThemeLine,
)
from agreements.answers.lights import Point, points_of, required_of
from agreements.commitments.commitment import commitment_of
from agreements.models import Version
from conventions.models import Convention, Standing
from ctg_portal.templatetags.french import long_date, plural


def read_sheets(
    convention: Convention, actions: Iterable[Action], today: datetime.date
) -> list[Sheet]:
    """Return the sheets of these actions as they are today, in their order; actions that were
    deleted meanwhile are left out."""
    pks = [action.pk for action in actions]
    linked = Action.objects.readable().in_reading_order()
    rows = Action.objects.filter(pk__in=pks).with_sheet().prefetch_related(
        Prefetch("documents", ActionDocument.objects.on_sheet(), to_attr="documents_on_sheet"),
        Prefetch("related", linked, to_attr="readable_related"),
    )  # fmt: skip
    by_pk = {row.pk: row for row in rows}
    points = points_by_action(convention, pks)
    return [_sheet_of(by_pk[pk], convention, points[pk], today) for pk in pks if pk in by_pk]


def points_by_action(convention: Convention, pks: list[int]) -> dict[int, list[Point]]:
    """Return the versions in force and proposed of each action by its key, in order of number, with
    where the parties stand."""
    rows = Action.objects.filter(pk__in=pks)
    versions = Version.objects.about_rows(rows).live().with_restored().order_by("number")
    points: dict[int, list[Point]] = {pk: [] for pk in pks}
    for point in points_of(versions.defer("text", "search_text"), required_of(convention)):
        points[point.version.object_id].append(point)
    return points


def _sheet_of(
    row: Action, convention: Convention, points: list[Point], today: datetime.date
) -> Sheet:
    """Return the reading of one row of ``read_sheets``; ``points``: its versions in force and
    proposed. Only agreed and proposed objectives are on it."""
    theme, axis = row.theme, row.theme.axis
    fundings = tuple(FundingLine.of(line) for line in row.fundings.all())
    totals = Amounts.sum(line.amounts for line in fundings)
    follow_up = FollowUpReading(
        state=row.state,
        state_word=row.get_state_display(),
        state_on=row.state_on,
        state_reason=row.state_reason,
        late=_describe_lateness(row, today),
        late_word=late_word(convention, today),
        progress=row.progress,
        progress_source=describe_progress_source(row),
        milestones=tuple(MilestoneLine.all_of(row, today)),
        notes=tuple(
            NoteLine(
                note.year, note.text, note.brakes, note.levers, note.prospects,
                timezone.localdate(note.written_at), note.written_by_name,
            )
            for note in row.notes.all()
        ),
        documents=tuple(document.title for document in row.documents_on_sheet),
        linked=tuple(LinkedLine(action.number, action.title) for action in row.readable_related),
        afterwards=describe_beyond_term(row, convention, today),
    )  # fmt: skip
    return Sheet(
        pk=row.pk,
        number=row.number,
        title=row.title,
        words=convention.words,
        axis=AxisLine(axis.pk, axis.number, axis.mark, axis.title, axis.colour),
        theme=ThemeLine(theme.pk, theme.rank, theme.number, theme.title),
        standing=standing_of(row, points),
        content=commitment_of(row).content(row),
        objectives=tuple(
            ServedObjective(o.code, o.title, o.is_agreed)
            for o in row.objectives.all()
            if o.is_agreed or o.is_proposed
        ),
        other_themes=tuple(f"{theme.number} {theme}".strip() for theme in row.other_themes.all()),
        period=row.period,
        follow_up=follow_up,
        fundings=fundings,
        totals=totals,
        is_followed=row.standing in (Standing.IN_FORCE, Standing.WITHDRAWN)
        or bool(follow_up.milestones or follow_up.notes or totals.is_followed),
        is_fictional=row.is_fictional,
    )


def standing_of(action: Action, points: list[Point]) -> StandingReading:
    """Return how far an action is agreed to by ``points``, its versions in force and proposed; for
    one in force, with the version that is discussed beside it."""
    in_force = next((point for point in points if point.version.is_in_force), None)
    proposed = next((point for point in points if point.version.is_proposed), None)
    point = in_force if action.is_agreed else proposed or in_force
    version = point.version if point else None
    discussed = ""
    if action.is_agreed and proposed:
        next_version, day = proposed.version, long_date(proposed.version.dated)
        discussed = f"Une version {next_version.number}, proposée le {day}, est en discussion"
        if next_version.ends:
            discussed = f"Son retrait du plan, proposé le {day}, est en discussion"
        discussed += _mark_after_term(next_version)
    return StandingReading(
        code=action.standing,
        text=_describe_standing(action, version) + _mark_after_term(version),
        since=timezone.localdate(version.stands_since) if version and action.is_agreed else None,
        version=version.number if version else None,
        lights=_lights(point),
        discussed=discussed,
        discussed_lights=_lights(proposed) if action.is_agreed else (),
        after_term=version.after_term if version else "",
        discussed_after_term=proposed.version.after_term if discussed else "",
    )


def _mark_after_term(version: Version | None) -> str:
    """Return the words that mark a version proposed after the term; empty for others."""
    return ", après le terme de la convention" if version and version.after_term else ""


def _describe_standing(action: Action, version: Version | None) -> str:
    """Return « En vigueur depuis le 3 mars 2021 (version 2) », or the words for another standing;
    ``version`` is the one from which it comes, None where there is none."""
    if action.standing == Standing.DRAFT:
        return "Brouillon, pas encore proposé"
    if action.standing == Standing.WITHDRAWN:
        if version is None:
            return "Proposition retirée"
        return f"Retirée du plan le {long_date(version.stands_since)}, d’un commun accord"
    if version is None:
        return "En vigueur" if action.is_agreed else "Proposée, pas encore acceptée"
    if action.is_agreed:
        label = "De nouveau en vigueur" if version.restored_at else "En vigueur"
        return f"{label} depuis le {long_date(version.stands_since)} (version {version.number})"
    day = long_date(version.dated)
    return f"Proposée le {day} (version {version.number}), pas encore acceptée"


def _lights(point: Point | None) -> tuple[PartyLight, ...]:
    """Return where each party stands on a version; nothing for None."""
    if point is None:
        return ()
    return tuple(
        PartyLight(light.organisation.acronym, light.state, light.word) for light in point.lights
    )


def _describe_lateness(row: Action, today: datetime.date) -> tuple[str, ...]:
    """Return the reasons why an action is late, as parts of a sentence; empty where it is not."""
    if not row.is_late(today):
        return ()
    reasons = []
    if row.convention.has_ended(today):
        reasons.append(f"la convention s’est achevée le {long_date(row.convention.end)}")
    if row.ends_on and row.ends_on < today:
        reasons.append(f"sa fin était prévue le {long_date(row.ends_on)}")
    elif row.state == ActionState.TO_COME and row.starts_on and row.starts_on < today:
        reasons.append(f"elle devait commencer le {long_date(row.starts_on)}")
    if overdue := row.overdue(today):
        reasons.append(plural(len(overdue), "jalon n’est pas atteint,jalons ne sont pas atteints"))
    return tuple(reasons)
