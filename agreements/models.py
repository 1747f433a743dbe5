"""Who speaks for whom, and what each party agreed to."""

from agreements.answers.models import (
    UNDO,
    WITH_ATTACHMENTS,
    Agreement,
    Answer,
    Attachment,
    Channel,
    Confirmation,
    Confirmed,
)
from agreements.seats.models import Absence, Delegation, Seat, SeatKind
from agreements.versions.models import State, Version, VersionTransition, VersionVerb

__all__ = [
    "UNDO",
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
