"""The task of who is given a theme to write, until they have saved a text."""

import datetime
from collections import defaultdict

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conventions.access.viewer import accesses_among
from conventions.models import Convention
from ctg_portal.house import Blocks, Task
from ctg_portal.templatetags.french import long_date
from evaluation.editions.standing import editions_among, years_among
from evaluation.period import Period
from evaluation.texts.models import Writer


def themes_to_write(
    user: User, conventions: list[Convention], today: datetime.date
) -> dict[int, list[Task]]:
    """Return, by primary key of the convention, a task for each theme that was given to ``user``,
    until they have saved its text or the evaluation is published: from then on a text makes a
    corrected version, for which the coordinator asks. Two queries."""
    accesses = accesses_among(user, conventions)
    slugs = {each.pk: each.slug for each in conventions if accesses[each.pk]}
    rows = Writer.objects.filter(
        user=user, written_at__isnull=True, theme__axis__convention__in=slugs
    )
    rows = list(rows.standing(today).select_related("theme__axis__convention"))
    if not rows:
        return {}
    published = years_among(
        edition for edition in editions_among(conventions) if edition.is_published
    )
    tasks = defaultdict(list)
    for row in rows:
        convention = row.theme.axis.convention_id
        if (convention, row.year) in published:
            continue
        account = Period(row.year).account
        by_when = f", jusqu’au {long_date(row.until)}" if row.until else ""
        tasks[convention].append(
            Task(
                f"Le {account} de « {row.theme} » vous est confié{by_when}.",
                reverse("evaluation:narrative", args=[slugs[convention], row.year, row.theme_id]),
                "Écrire le bilan",
                since=timezone.localdate(row.given_at),
                due=row.until,
                blocks=Blocks.SOMEBODY,
                headline=f"Le {account} de « {row.theme} » est à écrire",
            )
        )
    return dict(tasks)
