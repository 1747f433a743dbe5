"""The steps of setting up a convention, in order."""

from dataclasses import dataclass

from django.urls import reverse

from conventions.setting_up.models import Project
from ctg_portal.templatetags.french import plural


@dataclass(frozen=True)
class Step:
    """A step: ``key`` is in its address and in ``Project.step_revisions``."""

    key: str
    title: str
    route: str

    def url(self, project: Project) -> str:
        return reverse(f"conventions:{self.route}", args=[project.pk])

    def note(self, project: Project) -> str:
        """Return what there is of it, in a few words; "" for nothing yet."""
        notes = {
            "territoire": (project.communes, "commune,communes"),
            "parties": (project.parties, "partie,parties"),
            "axes": (project.content.get("axes"), project.words.axis.forms),
            "articles": (project.content.get("articles"), "article,articles"),
        }
        rows, forms = notes.get(self.key, (None, ""))
        if self.key == "cadre" and project.heading.get("fin"):
            return f"jusqu’en {project.heading['fin'][:4]}"
        return plural(len(rows), forms) if rows else ""


STEPS = (
    Step("territoire", "Territoire", "project_territory"),
    Step("parties", "Parties", "project_parties"),
    Step("cadre", "Durée et mots", "project_frame"),
    Step("axes", "Axes et objectifs", "project_outline"),
    Step("articles", "Articles", "project_articles"),
    Step("personnes", "Personnes", "project_people"),
    Step("relire", "Relire", "project_review"),
)
BY_KEY = {step.key: step for step in STEPS}


@dataclass(frozen=True)
class ShownStep:
    """A step as a page shows it: ``state`` is done, current, or "" for what is to come."""

    step: Step
    url: str
    note: str
    state: str


def shown_steps(project: Project, current: str) -> list[ShownStep]:
    """Return the steps with what there is of each."""
    rows = []
    for step in STEPS:
        is_written = step.key in project.step_revisions
        state = "current" if step.key == current else "done" if is_written else ""
        rows.append(ShownStep(step, step.url(project), step.note(project), state))
    return rows


def after(key: str) -> Step:
    """Return the step that follows one; the last follows itself."""
    keys = [step.key for step in STEPS]
    return STEPS[min(keys.index(key) + 1, len(STEPS) - 1)]
