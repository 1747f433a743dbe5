"""Declare what the action plan stores of a person, and forget the name."""

from accounts.models import User
from actions.follow_up.models import ActionDocument, FollowUp, JournalEntry
from actions.plan.models import Lead
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
