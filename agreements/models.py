"""Who speaks for whom, and what each party agreed to."""

from agreements.answers.models import (
    WITH_ATTACHMENTS,
    Agreement,
    Answer,
    Attachment,
    Channel,
    Confirmation,
    Confirmed,
)
from agreements.seats.models import Absence, Delegation, Seat, SeatKind
from agreements.versions.models import UNDO, UNDONE, State, Version, VersionTransition, VersionVerb

__all__ = [
    "UNDO",
    "UNDONE",
    "WITH_ATTACHMENTS",
    "Absence",
    "Agreement",
    "Answer",
    "Attachment",
    "Channel",
    "Confirmation",
    "Confirmed",
    "Delegation",
    "Seat",
    "SeatKind",
    "State",
    "Version",
    "VersionTransition",
    "VersionVerb",
]
