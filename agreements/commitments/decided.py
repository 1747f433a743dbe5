"""What the committee decides from nothing, and who may prepare it (art. 4 and 7)."""

from accounts.models import User
from agreements.commitments.commitment import Commitment
from agreements.seats.voices import advises
from conventions.access.rights import COORDINATION_ONLY, coordinates
from conventions.models import Convention
from ctg_portal.rules import Refusal

NOT_SIGNED = Refusal(
    "La convention n’est pas signée : le comité ne la complète qu’après la signature."
)


class OfCommittee(Commitment):
    """What the committee defines from nothing, once the convention is signed (art. 4 and 7): its
    row has a convention and a theme."""

    is_decided = True
    axis_path = "theme__axis"

    def convention_of(self, row):
        return row.convention

    def axis_of(self, row):
        return row.theme.axis

    def may_draft(self, user: User | None, convention, row=None):
        return may_prepare(user, convention)

    def hold(self, convention):
        """What two people propose or add at once is compared: the second waits for the first."""
        rows = Convention.objects.select_for_update(of=("self",), no_key=True)
        rows.get(pk=convention.pk)


def may_prepare(user: User | None, convention: Convention) -> Refusal | None:
    """The coordinator, or an adviser who prepares; once the convention is signed."""
    if not convention.is_signed:
        return NOT_SIGNED
    if user is None or coordinates(user, convention) or advises(user, convention):
        return None
    return COORDINATION_ONLY
