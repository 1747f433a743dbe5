"""What the evaluation tells the action plan: of which years it awaits the notes."""

from collections import defaultdict

from indicators.models import Campaign


def years_in_question(conventions, today):
    """The years whose collection takes figures: the notes are written while they are given.

    Where none is open, the action plan awaits the note of the last year that is over.
    """
    years = defaultdict(list)
    campaigns = Campaign.objects.open().up_to(today.year).filter(convention__in=conventions)
    for convention, year in campaigns.values_list("convention", "year"):
        years[convention].append(year)
    return years
