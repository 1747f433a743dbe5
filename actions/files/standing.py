"""What an action sheet is worth: agreed to by whom, since when, and what is discussed."""

from django.utils import timezone

from actions.files.lines import LightLine, StandingPart
from actions.models import Action
from agreements.answers.lights import Point, points_of, required_of
from agreements.models import Version
from conventions.models import Convention, Standing
from ctg_portal.templatetags.french import long_date

Points = dict[int, list[Point]]


def points_by_action(convention: Convention, pks: list[int]) -> Points:
    """What is in force and what is discussed of each action, with where the parties stand."""
    rows = Action.objects.filter(pk__in=pks)
    versions = Version.objects.of_subjects(rows).live().order_by("number")
    points: Points = {pk: [] for pk in pks}
    for point in points_of(versions.defer("text", "search_text"), required_of(convention)):
        points[point.version.object_id].append(point)
    return points


def standing_of(action: Action, points: list[Point]) -> StandingPart:
    agreed = next((point for point in points if point.version.is_in_force), None)
    proposed = next((point for point in points if point.version.is_proposed), None)
    if action.is_agreed:
        return _part(action, agreed, discussed=proposed)
    return _part(action, proposed or agreed)


def _part(action: Action, point: Point | None, discussed: Point | None = None) -> StandingPart:
    version = point.version if point else None
    is_told = version is not None and action.is_agreed
    return StandingPart(
        code=action.standing,
        text=_text(action, version),
        since=timezone.localdate(version.in_force_at) if is_told else None,
        version=version.number if version else None,
        lights=_lights(point),
        discussed=_discussed(discussed.version) if discussed else "",
        discussed_lights=_lights(discussed),
    )


def _text(action: Action, version: Version | None) -> str:
    if action.standing == Standing.DRAFT:
        return "Brouillon, pas encore proposé"
    if action.standing == Standing.WITHDRAWN:
        if version is None:
            return "Proposition retirée"
        return f"Retirée du plan le {long_date(version.in_force_at)}, d’un commun accord"
    if version is None:
        return "En vigueur" if action.is_agreed else "Proposée, pas encore acceptée"
    if action.is_agreed:
        return f"En vigueur depuis le {long_date(version.in_force_at)} (version {version.number})"
    day = long_date(version.dated)
    return f"Proposée le {day} (version {version.number}), pas encore acceptée"


def _discussed(version: Version) -> str:
    day = long_date(version.dated)
    if version.ends:
        return f"Son retrait du plan, proposé le {day}, est en discussion"
    return f"Une version {version.number}, proposée le {day}, est en discussion"


def _lights(point: Point | None) -> tuple[LightLine, ...]:
    if point is None:
        return ()
    return tuple(
        LightLine(light.organisation.acronym, light.state, light.word) for light in point.lights
    )
