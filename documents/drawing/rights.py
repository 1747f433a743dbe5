"""Who sees a document that was asked for, downloads it, calls it off."""

from django.contrib.auth.models import AbstractUser

from ctg_portal.rules import Refusal
from documents.drawing.kinds import AskedKind
from documents.drawing.models import Composition, Drawing

NOT_READY = Refusal("Ce document n’est pas encore prêt.")


def is_for(user: AbstractUser, drawing: Drawing) -> bool:
    """Whether a document exists for somebody: of its audience today; unfinished, their own."""
    if not drawing.is_ready and drawing.requested_by_id != user.pk:
        return False
    kind = drawing.document
    return (
        isinstance(kind, AskedKind)
        and kind.audience(drawing.scope, drawing.parameters, user) == drawing.audience
    )


def may_cancel(user: AbstractUser, composition: Composition) -> Refusal | None:
    """Call off what is being prepared: whoever has asked for it."""
    if not composition.is_unfinished:
        return Refusal("Ce document n’est plus en préparation.")
    if not composition.cancel_url:
        return Refusal("Ce document accompagne ce qui a été soumis : il ne s’annule pas seul.")
    if composition.requested_by_id != user.pk:
        return Refusal(
            "Ce document a été demandé par une autre personne, qui seule peut l’annuler."
        )
    return None
