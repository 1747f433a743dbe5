"""A kind of news of a room above the committee, as one that comes later would declare it."""

from dataclasses import dataclass
from functools import cached_property

from actions.models import Action
from conventions.access.capacities import coordinator_pks
from conventions.models import Convention
from conventions.notices import ConventionLetter, ConventionNews
from notifications.news import Notification


@dataclass
class Reading:
    convention: Convention
    now: object


class ActionLate(ConventionNews):
    """A sheet is late: told to the coordinators from ``on``."""

    kind = "test_action_late"
    stays = True

    def __init__(self, action: Action, on=None):
        self.action, self.convention, self.on = action, action.convention, on

    @property
    def about(self) -> str:
        return str(self.action.pk)

    @property
    def not_before(self):
        return self.on or super().not_before

    @classmethod
    def load(cls, keys, reading):
        rows = Action.objects.filter(convention=reading.convention, pk__in=keys)
        return {str(action.pk): cls(action) for action in rows}

    def is_obsolete(self, reading) -> bool:
        return self.action.title == "Faite"

    def recipients(self, reading) -> dict[int, Notification]:
        return {pk: Notification(self, reading.now) for pk in coordinator_pks(reading.convention)}

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        if len(notifications) > 1:
            return f"{len(notifications)} actions sont en retard"
        return f"l’action « {notifications[0].news.action.title} » est en retard"

    def summary(self, notification) -> str:
        return "Son terme est passé."

    def link(self) -> str:
        return f"/conventions/{self.convention.slug}/actions/{self.action.pk}/"


class PlanLetter(ConventionLetter):
    kinds = (ActionLate,)

    @cached_property
    def reading(self) -> Reading | None:
        convention = self.convention()
        return Reading(convention, self.now) if convention else None
