"""What the yearly collections tell of themselves on the dashboard."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count
from django.urls import reverse

from accounts.models import User
from conventions.access.viewer import accesses_among, kept_for_page
from conventions.models import Convention, Role
from conventions.parties import bodies
from ctg_portal.house import Deadline, StatePanel
from ctg_portal.marks.cache import cached, cached_each
from ctg_portal.marks.models import Subject
from indicators.collection.calls import OwnDeadline
from indicators.collection.progress import with_state
from indicators.collection.tasks import asked_in_open
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.values import SHOWN


@dataclass
class Gauge:
    """What an organisation gives of what is asked of it; ``late``: how much is past its day."""

    name: str
    total: int = 0
    given: int = 0
    late: int = 0

    @property
    def owed(self) -> int:
        return self.total - self.given


@dataclass
class Gauges:
    """A collection, organisation by organisation: who owes most first. No figure is in it."""

    campaign: Campaign
    url: str
    rows: list[Gauge] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(row.total for row in self.rows)

    @property
    def given(self) -> int:
        return sum(row.given for row in self.rows)


@kept_for_page
def campaigns_of(conventions) -> list[Campaign]:
    """The collections of some conventions, the latest first."""
    found = [one for campaigns in _campaigns_of(conventions).values() for one in campaigns]
    return sorted(found, key=lambda campaign: -campaign.year)


@cached_each(Subject.FIGURES)
def _campaigns_of(conventions) -> dict[int, list[Campaign]]:
    """The same by convention, in one query."""
    known = {convention.pk: convention for convention in conventions}
    campaigns: dict[int, list[Campaign]] = {pk: [] for pk in known}
    for campaign in Campaign.objects.filter(convention__in=known).order_by("-year"):
        campaign.convention = known[campaign.convention_id]
        campaigns[campaign.convention_id].append(campaign)
    return campaigns


class Counted(NamedTuple):
    """How many indicators a collection asks of an organisation by a day that are in a state."""

    campaign: int
    enterer: int
    enterer_name: str
    due_on: datetime.date
    value_state: str | None
    how_many: int


@cached(Subject.FIGURES, Subject.TEXT)
def counts_in(convention: Convention) -> list[Counted]:
    """How many indicators the collections of a convention ask for, by who enters them, by when and
    in which state."""
    rows = with_state(CampaignIndicator.objects.filter(campaign__convention=convention))
    names = ("campaign", "enterer", "enterer__name", "due_on", "value_state")
    counted = rows.order_by().values(*names).annotate(how_many=Count("pk"))
    return [Counted(*row) for row in counted.values_list(*names, "how_many")]


def collection_panel(user: User, convention: Convention, today: datetime.date):
    """Of the collection that is open, or of the last one: what each organisation has given."""
    opened = [one for one in campaigns_of([convention]) if not one.is_prepared]
    campaign = next((one for one in opened if one.is_open), next(iter(opened), None))
    if campaign is None:
        return
    gauges = read_gauges(campaign, convention, today)
    if gauges.total:
        told = f"{gauges.given} {'données' if gauges.given > 1 else 'donnée'}"
        closed = "" if campaign.is_open else " clos"
        yield StatePanel(
            title=f"Recueil {campaign.year}{closed} : {told} sur {gauges.total}",
            template="indicators/collection/gauges.html",
            context=gauges,
            clause=f"le recueil {campaign.year} n’est pas clos" if campaign.is_open else "",
            fictional="les chiffres" if campaign.is_fictional else "",
        )


def read_gauges(campaign: Campaign, convention: Convention, today: datetime.date) -> Gauges:
    """No query beside that of ``counts_in``."""
    found: dict[int, Gauge] = {}
    for row in counts_in(convention):
        if row.campaign == campaign.pk:
            gauge = found.setdefault(row.enterer, Gauge(bodies.spoken(row.enterer_name)))
            gauge.total += row.how_many
            if row.value_state in SHOWN:
                gauge.given += row.how_many
            elif campaign.is_open and row.due_on < today:
                gauge.late += row.how_many
    url = reverse("indicators:campaign", args=[convention.slug, campaign.year])
    ordered = sorted(found.values(), key=lambda one: (-one.late, -one.owed, one.name))
    return Gauges(campaign, url, ordered)


def collection_deadlines(user: User, conventions, today) -> dict[int, list[Deadline]]:
    """By when the figures of the collections that are open are given: for who acts for one
    organisation that has a day of its own, on that day; no more for who enters and has given all
    of theirs, but for the coordinator, who awaits those of others."""
    conventions = list(conventions)
    slugs = {convention.pk: convention.slug for convention in conventions}
    found: dict[int, list[Deadline]] = defaultdict(list)
    open_ones = [campaign for campaign in campaigns_of(conventions) if campaign.is_open]
    if not open_ones:
        return found
    own = {key: day for days in _own_days_of(conventions).values() for key, day in days.items()}
    held = accesses_among(user, conventions)
    asked_for = asked_in_open(conventions, user)
    for campaign in open_ones:
        accesses = held.get(campaign.convention_id, [])
        mine = {access.organisation_id for access in accesses}
        days = {own.get((campaign.pk, pk), campaign.due_on) for pk in mine} or {campaign.due_on}
        rows = asked_for.get((campaign.convention_id, campaign.year), ())
        asked = [row.value_state in SHOWN for row in rows if row.enterer in mine]
        awaits_others = any(access.role == Role.COORDINATOR for access in accesses)
        is_done = asked and all(asked) and not awaits_others
        if min(days) >= today and not is_done:
            slug = slugs[campaign.convention_id]
            url = reverse("indicators:campaign", args=[slug, campaign.year])
            told = f"Données {campaign.year} à transmettre"
            found[campaign.convention_id].append(Deadline(min(days), told, url))
    return found


@cached_each(Subject.FIGURES)
def _own_days_of(conventions) -> dict[int, dict[tuple[int, int], datetime.date]]:
    """The days that organisations have of their own: by convention, by collection and
    organisation."""
    found: dict[int, dict] = {convention.pk: {} for convention in conventions}
    rows = OwnDeadline.objects.filter(campaign__convention__in=found).order_by("pk")
    for convention, campaign, organisation, day in rows.values_list(
        "campaign__convention", "campaign", "organisation", "due_on"
    ):
        found[convention][campaign, organisation] = day
    return {
        convention: {key: day for key, day in days.items() if day}
        for convention, days in found.items()
    }
