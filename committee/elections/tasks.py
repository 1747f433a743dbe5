"""The task of who confirms the list of a party's élus."""

import datetime

from django.urls import reverse

from accounts.models import User
from committee.elections.events import is_ready
from committee.elections.models import Renewal
from committee.elections.rights import may_confirm
from conventions.models import Convention
from ctg_portal.house import Blocks, Task
from ctg_portal.marks.cache import cached_each
from ctg_portal.marks.models import Subject


def renewal_tasks(user: User, conventions, today):
    """Return, by convention, a task for each list that the user may confirm today; without
    conventions that have none."""
    tasks = {}
    by_pk = {convention.pk: convention for convention in conventions}
    for pk, renewals in _ready_lists(conventions, today).items():
        for renewal in renewals:
            renewal.organisation.convention = by_pk[pk]
        own = [row for row in renewals if may_confirm(user, row.organisation) is None]
        if own:
            tasks[pk] = [_task(by_pk[pk], renewal) for renewal in own]
    return tasks


def _task(convention: Convention, renewal: Renewal) -> Task:
    organisation = renewal.organisation
    return Task(
        f"Liste des élus {organisation.genitive} à confirmer, après les élections.",
        reverse("committee:review_elections", args=[convention.slug, organisation.pk]),
        "Relire", blocks=Blocks.SOMEBODY,
        headline=f"1 liste d’élus à confirmer pour {organisation.the}",
    )  # fmt: skip


@cached_each(Subject.PEOPLE, Subject.TEXT)
def _ready_lists(conventions, today: datetime.date) -> dict[int, list[Renewal]]:
    """Return the lists of which nothing is missing and whose délibération has been taken, by
    convention; a convention without any has an empty list."""
    ready: dict[int, list[Renewal]] = {convention.pk: [] for convention in conventions}
    rows = Renewal.objects.open().filter(organisation__convention__in=ready)
    rows = rows.exclude(installed_on=None).filter(deliberated_on__lte=today)
    for row in rows.select_related("organisation").order_by("pk"):
        if is_ready(row):
            ready[row.organisation.convention_id].append(row)
    return ready
