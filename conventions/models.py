"""The models of the room, each in its subject, for Django and the other rooms."""
# ruff: noqa: F401

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
from conventions.journal.models import Setting, SettingChange
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
from conventions.setting_up.models import Project, ProjectLogo
from conventions.territory.models import Commune, Coverage, Sector
