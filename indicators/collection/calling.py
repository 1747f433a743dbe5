"""Read who is asked for the figures of a year, when they were last written to, and when they will
be reminded next: for one convention at a moment, by mail and page alike. No figure is in it.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from accounts.models import User
from conventions.models import Convention, Organisation
from indicators.collection.calls import OwnDeadline, Reminder
from indicators.collection.deadlines import REMINDED, reminded_on
from indicators.collection.progress import AskedIndicator, OrganisationTally, progress_of
from indicators.collection.rights import Contributor, contributors_of
from indicators.definitions.models import Indicator
from indicators.figures.campaigns import Campaign
from notifications.models import Notice


@dataclass(frozen=True)
class Calling:
    """A convention at a moment: who enters which of the figures that are owed."""

    convention: Convention
    now: datetime.datetime

    @property
    def today(self) -> datetime.date:
        return timezone.localdate(self.now)

    @cached_property
    def contributors(self) -> dict[int, Contributor]:
        return contributors_of(self.convention)

    @cached_property
    def campaigns(self) -> dict[int, Campaign]:
        """The open campaigns, by primary key; all share ``convention``."""
        campaigns = {row.pk: row for row in Campaign.objects.of(self.convention).open()}
        for campaign in campaigns.values():
            campaign.convention = self.convention
        return campaigns

    @cached_property
    def _parts(self) -> dict[tuple[int, int], OrganisationTally]:
        """The tallies of open campaigns, by the keys of campaign and organisation."""
        return {
            (campaign.pk, part.organisation.pk): part
            for campaign in self.campaigns.values()
            for part in progress_of(campaign, self.with_account, self.today).parts
        }

    @cached_property
    def with_account(self) -> frozenset[int]:
        """The keys of the organisations in whose stead nobody is expected to enter: somebody enters
        there, or did and secrecy or a suspension keeps others out."""
        some = next(iter(self.contributors.values()), None)
        return some.with_account if some else frozenset()

    def part(self, campaign_pk: int, organisation_pk: int) -> OrganisationTally | None:
        """Return what an open campaign asks of an organisation; None if it asks nothing."""
        return self._parts.get((campaign_pk, organisation_pk))

    def enterers(self, lines: Iterable[AskedIndicator]) -> dict[int, list[AskedIndicator]]:
        """Return, by the key of each person of whom some of these lines are expected, those lines;
        others are left out."""
        lines_by_user = defaultdict(list)
        for line in lines:
            for pk, contributor in self.contributors.items():
                if contributor.is_asked(line.entry):
                    lines_by_user[pk].append(line)
        return dict(lines_by_user)


@dataclass(frozen=True)
class Call:
    """One organisation in a campaign: what it owes and who is reminded of it.

    ``owed``: what is not given and may exist today; ``later``: what cannot exist yet; ``unasked``:
    what of both is expected of nobody with an account. ``people``: of whom some of it is expected;
    ``addressed``: they, without the person who reminds. ``last``: when they were last written to;
    ``next``: the day of the next automatic reminder; ``reminded``: the last reminder that the
    coordination sent; ``own``: the organisation's own deadline; each None if there is none.
    """

    part: OrganisationTally
    owed: list[AskedIndicator]
    later: list[AskedIndicator]
    unasked: list[AskedIndicator]
    people: list[User]
    addressed: list[User]
    last: datetime.datetime | None
    next: datetime.date | None
    reminded: Reminder | None
    own: OwnDeadline | None
    today: datetime.date

    @property
    def organisation(self) -> Organisation:
        return self.part.organisation

    @property
    def was_reminded_today(self) -> bool:
        """Whether the coordination reminded it today; automatic reminders do not count."""
        moment = self.reminded and self.reminded.created_at
        return moment is not None and timezone.localdate(moment) == self.today

    @property
    def can_be_reminded(self) -> bool:
        """Whether it owes something that may exist today, somebody has an account there, and
        another person than the one who reminds would get the message."""
        return bool(self.part.has_account and self.owed and self.addressed)


def calls_of(
    campaign: Campaign, now: datetime.datetime, parts: list[OrganisationTally] | None = None,
    *, asker: User | None = None,
) -> list[Call]:  # fmt: skip
    """Return each organisation that a campaign asks, those late for longest first, also those that
    have given all. ``parts``: what is asked of them, read here if None; ``asker``: the person who
    would remind, who gets no reminder. A fixed number of queries."""
    calling = Calling(campaign.convention, now)
    today = calling.today
    if parts is None:
        parts = progress_of(campaign, calling.with_account, today).parts
    last = last_mails(campaign)
    reminded = {row.organisation_id: row for row in campaign.reminders.order_by("pk")}
    own = campaign.own_deadlines.latest_by_organisation()
    calls = []
    for part in parts:
        pk = part.organisation.pk
        owed = part.due(today)
        enterers = calling.enterers(part.owing)
        asked = {line.entry.pk for lines in enterers.values() for line in lines}
        people = sorted(
            (calling.contributors[user].user for user in enterers),
            key=lambda user: (user.last_name, user.first_name, user.pk),
        )
        calls.append(
            Call(
                part=part,
                owed=owed,
                later=[line for line in part.owing if line not in owed],
                unasked=[line for line in part.owing if line.entry.pk not in asked],
                people=people,
                addressed=[user for user in people if user != asker],
                last=last.get(pk),
                next=next_mail(part, now) if people and campaign.is_open else None,
                reminded=reminded.get(pk),
                own=own.get(pk),
                today=today,
            )
        )
    return calls


@dataclass(frozen=True)
class ToBeCalled:
    """An organisation before a campaign opens: how many figures it will be asked for, its own
    deadline if any, who will be notified; ``has_account``: somebody enters there."""

    organisation: Organisation
    count: int
    own: OwnDeadline | None
    people: list[User]
    has_account: bool


def to_be_called(
    campaign: Campaign, indicators: Iterable[Indicator], with_account: Set[int]
) -> list[ToBeCalled]:
    """Return the organisations that would be asked if a campaign opened with these indicators,
    those asked for most first, with all who enter for them. ``with_account``: as in ``Calling``."""
    asked: dict[Organisation, int] = defaultdict(int)
    for indicator in indicators:
        asked[indicator.enterer or indicator.provider] += 1
    contributors = contributors_of(campaign.convention).values()
    own = campaign.own_deadlines.latest_by_organisation()
    return [
        ToBeCalled(
            organisation,
            count,
            own.get(organisation.pk),
            [item.user for item in contributors if organisation.pk in item.organisations],
            organisation.pk in with_account,
        )
        for organisation, count in sorted(
            asked.items(), key=lambda item: (-item[1], item[0].acronym)
        )
    ]


def reminders_of(part: OrganisationTally) -> Iterator[datetime.datetime]:
    """Yield the moments of automatic reminders, past ones too: those around the deadline of each
    line that is owed, if its figure may exist by then. Neither sorted nor distinct."""
    for line in part.owing:
        for days in REMINDED:
            moment = reminded_on(line.entry.due_on, days)
            if line.is_due(moment.date()):
                yield moment


def next_mail(part: OrganisationTally, now: datetime.datetime) -> datetime.date | None:
    """Return the day of the next automatic reminder after ``now``; None if none is left."""
    ahead = [moment for moment in reminders_of(part) if moment > now]
    return min(ahead).date() if ahead else None


SEPARATOR = ":"


def about(campaign_pk: int, organisation_pk: int | str, *what: int | str) -> str:
    """Return the key of a piece of news about what one organisation owes to a campaign; the start
    of all keys of a campaign for an empty organisation."""
    return SEPARATOR.join(map(str, (campaign_pk, organisation_pk, *what)))


def last_mails(campaign: Campaign) -> dict[int, datetime.datetime]:
    """Return, by the organisation's key, when its people were last sent news of what they owe to a
    campaign, other than of what they did themselves; organisations never written to are left
    out."""
    rows = Notice.objects.known().filter(
        kind__startswith="figures_", about__startswith=about(campaign.pk, ""), is_own=False
    )
    last_by_organisation: dict[int, datetime.datetime] = {}
    for key, sent_at in rows.order_by("told_at").values_list("about", "told_at"):
        last_by_organisation[int(key.split(SEPARATOR)[1])] = sent_at
    return last_by_organisation
