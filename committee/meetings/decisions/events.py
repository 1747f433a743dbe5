"""Take a decision, correct it, and say what became of it."""

import datetime

from django.db.models import Max

from accounts.models import User
from committee.meetings.decisions.models import Decision, DecisionVerb
from committee.meetings.decisions.rights import (
    CLOSED,
    may_correct,
    may_decide,
    may_reopen,
    may_report,
)
from committee.meetings.minutes.settled import refuse_settled_meeting
from committee.meetings.models import AgendaItem, Meeting
from committee.meetings.rights import may_manage_meetings
from conventions.access.rights import coordinating, organisations_acted_for
from conventions.legal.convention import lock_convention
from conventions.models import Organisation
from ctg_portal.forms.revisions import check_revision
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.transitions import move

NO_TEXT = Refusal("Écrivez la décision avant de l’enregistrer.")
NOTHING_REPORTED = Refusal("Dites ce qui a été fait.")


@event(Subject.COMMITTEE)
def decide(
    meeting: Meeting, *, text: str, item: AgendaItem | None = None,
    owner: Organisation | None = None, due_on: datetime.date | None = None, follows: bool = False,
    by: User,
) -> Decision:  # fmt: skip
    """Write a decision of a meeting under the next number of its year. It is to be followed up
    where that is asked (``follows``), or where somebody is in charge or a day is set. The same form
    sent twice is one decision. Raises Refused."""
    # Two decisions written at once have two numbers.
    lock_convention(meeting.convention_id)
    meeting = Meeting.objects.select_related("convention", "body").get(pk=meeting.pk)
    enforce(may_decide(by, meeting))
    if not text.strip():
        raise Refused(NO_TEXT)
    last = Decision.objects.filter(meeting=meeting).order_by("-pk").first()
    if last and (last.text, last.item_id) == (text, item.pk if item else None):
        return last
    year = meeting.date.year
    numbers = Decision.objects.of(meeting.convention).filter(year=year)
    number = (numbers.aggregate(last=Max("number"))["last"] or 0) + 1
    decision = Decision(
        convention=meeting.convention, meeting=meeting, item=item, year=year, number=number,
        text=text, owner=owner, due_on=due_on,
    )  # fmt: skip
    is_followed = follows or owner is not None or due_on is not None
    move(
        decision,
        DecisionVerb.ENTRUSTED if is_followed else DecisionVerb.TAKEN,
        **coordinating(by),
    )
    return decision


@event(Subject.COMMITTEE)
def correct(
    decision: Decision, *, text: str, owner: Organisation | None, due_on: datetime.date | None,
    by: User, revision: int | None = None,
) -> Decision:  # fmt: skip
    """Correct a decision; the log keeps the text before. Raises Refused, with Rewritten when it was
    changed since ``revision``; also for another text once the minutes of the meeting say it."""
    decision = _locked(decision)
    enforce(may_correct(by, decision))
    check_revision(decision, revision)
    if not text.strip():
        raise Refused(NO_TEXT)
    before = decision.text
    if text != before:
        enforce(refuse_settled_meeting(decision.meeting))
    decision.text, decision.owner, decision.due_on = text, owner, due_on
    decision.save()
    changed = f"Texte d’avant : {before}" if before != text else ""
    move(decision, DecisionVerb.CORRECTED, **coordinating(by), reason=changed)
    return decision


@event(Subject.COMMITTEE)
def report(decision: Decision, *, text: str, is_done: bool, by: User) -> Decision:
    """Say what became of a decision, and whether it is done. Raises Refused."""
    decision = _locked(decision)
    enforce(may_report(by, decision))
    if not text.strip() and not is_done:
        raise Refused(NOTHING_REPORTED)
    verb = DecisionVerb.DONE if is_done else DecisionVerb.REPORTED
    move(decision, verb, by=by, capacity=_capacity(by, decision), reason=text)
    return decision


@event(Subject.COMMITTEE)
def drop(decision: Decision, *, reason: str, by: User) -> None:
    """Give up a decision that was to be followed up. Raises Refused."""
    decision = _locked(decision)
    enforce(may_manage_meetings(by, decision.convention))
    if not decision.is_to_follow:
        raise Refused(CLOSED)
    move(decision, DecisionVerb.DROPPED, **coordinating(by), reason=reason)


@event(Subject.COMMITTEE)
def reopen(decision: Decision, *, reason: str, by: User) -> None:
    """Reopen a decision, to be followed up again. Raises Refused."""
    decision = _locked(decision)
    enforce(may_reopen(by, decision))
    move(decision, DecisionVerb.REOPENED, **coordinating(by), reason=reason)


def _locked(decision: Decision) -> Decision:
    """Return a decision as it is now, locked, with its convention, owner and meeting."""
    rows = Decision.objects.select_related("convention", "owner", "meeting")
    return rows.select_for_update(of=("self",)).get(pk=decision.pk)


def _capacity(by: User, decision: Decision) -> str:
    """Return in which capacity somebody says what became of a decision."""
    owner = decision.owner
    if owner and owner.pk in organisations_acted_for(by, decision.convention):
        return f"pour {owner.the}"
    return str(coordinating(by)["capacity"])
