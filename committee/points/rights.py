"""Who may record an agreement for some member, from the page of a point."""

from accounts.models import User
from agreements.answers.lights import Point
from agreements.answers.rights import NOT_A_COLLEAGUE, recordable_seats
from agreements.seats.voices import Bench
from committee.comments.rights import may_comment
from ctg_portal.rules import Refusal


def may_record_some(asker: User, bench: Bench, point: Point) -> Refusal | None:
    """Return why ``asker`` may record an agreement for no member, or None if there is one for whom
    they may."""
    if recordable_seats(asker, bench, point):
        return None
    if not point.version.is_proposed:
        return Refusal("Un accord se recueille sur une version proposée ; celle-ci ne l’est pas.")
    if may_comment(asker, bench, point.version) is None:
        return Refusal(
            "Aucun membre ne peut donner son accord aujourd’hui au nom d’un organisme pour "
            "lequel vous pouvez saisir."
        )
    return NOT_A_COLLEAGUE
