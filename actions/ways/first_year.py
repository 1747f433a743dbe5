"""The plan, a step of a convention's first year."""

from collections.abc import Iterator

from django.urls import reverse

from actions.plan.models import Action
from conventions.models import Convention
from ctg_portal.house import FirstStep
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import plural


def bring_plan(convention: Convention) -> Iterator[FirstStep]:
    """Yield the step of bringing the plan in, which is done once an action is proposed."""
    drafted, readable = _counts_of(convention)
    if readable:
        note = plural(readable, "proposée ou en vigueur,proposées ou en vigueur")
    else:
        note = plural(drafted, "brouillon à proposer,brouillons à proposer") if drafted else ""
    url = reverse("actions:import_plan", args=[convention.slug])
    yield FirstStep(20, "Déposer le plan d’actions, de votre tableau", url, bool(readable), note)


@cached(Subject.PLAN)
def _counts_of(convention: Convention) -> tuple[int, int]:
    """Return how many actions are drafted, and how many are proposed or in force."""
    return Action.objects.of(convention).count_drafted_and_readable()
