"""What was told of figures under the rules of secrecy that held for them, or while none did: it
stays known, whatever holds today.

Audits say so of figures that are told together. Of what no rule protects, and of figures that are
told by themselves, none does: the log of each figure does, beside that of its provider's rule, and
of the closings of its year, which freeze one.
"""

import datetime
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils import timezone

from indicators.collection.models import CampaignState, keeps_more
from indicators.disclosure.sheet import Sheet, commune_place
from indicators.disclosure.tables import TERRITORY, Earlier, Key, Rule, Terms
from indicators.values.models import SHOWN, ValueTransition

Kept = TypeVar("Kept")
Moment = datetime.datetime
NO_RULE = Rule()


@dataclass
class Held(Generic[Kept]):
    """Which rule held for the figures of an indicator's year, or who had it. ``changes``: from when
    on which one did, in order."""

    changes: list[tuple[Moment, Kept]]

    def at(self, moment: Moment) -> Kept:
        """Before all that is known, as it was at first."""
        place = bisect_right([when for when, _ in self.changes], moment)
        return self.changes[max(place - 1, 0)][1]

    def during(self, since: Moment, until: Moment) -> list[Kept]:
        """Those that held at some moment between these, each once."""
        inside = [when for when, _ in self.changes if since < when < until]
        return list(dict.fromkeys(self.at(moment) for moment in (since, *inside)))


def told_without_rule(sheet: Sheet) -> list[Earlier]:
    """Each of its figures that was told while none held, as it was, and is known otherwise by
    nothing."""
    if all(rule != NO_RULE for _, rule in _held(sheet.entry).changes):
        return []
    found = dict.fromkeys((k, terms) for k, terms, rule in _told(sheet) if rule == NO_RULE)
    known = {} if sheet.is_protected else sheet.given
    return [
        Earlier({key: terms}, frozenset(), {}, has_totals=False)
        for key, terms in found
        if known.get(key) != terms
    ]


def plainly_told(sheet: Sheet) -> dict[Key, Terms]:
    """Each of its figures that was told while none held; of one that was corrected, the last."""
    return {key: terms for key, terms, rule in _told(sheet) if rule == NO_RULE}


def told_by_itself(sheet: Sheet) -> list[tuple[Terms, Rule]]:
    """What was told of the figure of the whole territory, each with the rule under which it was,
    the oldest first; last the one that counts now, if one does."""
    now = sheet.given.get(sheet.key(TERRITORY))
    told = [(sheet.stated, NO_RULE)] if sheet.stated else []
    told += [(terms, rule) for _, terms, rule in _told(sheet)] + [(now, sheet.rule)] * bool(now)
    return list(dict.fromkeys(reversed(told)))[::-1]


def _told(sheet: Sheet) -> Iterator[tuple[Key, Terms, Rule]]:
    """Each figure that others were shown, with each rule that held meanwhile."""
    held, is_secret = _held(sheet.entry), sheet.definition.is_confidential
    log = ValueTransition.objects.filter(value__campaign_indicator=sheet.entry)
    acts: dict[int, list[ValueTransition]] = {}
    for act in log.select_related("value").order_by("created_at", "pk"):
        acts.setdefault(act.value_id, []).append(act)
    for of_value in acts.values():
        ends = [act.created_at for act in of_value[1:]] + [timezone.now()]
        for act, end in zip(of_value, ends, strict=True):
            terms = sheet.counts(act)
            if terms is None or act.to_state not in SHOWN:
                continue
            commune = act.value.commune_id
            key = sheet.key(commune_place(commune) if commune else TERRITORY)
            # A public statistic is told under its publisher's rule, whoever provides the others.
            is_plain = act.release_id or not is_secret
            for rule in [NO_RULE] if is_plain else held.during(act.created_at, end):
                yield key, terms, rule


def _held(entry) -> Held:
    """By what its provider's rule was, and while its year was closed by that which was frozen: the
    row holds the last one, and those before were frozen of what held on that day. Twin of today's:
    ``CampaignIndicator.rule``."""
    theirs = [
        (row.history_date, row)
        for row in entry.provider.history.order_by("history_date", "history_id")
    ] or [(entry.campaign.created_at, entry.provider)]
    provider = Held(theirs)
    steps = list(entry.campaign.transitions.order_by("created_at", "pk"))
    closings = [step for step in steps if step.to_state == CampaignState.CLOSED]

    def frozen(rank: int):
        if closings[rank] == closings[-1] and entry.is_rule_frozen:
            return entry
        return while_open(closings[rank].created_at, rank)

    def while_open(moment: Moment, closed: int):
        """Of a year that takes figures, after it was closed so many times."""
        now = provider.at(moment)
        then = frozen(closed - 1) if closed else now
        return then if keeps_more(then, now) else now

    def at(moment: Moment):
        before = [step for step in steps if step.created_at <= moment]
        closed = sum(step in closings for step in before)
        is_closed = before and before[-1] in closings
        return frozen(closed - 1) if is_closed else while_open(moment, closed)

    moments = sorted({when for when, _ in theirs} | {step.created_at for step in steps})
    return Held([(when, _rule_of(at(when))) for when in moments])


def _rule_of(holder) -> Rule:
    return Rule(holder.masking_threshold, holder.rounding_base)
