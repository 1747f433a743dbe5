"""Sentences about where a point stands, and what an answer has done."""

from collections.abc import Iterable

from agreements.answers.lights import Point
from agreements.models import Agreement, State
from conventions.models import Organisation, Origin
from ctg_portal.templatetags.french import enumerate_words, long_date


def describe_undoing(undoing: Agreement, point: Point) -> str:
    """Return what undoing an answer did. ``point`` is as it stands now."""
    answer = undoing.undoes.get_answer_display()
    done = f"Votre réponse « {answer} » est annulée ; le registre garde l’une et l’autre."
    return f"{done} {describe_state(point)}"


def describe_when_it_counts(entry: Agreement) -> str:
    """Return a sentence that says from when on an agreement counts that was just recorded."""
    return f"Il comptera quand une personne qui engage {entry.organisation.the} l’aura confirmé."


def missing_parties(point: Point) -> list[Organisation]:
    """Return the parties whose agreement the version still lacks."""
    return [light.organisation for light in point.lights if light.state != "ok"]


def describe_state(point: Point) -> str:
    """Return a sentence that says where the version stands."""
    version = point.version
    if version.is_draft:
        return "Brouillon : seuls la personne qui l’écrit et la coordination le voient."
    if version.is_in_force:
        return _in_force(point)
    if version.state == State.REPLACED:
        return f"Remplacée depuis le {long_date(version.ended_at)} par une autre version."
    if version.state == State.WITHDRAWN:
        return f"Retirée le {long_date(version.ended_at)}."
    return _discussed(point)


def describe_suspension(point: Point) -> str:
    """Return why a point is suspended: « un accord recueilli hors portail est contesté »; empty for
    one that is not."""
    if not point.is_suspended:
        return ""
    if point.contestation.denies_request:
        return "une demande de modification recueillie hors portail est contestée"
    return "un accord recueilli hors portail est contesté"


def _discussed(point: Point) -> str:
    """Return whether a proposed version is suspended, returned, or lacks agreements, and whose."""
    if point.is_suspended:
        return f"Suspendue : {describe_suspension(point)}."
    if point.is_returned:
        return "Retournée à son auteur : une partie demande autre chose."
    missing = missing_parties(point)
    if not missing:
        return "Proposée."
    lacks = "l’accord" if len(missing) == 1 else "les accords"
    return f"Proposée : il manque {lacks} {_enumerate_of(missing)}."


def _in_force(point: Point) -> str:
    """Return since when and by whose agreement a version is in force, or its row is given up."""
    version, day = point.version, long_date(point.version.in_force_at)
    again = long_date(restored) if (restored := version.restored_at) else ""
    if version.origin == Origin.SIGNATURE:
        signed = f"Validé par la signature de toutes les parties le {day}"
        return f"{signed}, de nouveau en vigueur depuis le {again}." if again else f"{signed}."
    if version.ends:
        return f"Abandonné depuis le {again or day}, d’un commun accord."
    agreed = [light.organisation for light in point.lights if light.state == "ok"]
    since = f"De nouveau en vigueur depuis le {again}" if again else f"En vigueur depuis le {day}"
    return f"{since}, avec l’accord {_enumerate_of(agreed)}."


def _enumerate_of(organisations: Iterable[Organisation]) -> str:
    """Return « de la Caf et de l’agglomération »."""
    return enumerate_words(organisation.genitive for organisation in organisations)
