"""The action plan as one file of a kind: for the page of the plan, the worker and the command."""

import datetime
import io
import zipfile
from collections.abc import Sequence

from actions.files import pdf
from actions.files.pdf import draw_plan, write_plan
from actions.files.plan import PlanContent, plan_of
from actions.files.reading import read_sheets
from actions.files.sheet import Sheet
from actions.files.tables import plan_tables
from actions.plan.models import Action
from actions.plan.reading import actions_of
from conventions.models import Convention
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.rules import enforce
from documents.drawing.kinds import Drawn
from documents.tables import Table, to_csv, to_xlsx

EXTENSIONS = ("pdf", "xlsx", "csv")


def plan_content(
    convention: Convention,
    actions: Sequence[Action],
    day: datetime.date,
    extension: str,
    *,
    known: int | None = None,
) -> PlanContent | list[Sheet]:
    """All that a file of these actions says, as they are on ``day``.

    ``known``: of how many they were chosen, None for the whole plan.
    """
    sheets = read_sheets(convention, actions, day)
    return plan_of(convention, sheets, day, known=known) if extension == "pdf" else sheets


def lay_out(convention: Convention, content, extension: str) -> str | list[Table]:
    """That content as HTML, or as the tables of a spreadsheet."""
    return write_plan(content) if extension == "pdf" else plan_tables(convention, content)


def write_file(written, content, extension: str) -> Drawn:
    """What ``lay_out`` has made, as a file."""
    if extension == "pdf":
        return draw_plan(written, content)
    return Drawn(to_xlsx(*written) if extension == "xlsx" else to_csv(written[0]))


def export_plan(
    convention: Convention, actions: Sequence[Action], day: datetime.date, extension: str
) -> bytes:
    """Return all of it in one go, in one of ``EXTENSIONS`` or « zip », which has PDF files of at
    most ``MOST`` sheets each, in the order of the plan. Raises Refused where a PDF would have
    more."""
    if extension == "zip":
        return _export_parts(convention, actions, day)
    if extension == "pdf":
        enforce(pdf.may_draw(len(actions)))
    content = plan_content(convention, actions, day, extension)
    return _bytes_of(write_file(lay_out(convention, content, extension), content, extension))


def _bytes_of(drawn: Drawn) -> bytes:
    return drawn.content if isinstance(drawn.content, bytes) else drawn.content.read()


def _export_parts(convention: Convention, actions: Sequence[Action], day: datetime.date) -> bytes:
    file = io.BytesIO()
    known = len(actions) if len(actions) > pdf.MOST else None
    with zipfile.ZipFile(file, "w") as archive:
        for first in range(0, max(len(actions), 1), pdf.MOST):
            part = actions[first : first + pdf.MOST]
            plan = plan_of(convention, read_sheets(convention, part, day), day, known=known)
            name = f"{first // pdf.MOST + 1:02}-{plan_name(convention, 'pdf')}"
            archive.writestr(name, _bytes_of(draw_plan(write_plan(plan), plan)))
    return file.getvalue()


@cached(Subject.PLAN, Subject.TEXT, Subject.COMMITTEE)
def plan_table(
    convention: Convention, pks: tuple[int, ...], day: datetime.date, extension: str
) -> bytes:
    """The actions of these keys, in their order, as a spreadsheet: alike for all who read them."""
    known = {action.pk: action for action in actions_of(convention)}
    return export_plan(convention, [known[pk] for pk in pks if pk in known], day, extension)


def plan_name(convention: Convention, extension: str) -> str:
    """Return the name under which the plan is saved."""
    return f"plan-d-actions-{convention.slug}.{extension}"
