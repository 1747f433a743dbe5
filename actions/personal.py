"""Declare what the action plan stores of a person, and forget the name."""

from accounts.models import User
from actions.follow_up.models import ActionDocument, BroughtPart, FollowUp, JournalEntry
from actions.plan.models import Lead, UnclearText
from ctg_portal.people.personal import FORGOTTEN, Personal

PERSONAL = [
    Personal(
        model=Lead, key="user", title="Les actions que vous pilotez",
        given=["action__title", "organisation__name", "name", "capacity"],
    ),
    Personal(
        model=JournalEntry, key="user", title="Ce que vous avez écrit du suivi des actions",
        given=["action__title", "part", "after", "user_name", "created_at"],
        forgets=["user_name"],
    ),
    Personal(
        model=UnclearText, key="brought_by", title="Les textes à préciser que vous avez importés",
        given=["action__title", "label", "text", "brought_at"],
    ),
    Personal(
        model=UnclearText, key="settled_by", title="Les textes à préciser que vous avez réglés",
        given=["action__title", "label", "text", "settled_at"],
    ),
    Personal(
        model=BroughtPart, key="brought_by", title="Le suivi importé, qui attend l’accord",
        given=["action__title", "part", "content", "brought_at"],
    ),
]  # fmt: skip


def forget_lead_and_author(user: User) -> None:
    """Remove the name of a person who is anonymised from leads, notes and documents.

    The organisation goes on leading and names somebody else; agreed texts keep the name. Notes and
    documents have the name only: it is taken for this person's where the journal says that they
    worked on the action.
    """
    Lead.objects.filter(user=user).update(name="", capacity="")
    actions = JournalEntry.objects.filter(user=user).values("action")
    for model, column in [(FollowUp, "written_by_name"), (ActionDocument, "withdrawn_by_name")]:
        theirs = model.objects.filter(action__in=actions, **{column: str(user)})
        theirs.update(**{column: FORGOTTEN})
