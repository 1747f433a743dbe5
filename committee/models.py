"""The models of the committee: noted answers, dossiers, comments, proposals for an amendment,
lists of élus after elections, meetings, reclassifications, signatures, stakes."""

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
from committee.meetings.decisions.models import Decision, DecisionTransition
from committee.meetings.minutes.models import Minutes, MinutesText
from committee.meetings.models import (
    AgendaDocument,
    AgendaItem,
    Attendee,
    Body,
    BodyMember,
    ItemOutcome,
    LeastPresence,
    Meeting,
    MeetingRules,
    MeetingTransition,
)
from committee.meetings.session.models import RecordedAnswer, RecordedList
from committee.reclassifications.models import Nature, Reclassification
from committee.signing.models import Signing, SigningConfirmation
from committee.stakes.models import Stake

__all__ = [
    "AgendaDocument",
    "AgendaItem",
    "AmendmentProposal",
    "Attendee",
    "Body",
    "BodyMember",
    "Comment",
    "Decision",
    "DecisionTransition",
    "Dossier",
    "DossierAnswer",
    "DossierPoint",
    "DossierState",
    "DossierTransition",
    "DossierVerb",
    "ItemOutcome",
    "LeastPresence",
    "LinksCut",
    "Meeting",
    "MeetingRules",
    "MeetingTransition",
    "Minutes",
    "MinutesText",
    "Nature",
    "NotedAnswer",
    "Outcome",
    "Reclassification",
    "RecordedAnswer",
    "RecordedList",
    "Renewal",
    "RenewalLine",
    "Signing",
    "SigningConfirmation",
    "Stake",
]
