"""The convention to which plans come in."""

from tests.actions.files.coming_in.office import PlanOffice, plan_office_of
from tests.stories import told_once


@told_once
def office(db) -> PlanOffice:
    return plan_office_of()
