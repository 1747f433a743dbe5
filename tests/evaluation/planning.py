"""Stories of actions in a year that is evaluated: 2023, long over."""

import datetime

from actions.models import Action
from tests.actions.factories import action_since_long, funding, in_state, noted, spent

START, END = datetime.date(2023, 1, 1), datetime.date(2024, 12, 31)


def on(month: int, day: int = 1, year: int = 2023) -> datetime.date:
    return datetime.date(year, month, day)


def action_of(committee, title="Ouvrir un lieu", state="", *, since=None, reason="", **values):
    """An action in force in 2023 and 2024, in that state ``since`` a day; empty, nothing told."""
    content = {"title": title, "starts_on": START, "ends_on": END, "fundings": []} | values
    action = action_since_long(committee, **content)
    return in_state(action, state, on=since or on(3), reason=reason) if state else action


def whole_action(committee, **values) -> Action:
    """One of which everything is told of 2023: blocked, late, half spent, with its note."""
    lines = [funding(committee.caf, 2023, planned="12000"),
             funding("Fondation", 2023, planned="3000.50"),
             funding(committee.caf, 2024, planned="9999")]  # fmt: skip
    action = action_of(committee, fundings=lines, is_innovative=True, **values)
    action = in_state(action, "blocked", on=on(9), reason="Le local est en travaux.", progress=40)
    first, *_, last = action.fundings.order_by("pk")
    action = spent(action, {first.pk: ("11000", "10500.25"), last.pk: ("777", "888")})
    noted(action, 2023, "Onze **communes** sont servies.", brakes="Le bail a tardé.",
          prospects="Ouvrir en mars.")  # fmt: skip
    noted(action, 2024, "Une autre année.")
    return action
