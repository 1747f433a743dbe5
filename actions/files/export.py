"""Export the action plan as one file, for its page, the worker and the command."""

import datetime
import io
import zipfile
from collections.abc import Sequence
from typing import Any

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
    """Read these actions as they are on ``day``: what ``lay_out`` makes a file of.

    ``known``: the number of actions from which they were chosen, None for the whole plan.
    """
    sheets = read_sheets(convention, actions, day)
    return plan_of(convention, sheets, day, known=known) if extension == "pdf" else sheets


def lay_out(convention: Convention, content: Any, extension: str) -> str | list[Table]:
    """Return a content of ``plan_content`` as HTML for a PDF, or as tables of a spreadsheet."""
    return write_plan(content) if extension == "pdf" else plan_tables(convention, content)


def write_file(written, content, extension: str) -> Drawn:
    """Draw what ``lay_out`` has made as a file; a CSV has the first table only."""
    if extension == "pdf":
        return draw_plan(written, content)
    return Drawn(to_xlsx(*written) if extension == "xlsx" else to_csv(written[0]))


def export_plan(
    convention: Convention, actions: Sequence[Action], day: datetime.date, extension: str
) -> bytes:
    """Return these actions as the bytes of a file: in one of ``EXTENSIONS``, or as « zip » of PDF
    files with at most ``MOST`` sheets each. Raises Refused where one PDF would have more."""
    if extension == "zip":
        return _export_zip(convention, actions, day)
    if extension == "pdf":
        enforce(pdf.may_draw(len(actions)))
    content = plan_content(convention, actions, day, extension)
    return _bytes_of(write_file(lay_out(convention, content, extension), content, extension))


def _bytes_of(drawn: Drawn) -> bytes:
    return drawn.content if isinstance(drawn.content, bytes) else drawn.content.read()


def _export_zip(convention: Convention, actions: Sequence[Action], day: datetime.date) -> bytes:
    """Return a zip of numbered PDF files, in the order of ``actions``; one file without any."""
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
    """Return the actions of these keys, in their order, as a spreadsheet, without deleted ones."""
    actions = {action.pk: action for action in actions_of(convention)}
    return export_plan(convention, [actions[pk] for pk in pks if pk in actions], day, extension)


def plan_name(convention: Convention, extension: str) -> str:
    return f"plan-d-actions-{convention.slug}.{extension}"
