"""The part that holds the state of an action and its progress."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from actions.follow_up.parts.base import FollowUpPart
from actions.plan.faults import YEAR_MISTYPED, Fault, is_mistyped
from actions.plan.models import ActionState
from agreements.commitments.fields import Choice, Day, Number, Text


@dataclass(frozen=True)
class Percent(Number):
    unit: str = "%"


class StatePart(FollowUpPart):
    """Where the action is, since when, why; how far, where that is stated by hand."""

    key, title = "etat", "État et avancement"
    fields = (
        Choice("state", "État", dict(ActionState.choices)),
        Day("state_on", "Depuis le"),
        Text("state_reason", "Motif"),
        Percent("stated_progress", "Avancement estimé"),
        Day("stated_on", "Estimé le"),
    )

    def values(self, action) -> dict:
        """Return the values of the fields as a form takes them."""
        return {field.name: getattr(action, field.name) for field in self.fields}

    def plain(self, values):
        """Return the canonical content; without a progress, the day of one is left out."""
        content = super().plain(values)
        is_stated = content["stated_progress"] is not None
        return content if is_stated else content | {"stated_on": None}

    def with_implied_days(self, values: dict, changed: set[str], today: datetime.date) -> dict:
        """Return the values of a form with the days that follow from what was changed in it
        (``changed``: the names of fields).

        A changed state holds from today on, and a changed estimate is of today, unless its day was
        changed too. An action that is done is at 100 % from its day on. With nothing changed, the
        values stay.
        """
        values = dict(values)
        if not changed:
            return values
        if "state_on" not in changed and ("state" in changed or not values["state_on"]):
            values["state_on"] = today
        if values["state"] == ActionState.DONE:
            values |= {"stated_progress": 100, "stated_on": values["state_on"]}
        elif values["stated_progress"] is None:
            values["stated_on"] = None
        elif not values["stated_on"] or (
            "stated_progress" in changed and "stated_on" not in changed
        ):
            values["stated_on"] = today
        return values

    def effective_day(self, before, content, today):
        """Return the day of the state where the state or its day changes; else that of the
        estimate.

        A reason that changes while the state stays holds from today on, and so does the removal of
        an estimate: days before are not changed.
        """
        changed = {name for name in before if before[name] != content[name]}
        if changed & {"state", "state_on"}:
            since = content["state_on"]
        else:
            since = None if "state_reason" in changed else content["stated_on"]
        return Day("", "").parse(since) or today

    def faults(self, action, content, today):
        """Yield an unknown state, a missing reason, days to come, a contradictory progress."""
        state = content["state"]
        if state not in ActionState.values:
            yield "state", "Choisissez un état de la liste."
        if state in ActionState.with_reason() and not content["state_reason"].strip():
            label = ActionState(state).label
            yield "state_reason", f"Une action {label} a un motif : que se passe-t-il ?"
        if not content["state_on"]:
            yield "state_on", "Dites depuis quel jour."
        for name in ("state_on", "stated_on"):
            if is_mistyped(content[name]):
                yield name, YEAR_MISTYPED
            elif content[name] and content[name] > today.isoformat():
                yield name, "Ce jour n’est pas encore venu."
        progress = content["stated_progress"]
        if action.state == ActionState.DONE != state and progress == 100:
            yield (
                "stated_progress",
                "L’action n’est plus terminée : dites où elle en est, ou laissez-le vide.",
            )
        yield from self._progress_faults(state, progress, content["stated_on"])

    def _progress_faults(
        self, state: str, progress: int | None, stated_on: str | None
    ) -> Iterator[Fault]:
        """Yield faults of an estimate: one without its day or a day without one, outside 0 to 100,
        under 100 of an action that is done, above 0 of one to come. Without both, nothing."""
        if progress is None:
            if stated_on:
                yield "stated_progress", "Donnez l’avancement estimé ce jour-là."
            return
        if not 0 <= progress <= 100:
            yield "stated_progress", "Un avancement va de 0 à 100 %."
        elif state == ActionState.DONE and progress < 100:
            yield (
                "stated_progress",
                (
                    "L’avancement d’une action terminée est de 100 % : laissez-le vide, ou changez "
                    "d’état."
                ),
            )
        elif state == ActionState.TO_COME and progress > 0:
            yield "stated_progress", "Une action à venir n’est pas commencée : changez d’état."
        if not stated_on:
            yield "stated_on", "Dites quel jour l’avancement a été estimé."

    def write(self, action, content):
        """Set the fields of the state and save the action."""
        for field in self.fields:
            setattr(action, field.name, field.parse(content[field.name]))
        action.save()
