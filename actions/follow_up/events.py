"""How an action goes on is told as it happens, and journaled (rule 9).

``by`` is a user, or None for the system. Each part of the follow-up is written under the lock of
the action; what it was before and after stays in ``JournalEntry``.
"""

import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from actions.follow_up.parts import FollowUpPart, NotePart, brought_together, shown_of
from actions.follow_up.record import standing
from actions.follow_up.rights import may_follow
from actions.models import Action, ActionDocument, FollowUp, JournalEntry
from actions.plan.faults import overlong
from agreements.commitments import canonical
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.revisions import Rewritten
from ctg_portal.rules import Refusal, Refused, enforce
from documents.models import store

LOCK: dict[str, Any] = {"of": ("self",), "no_key": True}
DOCUMENT = "documents"
TITLE_MISSING = Refusal("Dites ce qu’est ce document.")
ON_IT_ALREADY = Refusal("Ce document est déjà sur la fiche, sous cet intitulé.")
WITHDRAWN_ALREADY = Refusal("Ce document n’est plus sur la fiche.")
GONE = Refusal("Cette fiche action n’existe plus.")


class Faulty(Refusal):
    """What was told makes no sense; ``faults`` are (field, reason) pairs."""

    def __init__(self, faults: list[tuple[str, str]]):
        super().__init__(faults[0][1])
        object.__setattr__(self, "faults", faults)


@event(Subject.PLAN)
def follow_up(
    action: Action, part: FollowUpPart, content: dict, *, by: User | None,
    revision: int | None = None, shown: str = "",
) -> JournalEntry | None:  # fmt: skip
    """Write one part of an action's follow-up; what changes nothing writes nothing.

    ``content``: canonical (``FollowUpPart.plain``). ``revision``: the action's, as the form showed
    it, None for no matter; ``shown``: the ``shown_of`` what it was filled from, so that what
    somebody else wrote meanwhile in other fields stays. Raises Refused: with Rewritten when both
    wrote the same field, with ``Faulty`` for what makes no sense, or why ``by`` may not.
    """
    part.hold(action)
    action = lock(action)
    enforce(may_follow(by, action))
    before = part.read(action)
    content = part.recognised(before, content)
    if before == content:
        return None
    today, is_overtaken = timezone.localdate(), revision not in (None, action.revision)
    is_overtaken = is_overtaken and shown != shown_of(before)
    if is_overtaken:
        content = brought_together(shown, before, content)
    if content is None or (is_overtaken and list(part.faults(action, content, today))):
        raise Refused(rewritten(action, part))
    if faults := list(part.faults(action, content, today)):
        raise Refused(Faulty(faults))
    others = [(other, part.read(other)) for other in part.others(action, content)]
    _write(action, part, content)
    after, day = part.read(action), part.day(before, content, today)
    if after == before:
        return None
    if isinstance(part, NotePart):
        _sign(action, part, str(by or ""), timezone.now())
    for other, was in others:
        other.count_writing()
        _journal(other, part.key, was, part.read(other), by, day)
    return _journal(action, part.key, before, after, by, day)


@event(Subject.PLAN)
def put_back(
    action: Action, part: FollowUpPart, content: dict, *, now: dict, by: User | None
) -> None:
    """Bring a part back to what it was, for who has just told it otherwise: it need not be told
    well, as it was so. It holds from the day from which the other held, of which no day keeps
    anything (``JournalEntry.takes_back``); a note is again that of who had written it. ``now``:
    what it is. Raises Refused when somebody has written it since."""
    part.hold(action)
    action = lock(action)
    enforce(may_follow(by, action))
    before = part.read(action)
    if before != now:
        raise Refused(rewritten(action, part))
    _write(action, part, part.recognised(before, content))
    if (after := part.read(action)) == before:
        return
    acts = action.journal.filter(part=part.key).order_by("created_at", "pk")
    undone = acts.filter(after=_text(before)).last()
    day = undone.day if undone else timezone.localdate()
    _journal(action, part.key, before, after, by, day)
    if isinstance(part, NotePart):
        for written in standing(acts)[-1:]:
            _sign(action, part, written.user_name, written.created_at)


def _write(action: Action, part: FollowUpPart, content: dict) -> None:
    """Bring a content to the rows, and count it, whichever of them hold it."""
    before = action.revision
    part.write(action, content)
    if action.revision == before:
        action.count_writing()


def rewritten(action: Action, part: FollowUpPart) -> Rewritten:
    """Who wrote it meanwhile, for whom comes second.

    What a version agreed to, or another action's sheet, has changed here is nobody's act of this
    part.
    """
    last = action.journal.filter(part=part.key).order_by("-created_at", "-pk").first()
    if last is None or last.after != canonical.canonical(part.read(action)):
        return Rewritten("Ceci a changé depuis que cette page est ouverte : comparez les deux.")
    who = last.user_name or "Quelqu’un"
    return Rewritten(
        f"{who} a enregistré autre chose depuis que cette page est ouverte : comparez les deux."
    )


def lock(action: Action) -> Action:
    """The action as it is now, until the end of the transaction."""
    rows = Action.objects.select_related("convention").select_for_update(**LOCK)
    found = rows.filter(pk=action.pk).first()
    if found is None:
        raise Refused(GONE)
    return found


def _journal(action, part: str, before: dict, after: dict, by: User | None, day) -> JournalEntry:
    return JournalEntry.objects.create(
        action=action,
        part=part,
        day=day,
        before=_text(before),
        after=_text(after),
        user=by,
        user_name=str(by or ""),
    )


def _text(content: dict) -> str:
    """What the journal keeps of a content."""
    return canonical.canonical(content) if content else ""


def _sign(action: Action, part: NotePart, name: str, moment: datetime.datetime) -> None:
    """Have a note, if there is one, say who wrote it and when."""
    notes = FollowUp.objects.filter(action=action, year=part.year)
    notes.update(written_at=moment, written_by_name=name)


@event(Subject.PLAN)
def attach_document(action: Action, upload, *, title: str, by: User) -> ActionDocument:
    """Put a document on the sheet. Raises Refused, and ValidationError as ``store`` does.

    ``by`` is a user: a document is deposited by somebody.
    """
    action = lock(action)
    enforce(may_follow(by, action))
    title = title.replace("\0", "").strip()
    if not title:
        raise Refused(TITLE_MISSING)
    for _, reason in overlong(ActionDocument, {"title": title}):
        raise Refused(Refusal(reason))
    document = store(upload, by=by, within=action.convention)
    twins = action.documents.kept().filter(document__sha256=document.sha256, title=title)
    enforce(ON_IT_ALREADY if twins.exists() else None)
    kept = ActionDocument.objects.create(action=action, document=document, title=title)
    told = {"title": kept.title, "name": kept.document.name}
    _journal(action, DOCUMENT, {}, told, by, timezone.localdate())
    return kept


@event(Subject.PLAN)
def withdraw_document(document: ActionDocument, *, by: User | None) -> None:
    """Take a document off the sheet; the file stays with what was deposited."""
    action = lock(document.action)
    enforce(may_follow(by, action))
    document = ActionDocument.objects.select_related("document").get(pk=document.pk)
    if document.withdrawn_at:
        raise Refused(WITHDRAWN_ALREADY)
    document.withdrawn_at = timezone.now()
    document.withdrawn_by_name = str(by or "")
    document.save(update_fields=["withdrawn_at", "withdrawn_by_name"])
    told = {"title": document.title, "name": document.document.name}
    _journal(action, DOCUMENT, told, {}, by, timezone.localdate())
