"""Draw the action plan as accessible PDF: one sheet, some, all of them."""

import datetime

from actions.files.plan import PlanContent
from actions.files.sheet import Sheet
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import number
from documents.drawing.kinds import Drawn
from documents.pdf import draw_pdf, render_html

TITLE = "Plan d’actions"
# By measure, a processor is busy 15 s with as many, and takes half a gigabyte; a slow one three
# times as long, while the documents of others wait.
MOST = 100


def may_draw(count: int) -> Refusal | None:
    """Return why one PDF may not have ``count`` sheets (more than ``MOST``), or None."""
    if count <= MOST:
        return None
    return Refusal(
        f"Le PDF contient au plus {MOST} fiches, et {number(count)} sont demandées : choisissez-en "
        "moins, une partie après l’autre. La commande « export_actions » de l’hébergeur du "
        "portail les écrit toutes, en plusieurs PDF dans un fichier .zip."
    )


def sheet_title(sheet: Sheet) -> str:
    return f"Fiche action {sheet.name}"


def write_sheet(sheet: Sheet, convention: str, day: datetime.date) -> str:
    """Return the HTML of one sheet; ``convention`` is the name that the page shows."""
    context = {
        "sheet": sheet,
        "convention": convention,
        "day": day,
        "foot": foot_of(convention, sheet.is_fictional),
    }
    return render_html("actions/files/pdf/single.html", context, title=sheet_title(sheet))


def draw_sheet(html: str, sheet: Sheet, convention: str, day: datetime.date) -> Drawn:
    """Draw the PDF of what ``write_sheet`` has returned."""
    return draw_pdf(html, title=sheet_title(sheet), date=day)


def write_plan(plan: PlanContent) -> str:
    """Return the HTML of the plan: cover, contents, summary, each sheet by axis and theme."""
    foot = foot_of(f"{plan.convention} – {plan.territory}", plan.is_fictional)
    context = {"plan": plan, "foot": foot}
    return render_html("actions/files/pdf/plan.html", context, title=TITLE)


def draw_plan(html: str, plan: PlanContent) -> Drawn:
    """Draw the PDF of what ``write_plan`` has returned."""
    return draw_pdf(html, title=TITLE, date=plan.day)


def foot_of(convention: str, is_fictional: bool) -> str:
    """Return the foot of every page: the name of the convention, and that data are fictional."""
    return f"{convention} – données fictives" if is_fictional else convention
