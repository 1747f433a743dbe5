"""What the evaluation tells the action plan: of which years it awaits the notes, and by when."""

from collections import defaultdict

from django.urls import reverse

from accounts.models import User
from actions.follow_up.tasks import actions_in_force
from ctg_portal.house import Deadline
from indicators.collection.dashboard import campaigns_of


def years_in_question(conventions, today):
    """The years whose collection takes figures: the notes are written while they are given.

    Where none is open, the action plan awaits the note of the last year that is over.
    """
    years = defaultdict(list)
    for campaign in campaigns_of(conventions):
        if campaign.is_open and campaign.year <= today.year:
            years[campaign.convention_id].append(campaign.year)
    return years


def notes_deadlines(user: User, conventions, today) -> dict[int, list[Deadline]]:
    """The notes of a year are awaited with its figures, where there is an action."""
    slugs = {convention.pk: convention.slug for convention in conventions}
    planning = {row.convention for row in actions_in_force(conventions, today)}
    found = defaultdict(list)
    for campaign in campaigns_of(conventions):
        is_awaited = campaign.is_open and campaign.year <= today.year and campaign.due_on >= today
        if is_awaited and campaign.convention_id in planning:
            url = reverse("actions:plan", args=[slugs[campaign.convention_id]])
            told = f"Bilans {campaign.year} des actions à écrire"
            found[campaign.convention_id].append(Deadline(campaign.due_on, told, url))
    return found
