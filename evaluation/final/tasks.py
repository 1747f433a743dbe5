"""Once the convention has ended, its coordinator has its final evaluation to lead (art. 7)."""

import datetime

from django.urls import reverse

from conventions.access.rights import coordinated_by
from ctg_portal.house import Task

TOLD = "La convention est arrivée à son terme : son évaluation finale est à conduire."


def final_evaluation(user, conventions, today):
    coordinated = coordinated_by(user, conventions)
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
        for convention in conventions
        if convention.pk in coordinated and convention.is_signed and convention.has_ended(today)
    }
