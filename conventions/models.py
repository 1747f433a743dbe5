"""The chapters of a convention, as rows."""

from conventions.access.models import (
    AccessVerb,
    Appointment,
    AppointmentState,
    Membership,
    MembershipOffer,
    MembershipTransition,
    Role,
)
from conventions.directory.models import Contact
from conventions.hosting.models import Designation
from conventions.legal.convention import Amendment, Convention, KeyFigure
from conventions.legal.standing import READABLE, Standing, StandingQuerySet, StandingRow
from conventions.legal.structure import (
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
from conventions.legal.text import Annex, AnnexWording, Article, ArticleWording
from conventions.legal.time import Worded, Wording
from conventions.parties.cooperation import CooperationPost, CooperationShare
from conventions.parties.models import Organisation, OrganisationKind, Party, Signatory
from conventions.territory.models import Commune, Coverage, Sector

__all__ = [
    "READABLE",
    "AccessVerb",
    "Amendment",
    "Annex",
    "AnnexWording",
    "Appointment",
    "AppointmentState",
    "Article",
    "ArticleWording",
    "Axis",
    "AxisSuccession",
    "AxisWording",
    "Commune",
    "Contact",
    "Convention",
    "CooperationPost",
    "CooperationShare",
    "Coverage",
    "Designation",
    "KeyFigure",
    "Membership",
    "MembershipOffer",
    "MembershipTransition",
    "Objective",
    "ObjectiveSuccession",
    "ObjectiveWording",
    "Organisation",
    "OrganisationKind",
    "Origin",
    "Party",
    "Role",
    "Sector",
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
