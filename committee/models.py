"""The models of the committee: noted answers, dossiers, comments, proposals for an amendment,
lists of élus after elections, reclassifications, stakes."""

from committee.amendments.models import AmendmentProposal
from committee.answers.models import NotedAnswer
from committee.comments.models import Comment
from committee.dossiers.models import (
    Dossier,
    DossierAnswer,
    DossierPoint,
    DossierState,
    DossierTransition,
    DossierVerb,
)
from committee.elections.models import Outcome, Renewal, RenewalLine
from committee.links.models import LinksCut
from committee.reclassifications.models import Nature, Reclassification
from committee.stakes.models import Stake

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
    "Nature",
    "NotedAnswer",
    "Outcome",
    "Reclassification",
    "Renewal",
    "RenewalLine",
    "Stake",
]
