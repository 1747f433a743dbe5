"""Every route of the portal with what each person gets."""

from tests.actions.routes import plan
from tests.committee.routes import (
    composition,
    dossiers,
    links,
    meetings,
    objectives,
    points,
    reclassifications,
    register,
    signing,
    stakes,
)
from tests.documents.routes import drawings
from tests.evaluation.routes import publication, reports
from tests.indicators.routes import campaigns, indicators, statistics, values
from tests.routes import ROUTES as SHARED
from tests.spreadsheets.routes import imports

ROUTES = (
    SHARED
    | points.ROUTES
    | dossiers.ROUTES
    | register.ROUTES
    | composition.ROUTES
    | signing.ROUTES
    | objectives.ROUTES
    | reclassifications.ROUTES
    | stakes.ROUTES
    | links.ROUTES
    | meetings.ROUTES
    | plan.ROUTES
    | indicators.ROUTES
    | campaigns.ROUTES
    | values.ROUTES
    | statistics.ROUTES
    | reports.ROUTES
    | publication.ROUTES
    | drawings.ROUTES
    | imports.ROUTES
)
