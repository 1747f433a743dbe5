"""Who speaks for whom, and what each party agreed to."""

from committee.models.agreements import Agreement, Answer, Attachment
from committee.models.amendments import AmendmentProposal
from committee.models.comments import Comment
from committee.models.dossiers import Dossier, DossierPoint
from committee.models.seats import Absence, Delegation, Seat, SeatKind
from committee.models.versions import State, Version

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
    "Seat",
    "SeatKind",
    "State",
    "Version",
]
