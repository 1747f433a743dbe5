"""What the committee works with: dossiers, comments, proposals for an amendment."""

from committee.amendments.models import AmendmentProposal
from committee.comments.models import Comment
from committee.dossiers.models import (
    Dossier,
    DossierAnswer,
    DossierPoint,
    DossierState,
    DossierTransition,
    DossierVerb,
)
from committee.links.models import LinksCut

__all__ = [
    "AmendmentProposal",
    "Comment",
    "Dossier",
    "DossierAnswer",
    "DossierPoint",
    "DossierState",
    "DossierTransition",
    "DossierVerb",
    "LinksCut",
]
