"""The figures that an agent owes, typed on the dashboard itself: returned ones first."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from accounts.models import User
from conventions.models import Convention
from ctg_portal.house import HomeForm
from ctg_portal.templatetags.french import in_words, long_date
from indicators.collection.rights import contributor_of
from indicators.collection.tasks import AskedRow, indicators_asked
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.values import SHOWN, ValueState
from indicators.values.entry import EntryPage

# More than that are typed on their own page.
MOST = 12
# What the form sends for the page to come back here.
FROM_HOME = "accueil"


@dataclass(kw_only=True)
class HomeEntry(EntryPage):
    """The first rows that the organisations of a person owe of a year. ``asked_rows``: all that the
    year asks of them, given or not."""

    asked_rows: list[AskedRow]

    @cached_property
    def missing_rows(self) -> list[AskedRow]:
        """The figures of the whole territory that are not typed, or came back; these first."""
        rows = [row for row in self.asked_rows if _is_missing(row)]
        return sorted(rows, key=lambda row: row.value_state != ValueState.RETURNED)

    @cached_property
    def entries(self) -> list[CampaignIndicator]:
        """The indicators of the rows, read with their campaign, returned ones first."""
        keys = [row.pk for row in self.missing_rows[:MOST]]
        if not keys:
            return []
        rows = CampaignIndicator.objects.filter(pk__in=keys)
        listed = rows.list_with_campaign(self.contributor.convention)
        entries = [entry for entry in listed if self.contributor.enters(entry)]
        return sorted(entries, key=lambda entry: entry.pk not in self._returned)

    @cached_property
    def _returned(self) -> set[int]:
        return {row.pk for row in self.missing_rows if row.value_state == ValueState.RETURNED}

    @property
    def left_out(self) -> int:
        """The number of figures that are owed and not typed here."""
        return len(self.missing_rows) - len(self.rows)

    @property
    def missing_tables(self) -> list[AskedRow]:
        """The tables by commune to enter or to complete, typed on a page of their own."""
        done = (*SHOWN, ValueState.DRAFT)
        return [row for row in self.asked_rows if row.is_by_commune and row.value_state not in done]

    @property
    def tables_words(self) -> str:
        """The words « deux tableaux par commune »; empty where none is owed."""
        count = len(self.missing_tables)
        return f"{in_words(count, 'tableau,tableaux')} par commune" if count else ""

    @property
    def headline(self) -> str:
        """The words « Sept chiffres vous attendent avant le 21 décembre », or since when."""
        rows, forms = self.missing_rows, "chiffre vous attend,chiffres vous attendent"
        if not rows:
            rows, forms = self.missing_tables, "tableau vous attend,tableaux vous attendent"
        due, words = min(row.due_on for row in rows), in_words(len(rows), forms)
        when, day = "depuis" if due < self.today else "avant", long_date(due)
        day = day.removesuffix(f" {self.today.year}")
        return f"{words[:1].upper()}{words[1:]} {when} le {day}"

    @property
    def lead(self) -> str:
        """The words « Un vous est retourné, six sont à donner ; 18 sur 25 sont transmis. »"""
        returned = len(self._returned)
        to_give = len(self.missing_rows) - returned
        given = sum(row.value_state in SHOWN for row in self.asked_rows)
        parts = [
            in_words(returned, "vous est retourné,vous sont retournés") if returned else "",
            in_words(to_give, "est à donner,sont à donner") if to_give and returned else "",
        ]
        owed = ", ".join(filter(None, parts))
        are_sent = "est transmis" if given == 1 else "sont transmis"
        sent = f"{given} sur {len(self.asked_rows)} {are_sent}"
        words = f"{owed}\u00a0; {sent}" if owed else sent
        return f"{words[:1].upper()}{words[1:]}."


def _is_missing(row: AskedRow) -> bool:
    is_open = row.value_state is None or row.value_state == ValueState.RETURNED
    return is_open and not row.is_by_commune


def figures_to_type(user: User, convention: Convention, today: datetime.date) -> Iterator[HomeForm]:
    """Yield the form of the figures that the person's organisations owe of the earliest open year;
    nothing where nothing is to be entered."""
    contributor = contributor_of(user, convention)
    for (_convention, year), rows in indicators_asked([convention], user).items():
        own = [row for row in rows if row.enterer in contributor.organisations]
        campaign = Campaign(convention=convention, year=year)
        entry = HomeEntry(campaign=campaign, contributor=contributor, today=today, asked_rows=own)
        if entry.entries:
            entry.campaign = entry.entries[0].campaign
        if entry.entries or entry.missing_tables:
            yield HomeForm(
                title=entry.headline, lead=entry.lead, template="indicators/values/home.html",
                context=entry, url=reverse("indicators:entry", args=[convention.slug, year]),
            )  # fmt: skip
            return
