"""What of the yearly collections awaits somebody."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from operator import attrgetter

from django.db.models import Exists, F, OuterRef
from django.urls import reverse

from accounts.models import User
from conventions.access.viewer import accesses_among, cached_for_page
from conventions.models import Role
from conventions.parties import bodies
from ctg_portal.house import Blocks, Task
from ctg_portal.templatetags.french import feminine, long_date, number
from indicators.collection.links import EntryLink
from indicators.collection.progress import with_state
from indicators.collection.rights import Account, accounts_of, with_others
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


def _told(sentence: str, rows: list, year: int, **words) -> str:
    """A sentence about these figures: each value is one thing, each table another."""
    things = Things.of(row.grain == Grain.COMMUNE for row in rows)
    return sentence.format(
        things=f"{things.in_words} de {year}",
        are=things.are,
        await_=things.await_,
        them=things.them,
        returned=things.agreeing("retourné"),
        saved=things.agreeing("enregistré"),
        **words,
    )


def campaign_tasks(user: User, conventions, today):
    """Figures to enter, submit, take up again, verify; for the coordinator, who is late and for
    whom nobody enters."""
    mine, with_account, coordinated = defaultdict(list), defaultdict(set), set()
    accounts = list(filter(attrgetter("keeps_its_figures"), accounts_of(conventions)))
    for account in accounts:
        with_account[account.convention].add(account.organisation)
        if account.user == user.pk:
            mine[account.convention].append(account)
            if account.role == Role.COORDINATOR:
                coordinated.add(account.convention)
    own: dict[int, frozenset[int]] = defaultdict(frozenset)
    own |= {pk: frozenset(a.organisation for a in held if a.enters) for pk, held in mine.items()}
    shared = with_others(user, accounts)

    slugs = {convention.pk: convention.slug for convention in conventions}
    tasks = defaultdict(list)
    for (convention, year), rows in asked_in_open(conventions, user).items():
        slug, found = slugs[convention], tasks[convention]
        url = reverse("indicators:entry", args=[slug, year])
        for pk in sorted(own[convention]):
            entered = [row for row in rows if row.enterer == pk]
            for state, sentence, button in TO_ENTER:
                if these := [row for row in entered if row.value_state == state]:
                    count, due = len(these), min(row.due_on for row in these)
                    whom = bodies.the(these[0].enterer__name)
                    is_awaited = state == ValueState.RETURNED or due < today
                    task = Task(
                        _told(sentence, these, year, whom=whom),
                        url + _place(state, these),
                        button,
                        count,
                        due=due,
                        blocks=Blocks.SOMEBODY if is_awaited else Blocks.NOBODY,
                        headline=_headline(state, count, year, due, today),
                    )
                    found.append(task)
        found += _to_verify(rows, own[convention], own[convention] - shared, slug, year)
        if convention in coordinated:
            found += _coordination(rows, with_account[convention], slug, year, today)
            found += _by_link(rows, accounts, slug, year, today)
    return {convention: found for convention, found in tasks.items() if found}


@cached_for_page
def asked_in_open(conventions, user: User) -> dict[tuple[int, int], list]:
    """By convention in which a person acts and by year, the earliest first, each indicator that a
    collection asks for which is open: where it is, and whether it is the person's to verify. One
    query, whatever their number."""
    held = accesses_among(user, conventions)
    open_ones = Campaign.objects.open().filter(convention__in=[pk for pk in held if held[pk]])
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
    for row in entries.order_by("campaign__year").values_list(
        "pk", "convention", "year", "enterer", "enterer__name", "provider", "due_on", "value_state",
        "grain", "is_to_verify", "is_own_to_verify", "has_link", "enterer__masking_threshold",
        "enterer__rounding_base", "provider__masking_threshold", "provider__rounding_base",
        "masking_threshold", "rounding_base", named=True,
    ):  # fmt: skip
        asked[row.convention, row.year].append(row)
    return asked


def _place(state, rows: list) -> str:
    """Where on the page of entry, or beside it, it is done: the one value that came back is on a
    line among many."""
    if state == ValueState.DRAFT:
        return "transmettre/"
    return f"#ligne-{rows[0].pk}" if state == ValueState.RETURNED and len(rows) == 1 else ""


def _headline(state, count: int, year: int, due: datetime.date, today: datetime.date) -> str:
    """« Quatre données de 2023 sont attendues avant le 29 février 2024 »."""
    many, told = count > 1, f"{feminine(count)} {'données' if count > 1 else 'donnée'} de {year}"
    if state == ValueState.RETURNED:
        return f"{told} vous {'sont retournées' if many else 'est retournée'}"
    verb = "sont attendues" if many else "est attendue"
    return f"{told} {verb} {'depuis' if due < today else 'avant'} le {long_date(due)}"


def _to_verify(
    rows, own: frozenset[int], alone: frozenset[int], slug: str, year: int
) -> Iterable[Task]:  # fmt: skip
    """What others have typed of what the person's organisations provide; what the person typed for
    one in which nobody else enters."""
    these = [
        row
        for row in rows
        if (row.is_to_verify and row.provider in own)
        or (row.is_own_to_verify and row.provider in alone)
    ]
    if these:
        yield Task(
            _told("{things} {await_} une vérification.", these, year),
            reverse("indicators:verify_values", args=[slug, year]),
            "Vérifier",
            len(these),
            blocks=Blocks.SOMEBODY,
        )


def _states_secrecy(row) -> bool:
    """Whether the coordinator leaves a figure to the people of its organisations: they state a
    secrecy rule, or stated one when the year was closed."""
    return any(
        getattr(row, f"{whose}{rule}")
        for whose in ("", "enterer__", "provider__")
        for rule in ("masking_threshold", "rounding_base")
    )


def _coordination(rows, with_account: set[int], slug, year, today) -> Iterable[Task]:
    """Who is late, and for whom the coordinator enters."""
    owed = [row for row in rows if row.value_state not in SHOWN]
    late = {row.enterer for row in owed if row.due_on < today}
    if late:
        told = f"{number(len(late))} {'organismes sont' if len(late) > 1 else 'organisme est'}"
        yield Task(
            f"Recueil {year} : {told} en retard.",
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
            _told("{things} {are} à saisir pour le compte {whose}.", these, year, whose=whose),
            f"{reverse('indicators:entry', args=[slug, year])}?pour={enterer}",
            "Saisir",
            count,
            due=due,
            blocks=Blocks.SOMEBODY if due < today else Blocks.NOBODY,
        )


def _by_link(rows, accounts: list[Account], slug, year, today) -> Iterable[Task]:
    """To whom the coordinator sends a link, which none has yet: nobody enters there, and secrecy
    keeps her from it."""
    staffed = {account.organisation for account in accounts if account.user}
    owed = defaultdict(list)
    for row in rows:
        is_owed = row.value_state not in SHOWN and row.enterer not in staffed
        is_given_by_link = row.grain != Grain.COMMUNE
        if is_owed and is_given_by_link and _states_secrecy(row) and not row.has_link:
            owed[row.enterer].append(row)
    for enterer, these in owed.items():
        count, due = len(these), min(row.due_on for row in these)
        many, of_whom = count > 1, bodies.genitive(these[0].enterer__name)
        yield Task(
            f"{feminine(count)} {'valeurs' if many else 'valeur'} de {year} {of_whom} "
            f"{'sont' if many else 'est'} à demander par un lien de saisie.",
            reverse("indicators:send_link", args=[slug, year, enterer]),
            "Envoyer un lien de saisie",
            count,
            due=due,
            blocks=Blocks.SOMEBODY if due < today else Blocks.NOBODY,
        )
