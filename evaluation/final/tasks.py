"""Once the convention has ended, its coordinator has its final evaluation to lead (art. 7), until
it is published."""

import datetime

from django.urls import reverse

from accounts.models import User
from conventions.access.rights import coordinated_by
from ctg_portal.house import Task
from evaluation.models import Edition

TOLD = "La convention est arrivée à son terme : son évaluation finale est à conduire."


def final_evaluation(user: User, conventions, today):
    coordinated = coordinated_by(user, conventions)
    ended = [one for one in conventions if one.is_signed and one.has_ended(today)]
    editions = Edition.objects.filter(evaluation__convention__in=ended).of_year(None).published()
    done = set(editions.values_list("evaluation__convention", flat=True))
    return {
        convention.pk: [
            Task(
                TOLD,
                reverse("evaluation:final", args=[convention.slug]),
                "Voir ce qui manque",
                since=convention.end + datetime.timedelta(days=1),
                headline="L’évaluation finale de la convention est à conduire",
            )
        ]
        for convention in ended
        if convention.pk in coordinated and convention.pk not in done
    }
