"""Write the follow-up of an action as it happens, and journal it (rule 9).

``by`` is a user, or None for the system. Each part is written under the lock of the action;
``JournalEntry`` stores what it was before and after.
"""

import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from actions.follow_up.models import ActionDocument, FollowUp, JournalEntry
from actions.follow_up.parts import FollowUpPart, NotePart
from actions.follow_up.record import without_undone
from actions.follow_up.rights import may_follow
from actions.plan.faults import overlong
from actions.plan.merging import fingerprint, merge
from actions.plan.models import Action
from agreements.commitments import canonical
from ctg_portal.forms.revisions import Rewritten
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from documents.models import store

LOCK: dict[str, Any] = {"of": ("self",), "no_key": True}
DOCUMENT = "documents"
TITLE_MISSING = Refusal("Dites ce qu’est ce document.")
ON_IT_ALREADY = Refusal("Ce document est déjà sur la fiche, sous cet intitulé.")
WITHDRAWN_ALREADY = Refusal("Ce document n’est plus sur la fiche.")
GONE = Refusal("Cette fiche action n’existe plus.")


class Faulty(Refusal):
    """A content that makes no sense; ``faults`` are (field, reason) pairs."""

    def __init__(self, faults: list[tuple[str, str]]):
        super().__init__(faults[0][1])
        object.__setattr__(self, "faults", faults)


@event(Subject.PLAN)
def follow_up(
    action: Action, part: FollowUpPart, content: dict, *, by: User | None,
    revision: int | None = None, shown: str = "",
) -> JournalEntry | None:  # fmt: skip
    """Write one part of an action's follow-up and return its journal entry; None where nothing
    changes.

    ``content``: canonical (``FollowUpPart.plain``). ``revision``: the action's as the form showed
    it, None to overwrite; ``shown``: the ``fingerprint`` of what the form was filled from, so that
    what somebody else wrote meanwhile in other fields is merged. Locks the action. Raises Refused:
    with Rewritten when both changed the same field, with ``Faulty`` for a content that makes no
    sense, or why ``by`` may not.
    """
    part.lock_shared(action)
    action = lock_action(action)
    enforce(may_follow(by, action))
    before = part.read(action)
    content = part.with_row_keys(before, content)
    if before == content:
        return None
    today, is_overtaken = timezone.localdate(), revision not in (None, action.revision)
    is_overtaken = is_overtaken and shown != fingerprint(before)
    if is_overtaken:
        content = merge(shown, before, content)
    if content is None or (is_overtaken and list(part.faults(action, content, today))):
        raise Refused(refuse_rewritten(action, part))
    if faults := list(part.faults(action, content, today)):
        raise Refused(Faulty(faults))
    others_before = [(other, part.read(other)) for other in part.other_actions(action, content)]
    _write(action, part, content)
    after, day = part.read(action), part.effective_day(before, content, today)
    if after == before:
        return None
    if isinstance(part, NotePart):
        _sign(action, part, str(by or ""), timezone.now())
    for other, previous in others_before:
        other.count_writing()
        _journal(other, part.key, previous, part.read(other), by, day)
    return _journal(action, part.key, before, after, by, day)


@event(Subject.PLAN)
def restore_part(
    action: Action, part: FollowUpPart, content: dict, *, expected: dict, by: User | None
) -> None:
    """Bring a part back to ``content``, which it held before somebody's mistake; it is not checked
    again.

    The entry holds from the same day as the one it undoes, so that no day remembers either
    (``JournalEntry.undoes``); a note is signed again by who had written it. ``expected``: what the
    part must hold now. Raises Refused when somebody has written it since, or ``by`` may not follow
    the action up.
    """
    part.lock_shared(action)
    action = lock_action(action)
    enforce(may_follow(by, action))
    before = part.read(action)
    if before != expected:
        raise Refused(refuse_rewritten(action, part))
    _write(action, part, part.with_row_keys(before, content))
    if (after := part.read(action)) == before:
        return
    entries = action.journal.filter(part=part.key).order_by("created_at", "pk")
    undone_entry = entries.filter(after=_encode(before)).last()
    day = undone_entry.day if undone_entry else timezone.localdate()
    _journal(action, part.key, before, after, by, day)
    if isinstance(part, NotePart):
        for written in without_undone(entries)[-1:]:
            _sign(action, part, written.user_name, written.created_at)


def _write(action: Action, part: FollowUpPart, content: dict) -> None:
    """Write a content to the rows, and count it in the action's revision once."""
    before = action.revision
    part.write(action, content)
    if action.revision == before:
        action.count_writing()


def refuse_rewritten(action: Action, part: FollowUpPart) -> Rewritten:
    """Return the refusal for a form that comes second, with the name of who wrote the part
    meanwhile.

    Nobody is named where a version or the sheet of another action made the change.
    """
    last = action.journal.filter(part=part.key).order_by("-created_at", "-pk").first()
    if last is None or last.after != canonical.canonical(part.read(action)):
        return Rewritten("Ceci a changé depuis que cette page est ouverte : comparez les deux.")
    who = last.user_name or "Quelqu’un"
    return Rewritten(
        f"{who} a enregistré autre chose depuis que cette page est ouverte : comparez les deux."
    )


def lock_action(action: Action) -> Action:
    """Return the action as stored now, locked for the transaction. Raises Refused if deleted."""
    rows = Action.objects.select_related("convention").select_for_update(**LOCK)
    locked = rows.filter(pk=action.pk).first()
    if locked is None:
        raise Refused(GONE)
    return locked


@event(Subject.PLAN)
def write_brought(action: Action, part: FollowUpPart, content: dict, *, by: User | None,
                  moment: datetime.datetime) -> None:  # fmt: skip
    """Write a part that a file gave before the action was agreed to, in the name of who brought it
    and dated to that ``moment``: the follow-up has not begun by it, and the agreement may still be
    undone. The caller has locked the action and checked the content."""
    before = part.read(action)
    content = part.with_row_keys(before, content)
    _write(action, part, content)
    after, day = part.read(action), part.effective_day(before, content, timezone.localdate(moment))
    if after == before:
        return
    if isinstance(part, NotePart):
        _sign(action, part, str(by or ""), moment)
    _journal(action, part.key, before, after, by, day, moment)


def _journal(
    action, part: str, before: dict, after: dict, by: User | None, day,
    moment: datetime.datetime | None = None,
) -> JournalEntry:  # fmt: skip
    """Create the journal entry of a change that holds from ``day``; ``by`` None: the system."""
    return JournalEntry.objects.create(
        action=action,
        part=part,
        day=day,
        before=_encode(before),
        after=_encode(after),
        user=by,
        user_name=str(by or ""),
        created_at=moment or timezone.now(),
    )


def _encode(content: dict) -> str:
    """Return the text that the journal stores for a content; empty for none."""
    return canonical.canonical(content) if content else ""


def _sign(action: Action, part: NotePart, name: str, moment: datetime.datetime) -> None:
    """Set who wrote the note of the year, and when, if there is one."""
    notes = FollowUp.objects.filter(action=action, year=part.year)
    notes.update(written_at=moment, written_by_name=name)


@event(Subject.PLAN)
def attach_document(action: Action, upload, *, title: str, by: User) -> ActionDocument:
    """Store a file as a document of the sheet, and journal it. Raises Refused, also where the sheet
    has the same file under the same title, and ValidationError as ``store`` does."""
    action = lock_action(action)
    enforce(may_follow(by, action))
    title = title.replace("\0", "").strip()
    if not title:
        raise Refused(TITLE_MISSING)
    for _, reason in overlong(ActionDocument, {"title": title}):
        raise Refused(Refusal(reason))
    document = store(upload, by=by, within=action.convention)
    twins = action.documents.on_sheet().filter(document__sha256=document.sha256, title=title)
    enforce(ON_IT_ALREADY if twins.exists() else None)
    attached = ActionDocument.objects.create(action=action, document=document, title=title)
    content = {"title": attached.title, "name": attached.document.name}
    _journal(action, DOCUMENT, {}, content, by, timezone.localdate())
    return attached


@event(Subject.PLAN)
def withdraw_document(document: ActionDocument, *, by: User | None) -> None:
    """Take a document off the sheet, and journal it; the stored file stays. Raises Refused."""
    action = lock_action(document.action)
    enforce(may_follow(by, action))
    document = ActionDocument.objects.select_related("document").get(pk=document.pk)
    if document.withdrawn_at:
        raise Refused(WITHDRAWN_ALREADY)
    document.withdrawn_at = timezone.now()
    document.withdrawn_by_name = str(by or "")
    document.save(update_fields=["withdrawn_at", "withdrawn_by_name"])
    content = {"title": document.title, "name": document.document.name}
    _journal(action, DOCUMENT, content, {}, by, timezone.localdate())
