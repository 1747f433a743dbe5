"""Describe an action in the words that pages and documents share."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import capfirst

from actions.plan.models import Action, ActionState
from conventions.models import Convention
from ctg_portal.templatetags.french import long_date, number, plural

AT_TERM = " au terme"


@dataclass(frozen=True)
class LateWord:
    """The words for actions that are behind what was agreed (``Action.is_late``): of one, of
    several, and when it is so."""

    singular: str
    plural: str
    when: str

    def agree(self, count: int) -> str:
        return self.plural if count >= 2 else self.singular

    def count(self, count: int) -> str:
        """Return « 3 en retard », « 3 non achevées au terme »; empty for none."""
        return f"{number(count)} {self.agree(count)}" if count else ""

    def count_in_cell(self, count: int) -> str:
        """Return « 3 en retard », « 3 non achevées » for a narrow column; empty for none."""
        return self.count(count).removesuffix(AT_TERM)

    def predicate(self, count: int) -> str:
        """Return « 3 sont en retard », « 3 sont non achevées au terme »; empty for none."""
        return f"{plural(count, 'est,sont')} {self.agree(count)}" if count else ""

    @property
    def rule(self) -> str:
        """« Une action est en retard quand sa fin… »."""
        return f"Une action est {self.singular} quand {self.when}."

    @property
    def title(self) -> str:
        return capfirst(self.singular)

    @property
    def title_of_several(self) -> str:
        return capfirst(self.plural)


LATE = LateWord(
    "en retard", "en retard",
    "sa fin ou l’échéance d’un jalon est passée, ou qu’elle devait avoir commencé",
)  # fmt: skip
UNFINISHED = LateWord(
    f"non achevée{AT_TERM}", f"non achevées{AT_TERM}",
    "elle n’est ni terminée ni abandonnée à la fin de la convention",
)  # fmt: skip


def late_word(convention: Convention, day: datetime.date) -> LateWord:
    """Return the words for the actions that are late on a day. Once the convention has ended there
    is no time left to make up for: all that are open are « non achevées au terme »."""
    return UNFINISHED if convention.has_ended(day) else LATE


def describe_progress_source(action: Action) -> str:
    """Return where the progress comes from: « estimé le 12 mars 2024 », « d’après les jalons »;
    empty without a progress, and for an action that is done."""
    if action.progress is None or action.state == ActionState.DONE:
        return ""
    if action.stated_progress is not None:
        return f"estimé le {long_date(action.stated_on)}"
    return "d’après les jalons"


def describe_lateness(action: Action, today: datetime.date) -> Iterator[str]:
    """Yield, for an action that is late, each reason in a sentence."""
    if action.ends_on and action.ends_on < today:
        yield f"Elle devait s’achever le {long_date(action.ends_on)}."
    if action.state == ActionState.TO_COME and action.starts_on and action.starts_on < today:
        yield f"Elle devait commencer le {long_date(action.starts_on)}."
    for milestone in action.overdue(today):
        yield f"Le jalon « {milestone.title} » était attendu le {long_date(milestone.due_on)}."


def describe_beyond_term(action: Action, convention: Convention, today: datetime.date) -> str:
    """Return the sentence that an open action continues after the end of its convention: what was
    undertaken runs to its own term (art. 8); empty while the convention runs, or once the action is
    over."""
    if not convention.has_ended(today) or not action.is_open:
        return ""
    ended = f"La convention est arrivée à son terme le {long_date(convention.end)}."
    if action.ends_on and action.ends_on > convention.end:
        runs = "courait" if action.ends_on < today else "court"
        own = f"Cette action {runs} jusqu’au {long_date(action.ends_on)}"
    elif action.is_continuous:
        own = "Cette action est menée en continu"
    else:
        own = "Cette action n’est pas achevée"
    return f"{ended} {own} : les engagements pris vont à leur terme, et son suivi continue."
