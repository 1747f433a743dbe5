"""What was told of a table's figures while no rule of secrecy held for them: it stays known.

No audit says so, for what no rule protects is told at once: the log of each figure does, beside
that of its provider, and of the closings of its year, which freeze a rule, or that there is none.
"""

import datetime
from bisect import bisect_right
from dataclasses import dataclass

from django.utils import timezone

from indicators.collection.models import CampaignState
from indicators.disclosure.sheet import Sheet, commune_place
from indicators.disclosure.tables import TERRITORY, Earlier
from indicators.values.models import SHOWN, ValueTransition

Moment = datetime.datetime


@dataclass
class Held:
    """When a rule held for the figures of an indicator's year. ``changes``: from when on one did,
    or did not, in order."""

    changes: list[tuple[Moment, bool]]

    def at(self, moment: Moment) -> bool:
        """Before all that is known, as it was at first."""
        place = bisect_right([when for when, _ in self.changes], moment)
        return self.changes[max(place - 1, 0)][1]

    def did_not(self, since: Moment, until: Moment) -> bool:
        """Whether there was a moment between these at which none held."""
        inside = [when for when, _ in self.changes if since < when < until]
        return not all(self.at(moment) for moment in (since, *inside))


def told_without_rule(sheet: Sheet) -> list[Earlier]:
    """Each of its figures that was told then, as it was."""
    held = _held(sheet.entry)
    if not sheet.is_protected or all(holds for _, holds in held.changes):
        return []
    log = ValueTransition.objects.filter(value__campaign_indicator=sheet.entry)
    acts: dict[int, list[ValueTransition]] = {}
    for act in log.select_related("value").order_by("created_at", "pk"):
        acts.setdefault(act.value_id, []).append(act)
    found = []
    for of_value in acts.values():
        ends = [act.created_at for act in of_value[1:]] + [timezone.now()]
        for act, end in zip(of_value, ends, strict=True):
            if act.to_state not in SHOWN or not held.did_not(act.created_at, end):
                continue
            commune = act.value.commune_id
            key = sheet.key(commune_place(commune) if commune else TERRITORY)
            if terms := sheet.counts(act):
                found.append(Earlier({key: terms}, frozenset(), {}, has_totals=False))
    return found


def _held(entry) -> Held:
    """By what its provider's rule was, and while its year was closed by that which was frozen."""
    theirs = [
        (row.history_date, bool(row.masking_threshold or row.rounding_base))
        for row in entry.provider.history.order_by("history_date", "history_id")
    ] or [(entry.campaign.created_at, entry.provider.has_secrecy)]
    frozen = bool(entry.masking_threshold or entry.rounding_base)
    steps = [
        (step.created_at, step.to_state == CampaignState.CLOSED)
        for step in entry.campaign.transitions.order_by("created_at", "pk")
    ]
    provider, closed = Held(theirs), Held([(theirs[0][0], False), *steps])
    moments = sorted({when for when, _ in (*provider.changes, *closed.changes)})
    return Held([
        (when, frozen if closed.at(when) and entry.is_rule_frozen else provider.at(when))
        for when in moments
    ])  # fmt: skip
