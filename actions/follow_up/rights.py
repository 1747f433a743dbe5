"""Decide who may follow an action up.

``None`` as the asker is the system. Writing what is agreed is the commitment's ``may_draft``.
"""

from accounts.models import User
from actions.plan.models import Action
from conventions.access.rights import coordinates
from conventions.access.viewer import accesses_of
from conventions.models import Role, Standing
from ctg_portal.rules import Refusal

WITHDRAWN = Refusal("Cette action est retirée du plan : son suivi est clos.")
NOT_AGREED = Refusal(
    "Une action se suit une fois acceptée par toutes les parties dont l’accord est requis."
)
NOT_A_LEAD = Refusal(
    "Le suivi d’une action est tenu par ses pilotes et par la coordination de la convention."
)


def may_follow(asker: User | None, action: Action) -> Refusal | None:
    """Return why ``asker`` may not write the follow-up of an action (state, milestones, money,
    notes, documents, links), or None.

    Its leads may, who enters for an organisation that leads, and the coordinator; while it is in
    force, also once the convention has ended: what was undertaken runs to its own term (art. 8).
    """
    if not action.is_agreed:
        return WITHDRAWN if action.standing == Standing.WITHDRAWN else NOT_AGREED
    if asker is None or coordinates(asker, action.convention) or is_lead(asker, action):
        return None
    return NOT_A_LEAD


def is_lead(user: User, action: Action) -> bool:
    """Return whether a person leads the action, by name or as somebody who enters data for an
    organisation that leads. Twin: ``ActionQuerySet.led_by``."""
    accesses = accesses_of(user, action.convention)
    own = {access.organisation_id for access in accesses if access.role in Role.entering()}
    return any(
        lead.organisation_id in own or (lead.user_id == user.pk and bool(accesses))
        for lead in action.leads.all()
    )
