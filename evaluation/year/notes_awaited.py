"""The years of which the evaluation awaits the notes of actions, and the deadlines."""

from collections import defaultdict

from django.urls import reverse

from accounts.models import User
from actions.follow_up.tasks import actions_in_force
from ctg_portal.house import Deadline
from indicators.collection.dashboard import campaigns_of


def years_in_question(conventions, today):
    """Return by convention the years whose collection takes figures: notes are written while
    figures are given.

    Where none is open, the action plan awaits the note of the last year that is over.
    """
    years = defaultdict(list)
    for campaign in campaigns_of(conventions):
        if campaign.is_open and campaign.year <= today.year:
            years[campaign.convention_id].append(campaign.year)
    return years


def notes_deadlines(user: User, conventions, today) -> dict[int, list[Deadline]]:
    """Return by convention the days by which notes are awaited: those of the figures, where there
    is an action."""
    slugs = {convention.pk: convention.slug for convention in conventions}
    planning = {row.convention for row in actions_in_force(conventions, today)}
    deadlines = defaultdict(list)
    for campaign in campaigns_of(conventions):
        is_awaited = campaign.is_open and campaign.year <= today.year and campaign.due_on >= today
        if is_awaited and campaign.convention_id in planning:
            url = reverse("actions:plan", args=[slugs[campaign.convention_id]])
            text = f"Bilans {campaign.year} des actions à écrire"
            deadlines[campaign.convention_id].append(Deadline(campaign.due_on, text, url))
    return deadlines
