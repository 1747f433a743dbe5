"""Who speaks for whom, and what each party agreed to."""

from agreements.answers.models import (
    WITH_ATTACHMENTS,
    Agreement,
    Answer,
    Attachment,
    Channel,
    Confirmation,
    ConfirmationWay,
)
from agreements.seats.models import Absence, Delegation, Seat, SeatKind
from agreements.versions.models import (
    UNDO_DELAY,
    UNDONE_REASON,
    State,
    Version,
    VersionTransition,
    VersionVerb,
)

__all__ = [
    "UNDONE_REASON", "UNDO_DELAY", "WITH_ATTACHMENTS", "Absence", "Agreement", "Answer",
    "Attachment", "Channel", "Confirmation", "ConfirmationWay", "Delegation", "Seat", "SeatKind",
    "State", "Version", "VersionTransition", "VersionVerb",
]  # fmt: skip
