"""How an action is told in the report of a year, and on its page: the same words."""

from collections import defaultdict
from decimal import Decimal

from actions.models import ActionState, Funding
from ctg_portal.templatetags.french import enumerate_words, euros, long_date
from evaluation.report.content import Gap, GapsOf
from evaluation.year.action_lines import ActionLine, Money, NoteText
from evaluation.year.plan import ActionReading
from evaluation.year.reading import YearReading


def action_line(reading: ActionReading) -> ActionLine:
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
            granted=_granted(lines),
            spent=_total(lines, "spent"),
            untold=len(lines) - len(spent) if spent else 0,
        ),
        note=note and NoteText(note.text, note.brakes, note.levers, note.prospects),
        lacks_note=reading.lacks_note,
    )


def _total(lines: list[Funding], name: str) -> str:
    """In euros, of the lines that tell it; empty where none does, which is no zero."""
    told = [amount for line in lines if (amount := getattr(line, name)) is not None]
    return euros(sum(told, Decimal(0))) if told else ""


def _granted(lines: list[Funding]) -> str:
    """The same, and that it is not all where some lines do not tell it."""
    total, lacks = _total(lines, "granted"), any(line.granted is None for line in lines)
    return f"{total} (incomplet)" if total and lacks else total


def unwritten_of(reading: YearReading) -> list[GapsOf]:
    """The notes that are missing, by who leads the action."""
    gaps = defaultdict(list)
    for one in reading.actions:
        if one.lacks_note:
            leaders = dict.fromkeys(lead.organisation.name for lead in one.leads)
            gap = Gap(str(one.action), "pas encore écrit")
            gaps[enumerate_words(leaders)].append(gap)
    return [GapsOf(leaders, found) for leaders, found in gaps.items()]
