"""Who speaks for whom, and what each party agreed to."""

from committee.models.agreements import Agreement, Answer, Attachment
from committee.models.amendments import AmendmentProposal
from committee.models.comments import Comment
from committee.models.dossiers import (
    Dossier,
    DossierPoint,
    DossierState,
    DossierTransition,
    DossierVerb,
)
from committee.models.seats import Absence, Delegation, Seat, SeatKind
from committee.models.versions import State, Version, VersionTransition, VersionVerb

__all__ = [
    "Absence",
    "Agreement",
    "AmendmentProposal",
    "Answer",
    "Attachment",
    "Comment",
    "Delegation",
    "Dossier",
    "DossierPoint",
    "DossierState",
    "DossierTransition",
    "DossierVerb",
    "Seat",
    "SeatKind",
    "State",
    "Version",
    "VersionTransition",
    "VersionVerb",
]
