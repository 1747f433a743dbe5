"""Notify people of the figures that they owe: a campaign opens, a deadline is near or past, or was
moved, the coordination reminds. No figure is in a message."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from conventions.models import Organisation
from conventions.notices import ConventionNews
from ctg_portal.templatetags.french import enumerate_words, feminine, long_date, plural
from indicators.collection.calling import SEPARATOR, Calling, about
from indicators.collection.calls import OwnDeadline, Reminder
from indicators.collection.deadlines import REMINDED, reminded_on
from indicators.collection.progress import AskedIndicator, OrganisationTally
from indicators.collection.rights import enterers_of
from indicators.definitions.models import MONTH_NAMES
from indicators.figures.campaigns import Campaign, CampaignTransition, CampaignVerb
from indicators.figures.values import ValueState
from notifications.models import Notice
from notifications.news import Notification, notify

# More are counted, not listed: a message is read on a telephone.
LISTED = 40


@dataclass(frozen=True, eq=False)
class Owing(Notification):
    """News as it concerns one person who enters; ``lines``: what of it is expected of them."""

    lines: Sequence[AskedIndicator] = ()


class FiguresNews(ConventionNews, abstract=True):
    """Base of news about what one organisation owes to a campaign: they go to the people of whom
    some of ``lines`` is expected, and are obsolete once nobody owes any or the campaign is closed.

    ``what``: what follows campaign and organisation in the key ``about``, for each kind its own.
    ``part``, what is asked of the organisation, and ``calling`` are set by ``load`` alone.
    """

    def __init__(
        self, campaign: Campaign, organisation: Organisation, *what: int | str,
        part: OrganisationTally | None = None, calling: Calling | None = None,
    ):  # fmt: skip
        self.campaign, self.organisation, self.what = campaign, organisation, what
        self.convention, self.part, self.calling = campaign.convention, part, calling

    @property
    def about(self) -> str:
        return about(self.campaign.pk, self.organisation.pk, *self.what)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Calling) -> dict[str, ConventionNews]:
        """Return the news by key; without those of campaigns that take no figures any more, or of
        organisations that are asked for nothing."""
        news_by_key: dict[str, ConventionNews] = {}
        for key in keys:
            campaign, organisation, *what = key.split(SEPARATOR)
            part = reading.part(int(campaign), int(organisation))
            if part is not None:
                asked = reading.campaigns[int(campaign)]
                news_by_key[key] = cls(asked, part.organisation, *what, part=part, calling=reading)
        cls.complete(news_by_key)
        return news_by_key

    @classmethod
    def complete(cls, news_by_key: dict[str, ConventionNews]) -> None:
        """Set what else the news need, read for all of them at once. Nothing to do here."""

    @property
    def lines(self) -> list[AskedIndicator]:
        """The lines that the news are about: all that the organisation still owes."""
        return self.part.owing

    @property
    def by_pk(self) -> int | None:
        """The key of the person whose act it was, who needs no message; None for nobody's."""
        return None

    def is_obsolete(self, reading: Calling) -> bool:
        return not self.lines

    def recipients(self, reading: Calling) -> dict[int, Notification]:
        """Return the people of whom some of the lines is expected, each with theirs."""
        return {
            pk: Owing(self, reading.now, is_own=pk == self.by_pk, lines=lines)
            for pk, lines in reading.enterers(self.lines).items()
        }

    # In words ------------------------------------------------------------------------------------

    @property
    def whose(self) -> str:
        """The words « de la Caf de la Vienne », or « pour le compte de … » where the coordinator
        enters in its stead."""
        if self.organisation.pk in self.calling.with_account:
            return self.organisation.genitive
        return f"pour le compte {self.organisation.genitive}"

    def text(self) -> str:
        """Return the coordination's own words, in Markdown; empty here."""
        return ""

    def listed(self, notification: Owing) -> list[str]:
        """Return what the person owes, a text a line, with its deadline if several differ; beyond
        forty lines only how many more there are."""
        days = {line.entry.due_on for line in notification.lines}
        lines = [self._line(line, len(days) > 1) for line in notification.lines[:LISTED]]
        if (left := len(notification.lines) - LISTED) > 0:
            lines.append(f"et {plural(left, 'autre,autres')}")
        return lines

    def _line(self, line: AskedIndicator, with_day: bool) -> str:
        """Return « Places agréées – saisie, à transmettre, pour le 30 juin 2025 »: how far it is if
        begun, else from which month it exists if that is to come."""
        notes = []
        if line.entry.value_state in (ValueState.DRAFT, ValueState.RETURNED):
            notes.append(line.words)
        elif line.available_on and line.available_on > self.calling.today:
            notes.append(f"disponible en {MONTH_NAMES[line.available_on.month - 1]}")
        if with_day:
            notes.append(f"pour le {long_date(line.entry.due_on)}")
        return " – ".join(filter(None, [line.definition.title, ", ".join(notes)]))

    def link(self) -> str:
        """Return the address of the page on which the figures are typed, for the organisation by
        name where the coordinator enters in its stead."""
        url = reverse("indicators:entry", args=[self.convention.slug, self.campaign.year])
        with_account = self.organisation.pk in self.calling.with_account
        return url if with_account else f"{url}?pour={self.organisation.pk}"


class FiguresAsked(FiguresNews):
    """News that a campaign is opened, or reopened, for who owes something, with the list. Its key
    has the row of the log."""

    kind = "figures_asked"
    step: CampaignTransition | None = None

    @classmethod
    def complete(cls, news_by_key):
        """Set ``step`` of each piece of news to the row of the log in its key; None if it is
        gone."""
        steps = CampaignTransition.objects.in_bulk(
            [int(news.what[0]) for news in news_by_key.values()]
        )
        for news in news_by_key.values():
            news.step = steps.get(int(news.what[0]))

    @property
    def by_pk(self):
        return self.step.by_id

    def is_obsolete(self, reading):
        return self.step is None or super().is_obsolete(reading)

    @property
    def opening(self) -> str:
        """The words « le recueil 2024 est ouvert », or « rouvert »."""
        is_again = self.step.verb == CampaignVerb.REOPENED
        return f"le recueil {self.campaign.year} est {'rouvert' if is_again else 'ouvert'}"

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return « le recueil 2024 est ouvert : quatre données sont attendues », the count summed
        over campaigns; as one part of several without the count."""
        openings = list(dict.fromkeys(notification.news.opening for notification in notifications))
        if not alone:
            return openings[0] if len(openings) == 1 else f"{len(openings)} recueils sont ouverts"
        asked = format_awaited(sum(len(notification.lines) for notification in notifications))
        return f"{enumerate_words(openings)} : {asked}"

    def title(self, notification) -> str:
        """Return « Le recueil 2024 est ouvert : quatre données sont attendues de la Caf pour le 30
        juin 2025 », with as many as are expected of the person."""
        lines = notification.lines
        asked = f"{format_awaited(len(lines))} {self.whose} {format_days(lines)}"
        return capitalize_first(f"{self.opening} : {asked}")

    def text(self) -> str:
        return self.campaign.message


class FiguresDue(FiguresNews):
    """News that a deadline is near, has come or is past, for who still owes what is due that very
    day and may exist. Its key has the deadline, and the reminder's distance to it in days (before,
    if negative)."""

    kind = "figures_due"
    may_wait = False
    is_shown = False

    @property
    def due_on(self) -> datetime.date:
        return datetime.date.fromisoformat(str(self.what[0]))

    @property
    def days(self) -> int:
        return int(self.what[1])

    @property
    def not_before(self):
        return reminded_on(self.due_on, self.days)

    @property
    def lines(self):
        """The lines owed today that are due on that deadline and may exist."""
        today, due_on = self.calling.today, self.due_on
        return [line for line in self.part.due(today) if line.entry.due_on == due_on]

    def is_obsolete(self, reading):
        """Return whether nothing is owed any more, or the next reminder of this deadline is due as
        well, as after the clock stood still."""
        later = [days for days in REMINDED if days > self.days]
        is_overtaken = bool(later) and reminded_on(self.due_on, later[0]) <= reading.now
        return is_overtaken or super().is_obsolete(reading)

    @property
    def when(self) -> str:
        """The words « dans 7 jours », « demain », « aujourd’hui », « en retard de 7 jours »."""
        left = (self.due_on - self.calling.today).days
        if left > 1:
            return f"dans {left} jours"
        if left >= 0:
            return "demain" if left else "aujourd’hui"
        return f"en retard de {plural(-left, 'jour,jours')}"

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return « quatre données sont attendues pour le 30 juin 2025 », without the day if several
        differ; « quatre données sont en retard » if all deadlines are past."""
        count = sum(len(notification.lines) for notification in notifications)
        late = [
            notification
            for notification in notifications
            if notification.news.due_on < notification.news.calling.today
        ]
        if len(late) == len(notifications):
            return f"{format_count(count)} {'sont' if count > 1 else 'est'} en retard"
        days = {notification.news.due_on for notification in notifications}
        day = f" pour le {long_date(days.pop())}" if len(days) == 1 else ""
        return f"{format_awaited(count)}{day}"

    def title(self, notification) -> str:
        """Return « Quatre données de 2024 de la Caf sont attendues pour le 30 juin 2025 (dans 7
        jours) », or « depuis » once the day is past."""
        count = len(notification.lines)
        sentence = f"{format_count(count, self.campaign.year)} {self.whose}"
        sentence += f" {'sont attendues' if count > 1 else 'est attendue'}"
        is_late = self.due_on < self.calling.today
        day = f"{'depuis' if is_late else 'pour'} le {long_date(self.due_on)}"
        return capitalize_first(f"{sentence} {day} ({self.when})")


class FiguresRecalled(FiguresNews):
    """News that the coordination reminds an organisation, in her own words, of what it owes that
    may exist today. Its key has the ``Reminder``."""

    kind = "figures_recalled"
    may_wait = False
    is_gathered = False  # it was said to be on its way: what she does next does not overtake it
    is_shown = False
    reminder: Reminder | None = None

    @classmethod
    def complete(cls, news_by_key):
        """Set ``reminder`` of each piece of news to the row in its key; None if it is gone."""
        rows = Reminder.objects.in_bulk([int(news.what[0]) for news in news_by_key.values()])
        for news in news_by_key.values():
            news.reminder = rows.get(int(news.what[0]))

    @property
    def lines(self):
        return self.part.due(self.calling.today)

    @property
    def by_pk(self):
        return self.reminder.by_id

    def is_obsolete(self, reading):
        return self.reminder is None or super().is_obsolete(reading)

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return « relance : quatre données sont attendues »; as one part of several « relance de
        la coordination »."""
        if not alone:
            return "relance de la coordination"
        count = sum(len(notification.lines) for notification in notifications)
        return f"relance : {format_awaited(count)}"

    def title(self, notification) -> str:
        """Return « Quatre données de 2024 sont attendues de la Caf pour le 30 juin 2025 », with as
        many as are expected of the person."""
        words = format_awaited(len(notification.lines), self.campaign.year)
        return capitalize_first(f"{words} {self.whose} {format_days(notification.lines)}")

    def summary(self, notification) -> str:
        """Return who wrote the reminder, not what they wrote."""
        return f"Message de {self.reminder.by_name or 'la coordination'}."

    def text(self) -> str:
        return self.reminder.text


class FiguresMoved(FiguresNews):
    """News that the deadline of an organisation was moved. Its key has the day, and the row that
    moved it: an ``OwnDeadline`` (« o12 ») or the campaign's transition (« c34 »)."""

    kind = "figures_moved"
    row: OwnDeadline | CampaignTransition | None = None

    @classmethod
    def complete(cls, news_by_key):
        """Set ``row`` of each piece of news to the own deadline or transition in its key; None if
        it is gone."""
        keys = [news.what[1] for news in news_by_key.values()]
        own = OwnDeadline.objects.in_bulk([int(key[1:]) for key in keys if key[0] == "o"])
        common = CampaignTransition.objects.in_bulk([int(key[1:]) for key in keys if key[0] == "c"])
        for news in news_by_key.values():
            key = news.what[1]
            news.row = (own if key[0] == "o" else common).get(int(key[1:]))

    @property
    def due_on(self) -> datetime.date:
        return datetime.date.fromisoformat(str(self.what[0]))

    @property
    def by_pk(self):
        return self.row.by_id

    def is_obsolete(self, reading):
        """Return whether the deadline was moved again, nothing is owed, or the row is gone."""
        if self.row is None or super().is_obsolete(reading):
            return True
        return self.due_on != deadline_of(self.campaign, self.organisation.pk)

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return « vos données sont attendues pour le 30 juin 2025 »; for several days how many
        deadlines change."""
        days = {notification.news.due_on for notification in notifications}
        if len(days) > 1:
            return f"{len(notifications)} échéances changent"
        return f"vos données sont attendues pour le {long_date(days.pop())}"

    def title(self, notification) -> str:
        """Return « L’échéance de la Caf pour le recueil 2024 est désormais le 30 juin 2025 »."""
        return capitalize_first(
            f"l’échéance {self.whose} pour le recueil {self.campaign.year} est désormais le "
            f"{long_date(self.due_on)}"
        )

    def summary(self, notification) -> str:
        """Return the reason of an own deadline; empty if none was given, or for a common one."""
        reason = self.row.reason if isinstance(self.row, OwnDeadline) else ""
        return f"Motif : {reason}" if reason else ""


def deadline_of(campaign: Campaign, organisation_pk: int) -> datetime.date:
    """Return an organisation's own deadline in a campaign, else the common one."""
    own = campaign.own_deadlines.latest_by_organisation().get(organisation_pk)
    return own.due_on if own else campaign.due_on


# What events write -------------------------------------------------------------------------------


def notify_opening(campaign: Campaign, step: CampaignTransition) -> None:
    """Notify each organisation that enters figures of what it owes, and schedule its reminders."""
    enterers = enterers_of(campaign).order_by("pk")
    notify(*(FiguresAsked(campaign, organisation, step.pk) for organisation in enterers))
    schedule_reminders(campaign)


def schedule_reminders(campaign: Campaign) -> None:
    """Schedule the reminders to come of each organisation around its deadlines; those scheduled
    already stay. Do nothing unless the campaign is open."""
    if not campaign.is_open:
        return
    now = timezone.now()
    rows = campaign.campaign_indicators.select_related("enterer").order_by()
    pairs = {(entry.enterer, entry.due_on) for entry in rows}
    coming = [
        FiguresDue(campaign, organisation, due_on.isoformat(), days)
        for organisation, due_on in sorted(pairs, key=lambda pair: (pair[0].pk, pair[1]))
        for days in REMINDED
        if reminded_on(due_on, days) > now
    ]
    scheduled = Notice.objects.unaddressed().filter(
        kind=FiguresDue.kind, about__startswith=about(campaign.pk, "")
    )
    known = set(scheduled.values_list("about", flat=True))
    notify(*(news for news in coming if news.about not in known))


def notify_moved_deadline(
    campaign: Campaign, row: OwnDeadline | CampaignTransition, organisations: Iterable[Organisation]
) -> None:
    """Notify organisations of their deadline, which ``row`` has moved, and schedule reminders
    around it. Do nothing unless the campaign is open."""
    if not campaign.is_open:
        return
    own = campaign.own_deadlines.latest_by_organisation()
    kind = "o" if isinstance(row, OwnDeadline) else "c"
    news = []
    for organisation in organisations:
        day = own[organisation.pk].due_on if organisation.pk in own else campaign.due_on
        news.append(FiguresMoved(campaign, organisation, day.isoformat(), f"{kind}{row.pk}"))
    notify(*news)
    schedule_reminders(campaign)


# In words ----------------------------------------------------------------------------------------


def format_count(count: int, year: int | None = None) -> str:
    """Return « quatre données de 2024 », for use within a sentence; without a year « quatre
    données »."""
    words = f"{feminine(count).lower()} {'données' if count > 1 else 'donnée'}"
    return f"{words} de {year}" if year else words


def format_awaited(count: int, year: int | None = None) -> str:
    """Return « quatre données de 2024 sont attendues »."""
    verb = "sont attendues" if count > 1 else "est attendue"
    return f"{format_count(count, year)} {verb}"


def format_days(lines: Iterable[AskedIndicator]) -> str:
    """Return « pour le 30 juin 2025 », or « entre le 30 juin 2025 et le 31 octobre 2025 » for
    several deadlines."""
    days = sorted({line.entry.due_on for line in lines})
    if len(days) == 1:
        return f"pour le {long_date(days[0])}"
    return f"entre le {long_date(days[0])} et le {long_date(days[-1])}"


def capitalize_first(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
