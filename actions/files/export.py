"""The action plan as one file of a kind: for the page of the plan, and for the command."""

import datetime
from collections.abc import Sequence

from actions.files.pdf import draw_plan, write_plan
from actions.files.plan import plan_of
from actions.files.reading import read_sheets
from actions.files.tables import plan_tables
from actions.models import Action
from conventions.models import Convention
from documents.tables import to_csv, to_xlsx

EXTENSIONS = ("pdf", "xlsx", "csv")


def export_plan(
    convention: Convention,
    actions: Sequence[Action],
    day: datetime.date,
    extension: str,
    *,
    known: int | None = None,
) -> bytes:
    """These actions as they are on ``day``, in one of ``EXTENSIONS``.

    ``known``: of how many they were chosen, None for the whole plan.
    """
    sheets = read_sheets(convention, actions, day)
    if extension == "pdf":
        plan = plan_of(convention, sheets, day, known=known)
        return draw_plan(write_plan(plan), plan).content
    tables = plan_tables(convention, sheets)
    return to_xlsx(*tables) if extension == "xlsx" else to_csv(tables[0])


def plan_name(convention: Convention, extension: str) -> str:
    """Under which name the plan is saved."""
    return f"plan-d-actions-{convention.slug}.{extension}"
