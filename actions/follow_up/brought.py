"""Keep the follow-up that a file gives an action before it is agreed to, and write it then."""

from django.utils import timezone

from accounts.models import User
from actions.follow_up.events import write_brought
from actions.follow_up.models import BroughtPart
from actions.follow_up.parts import STATE, FollowUpPart, part_by_key
from actions.plan.models import Action, UnclearText
from agreements.commitments import canonical
from agreements.commitments.commitment import commitment_of
from agreements.commitments.fields import Children
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, enforce

IN_FORCE = Refusal("Cette action est acceptée\u00a0: son suivi s’enregistre aussitôt.")


@event(Subject.PLAN)
def bring_part(action: Action, part: FollowUpPart, content: dict, *, by: User | None) -> None:
    """Keep a part of the follow-up with the draft of an action, in place of the one kept so far.
    Raises Refused where ``by`` may not draft the action, or it is in force already."""
    enforce(commitment_of(action).may_draft(by, action.convention, action))
    enforce(IN_FORCE if action.is_agreed else None)
    BroughtPart.objects.update_or_create(
        action=action,
        part=part.key,
        defaults={
            "content": canonical.canonical(content),
            "brought_at": timezone.now(),
            "brought_by": by,
        },
    )


def brought_contents(action: Action) -> dict[str, dict]:
    """Return what is kept with the draft of an action, by key of the part."""
    return {
        row.part: part.decode(row.content)
        for row in action.brought_parts.all()
        if (part := part_by_key(row.part))
    }


@event(Subject.PLAN)
def restore_brought(action: Action, part: FollowUpPart, content: dict, *, by: User | None) -> None:
    """Keep again what was kept of a part before; nothing where that was blank. Nothing changes once
    the action is in force."""
    if content == blank_part(part):
        action.brought_parts.filter(part=part.key).delete()
    elif not action.is_agreed:
        bring_part(action, part, content, by=by)


def blank_part(part: FollowUpPart) -> dict:
    """Return a part of which nothing was ever said."""
    if part.key == STATE.key:
        return part.read(Action())
    return part.plain(
        {field.name: [] if isinstance(field, Children) else "" for field in part.fields}
    )


def follow_up_brought(action: Action) -> None:
    """Write the kept parts to the follow-up of an action that comes into force, once.

    What no longer fits the agreed text (a milestone outside its period) is to be specified. The
    caller, who settles the agreement, has locked the action.
    """
    today = timezone.localdate()
    for row in list(action.brought_parts.select_related("brought_by")):
        part = part_by_key(row.part)
        if part is not None:
            content = part.decode(row.content)
            if list(part.faults(action, content, today)):
                _keep_as_texts(action, part, content, row)
            else:
                write_brought(action, part, content, by=row.brought_by, moment=row.brought_at)
        row.delete()


def _keep_as_texts(action: Action, part: FollowUpPart, content: dict, row: BroughtPart) -> None:
    """Store each line of the part that has a text as a text of the action, to be specified."""
    UnclearText.objects.bulk_create(
        UnclearText(
            action=action, about=part.key, label=line.label, text=line.text,
            brought_at=row.brought_at, brought_by=row.brought_by,
        )
        for line in part.lines(content) if line.text
    )  # fmt: skip
