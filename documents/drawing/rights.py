"""Rights on a requested document: see it, download it, cancel it."""

from django.contrib.auth.models import AbstractUser

from ctg_portal.rules import Refusal
from documents.drawing.kinds import AskedKind
from documents.drawing.models import Composition, Drawing

NOT_READY = Refusal("Ce document n’est pas encore prêt.")


def is_for(user: AbstractUser, drawing: Drawing) -> bool:
    """Return whether a document exists for a person: an unfinished one if they requested it, a
    ready one if they are of its audience today."""
    if not drawing.is_ready and drawing.requested_by_id != user.pk:
        return False
    kind = drawing.document
    return (
        isinstance(kind, AskedKind)
        and kind.audience(drawing.scope, drawing.parameters, user) == drawing.audience
    )


def may_cancel(user: AbstractUser, composition: Composition) -> Refusal | None:
    """Return why ``user`` may not cancel a document, or None: whoever requested it may, while it is
    unfinished."""
    if not composition.is_unfinished:
        return Refusal("Ce document n’est plus en préparation.")
    if not composition.cancel_url:
        return Refusal("Ce document accompagne ce qui a été soumis : il ne s’annule pas seul.")
    if composition.requested_by_id != user.pk:
        return Refusal(
            "Ce document a été demandé par une autre personne, qui seule peut l’annuler."
        )
    return None
