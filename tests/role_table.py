"""Every route of the portal with what each person gets."""

from tests.committee.routes import composition, dossiers, objectives, points, register
from tests.routes import ROUTES as SHARED

ROUTES = (
    SHARED
    | points.ROUTES
    | dossiers.ROUTES
    | register.ROUTES
    | composition.ROUTES
    | objectives.ROUTES
)
