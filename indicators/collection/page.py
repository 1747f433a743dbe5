"""Read what the pages of the yearly campaigns show."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from conventions.models import Convention, Organisation
from ctg_portal.house import ActionLink, by_key, house, in_turn
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import enumerate_words, long_date, plural
from indicators.collection import rights
from indicators.collection.calling import Call, ToBeCalled, calls_of, to_be_called
from indicators.collection.deadlines import years_later
from indicators.collection.links import EntryLink
from indicators.collection.progress import OrganisationTally, Progress, Tally, progress_of, tallies
from indicators.collection.rights import Contributor
from indicators.definitions.models import Indicator
from indicators.figures.campaigns import Campaign, CampaignState

STATE_LIGHTS = {
    CampaignState.PREPARED: "awaited",
    CampaignState.OPEN: "deliberation",
    CampaignState.REOPENED: "again",
    CampaignState.CLOSED: "ok",
}

A_MONTH = 28  # days: the shortest


@dataclass(frozen=True)
class CampaignRow:
    """A year in the list. ``states``: where its evaluation is."""

    campaign: Campaign
    tally: Tally
    states: list[str]

    @property
    def light(self) -> str:
        return STATE_LIGHTS[self.campaign.state]


def campaign_rows(convention: Convention) -> list[CampaignRow]:
    """Return a row for each campaign of a convention, the latest year first, in a fixed number of
    queries."""
    campaigns = list(Campaign.objects.of(convention).order_by("-year"))
    tally_by_campaign, states = tallies(convention), by_key(house().year_states, convention)
    for campaign in campaigns:
        campaign.convention = convention
    return [
        CampaignRow(campaign, tally_by_campaign[campaign.pk], states[campaign.year])
        for campaign in campaigns
    ]


def title_of(rows: list[CampaignRow]) -> str:
    """Return the title of the list: how far the first open campaign has come, else how many years
    are closed."""
    for row in rows:
        if row.campaign.is_open:
            return f"Le recueil {row.campaign.year} est ouvert : {describe_given(row.tally)}"
    closed = sum(row.campaign.is_closed for row in rows)
    if not closed:
        return "Aucune année n’est encore évaluée"
    return "Une année est évaluée" if closed == 1 else f"{closed} années sont évaluées"


def describe_given(tally: Tally) -> str:
    """Return « 18 données sur 24 sont transmises », or that all are, or none."""
    if not tally.given:
        return "aucune donnée n’est encore transmise"
    if tally.given == tally.total:
        return "toutes les données sont transmises"
    verb = "est transmise" if tally.given == 1 else "sont transmises"
    return f"{plural(tally.given, 'donnée,données')} sur {tally.total} {verb}"


def years_to_collect(convention: Convention, today: datetime.date) -> list[int]:
    """Return the years of the term, by the text in force on ``today``, that have no campaign; the
    latest first."""
    taken = set(Campaign.objects.of(convention).values_list("year", flat=True))
    return [year for year in reversed(convention.years(today)) if year not in taken]


def describe_covered_part(convention: Convention, year: int) -> str:
    """Return which part of a year the term covers, « à partir du 1er mars 2020 »; empty for all
    of it."""
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    since, until = max(first, convention.start or first), min(last, convention.end)
    if since == until:
        return f"le {long_date(since)} seulement"
    parts = [f"à partir du {long_date(since)}"] if since > first else []
    parts += [f"jusqu’au {long_date(until)}"] if until < last else []
    return " et ".join(parts)


def is_hardly_covered(convention: Convention, year: int) -> bool:
    """Return whether the term covers less than a month of a year, as after a signature on 31
    December."""
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    covered = min(last, convention.end) - max(first, convention.start or first)
    return covered.days + 1 < A_MONTH


def suggest_year(convention: Convention, years: list[int], today: datetime.date) -> int | None:
    """Return which of ``years`` to propose: the latest that is over, else the first. Years of which
    the term covers less than a month are left out; None if none is left."""
    years = [year for year in years if not is_hardly_covered(convention, year)]
    over = [year for year in years if year < today.year]
    return max(over) if over else min(years, default=None)


def usual_deadline(
    year: int, today: datetime.date, before: Campaign | None = None
) -> datetime.date:
    """Return the deadline to propose for a year: that of the campaign ``before``, as many years
    later, else the 30 June that follows; in six weeks at the earliest, so that nobody is late on
    the first day."""
    usual = datetime.date(year + 1, 6, 30)
    if before is not None:
        usual = years_later(before.due_on, year - before.year)
    return max(usual, today + datetime.timedelta(weeks=6))


@dataclass(frozen=True)
class Happening:
    """An entry in the log of a campaign. ``is_long``: the message is folded."""

    created_at: datetime.datetime
    title: str
    by_name: str
    message: str
    is_long: bool = False


@dataclass(frozen=True)
class Row:
    """An organisation on the page of a collection, with what it enters, drawn (``lines``).
    ``call``: None unless the person may remind; ``is_entered_here``: the coordinator enters for it;
    ``to_be_sent``: what it gives by a link, None without."""

    part: OrganisationTally
    lines: SafeString
    call: Call | None = None
    is_entered_here: bool = False
    to_be_sent: "ToBeSent | None" = None


@dataclass(frozen=True)
class ToBeSent:
    """An organisation that owes figures which nobody with an account may enter; ``link``: its open
    entry link, or None."""

    call: Call
    link: EntryLink | None

    @property
    def organisation(self) -> Organisation:
        return self.call.organisation

    @property
    def count(self) -> int:
        return len(self.call.unasked)


@cached(Subject.TEXT, Subject.FIGURES)
def happenings_of(convention: Convention, pk: int, *, with_reminders: bool) -> list[Happening]:
    """Return what was done with the campaign of a primary key, in order of time: its log, deadlines
    of single organisations and, if asked for, reminders with the names of who got them."""
    campaign = Campaign.objects.of(convention).get(pk=pk)
    happenings = [
        Happening(step.created_at, step.state_label, step.by_name, step.reason)
        for step in campaign.transitions.all()
    ]
    for row in campaign.own_deadlines.select_related("organisation"):
        day = f"le {long_date(row.due_on)}" if row.due_on else "celle de tous"
        title = f"l’échéance {row.organisation.genitive} devient {day}"
        happenings.append(Happening(row.created_at, title, row.by_name, row.reason))
    if with_reminders:
        reminders = campaign.reminders.select_related("organisation")
        for row in reminders.prefetch_related("recipients__user"):
            people = enumerate_words(recipient.user for recipient in row.recipients.all())
            owed = plural(row.owed, "donnée due,données dues")
            title = f"relance {row.organisation.genitive} ({owed}), à {people}"
            happenings.append(Happening(row.created_at, title, row.by_name, row.text, is_long=True))
    return sorted(happenings, key=attrgetter("created_at"))


@cached(Subject.TEXT, Subject.COMMITTEE, Subject.FIGURES)
def draw_lines(convention: Convention, pk: int) -> dict[Organisation | None, SafeString]:
    """Return the HTML of what each organisation of a campaign enters: what it is asked for, where
    each figure is. It is the same for all readers."""
    campaign = Campaign.objects.of(convention).get(pk=pk)
    campaign.convention = convention
    parts = progress_of(campaign, frozenset(), timezone.localdate()).parts
    context = {"campaign": campaign, "convention": convention}
    return {
        part.organisation: mark_safe(
            render_to_string("indicators/collection/part.html", context | {"part": part})
        )
        for part in parts
    }


class CampaignPage:
    """A campaign as one person sees it, with what they may do."""

    def __init__(self, campaign: Campaign, contributor: Contributor, today: datetime.date):
        self.campaign, self.contributor, self.today = campaign, contributor, today

    @cached_property
    def progress(self) -> Progress:
        return progress_of(self.campaign, self.contributor.with_account, self.today)

    @property
    def light(self) -> str:
        return STATE_LIGHTS[self.campaign.state]

    @property
    def title(self) -> str:
        """The answer of the page: « Recueil 2024 : 18 données sur 24 sont transmises », « clos »
        beside the year once it is closed; or that it is in preparation."""
        year = self.campaign.year
        if self.campaign.is_prepared:
            return f"Le recueil {year} est en préparation"
        closed = " clos" if self.campaign.is_closed else ""
        return f"Recueil {year}{closed} : {describe_given(self.progress)}"

    @cached_property
    def happenings(self) -> list[Happening]:
        """The acts on the campaign, in order of time; reminders among them for the coordination
        only."""
        campaign, coordinates = self.campaign, self.contributor.coordinates
        return happenings_of(campaign.convention, campaign.pk, with_reminders=coordinates)

    @cached_property
    def rows(self) -> list[Row]:
        """The organisations that are asked, those late for longest first; each with its ``Call`` if
        the person may remind."""
        lines = draw_lines(self.campaign.convention, self.campaign.pk)
        may_remind = self.may_remind is None
        calls = {call.part.organisation: call for call in self.calls} if may_remind else {}
        entered = {part.organisation for part in self.on_behalf}
        by_link = {one.call.part.organisation: one for one in self.by_link}
        return [
            Row(part, lines[whose], calls.get(whose), whose in entered, by_link.get(whose))
            for part in self.progress.parts
            for whose in [part.organisation]
        ]

    @cached_property
    def calls(self) -> list[Call]:
        """All organisations that are asked, with whom this person would remind."""
        asker = self.contributor.user
        return calls_of(self.campaign, timezone.now(), self.progress.parts, asker=asker)

    @property
    def has_anybody_to_remind(self) -> bool:
        return self.may_remind is None and any(call.can_be_reminded for call in self.calls)

    @cached_property
    def not_asked(self) -> list[Indicator]:
        """The indicators in force that the campaign does not ask for: all before it opens, later
        those agreed to since; in reading order."""
        asked = self.campaign.campaign_indicators.values("indicator")
        rows = Indicator.objects.of(self.campaign.convention).agreed().exclude(pk__in=asked)
        return list(rows.select_related("provider", "enterer").in_reading_order())

    @cached_property
    def to_be_called(self) -> list[ToBeCalled]:
        """The organisations that will be asked once it is open, with how much."""
        return to_be_called(self.campaign, self.not_asked, self.contributor.with_account)

    @cached_property
    def on_behalf(self) -> list[OrganisationTally]:
        """The organisations for which the coordinator is the one to enter; none unless the campaign
        is open, or for who does not coordinate."""
        if not self.campaign.is_open:
            return []
        parts = self.progress.parts
        return [p for p in parts if self.contributor.stands_in_for(p.organisation)]

    @cached_property
    def by_link(self) -> list[ToBeSent]:
        """The organisations that owe figures which nobody with an account may enter: the
        coordinator sends them their link. None for who may not remind."""
        if self.may_remind is not None:
            return []
        calls = [call for call in self.calls if call.unasked]
        links = self.campaign.entry_links.open_by_organisation() if calls else {}
        return [ToBeSent(call, links.get(call.organisation.pk)) for call in calls]

    @cached_property
    def own(self) -> list[OrganisationTally]:
        """The tallies of the organisations in whose name the person enters."""
        organisations = self.contributor.organisations
        return [part for part in self.progress.parts if part.organisation.pk in organisations]

    @property
    def owes(self) -> bool:
        """Whether the person owes a figure."""
        return any(part.owed for part in self.own)

    @cached_property
    def links(self) -> list[ActionLink]:
        """The links where the year goes on once it is closed, from all rooms; none before."""
        if not self.campaign.is_closed:
            return []
        return in_turn(house().campaign_links, self.contributor.user, self.campaign)

    # What may be done ----------------------------------------------------------------------------

    @cached_property
    def may_open(self) -> Refusal | None:
        return rights.may_open(self.contributor.user, self.campaign)

    @cached_property
    def may_close(self) -> Refusal | None:
        return rights.may_close(self.contributor.user, self.campaign)

    @cached_property
    def may_reopen(self) -> Refusal | None:
        return rights.may_reopen(self.contributor.user, self.campaign)

    @cached_property
    def may_edit(self) -> Refusal | None:
        return rights.may_edit_campaign(self.contributor.user, self.campaign)

    @cached_property
    def may_remind(self) -> Refusal | None:
        return rights.may_remind(self.contributor.user, self.campaign)

    @cached_property
    def may_undo(self) -> Refusal | None:
        return rights.may_undo_campaign(self.contributor.user, self.campaign)

    @cached_property
    def may_add(self) -> Refusal | None:
        return rights.may_add_to(self.contributor.user, self.campaign)
