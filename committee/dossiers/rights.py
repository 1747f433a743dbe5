"""Who may remind of a dossier, and call it back."""

from django.utils import timezone

from accounts.models import User
from agreements.seats.rights import may_manage_committee
from committee.dossiers.models import Dossier, DossierVerb
from conventions.access.viewer import accesses_of
from ctg_portal.rules import Refusal


def may_answer_dossier(dossier: Dossier) -> Refusal | None:
    """Return why a dossier is not answered as a whole, or None. Who may answer each of its points
    is checked point by point."""
    if dossier.is_recalled:
        return Refusal(
            "Ce dossier vient d’être rappelé : répondez à ses points un par un, ou attendez le "
            "prochain envoi."
        )
    return None


def may_remind(asker: User, dossier: Dossier, today) -> Refusal | None:
    """Return why ``asker`` may not remind of a dossier, or None: who coordinates may, once a day
    from the day after it was sent."""
    if refusal := may_manage_committee(asker, dossier.convention):
        return refusal
    if not dossier.is_open:
        return Refusal("Ce dossier n’attend plus de réponse : il n’y a personne à relancer.")
    if timezone.localdate(dossier.sent_at) >= today:
        return Refusal("Ce dossier est parti aujourd’hui : il se relance à partir de demain.")
    last = dossier.transitions.filter(verb=DossierVerb.REMINDED).order_by("-pk").first()
    if last and timezone.localdate(last.created_at) >= today:
        return Refusal("Ce dossier a déjà été relancé aujourd’hui.")
    return None


def may_recall(asker: User, dossier: Dossier) -> Refusal | None:
    """Return why ``asker`` may not recall a dossier, or None: who sent it or coordinates may, until
    somebody has answered it."""
    if dossier.is_recalled:
        return Refusal("Ce dossier est déjà rappelé.")
    if not dossier.is_open:
        return Refusal("Ce dossier est complet : il n’y a plus rien à rappeler.")
    is_own = asker is not None and asker.pk == dossier.sent_by_id
    may_act = is_own and bool(accesses_of(asker, dossier.convention))
    if not may_act and (refusal := may_manage_committee(asker, dossier.convention)):
        return refusal
    if dossier.is_answered():
        return Refusal(
            "Une réponse a déjà été donnée à un point de ce dossier : il ne se rappelle plus. "
            "Un point peut encore être retiré, depuis sa page."
        )
    return None
