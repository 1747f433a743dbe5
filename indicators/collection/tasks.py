"""List the tasks of the yearly campaigns: what awaits somebody."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef
from django.urls import reverse

from accounts.models import User
from conventions.access.viewer import accesses_among, cached_for_page
from conventions.models import Convention, Role
from conventions.parties import bodies
from ctg_portal.house import Blocks, Task
from ctg_portal.templatetags.french import feminine, long_date, number
from indicators.collection.links import EntryLink
from indicators.collection.progress import with_state
from indicators.collection.rights import Account, accounts_of, organisations_with_others
from indicators.collection.things import Things
from indicators.definitions.models import Grain
from indicators.figures.campaigns import Campaign, CampaignIndicator, TableState
from indicators.figures.values import SHOWN, Value, ValueState

# What is to be done of figures in a state, and the button that leads there.
TO_ENTER = [
    (None, "{things} {are} à saisir pour {whom}.", "Saisir mes données"),
    (TableState.PARTIAL, "{things} {are} à compléter pour {whom}.", "Compléter"),
    (ValueState.RETURNED, "{things} {are} {returned} à {whom}.", "Reprendre"),
    (
        ValueState.DRAFT,
        "{things} {are} {saved} pour {whom} : il reste à {them} transmettre.",
        "Transmettre",
    ),
]


class AskedRow(NamedTuple):
    """An indicator that an open campaign asks for. ``is_to_verify``: somebody else has submitted a
    value of it that awaits a second person; ``is_own_to_verify``: the person asking has."""

    pk: int
    convention: int
    year: int
    enterer: int
    enterer__name: str
    provider: int
    due_on: datetime.date
    value_state: str | None
    grain: str
    is_to_verify: bool
    is_own_to_verify: bool
    has_link: bool
    enterer__masking_threshold: int | None
    enterer__rounding_base: int | None
    provider__masking_threshold: int | None
    provider__rounding_base: int | None
    masking_threshold: int | None
    rounding_base: int | None

    @property
    def is_by_commune(self) -> bool:
        return self.grain == Grain.COMMUNE


def _format_sentence(sentence: str, rows: list[AskedRow], year: int, **words: str) -> str:
    """Return a sentence about figures of a year, in agreement with how many of them are values and
    how many tables. ``words``: what else the sentence has in braces."""
    things = Things.of(row.is_by_commune for row in rows)
    return sentence.format(
        things=f"{things.in_words} de {year}",
        are=things.are,
        await_=things.await_,
        them=things.them,
        returned=things.agreeing("retourné"),
        saved=things.agreeing("enregistré"),
        **words,
    )


def campaign_tasks(
    user: User, conventions: Iterable[Convention], today: datetime.date
) -> dict[int, list[Task]]:
    """Return the person's tasks in open campaigns, by the convention's key: figures to enter,
    complete, correct, submit, verify; for who coordinates also who is late, for whom to enter, to
    whom to send a link. Conventions without a task are left out."""
    mine, with_account, coordinated = defaultdict(list), defaultdict(set), set()
    accounts = list(filter(attrgetter("keeps_its_figures"), accounts_of(conventions)))
    for account in accounts:
        with_account[account.convention].add(account.organisation)
        if account.user == user.pk:
            mine[account.convention].append(account)
            if account.role == Role.COORDINATOR:
                coordinated.add(account.convention)
    own: dict[int, frozenset[int]] = defaultdict(frozenset)
    own |= {
        pk: frozenset(a.organisation for a in accounts_held if a.enters)
        for pk, accounts_held in mine.items()
    }
    shared = organisations_with_others(user, accounts)

    slugs = {convention.pk: convention.slug for convention in conventions}
    tasks: dict[int, list[Task]] = defaultdict(list)
    for (convention, year), rows in indicators_asked(conventions, user).items():
        slug, convention_tasks = slugs[convention], tasks[convention]
        url = reverse("indicators:entry", args=[slug, year])
        for pk in sorted(own[convention]):
            entered = [row for row in rows if row.enterer == pk]
            for state, sentence, button in TO_ENTER:
                if these := [row for row in entered if row.value_state == state]:
                    count, due = len(these), min(row.due_on for row in these)
                    whom = bodies.the(these[0].enterer__name)
                    is_awaited = state == ValueState.RETURNED or due < today
                    page = "transmettre/" if state == ValueState.DRAFT else ""
                    if state == ValueState.RETURNED and count == 1:  # one line among many
                        page = f"#ligne-{these[0].pk}"
                    task = Task(
                        _format_sentence(sentence, these, year, whom=whom),
                        url + page,
                        button,
                        count,
                        due=due,
                        blocks=Blocks.SOMEBODY if is_awaited else Blocks.NOBODY,
                        headline=_headline(state, count, year, due, today),
                    )
                    convention_tasks.append(task)
        convention_tasks += _to_verify(rows, own[convention], own[convention] - shared, slug, year)
        if convention in coordinated:
            convention_tasks += _coordination(rows, with_account[convention], slug, year, today)
            convention_tasks += _by_link(rows, accounts, slug, year, today)
    return {
        convention: convention_tasks
        for convention, convention_tasks in tasks.items()
        if convention_tasks
    }


@cached_for_page
def indicators_asked(
    conventions: list[Convention], user: User
) -> dict[tuple[int, int], list[AskedRow]]:
    """Return all that open campaigns ask of anybody, by the key of each convention in which the
    person has an access and by year, the earliest first. One query besides that of accesses."""
    accesses = accesses_among(user, conventions)
    open_ones = Campaign.objects.open().filter(
        convention__in=[pk for pk in accesses if accesses[pk]]
    )
    entries = with_state(CampaignIndicator.objects.filter(campaign__in=open_ones)).annotate(
        convention=F("campaign__convention"),
        year=F("campaign__year"),
        is_to_verify=Exists(
            Value.objects.submitted()
            .filter(campaign_indicator=OuterRef("pk"))
            .exclude(entered_by=user)
        ),
        is_own_to_verify=Exists(
            Value.objects.submitted().filter(campaign_indicator=OuterRef("pk"), entered_by=user)
        ),
        has_link=Exists(
            EntryLink.objects.open().filter(
                campaign=OuterRef("campaign"), organisation=OuterRef("enterer")
            )
        ),
    )
    asked = defaultdict(list)
    for fields in entries.order_by("campaign__year").values_list(*AskedRow._fields):
        row = AskedRow(*fields)
        asked[row.convention, row.year].append(row)
    return asked


def _headline(
    state: str | None, count: int, year: int, due: datetime.date, today: datetime.date
) -> str:
    """Return « Quatre données de 2023 sont attendues avant le 29 février 2024 », or « depuis » once
    it has passed; of returned ones « vous sont retournées »."""
    many, words = count > 1, f"{feminine(count)} {'données' if count > 1 else 'donnée'} de {year}"
    if state == ValueState.RETURNED:
        return f"{words} vous {'sont retournées' if many else 'est retournée'}"
    verb = "sont attendues" if many else "est attendue"
    return f"{words} {verb} {'depuis' if due < today else 'avant'} le {long_date(due)}"


def _to_verify(
    rows: list[AskedRow], own: frozenset[int], alone: frozenset[int], slug: str, year: int
) -> Iterable[Task]:
    """Yield one task, or none: to verify what others submitted that the organisations ``own``
    provide, and what the person submitted that those ``alone`` provide, where nobody else
    enters."""
    these = [
        row
        for row in rows
        if (row.is_to_verify and row.provider in own)
        or (row.is_own_to_verify and row.provider in alone)
    ]
    if these:
        yield Task(
            _format_sentence("{things} {await_} une vérification.", these, year),
            reverse("indicators:verify_values", args=[slug, year]),
            "Vérifier",
            len(these),
            blocks=Blocks.SOMEBODY,
        )


def _states_secrecy(row: AskedRow) -> bool:
    """Return whether a secrecy rule keeps the coordinator from a figure: its enterer or provider
    states one, or the row holds that of when the year was closed."""
    return any(
        getattr(row, f"{whose}{rule}")
        for whose in ("", "enterer__", "provider__")
        for rule in ("masking_threshold", "rounding_base")
    )


def _coordination(
    rows: list[AskedRow], with_account: set[int], slug: str, year: int, today: datetime.date
) -> Iterable[Task]:
    """Yield the coordinator's tasks: one that says how many organisations are late, if any is; one
    for each organisation for which she is to enter."""
    owed = [row for row in rows if row.value_state not in SHOWN]
    late = {row.enterer for row in owed if row.due_on < today}
    if late:
        words = f"{number(len(late))} {'organismes sont' if len(late) > 1 else 'organisme est'}"
        yield Task(
            f"Recueil {year} : {words} en retard.",
            reverse("indicators:campaign", args=[slug, year]),
            "Voir le recueil",
            len(late),
            due=min(row.due_on for row in owed),
            blocks=Blocks.SOMEBODY,
        )
    on_behalf = defaultdict(list)
    for row in owed:
        if row.enterer not in with_account and not _states_secrecy(row):
            on_behalf[row.enterer].append(row)
    for enterer, these in on_behalf.items():
        count, due = len(these), min(row.due_on for row in these)
        whose = bodies.genitive(these[0].enterer__name)
        yield Task(
            _format_sentence(
                "{things} {are} à saisir pour le compte {whose}.", these, year, whose=whose
            ),
            f"{reverse('indicators:entry', args=[slug, year])}?pour={enterer}",
            "Saisir",
            count,
            due=due,
            blocks=Blocks.SOMEBODY if due < today else Blocks.NOBODY,
        )


def _by_link(
    rows: list[AskedRow], accounts: list[Account], slug: str, year: int, today: datetime.date
) -> Iterable[Task]:
    """Yield a task for each organisation to which a link is to be sent: it owes values (tables do
    not count), secrecy keeps the coordinator from them, nobody enters there, and none is open."""
    staffed = {account.organisation for account in accounts if account.user}
    owed = defaultdict(list)
    for row in rows:
        is_owed = row.value_state not in SHOWN and row.enterer not in staffed
        is_given_by_link = not row.is_by_commune
        if is_owed and is_given_by_link and _states_secrecy(row) and not row.has_link:
            owed[row.enterer].append(row)
    for enterer, these in owed.items():
        count, due = len(these), min(row.due_on for row in these)
        many, owner = count > 1, bodies.genitive(these[0].enterer__name)
        yield Task(
            f"{feminine(count)} {'valeurs' if many else 'valeur'} de {year} {owner} "
            f"{'sont' if many else 'est'} à demander par un lien de saisie.",
            reverse("indicators:send_link", args=[slug, year, enterer]),
            "Envoyer un lien de saisie",
            count,
            due=due,
            blocks=Blocks.SOMEBODY if due < today else Blocks.NOBODY,
        )
