"""What is to be written of a year, and where: notes of actions while its figures are given, its
evaluation once they stand."""

import datetime
from collections import defaultdict

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from actions.follow_up.tasks import actions_in_force
from conventions.access.rights import coordinated_by, coordinates
from conventions.models import Convention
from ctg_portal.house import ActionLink, Blocks, Deadline, Task
from evaluation.editions.models import Edition
from evaluation.editions.rights import may_read_drafts
from evaluation.editions.standing import editions_among, years_among
from indicators.collection.dashboard import campaigns_of
from indicators.models import Campaign


def years_to_write(
    user: User, conventions: list[Convention], today: datetime.date
) -> dict[int, list[Task]]:
    """Return, by primary key of the conventions that ``user`` coordinates, the task of writing the
    evaluation of the last year whose collection is closed; none once that evaluation is submitted.
    Years whose figures came from a file do not count: they were evaluated elsewhere, if at all."""
    coordinated = coordinated_by(user, conventions)
    last: dict[int, Campaign] = {}
    for campaign in campaigns_of(conventions):
        is_over = campaign.is_closed and not campaign.takes_figures_of_files
        if is_over and campaign.convention_id in coordinated:
            last.setdefault(campaign.convention_id, campaign)
    if not last:
        return {}
    begun = years_among(editions_among(conventions))
    slugs = {convention.pk: convention.slug for convention in conventions}
    return {
        pk: [
            Task(
                f"Le recueil {campaign.year} est clos : l’évaluation de l’année est à rédiger.",
                reverse("evaluation:complete", args=[slugs[pk], campaign.year]),
                "Rédiger",
                since=timezone.localdate(campaign.closed_at),
                blocks=Blocks.EVERYBODY,
                headline=f"L’évaluation {campaign.year} est à rédiger",
            )
        ]
        for pk, campaign in last.items()
        if (pk, campaign.year) not in begun
    }


def links_of_closed(user: User, campaign: Campaign) -> list[ActionLink]:
    """Return one link from the page of a closed collection, by how far the evaluation of its year
    is: where it stands, for who reads drafts; else the published evaluation; else, for who
    coordinates, where it is written; else the page of the year."""
    convention, year = campaign.convention, campaign.year
    editions = Edition.objects.of(convention).for_year(year)
    publication = reverse("evaluation:publication", args=[convention.slug, year])
    if editions.in_hand().exists() and may_read_drafts(user, convention) is None:
        return [ActionLink(f"Voir où en est l’évaluation {year}", publication)]
    if editions.published().exists():
        return [ActionLink(f"Lire l’évaluation {year}", publication)]
    if coordinates(user, convention) and not campaign.takes_figures_of_files:
        complete = reverse("evaluation:complete", args=[convention.slug, year])
        return [ActionLink(f"Rédiger l’évaluation de {year}", complete)]
    return [ActionLink(f"Voir l’année {year}", campaign.get_absolute_url())]


def years_in_question(conventions: list[Convention], today: datetime.date) -> dict[int, list[int]]:
    """Return by primary key of the convention the years, but not those to come, whose collection is
    open: notes of actions are written while figures are given. No key for a convention without one:
    the action plan then awaits the note of the last year that is over."""
    years = defaultdict(list)
    for campaign in campaigns_of(conventions):
        if campaign.is_open and campaign.year <= today.year:
            years[campaign.convention_id].append(campaign.year)
    return years


def notes_deadlines(
    user: User, conventions: list[Convention], today: datetime.date
) -> dict[int, list[Deadline]]:
    """Return by primary key of the convention the days from today on by which notes of actions are
    awaited: the common deadlines of open campaigns of years begun; none where no action is in
    force. Whoever ``user`` is."""
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
