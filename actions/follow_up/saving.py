"""Build the form of a part of the follow-up, and save what somebody typed in it."""

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from actions.follow_up.events import Faulty, follow_up
from actions.follow_up.forms import FORMS, PartForm
from actions.follow_up.models import JournalEntry
from actions.follow_up.parts import FollowUpPart
from actions.plan.merging import fingerprint
from actions.plan.models import Action
from ctg_portal.forms.revisions import Meanwhile, Rewritten
from ctg_portal.rules import Refused


def part_form(action: Action, part: FollowUpPart, data=None) -> PartForm:
    """Return the form of a part, filled from the action, or bound to ``data``."""
    return bind_form(FORMS[type(part)], action, part, data)


def bind_form(kind: type[PartForm], action: Action, part: FollowUpPart, data=None, **kwargs):
    """Return a form of class ``kind`` for a part, filled from the action or bound to ``data``."""
    initial = kind.initial_of(action, part) | {
        "revision": action.revision, "shown": fingerprint(part.read(action))
    }  # fmt: skip
    return kind(data, initial=initial, action=action, part=part, **kwargs)


@dataclass(frozen=True)
class SaveResult:
    """What became of a form: its journal ``entry`` (None where nothing changed); where somebody
    else changed the same field ``meanwhile``, the ``differences`` between both."""

    is_saved: bool
    entry: JournalEntry | None = None
    differences: Any = None
    meanwhile: Meanwhile | None = None


def save_form(form: PartForm, *, by: User) -> SaveResult:
    """Save a valid form by ``follow_up``.

    A refusal is added to the form, which is shown again with all that was typed; where somebody
    else wrote meanwhile, the result has the differences from what is stored by now.
    """
    action, part = form.action, form.part
    try:
        entry = follow_up(
            action, part, form.content, revision=form.cleaned_data["revision"],
            shown=form.cleaned_data["shown"], by=by,
        )  # fmt: skip
    except Refused as refused:
        refusal = refused.refusal
    else:
        return SaveResult(is_saved=True, entry=entry)
    if isinstance(refusal, Faulty):
        form.add_faults(refusal.faults)
        return SaveResult(is_saved=False)
    form.add_error(None, refusal.reason)
    if not isinstance(refusal, Rewritten):
        return SaveResult(is_saved=False)
    action.refresh_from_db()
    now = part.read(action)
    form.resend_days()
    form.send_again_with(revision=action.revision, shown=fingerprint(now))
    return SaveResult(
        is_saved=False,
        differences=part.changes(now, form.content),
        meanwhile=Meanwhile(refusal.reason, url=action.get_absolute_url()),
    )
