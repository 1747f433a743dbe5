"""The plan, a step of a convention's first year."""

from collections.abc import Iterator

from django.urls import reverse

from actions.plan.models import Action
from conventions.dashboard.first_year import step_of_drafts
from conventions.models import Convention
from ctg_portal.house import FirstStep
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject


def bring_plan(convention: Convention) -> Iterator[FirstStep]:
    """Yield the step of bringing the plan in, which is done once an action is proposed."""
    url = reverse("actions:import_plan", args=[convention.slug])
    words = "proposée ou en vigueur,proposées ou en vigueur"
    title = "Déposer le plan d’actions, de votre tableau"
    yield step_of_drafts(20, title, url, _counts_of(convention), words)


@cached(Subject.PLAN)
def _counts_of(convention: Convention) -> tuple[int, int]:
    """Return how many actions are drafted, and how many are proposed or in force."""
    return Action.objects.of(convention).count_drafted_and_readable()
