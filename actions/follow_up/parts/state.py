"""Where an action is, and how far."""

import datetime
from dataclasses import dataclass

from actions.follow_up.parts.base import FollowUpPart
from actions.models import ActionState
from actions.plan.faults import YEAR_MISTYPED, is_mistyped
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
        """What there is, as a form holds it."""
        return {one.name: getattr(action, one.name) for one in self.fields}

    def plain(self, values):
        """Without a progress, the day of one says nothing."""
        content = super().plain(values)
        is_stated = content["stated_progress"] is not None
        return content if is_stated else content | {"stated_on": None}

    def dated(self, values: dict, touched: set[str], today: datetime.date) -> dict:
        """What a form says, by what was touched of it: a state that is changed holds from today on,
        unless its day is told; so does an estimate. What is done is at 100 % from its day on."""
        values = dict(values)
        if not touched:
            return values
        if "state_on" not in touched and ("state" in touched or not values["state_on"]):
            values["state_on"] = today
        if values["state"] == ActionState.DONE:
            values |= {"stated_progress": 100, "stated_on": values["state_on"]}
        elif values["stated_progress"] is None:
            values["stated_on"] = None
        elif not values["stated_on"] or (
            "stated_progress" in touched and "stated_on" not in touched
        ):
            values["stated_on"] = today
        return values

    def day(self, before, content, today):
        """That of the state, or of the estimate where nothing else is told. A reason that changes
        while the state stays takes nothing from the days before today, nor does an estimate that is
        taken away."""
        told = {name for name in before if before[name] != content[name]}
        if told & {"state", "state_on"}:
            since = content["state_on"]
        else:
            since = None if "state_reason" in told else content["stated_on"]
        return Day("", "").parse(since) or today

    def faults(self, action, content, today):
        state = content["state"]
        if state not in ActionState.values:
            yield "state", "Choisissez un état de la liste."
        if state in ActionState.with_reason() and not content["state_reason"].strip():
            told = ActionState(state).label
            yield "state_reason", f"Une action {told} a un motif : que se passe-t-il ?"
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
        yield from self._of_progress(state, progress, content["stated_on"])

    def _of_progress(self, state, progress, stated_on):
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
        for one in self.fields:
            setattr(action, one.name, one.parse(content[one.name]))
        action.save()
