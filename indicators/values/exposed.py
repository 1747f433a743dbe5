"""List small counts that everybody read before a secrecy rule masked such: their provider is
notified once. What was read is not taken back."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from conventions.models import Commune, Convention
from ctg_portal.house import Task
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import plural
from indicators.collection.rights import Contributor, accounts_of
from indicators.definitions.definition import Definition
from indicators.disclosure.figure import DisclosedFigure, figure_at
from indicators.disclosure.places import TERRITORY, commune_place
from indicators.figures.disclosures import Disclosure


@dataclass(frozen=True)
class ExposedFigure:
    """A small count of ``place``, by name, that everybody read and that is masked now."""

    year: int
    title: str
    place: str
    figure: DisclosedFigure


def exposed_of(organisations: Iterable[int]) -> QuerySet[Disclosure]:
    """Return the disclosures of these providers' figures, of any year and convention, with small
    counts that were not acknowledged."""
    rows = Disclosure.objects.done().exclude(exposed=[])
    return rows.filter(campaign_indicator__provider__in=organisations)


def exposed_figures(convention: Convention, contributor: Contributor) -> list[ExposedFigure]:
    """Return the exposed figures of a convention that the person's organisations provide, the last
    year first, without those that the disclosure masks itself."""
    rows = exposed_of(contributor.organisations).filter(
        campaign_indicator__campaign__convention=convention
    )
    communes = Commune.objects.filter(convention=convention).values_list("pk", "name")
    names = {commune_place(pk): name for pk, name in communes} if rows else {}
    figures = []
    for row in rows.select_related("campaign_indicator__campaign", "campaign_indicator__version"):
        entry = row.campaign_indicator
        definition = Definition.of(entry.version)
        figures += [
            ExposedFigure(
                entry.campaign.year,
                definition.title,
                "Territoire" if place == TERRITORY else names.get(place, "ancienne commune"),
                figure_at(place, row, definition),
            )
            for place in row.exposed
            if place not in row.reasons
        ]
    return sorted(figures, key=lambda figure: (-figure.year, figure.title, figure.place))


@event(Subject.FIGURES)
def note_exposed(convention: Convention, contributor: Contributor) -> None:
    """Store that the person's organisations have acknowledged their exposed figures: they are
    listed no more."""
    rows = exposed_of(contributor.organisations)
    rows.filter(campaign_indicator__campaign__convention=convention).update(exposed=[])


def exposed_tasks(
    user: User, conventions: Iterable[Convention], today: datetime.date
) -> dict[int, list[Task]]:
    """Return, by the convention's key, one task for who enters at a provider of exposed figures,
    with their number; no entry for other conventions."""
    by_pk = {convention.pk: convention for convention in conventions}
    own = {
        account.organisation
        for account in accounts_of(by_pk.values())
        if account.user == user.pk and account.enters
    }
    exposed_places = exposed_of(own).values_list(
        "campaign_indicator__campaign__convention", "exposed"
    )
    counts: Counter[int] = Counter()
    for convention, places in exposed_places:
        counts[convention] += len(places)
    return {
        pk: [
            Task(
                f"{plural(count, 'petit chiffre a été lu,petits chiffres ont été lus')} avant que"
                " le secret statistique ne les masque.",
                reverse("indicators:exposed_figures", args=[by_pk[pk].slug]),
                "Voir",
                count,
            )
        ]
        for pk, count in counts.items()
    }
