"""The chapters of a convention, as rows."""

from conventions.models.access import Membership, MembershipOffer, Role
from conventions.models.convention import Amendment, Convention, KeyFigure
from conventions.models.cooperation import CooperationPost, CooperationShare
from conventions.models.parties import Organisation, OrganisationKind, Party, Signatory
from conventions.models.standing import READABLE, Standing, StandingQuerySet, StandingRow
from conventions.models.structure import Axis, Objective, Origin, Theme
from conventions.models.territory import Commune, Coverage
from conventions.models.text import Annex, Article

__all__ = [
    "READABLE",
    "Amendment",
    "Annex",
    "Article",
    "Axis",
    "Commune",
    "Convention",
    "CooperationPost",
    "CooperationShare",
    "Coverage",
    "KeyFigure",
    "Membership",
    "MembershipOffer",
    "Objective",
    "Organisation",
    "OrganisationKind",
    "Origin",
    "Party",
    "Role",
    "Signatory",
    "Standing",
    "StandingQuerySet",
    "StandingRow",
    "Theme",
]
