"""Read the texts of an action that are to be specified, for who may settle them."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from actions.follow_up.parts import part_by_key
from actions.plan.commitments import ActionCommitment, missing_names
from actions.plan.models import Action, UnclearText
from actions.unclear.rights import may_write
from agreements.commitments.commitment import commitment_of

SECTIONS = {field.name: field.section for field in ActionCommitment.fields}
# What a file says in one cell of two fields.
SECTIONS["period"] = SECTIONS["starts_on"]


@dataclass(frozen=True)
class TextToSettle:
    """A text with the addresses of the page where its field is written, and of its buttons."""

    text: UnclearText
    write_url: str
    settle_url: str


def texts_to_settle(action: Action, user: User) -> list[TextToSettle]:
    """Return the open texts that ``user`` may settle; without those that only say that a field is
    empty, once it is filled."""
    texts = list(action.unclear_texts.open())
    allowed = {about: may_write(user, action, about) is None for about in {t.about for t in texts}}
    shown = [text for text in texts if allowed[text.about]]
    missing = set()
    if any(not text.text for text in shown):
        missing = missing_names(commitment_of(action).content(action))
    return [
        TextToSettle(
            text,
            write_url(action, text.about),
            reverse("actions:settle_text", args=[action.convention.slug, action.pk, text.pk]),
        )
        for text in shown
        if text.text or text.about in missing
    ]


def write_url(action: Action, about: str) -> str:
    """Return the address of the page where a field, or a part of the follow-up, is written."""
    here = [action.convention.slug, action.pk]
    if part_by_key(about) is not None:
        return reverse("actions:follow", args=[*here, about])
    section = SECTIONS.get(about, "")
    return reverse("actions:edit_section" if section else "actions:edit",
                   args=[*here, section] if section else here)  # fmt: skip
