"""What the yearly collections bring to the menu, the tasks and the dashboard of a convention."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse

from conventions.models import Convention, Organisation, Role
from ctg_portal.house import DashboardCard, Task
from ctg_portal.templatetags.french import feminine, number
from indicators.collection.progress import tallies, with_state
from indicators.collection.rights import accounts_of
from indicators.models import Campaign, CampaignIndicator, ValueState
from indicators.values.models import SHOWN


@dataclass
class Held:
    """What a person holds in one convention, and what is asked for there."""

    organisations: set[int] = field(default_factory=set)
    coordinates: bool = False
    with_account: set[int] = field(default_factory=set)
    asked: dict[int, list[tuple]] = field(default_factory=lambda: defaultdict(list))


def campaign_tasks(user, conventions, today):
    """Figures to enter, submit, take up again, verify; for the coordinator, who is late and for
    whom nobody enters. Three queries, whatever the number of conventions."""
    held = _held(user, conventions)
    _ask(held)
    names = Organisation.objects.in_bulk(_told(held))
    slugs = {convention.pk: convention.slug for convention in conventions}
    return {
        pk: tasks
        for pk, one in held.items()
        if (tasks := list(_tasks(one, user, slugs[pk], names, today)))
    }


def _held(user, conventions) -> dict[int, Held]:
    found: dict[int, Held] = defaultdict(Held)
    for convention_id, organisation_id, user_id, role in accounts_of(conventions):
        one = found[convention_id]
        one.with_account.add(organisation_id)
        if user_id == user.pk:
            one.organisations.add(organisation_id)
            one.coordinates |= role == Role.COORDINATOR
    return {pk: one for pk, one in found.items() if one.organisations}


def _ask(held: dict[int, Held]) -> None:
    """What the open collections of these conventions ask for, by year."""
    open_ones = Campaign.objects.open().filter(convention__in=held)
    entries = with_state(CampaignIndicator.objects.filter(campaign__in=open_ones))
    rows = entries.order_by("campaign__year").values_list(
        "campaign__convention", "campaign__year", "enterer", "provider", "due_on", "value_state",
        "whole__entered_by",
    )  # fmt: skip
    for convention_id, year, *row in rows:
        held[convention_id].asked[year].append(tuple(row))


def _told(held: dict[int, Held]) -> set[int]:
    """The organisations that a sentence may name."""
    enterers = {row[0] for one in held.values() for rows in one.asked.values() for row in rows}
    return enterers | {pk for one in held.values() for pk in one.organisations}


def _tasks(one: Held, user, slug: str, names, today: datetime.date) -> Iterable[Task]:
    for year, rows in one.asked.items():
        entry = reverse("indicators:entry", args=[slug, year])
        for pk in sorted(one.organisations):
            yield from _to_enter(_states(rows, {pk}), year, names[pk], entry)
        yield from _to_verify(rows, one, user, slug, year)
        if one.coordinates:
            yield from _coordination(rows, one, names, slug, year, today)


def _states(rows, organisations) -> Counter:
    return Counter(state for enterer, _, _, state, _ in rows if enterer in organisations)


# What of a value is to be done, told for one and for many, and the button that leads there.
TO_ENTER = [
    (
        None,
        "valeur de {year} est à saisir pour {whom}.",
        "valeurs de {year} sont à saisir pour {whom}.",
        "Saisir mes données",
    ),
    (
        ValueState.RETURNED,
        "valeur de {year} est retournée à {whom}.",
        "valeurs de {year} sont retournées à {whom}.",
        "Reprendre",
    ),
    (
        ValueState.DRAFT,
        "valeur de {year} est enregistrée pour {whom} : il reste à la transmettre.",
        "valeurs de {year} sont enregistrées pour {whom} : il reste à les transmettre.",
        "Transmettre",
    ),
]


def _to_enter(states: Counter, year: int, organisation, url: str) -> Iterable[Task]:
    """What one organisation of the person still owes."""
    for state, one, many, button in TO_ENTER:
        if count := states[state]:
            told = (many if count > 1 else one).format(year=year, whom=organisation.the)
            address = f"{url}transmettre/" if state == ValueState.DRAFT else url
            yield Task(f"{feminine(count)} {told}", address, button, count)


def _to_verify(rows, one: Held, user, slug: str, year: int) -> Iterable[Task]:
    count = sum(
        state == ValueState.SUBMITTED and provider in one.organisations and typed_by != user.pk
        for _, provider, _, state, typed_by in rows
    )
    if count:
        verb = "attendent" if count > 1 else "attend"
        yield Task(
            f"{feminine(count)} {'valeurs' if count > 1 else 'valeur'} de {year} {verb} une "
            "vérification.",
            reverse("indicators:verify_values", args=[slug, year]),
            "Vérifier",
            count,
        )


def _coordination(rows, one: Held, names, slug, year, today) -> Iterable[Task]:
    """Who is late, and for whom the coordinator enters."""
    owed = [(enterer, due_on) for enterer, _, due_on, state, _ in rows if state not in SHOWN]
    late = {enterer for enterer, due_on in owed if due_on < today}
    if late:
        told = f"{number(len(late))} {'organismes sont' if len(late) > 1 else 'organisme est'}"
        yield Task(
            f"Recueil {year} : {told} en retard.",
            reverse("indicators:campaign", args=[slug, year]),
            "Voir le recueil",
            len(late),
        )
    for enterer, count in Counter(pk for pk, _ in owed if pk not in one.with_account).items():
        many = count > 1
        yield Task(
            f"{feminine(count)} {'valeurs' if many else 'valeur'} de {year} "
            f"{'sont' if many else 'est'} à saisir pour le compte {names[enterer].of_the}.",
            f"{reverse('indicators:entry', args=[slug, year])}?pour={enterer}",
            "Saisir",
            count,
        )


def campaign_cards(user, convention: Convention, today):
    """How far the collection that is open, or the last one, has come."""
    campaigns = list(Campaign.objects.of(convention).opened().order_by("-year")[:1])
    found = tallies(campaigns)
    for campaign in campaigns:
        tally = found[campaign.pk]
        yield DashboardCard(
            f"{tally.given} sur {tally.total}",
            f"données {campaign.year} transmises",
            reverse("indicators:campaign", args=[convention.slug, campaign.year]),
        )
