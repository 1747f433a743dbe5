"""The action plan as accessible PDF: one sheet, some, all of them."""

import datetime

from actions.files.plan import PlanContent
from actions.files.sheet import Sheet
from conventions.models import Convention
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import number
from documents.pdf import Drawn, draw_pdf, render_html, render_pdf

TITLE = "Plan d’actions"
# By measure, a processor is busy 17 s with as many, and takes half a gigabyte; a slow one three
# times as long, and a request is given up after 60 s.
MOST = 120


def may_draw(count: int) -> Refusal | None:
    """Whether as many sheets are drawn while somebody waits."""
    if count <= MOST:
        return None
    return Refusal(
        f"Le PDF contient au plus {MOST} fiches, et {number(count)} sont demandées : choisissez-en "
        "moins, une partie après l’autre. Pour un seul document, l’exploitant du portail "
        "dispose de la commande « export_actions »."
    )


def sheet_pdf(sheet: Sheet, convention: Convention, day: datetime.date) -> bytes:
    """One sheet, as it is on ``day``."""
    title = f"Fiche action {sheet.name}"
    context = {
        "sheet": sheet,
        "convention": str(convention),
        "day": day,
        "foot": foot_of(str(convention), sheet.is_fictional),
    }
    return render_pdf("actions/files/pdf/single.html", context, title=title, date=day)


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
