"""Decide who loads public statistics: a coordinator for her own convention; whoever hosts the
portal, by a command, for all (decision record 75)."""

from accounts.models import User
from conventions.access.rights import COORDINATION_ONLY, coordinates
from conventions.models import Convention
from ctg_portal.rules import Refusal
from indicators.figures.releases import Release

NOT_WAITING = Refusal("Seule une édition qui attend d’être comparée se met en usage ou s’écarte.")
FOR_ALL = Refusal(
    "Cette édition est celle de tout le portail : seul qui l’héberge la met en usage ou l’écarte."
)


def may_load(asker: User | None, convention: Convention | None) -> Refusal | None:
    """Return why ``asker`` may not load a file for ``convention`` (None: for the whole portal), or
    None. ``asker`` None is the host, who may; only coordinators may for their convention."""
    if asker is None:
        return None
    if convention is None:
        return FOR_ALL
    return None if coordinates(asker, convention) else COORDINATION_ONLY


def may_decide(asker: User | None, release: Release) -> Refusal | None:
    """Return why ``asker`` may not put a release in use or set it aside, or None: it must be
    waiting, and theirs to load (``may_load``)."""
    if not release.is_waiting:
        return NOT_WAITING
    return may_load(asker, release.convention)
