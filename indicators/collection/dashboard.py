"""Read the yearly campaigns for the dashboard: progress by organisation, and deadlines."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from django.urls import reverse

from accounts.models import User
from conventions.access.viewer import accesses_among, cached_for_page
from conventions.models import Convention, Role
from conventions.parties import bodies
from conventions.parties.reading import organisations_by_key
from ctg_portal.house import Deadline, SettingRow, StatePanel
from ctg_portal.marks.cache import cached_each
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import enumerate_words, long_date
from indicators.collection.calls import OwnDeadline
from indicators.collection.progress import counts_in
from indicators.collection.tasks import indicators_asked
from indicators.figures.campaigns import Campaign
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


@cached_for_page
def campaigns_of(conventions) -> list[Campaign]:
    """Return the campaigns of some conventions that are not cancelled, the latest year first."""
    campaigns = chain.from_iterable(_campaigns_by_convention(conventions).values())
    return sorted(campaigns, key=lambda campaign: -campaign.year)


@cached_each(Subject.FIGURES)
def _campaigns_by_convention(conventions) -> dict[int, list[Campaign]]:
    """Return the campaigns by the convention's key, the latest year first, in one query; empty
    lists for conventions without any."""
    known = {convention.pk: convention for convention in conventions}
    campaigns: dict[int, list[Campaign]] = {pk: [] for pk in known}
    for campaign in Campaign.objects.filter(convention__in=known).order_by("-year"):
        campaign.convention = known[campaign.convention_id]
        campaigns[campaign.convention_id].append(campaign)
    return campaigns


def deadlines_row(convention: Convention) -> Iterator[SettingRow]:
    """Yield the deadlines of the collections that are not over, for the settings of a
    convention."""
    campaigns = [row for row in campaigns_of([convention]) if row.is_prepared or row.is_open]
    days = [f"recueil {row.year}, {long_date(row.due_on)}" for row in campaigns]
    url = reverse("indicators:campaigns", args=[convention.slug])
    yield SettingRow("Échéances des recueils", enumerate_words(days), url)


def collection_panel(user: User, convention: Convention, today: datetime.date):
    """Yield one panel about the latest open campaign, else the latest closed one: what each
    organisation has given of what it is asked. Nothing before a campaign was opened, or if it asks
    nothing."""
    opened = [item for item in campaigns_of([convention]) if not item.is_prepared]
    campaign = next((item for item in opened if item.is_open), next(iter(opened), None))
    if campaign is None:
        return
    gauges = read_gauges(campaign, convention, today)
    if gauges.total:
        given_words = f"{gauges.given} {'données' if gauges.given > 1 else 'donnée'}"
        closed = "" if campaign.is_open else " clos"
        yield StatePanel(
            title=f"Recueil {campaign.year}{closed} : {given_words} sur {gauges.total}",
            template="indicators/collection/gauges.html",
            context=gauges,
            clause=f"le recueil {campaign.year} n’est pas clos" if campaign.is_open else "",
        )


def read_gauges(campaign: Campaign, convention: Convention, today: datetime.date) -> Gauges:
    """Return the progress of a campaign by organisation, those with most late figures first; only
    an open campaign has late ones. No query but that of ``counts_in`` and of organisations."""
    gauges: dict[int, Gauge] = {}
    organisations = organisations_by_key(convention)
    for row in counts_in(convention):
        if row.campaign == campaign.pk:
            name = bodies.short_name(organisations[row.enterer].name)
            gauge = gauges.setdefault(row.enterer, Gauge(name))
            gauge.total += row.how_many
            if row.is_given:
                gauge.given += row.how_many
            elif campaign.is_open and row.due_on < today:
                gauge.late += row.how_many
    url = reverse("indicators:campaign", args=[convention.slug, campaign.year])
    ordered = sorted(gauges.values(), key=lambda item: (-item.late, -item.owed, item.name))
    return Gauges(campaign, url, ordered)


def collection_deadlines(user: User, conventions, today) -> dict[int, list[Deadline]]:
    """Return, by the convention's key, the deadlines of open campaigns that have not passed.

    Who acts for organisations reads the first of their deadlines, own or common. Who enters and has
    given everything reads none; the coordinator still does, as she awaits others.
    """
    conventions = list(conventions)
    slugs = {convention.pk: convention.slug for convention in conventions}
    deadlines: dict[int, list[Deadline]] = defaultdict(list)
    open_ones = [campaign for campaign in campaigns_of(conventions) if campaign.is_open]
    if not open_ones:
        return deadlines
    own = {key: day for days in _own_days_of(conventions).values() for key, day in days.items()}
    accesses_by_convention = accesses_among(user, conventions)
    asked_for = indicators_asked(conventions, user)
    for campaign in open_ones:
        accesses = accesses_by_convention.get(campaign.convention_id, [])
        mine = {access.organisation_id for access in accesses}
        days = {own.get((campaign.pk, pk), campaign.due_on) for pk in mine} or {campaign.due_on}
        rows = asked_for.get((campaign.convention_id, campaign.year), ())
        asked = [row.value_state in SHOWN for row in rows if row.enterer in mine]
        awaits_others = any(access.role == Role.COORDINATOR for access in accesses)
        is_done = asked and all(asked) and not awaits_others
        if min(days) >= today and not is_done:
            slug = slugs[campaign.convention_id]
            url = reverse("indicators:campaign", args=[slug, campaign.year])
            label = f"Données {campaign.year} à transmettre"
            deadlines[campaign.convention_id].append(Deadline(min(days), label, url))
    return deadlines


@cached_each(Subject.FIGURES)
def _own_days_of(conventions) -> dict[int, dict[tuple[int, int], datetime.date]]:
    """Return the own deadlines in force: by the convention's key, by the keys of campaign and
    organisation."""
    days_by_convention: dict[int, dict] = {convention.pk: {} for convention in conventions}
    rows = OwnDeadline.objects.filter(campaign__convention__in=days_by_convention).order_by("pk")
    for convention, campaign, organisation, day in rows.values_list(
        "campaign__convention", "campaign", "organisation", "due_on"
    ):
        days_by_convention[convention][campaign, organisation] = day
    return {
        convention: {key: day for key, day in days.items() if day}
        for convention, days in days_by_convention.items()
    }
