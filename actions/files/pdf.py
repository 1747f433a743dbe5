"""The action plan as accessible PDF: one sheet, some, all of them."""

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
    """Return why one PDF does not have as many sheets, None where it has."""
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
    """The HTML of one sheet of that convention, as it is on ``day``."""
    context = {
        "sheet": sheet,
        "convention": convention,
        "day": day,
        "foot": foot_of(convention, sheet.is_fictional),
    }
    return render_html("actions/files/pdf/single.html", context, title=sheet_title(sheet))


def draw_sheet(html: str, sheet: Sheet, convention: str, day: datetime.date) -> Drawn:
    """The PDF of what ``write_sheet`` has written."""
    return draw_pdf(html, title=sheet_title(sheet), date=day)


def write_plan(plan: PlanContent) -> str:
    """The HTML of the plan: cover, contents, summary, each sheet by axis and theme."""
    foot = foot_of(f"{plan.convention} – {plan.territory}", plan.is_fictional)
    context = {"plan": plan, "foot": foot}
    return render_html("actions/files/pdf/plan.html", context, title=TITLE)


def draw_plan(html: str, plan: PlanContent) -> Drawn:
    """The PDF of what ``write_plan`` has written."""
    return draw_pdf(html, title=TITLE, date=plan.day)


def foot_of(convention: str, is_fictional: bool) -> str:
    """What stands at the foot of every page."""
    return f"{convention} – données fictives" if is_fictional else convention
