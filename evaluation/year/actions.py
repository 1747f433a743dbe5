"""The words for an action in the report of a year and on its page."""

from collections import defaultdict
from decimal import Decimal

from actions.models import ActionState, Funding
from ctg_portal.templatetags.french import enumerate_words, euros, long_date
from evaluation.year.action_lines import ActionLine, Gap, GapsOf, Money, NoteText
from evaluation.year.plan import ActionReading
from evaluation.year.reading import YearReading


def action_line(reading: ActionReading) -> ActionLine:
    """Write out an action in words. No date for an action to come, no progress for one that is
    done, a reason only in the states that have one; money of which nothing is known is empty."""
    action, then, note, lines = reading.action, reading.then, reading.note, reading.fundings
    since = ""
    if then.since is not None and then.state != ActionState.TO_COME:
        since = f"{'le' if then.is_over else 'depuis le'} {long_date(then.since)}"
    measured = ""  # of what is done there is nothing to add
    if then.percent is not None and then.state != ActionState.DONE:
        measured = (
            f"estimé le {long_date(then.stated_on)}" if then.stated_on else "selon les jalons"
        )
    spent = [line for line in lines if line.spent is not None]
    granted, lacks_grants = _total(lines, "granted"), any(line.granted is None for line in lines)
    return ActionLine(
        anchor=action.anchor,
        number=action.number,
        title=action.title,
        leads=enumerate_words(
            f"{lead.name} ({lead.organisation})" if lead.name else lead.organisation
            for lead in reading.leads
        ),
        period=action.period,
        is_innovative=action.is_innovative,
        state=then.state.label,
        state_kind=str(then.state),
        since=since,
        reason=then.reason.strip() if then.state in ActionState.with_reason() else "",
        is_late=then.is_late,
        percent=then.percent,
        measured=measured,
        money=Money(
            planned=_total(lines, "planned"),
            granted=f"{granted} (incomplet)" if granted and lacks_grants else granted,
            spent=_total(lines, "spent"),
            untold=len(lines) - len(spent) if spent else 0,
        ),
        note=note and NoteText(note.text, note.brakes, note.levers, note.prospects),
        lacks_note=reading.lacks_note,
        late_word=reading.late_word.singular,
    )


def _total(lines: list[Funding], name: str) -> str:
    """Add up a field of the lines that have it, in euros; empty, not zero, if none has."""
    amounts = [amount for line in lines if (amount := getattr(line, name)) is not None]
    return euros(sum(amounts, Decimal(0))) if amounts else ""


def missing_notes_in(reading: YearReading) -> list[GapsOf]:
    """Return the actions whose note of the year is missing, under the organisations that lead them,
    those of one action named together."""
    gaps = defaultdict(list)
    for action in reading.actions:
        if action.lacks_note:
            leaders = dict.fromkeys(lead.organisation.name for lead in action.leads)
            gap = Gap(str(action.action), "pas encore écrit")
            gaps[enumerate_words(leaders)].append(gap)
    return [GapsOf(leaders, missing) for leaders, missing in gaps.items()]
