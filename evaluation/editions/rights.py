"""Decide who reads what is written of a year, or of the term, before it is published."""

from django.utils import timezone

from accounts.models import User
from agreements.models import Delegation, Seat
from conventions.access.rights import coordinates
from conventions.access.viewer import cached_for_viewer
from conventions.models import Convention
from ctg_portal.rules import Refusal

DRAFTS_ONLY = Refusal(
    "Ce texte est en cours de rédaction : le lisent celles et ceux qui l’écrivent ou le valident, "
    "jusqu’à sa publication."
)


def may_read_drafts(asker: User | None, convention: Convention) -> Refusal | None:
    """Return why ``asker`` may not read the texts and documents of a convention that are not
    published yet, or None: coordinators, who sits today and who has a delegation today may, and the
    system (None)."""
    if asker is None or coordinates(asker, convention) or _sits_or_stands_in(asker, convention):
        return None
    return DRAFTS_ONLY


@cached_for_viewer
def _sits_or_stands_in(user: User, convention: Convention) -> bool:
    """Return whether somebody has a seat of the committee, an adviser's included, or a delegation
    that counts today."""
    today = timezone.localdate()
    seats, lent = (model.objects.of(convention).filter(user=user) for model in (Seat, Delegation))
    if any(seat.sits(today) for seat in seats):
        return True
    # Most people have none, and whether it counts today takes fifty times as long to ask.
    return lent.exists() and lent.answering(today).exists()
