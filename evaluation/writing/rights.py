"""Who may write what a year has changed in a theme."""

from conventions.access.rights import COORDINATION_ONLY, coordinates
from conventions.models import Convention
from ctg_portal.rules import Refusal


def may_write_narrative(asker, convention: Convention) -> Refusal | None:
    if asker is None or coordinates(asker, convention):
        return None
    return COORDINATION_ONLY
