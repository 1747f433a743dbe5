"""One part of an action as somebody tells it: its form, and what becomes of it."""

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from actions.follow_up.events import Faulty, follow_up
from actions.follow_up.forms import FORMS, PartForm
from actions.follow_up.parts import FollowUpPart, shown_of
from actions.models import Action, JournalEntry
from ctg_portal.revisions import Meanwhile, Rewritten
from ctg_portal.rules import Refused


def form_of(action: Action, part: FollowUpPart, data=None) -> PartForm:
    """The form of a part, filled with what there is, or with what was sent."""
    return filled(FORMS[type(part)], action, part, data)


def filled(kind: type[PartForm], action: Action, part: FollowUpPart, data=None, **kwargs):
    """A form of a kind of one's own of the part, filled in the same way."""
    initial = kind.initial_of(action, part) | {
        "revision": action.revision, "shown": shown_of(part.read(action))
    }  # fmt: skip
    return kind(data, initial=initial, action=action, part=part, **kwargs)


@dataclass(frozen=True)
class Told:
    """What came of it. Where somebody wrote the same ``meanwhile``, ``differences`` shows both."""

    is_taken: bool
    entry: JournalEntry | None = None
    differences: Any = None
    meanwhile: Meanwhile | None = None


def tell(form: PartForm, *, by: User) -> Told:
    """Write what a valid form says. Refused, it says why, and nothing typed is lost: the form is
    shown again, beside what there is by now."""
    action, part = form.action, form.part
    try:
        entry = follow_up(
            action, part, form.content, revision=form.cleaned_data["revision"],
            shown=form.cleaned_data["shown"], by=by,
        )  # fmt: skip
    except Refused as refused:
        refusal = refused.refusal
    else:
        return Told(is_taken=True, entry=entry)
    if isinstance(refusal, Faulty):
        form.add_faults(refusal.faults)
        return Told(is_taken=False)
    form.add_error(None, refusal.reason)
    if not isinstance(refusal, Rewritten):
        return Told(is_taken=False)
    action.refresh_from_db()
    now = part.read(action)
    form.hold_days()
    form.send_again_with(revision=action.revision, shown=shown_of(now))
    return Told(
        is_taken=False,
        differences=part.changes(now, form.content),
        meanwhile=Meanwhile(refusal.reason, url=action.get_absolute_url()),
    )
