"""What the yearly collections tell of themselves on the dashboard."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.urls import reverse

from accounts.models import User
from conventions.access.viewer import accesses_among, kept_for_page
from conventions.models import Convention, Role
from conventions.parties import bodies
from ctg_portal.house import Deadline, StatePanel
from indicators.collection.calls import OwnDeadline
from indicators.collection.progress import with_state
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
    return list(Campaign.objects.filter(convention__in=conventions).order_by("-year"))


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
    """One query, whatever the number of figures."""
    rows = with_state(CampaignIndicator.objects.filter(campaign=campaign)).order_by()
    found: dict[int, Gauge] = {}
    for enterer, name, due_on, state in rows.values_list(
        "enterer", "enterer__name", "due_on", "value_state"
    ):
        gauge = found.setdefault(enterer, Gauge(bodies.spoken(name)))
        gauge.total += 1
        gauge.given += state in SHOWN
        gauge.late += campaign.is_open and state not in SHOWN and due_on < today
    url = reverse("indicators:campaign", args=[convention.slug, campaign.year])
    ordered = sorted(found.values(), key=lambda one: (-one.late, -one.owed, one.name))
    return Gauges(campaign, url, ordered)


def collection_deadlines(user: User, conventions, today) -> dict[int, list[Deadline]]:
    """By when the figures of the collections that are open are given: for who acts for one
    organisation that has a day of its own, on that day; no more for who enters and has given all
    of theirs, but for the coordinator, who awaits those of others."""
    conventions = list(conventions)
    slugs = {convention.pk: convention.slug for convention in conventions}
    found, own = defaultdict(list), own_days_of(conventions)
    open_ones = [campaign for campaign in campaigns_of(conventions) if campaign.is_open]
    held = accesses_among(user, conventions) if open_ones else {}
    owed = _owed_by(open_ones) if any(held.values()) else {}
    for campaign in open_ones:
        accesses = held.get(campaign.convention_id, [])
        mine = {access.organisation_id for access in accesses}
        days = {own.get((campaign.pk, pk), campaign.due_on) for pk in mine} or {campaign.due_on}
        asked = [owed[campaign.pk, pk] for pk in mine if (campaign.pk, pk) in owed]
        awaits_others = any(access.role == Role.COORDINATOR for access in accesses)
        is_done = asked and not any(asked) and not awaits_others
        if min(days) >= today and not is_done:
            slug = slugs[campaign.convention_id]
            url = reverse("indicators:campaign", args=[slug, campaign.year])
            told = f"Données {campaign.year} à transmettre"
            found[campaign.convention_id].append(Deadline(min(days), told, url))
    return found


def _owed_by(campaigns: list[Campaign]) -> dict[tuple[int, int], int]:
    """By collection and by organisation that enters some, how many figures it owes."""
    rows = with_state(CampaignIndicator.objects.filter(campaign__in=campaigns)).order_by()
    is_owed = Q(value_state__isnull=True) | ~Q(value_state__in=SHOWN)
    counted = rows.values("campaign", "enterer").annotate(owed=Count("pk", filter=is_owed))
    return {(row["campaign"], row["enterer"]): row["owed"] for row in counted}


@kept_for_page
def own_days_of(conventions) -> dict[tuple[int, int], datetime.date]:
    """The days that organisations have of their own, by collection and organisation."""
    rows = OwnDeadline.objects.filter(campaign__convention__in=conventions).order_by("pk")
    last = {(row.campaign_id, row.organisation_id): row.due_on for row in rows}
    return {key: day for key, day in last.items() if day}
