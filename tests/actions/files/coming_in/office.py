"""The convention to which plans come in from files, and what is said of one."""

import datetime
from dataclasses import dataclass, field

from django.core.files.uploadedfile import SimpleUploadedFile

from actions.files.coming_in.importing import ImportOfPlan
from actions.models import Action
from conventions.models import Theme
from documents.drawing.composition import compose
from spreadsheets.columns.questions import Asking
from spreadsheets.importing import events
from spreadsheets.importing.preview import Preview
from spreadsheets.importing.reading import preview_of
from spreadsheets.models import Import
from spreadsheets.reading.open import open_book
from tests import factories as f
from tests.actions.factories import action_in_force
from tests.agreements.factories import Committee, committee_of
from tests.spreadsheets.files import xlsx

START, END = datetime.date(2020, 1, 1), datetime.date(2027, 12, 31)
AXES = {
    "Accès aux droits": ["Accueil des usagers"],
    "Services aux familles": ["Petite enfance", "Parentalité", "Jeunesse"],
    "Animation de la vie sociale": [""],
}


@dataclass
class PlanOffice:
    committee: Committee
    themes: dict[str, Theme]
    action: Action
    extra: dict = field(default_factory=dict)

    @property
    def convention(self):
        return self.committee.convention

    @property
    def scope(self) -> str:
        return self.convention.slug

    @property
    def coordinator(self):
        return self.committee.coordinator

    def read(
        self, name: str, content: bytes, user="coordinator", columns=None, **answers
    ) -> Preview:
        """Return what a file would change, for the coordinator. ``columns``: the roles that were
        chosen on the first sheet, by letter."""
        user = self.coordinator if user == "coordinator" else user
        asking = Asking(self.extra.get("answers", {}) | answers)
        if columns:
            preview = ImportOfPlan().preview(self.scope, open_book(name, content), asking, user)
            asking = Asking(asking.answers, columns_chosen(preview, columns))
        return ImportOfPlan().preview(self.scope, open_book(name, content), asking, user)

    def keep(self, preview: Preview, user="coordinator") -> None:
        user = self.coordinator if user == "coordinator" else user
        for line in preview.to_keep:
            ImportOfPlan().keep(self.scope, line, by=user)

    def actions(self) -> dict[str, Action]:
        return {one.title: one for one in Action.objects.of(self.convention).with_sheet()}


def columns_chosen(preview: Preview, columns: dict[str, str]) -> dict:
    """Return what somebody says of the columns of the first sheet that is read."""
    sheet = next(sheet for sheet in preview.sheetful.sheets if sheet["is_read"])
    roles = {
        str(column["number"]): columns.get(column["letter"], column["role"])
        for column in sheet["columns"]
    }
    plain = {"is_read": True, "head": sheet["head"], "roles": roles, "constants": {}}
    return {"sheets": {sheet["name"]: plain}, "is_settled": True}


def to_choose(preview: Preview) -> list[str]:
    """Return the letters of the columns whose role is to be chosen."""
    return [
        column["letter"]
        for sheet in preview.sheetful.sheets
        if sheet["is_read"]
        for column in sheet["columns"]
        if not column["role"]
    ]


def content_of(preview: Preview) -> dict[str, dict]:
    """Return what would be agreed to, by title."""
    return {
        line.content.content["title"]: line.content.content
        for line in preview.to_keep
        if line.content.content
    }


def answers_to(preview: Preview, *wanted: str) -> dict[str, str]:
    """Answer each open question with the choice whose label has one of these words; else the
    first."""
    answers = {}
    for question in preview.open_questions:
        labels = {choice.label: choice.value for choice in question.choices}
        values = [v for label, v in labels.items() if any(word in label for word in wanted)]
        answers[question.key] = (values or list(labels.values()))[0]
    return answers


def plan_office_of() -> PlanOffice:
    committee = committee_of(signed_on=START, start=START, end=END)
    convention, themes = committee.convention, {}
    committee.orientation.theme.axis.delete()
    for number, (title, names) in enumerate(AXES.items(), start=1):
        axis = f.AxisFactory(convention=convention, number=number, title=title)
        for rank, name in enumerate(names, start=1):
            themes[name or title] = f.ThemeFactory(
                axis=axis, rank=rank, title=name, number=f"{number}.{rank}" if name else ""
            )
    committee.orientation = f.ObjectiveFactory(
        theme=themes["Petite enfance"], title="Développer l’accueil du jeune enfant", code="2.1.a"
    )
    f.ObjectiveFactory(theme=themes["Parentalité"], title="Soutenir les parents", code="2.2.a")
    for acronym, name, kind in [
        ("CCAS", "Centre communal d’action sociale d’Exemple", "ccas"),
        ("MSA", "Mutualité sociale agricole", "msa"),
        ("Ormeaux", "Centre social des Ormeaux", "association"),
    ]:
        f.OrganisationFactory(convention=convention, acronym=acronym, name=name, kind=kind)
    for name in ("Antran", "Thuré", "Saint-Rémy"):
        commune = f.CommuneFactory(convention=convention, name=name)
        f.CoverageFactory(commune=commune, since__convention=convention)
    action = action_in_force(committee)
    return PlanOffice(committee, themes, action)


def bring(office, by, *rows, name="plan.xlsx", content: bytes | None = None) -> Import:
    upload = SimpleUploadedFile(name, content or xlsx(*rows))
    return events.bring("actions.plan", office.scope, upload, by=by)


def keep(row, by, *, is_partial=False):
    digest = preview_of(row, by).digest
    application = events.ask_to_apply(row, digest=digest, is_partial=is_partial, by=by)
    compose(application)
    application.refresh_from_db()
    row.refresh_from_db()
    return application
