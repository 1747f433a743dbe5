"""The files of the action plan that the worker draws."""

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from actions.files.export import lay_out, plan_content, plan_name, write_file
from actions.files.pdf import TITLE, draw_sheet, may_draw, sheet_title, write_sheet
from actions.files.reading import read_sheets
from actions.plan.models import Action
from actions.plan.reading import can_draft, readable_actions
from actions.ways.list import Plan
from conventions.documents import ConventionDocument
from conventions.models import Convention
from ctg_portal.rules import Refusal, Refused, enforce
from documents.drawing.kinds import Asked, Drawn
from documents.uploads import clean_name

LABELS = {"pdf": "PDF", "xlsx": "classeur", "csv": "CSV"}
SENSELESS = Refusal("La recherche est à corriger : rien n’a été composé.")


class PlanDocument(ConventionDocument):
    """The plan as ``query`` asks for it, as pdf, xlsx or csv (``extension``)."""

    name = "actions.plan"

    def readers(self, convention: Convention, parameters: dict, user: User) -> str:
        """Return « drafts » for who sees drafts, else « members »: one file is for one of both."""
        return "drafts" if can_draft(user, convention) else "members"

    def ask_of(self, convention: Convention, parameters: dict, user: User, audience: str) -> Asked:
        """Return the content of the actions that the page shows today. Raises Refused for a search
        that makes no sense, and for a PDF of too many sheets."""
        extension, today = parameters["extension"], timezone.localdate()
        plan = Plan(convention, user, QueryDict(parameters["query"]), today)
        if plan.filter.asked is None:
            raise Refused(SENSELESS)
        if extension == "pdf":
            enforce(may_draw(len(plan.shown)))
        page = reverse("actions:plan", args=[convention.slug])
        return Asked(
            title=f"{TITLE} ({LABELS[extension]})",
            name=clean_name(plan_name(convention, extension)),
            audience=audience,
            origin=f"{page}?{plan.filter.query}" if plan.filter.query else page,
            content=plan_content(convention, plan.shown, today, extension, known=plan.known),
        )

    def write(self, asked: Asked, row):
        """Return the HTML of the PDF, or the tables of the spreadsheet."""
        convention = Convention.objects.get(pk=row.scope)
        return lay_out(convention, asked.content, row.parameters["extension"])

    def draw(self, written, asked: Asked, row) -> Drawn:
        return write_file(written, asked.content, row.parameters["extension"])


class SheetDocument(ConventionDocument):
    """One sheet (``pk``) as PDF, as it is today."""

    name = "actions.sheet"

    def readers(self, convention: Convention, parameters: dict, user: User) -> str | None:
        """Return « drafts » or « members »; None where ``user`` may not know of the action."""
        if not readable_actions(convention, user).filter(pk=parameters["pk"]).exists():
            return None
        return "drafts" if can_draft(user, convention) else "members"

    def ask_of(self, convention: Convention, parameters: dict, user: User, audience: str) -> Asked:
        """Return the content of the sheet as it is today: the reading of the action, the name of
        its convention, the day."""
        action, today = Action.objects.get(pk=parameters["pk"]), timezone.localdate()
        [sheet] = read_sheets(convention, [action], today)
        return Asked(
            title=sheet_title(sheet),
            name=clean_name(f"fiche-{sheet.number}-{convention.slug}.pdf"),
            audience=audience,
            origin=reverse("actions:action", args=[convention.slug, action.pk]),
            content=[sheet, str(convention), today],
        )

    def write(self, asked: Asked, row) -> str:
        return write_sheet(*asked.content)

    def draw(self, written: str, asked: Asked, row) -> Drawn:
        return draw_sheet(written, *asked.content)
