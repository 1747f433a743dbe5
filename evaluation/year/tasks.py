"""Once the figures of a year stand, its evaluation is to be written: where that goes on."""

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conventions.access.rights import coordinated_by, coordinates
from ctg_portal.house import ActionLink, Blocks, Task
from evaluation.editions.models import Edition
from evaluation.editions.rights import may_read_drafts
from evaluation.editions.standing import editions_among, years_among
from indicators.collection.dashboard import campaigns_of
from indicators.models import Campaign

PLACE = "#manque"  # on the page of the year: what it lacks before it is published


def years_to_write(user: User, conventions, today):
    """Return a task for who coordinates: the last year whose collection is closed, until its
    evaluation is submitted. A year whose figures came from a file was evaluated elsewhere, if it
    was."""
    coordinated, last = coordinated_by(user, conventions), {}
    for campaign in campaigns_of(conventions):
        is_over = campaign.is_closed and not campaign.takes_figures_of_files
        if is_over and campaign.convention_id in coordinated:
            last.setdefault(campaign.convention_id, campaign)
    if not last:
        return {}
    begun = years_among(editions_among(conventions))
    slugs = {convention.pk: convention.slug for convention in conventions}
    return {
        pk: [_to_write(campaign, slugs[pk])]
        for pk, campaign in last.items()
        if (pk, campaign.year) not in begun
    }


def _to_write(campaign: Campaign, slug: str) -> Task:
    year = campaign.year
    return Task(
        f"Le recueil {year} est clos : l’évaluation de l’année est à rédiger.",
        reverse("evaluation:year", args=[slug, year]) + PLACE,
        "Rédiger",
        since=timezone.localdate(campaign.closed_at),
        blocks=Blocks.EVERYBODY,
        headline=f"L’évaluation {year} est à rédiger",
    )


def links_of_closed(user: User, campaign: Campaign) -> list[ActionLink]:
    """Return the link from the page of a closed collection to its year: to what is next, for who
    coordinates."""
    convention, year = campaign.convention, campaign.year
    editions = Edition.objects.of(convention).for_year(year)
    publication = reverse("evaluation:publication", args=[convention.slug, year])
    if editions.in_hand().exists() and may_read_drafts(user, convention) is None:
        return [ActionLink(f"Voir où en est l’évaluation {year}", publication)]
    if editions.published().exists():
        return [ActionLink(f"Lire l’évaluation {year}", publication)]
    page = campaign.get_absolute_url()
    # A year whose figures came from a file was evaluated elsewhere, if it was.
    if coordinates(user, convention) and not campaign.takes_figures_of_files:
        return [ActionLink(f"Rédiger l’évaluation de {year}", page + PLACE)]
    return [ActionLink(f"Voir l’année {year}", page)]
