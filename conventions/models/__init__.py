"""The chapters of a convention, as rows."""

from conventions.models.access import Membership, MembershipOffer, Role
from conventions.models.convention import Amendment, Convention, KeyFigure
from conventions.models.cooperation import CooperationPost, CooperationShare
from conventions.models.legal import Worded, Wording
from conventions.models.parties import Organisation, OrganisationKind, Party, Signatory
from conventions.models.standing import READABLE, Standing, StandingQuerySet, StandingRow
from conventions.models.structure import (
    Axis,
    AxisSuccession,
    AxisWording,
    Objective,
    ObjectiveSuccession,
    ObjectiveWording,
    Origin,
    Theme,
    ThemeSuccession,
    ThemeWording,
)
from conventions.models.territory import Commune, Coverage
from conventions.models.text import Annex, AnnexWording, Article, ArticleWording

__all__ = [
    "READABLE",
    "Amendment",
    "Annex",
    "AnnexWording",
    "Article",
    "ArticleWording",
    "Axis",
    "AxisSuccession",
    "AxisWording",
    "Commune",
    "Convention",
    "CooperationPost",
    "CooperationShare",
    "Coverage",
    "KeyFigure",
    "Membership",
    "MembershipOffer",
    "Objective",
    "ObjectiveSuccession",
    "ObjectiveWording",
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
    "ThemeSuccession",
    "ThemeWording",
    "Worded",
    "Wording",
]
