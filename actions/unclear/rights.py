"""Decide who settles a text that is to be specified: whoever may write what it is about."""

from accounts.models import User
from actions.follow_up.parts import part_by_key
from actions.follow_up.rights import may_follow
from actions.plan.models import Action, UnclearText
from agreements.commitments.commitment import commitment_of
from ctg_portal.rules import Refusal

SETTLED = Refusal("Ce texte est déjà réglé.")


def may_write(asker: User | None, action: Action, about: str) -> Refusal | None:
    """Return why ``asker`` may not write what a text is about, or None: who drafts may all, who
    follows the action up what is of its follow-up."""
    refusal = commitment_of(action).may_draft(asker, action.convention, action)
    if refusal is not None and part_by_key(about) is not None:
        return may_follow(asker, action)
    return refusal


def may_settle(asker: User | None, text: UnclearText) -> Refusal | None:
    """Return why ``asker`` may not settle a text, or None."""
    return SETTLED if text.settled_at else may_write(asker, text.action, text.about)
