"""What a file says and no field takes: kept in its words, then settled."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from actions.follow_up.events import lock_action
from actions.plan.models import Action, UnclearText
from actions.unclear.rights import may_settle, may_write
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import enforce


@dataclass(frozen=True)
class TextOfFile:
    """A text to keep: ``about`` which field or part, under which ``label``, in which ``place``."""

    about: str
    label: str
    text: str
    place: str = ""


@event(Subject.PLAN)
def keep_texts(
    action: Action, texts: Iterable[TextOfFile], *, by: User | None
) -> list[UnclearText]:
    """Keep texts with an action and return the new ones; what was kept before, settled or not, is
    not kept again. Raises Refused where ``by`` may not write what one is about."""
    action = lock_action(action)
    known = {(row.about, row.text) for row in action.unclear_texts.all()}
    added = []
    for cell in texts:
        enforce(may_write(by, action, cell.about))
        if (cell.about, cell.text) not in known:
            known.add((cell.about, cell.text))
            added.append(
                UnclearText(
                    action=action,
                    about=cell.about,
                    label=cell.label[:200],
                    text=cell.text,
                    place=cell.place[:200],
                    brought_by=by,
                )
            )
    return UnclearText.objects.bulk_create(added)


@event(Subject.PLAN)
def settle_text(text: UnclearText, *, by: User, was_taken: bool) -> None:
    """Settle a text, which is written in its field (``was_taken``) or dropped. Raises Refused."""
    action = lock_action(text.action)
    text = action.unclear_texts.select_for_update(of=("self",), no_key=True).get(pk=text.pk)
    text.action = action
    enforce(may_settle(by, text))
    text.settled_at, text.settled_by, text.was_taken = timezone.now(), by, was_taken
    text.save(update_fields=["settled_at", "settled_by", "was_taken"])
