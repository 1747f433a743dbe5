"""The task of the final evaluation, which the coordinator leads once the convention has ended
(art. 7), until it is published."""

import datetime

from django.urls import reverse

from accounts.models import User
from conventions.access.rights import coordinated_by
from conventions.models import Convention
from ctg_portal.house import Task
from evaluation.editions.standing import editions_among, years_among

SENTENCE = "La convention est arrivée à son terme : son évaluation finale est à conduire."


def final_evaluation(
    user: User, conventions: list[Convention], today: datetime.date
) -> dict[int, list[Task]]:
    """Return, by key of the convention, the task of the final evaluation: for who coordinates a
    signed convention that has ended, until its final evaluation is published."""
    coordinated = coordinated_by(user, conventions)
    ended = [one for one in conventions if one.is_signed and one.has_ended(today)]
    if not ended:
        return {}
    done = years_among(one for one in editions_among(conventions) if one.is_published)
    return {
        convention.pk: [
            Task(
                SENTENCE,
                reverse("evaluation:final", args=[convention.slug]),
                "Voir ce qui manque",
                since=convention.end + datetime.timedelta(days=1),
                headline="L’évaluation finale de la convention est à conduire",
            )
        ]
        for convention in ended
        if convention.pk in coordinated and (convention.pk, None) not in done
    }
