"""What people are told of the figures that they owe: that a collection opens, that a day is near
or past, that it was moved, that the coordination asks again. No figure is in it."""

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
from indicators.definitions.models import MONTH_NAMES
from indicators.figures.campaigns import Campaign, CampaignTransition, CampaignVerb
from indicators.figures.values import ValueState
from notifications.models import Notice
from notifications.news import Hearing, notify

# More are counted, not listed: a message is read on a telephone.
LISTED = 40


@dataclass(frozen=True, eq=False)
class Owing(Hearing):
    """``lines``: what the person may type of what is told."""

    lines: Sequence[AskedIndicator] = ()


class FiguresNews(ConventionNews, abstract=True):
    """Something about what one organisation owes to a collection.

    ``what`` is the rest of its key; ``part``, what is asked of the organisation, is there once it
    is read.
    """

    def __init__(
        self, campaign: Campaign, organisation: Organisation, *what,
        part: OrganisationTally | None = None, calling: Calling | None = None,
    ):  # fmt: skip
        self.campaign, self.organisation, self.what = campaign, organisation, what
        self.convention, self.part, self.calling = campaign.convention, part, calling

    @property
    def about(self) -> str:
        return about(self.campaign.pk, self.organisation.pk, *self.what)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Calling) -> dict[str, ConventionNews]:
        found = {}
        for key in keys:
            campaign, organisation, *what = key.split(SEPARATOR)
            part = reading.part(int(campaign), int(organisation))
            if part is not None:
                asked = reading.campaigns[int(campaign)]
                found[key] = cls(asked, part.organisation, *what, part=part, calling=reading)
        cls.complete(found)
        return found

    @classmethod
    def complete(cls, found: dict[str, ConventionNews]) -> None:
        """Read what else is told, for all of them at once."""

    @property
    def lines(self) -> list[AskedIndicator]:
        """What of it is still owed."""
        return self.part.owing

    @property
    def by_pk(self) -> int | None:
        """Whose own act it was."""
        return None

    def is_obsolete(self, reading: Calling) -> bool:
        return not self.lines

    def recipients(self, reading: Calling) -> dict[int, Hearing]:
        return {
            pk: Owing(self, reading.now, is_own=pk == self.by_pk, lines=lines)
            for pk, lines in reading.enterers(self.lines).items()
        }

    # In words ------------------------------------------------------------------------------------

    @property
    def whose(self) -> str:
        """« de la Caf de la Vienne »; for who enters in its stead, « pour le compte de … »."""
        if self.organisation.pk in self.calling.with_account:
            return self.organisation.of_the
        return f"pour le compte {self.organisation.of_the}"

    def text(self) -> str:
        """What the coordination says in its own words, in Markdown."""
        return ""

    def listed(self, hearing: Owing) -> list[str]:
        """What is owed, line by line."""
        days = {line.entry.due_on for line in hearing.lines}
        told = [self._line(line, len(days) > 1) for line in hearing.lines[:LISTED]]
        if left := len(hearing.lines) - LISTED:
            told += [f"et {plural(left, 'autre,autres')}"] if left > 0 else []
        return told

    def _line(self, line: AskedIndicator, with_day: bool) -> str:
        said = []
        if line.entry.value_state in (ValueState.DRAFT, ValueState.RETURNED):
            said.append(line.words)
        elif line.available_on and line.available_on > self.calling.today:
            said.append(f"disponible en {MONTH_NAMES[line.available_on.month - 1]}")
        if with_day:
            said.append(f"pour le {long_date(line.entry.due_on)}")
        return " – ".join([line.definition.title, ", ".join(said)] if said else
                          [line.definition.title])  # fmt: skip

    def link(self) -> str:
        """The page on which they are typed."""
        url = reverse("indicators:entry", args=[self.convention.slug, self.campaign.year])
        with_account = self.organisation.pk in self.calling.with_account
        return url if with_account else f"{url}?pour={self.organisation.pk}"


class FiguresAsked(FiguresNews):
    """A collection is opened, or opened again: told to who owes something, with the list of it."""

    kind = "figures_asked"
    step: CampaignTransition | None = None

    @classmethod
    def complete(cls, found):
        steps = CampaignTransition.objects.in_bulk([int(one.what[0]) for one in found.values()])
        for one in found.values():
            one.step = steps.get(int(one.what[0]))

    @property
    def by_pk(self):
        return self.step.by_id

    def is_obsolete(self, reading):
        return self.step is None or super().is_obsolete(reading)

    @property
    def became(self) -> str:
        is_again = self.step.verb == CampaignVerb.REOPENED
        return f"le recueil {self.campaign.year} est {'rouvert' if is_again else 'ouvert'}"

    @classmethod
    def subject(cls, hearings, *, alone: bool) -> str:
        became = list(dict.fromkeys(hearing.news.became for hearing in hearings))
        if not alone:
            return became[0] if len(became) == 1 else f"{len(became)} recueils sont ouverts"
        asked = awaited(sum(len(hearing.lines) for hearing in hearings))
        return f"{enumerate_words(became)} : {asked}"

    def title(self, hearing) -> str:
        asked = f"{awaited(len(hearing.lines))} {self.whose} {days_of(hearing.lines)}"
        return capitalised(f"{self.became} : {asked}")

    def text(self) -> str:
        return self.campaign.message


class FiguresDue(FiguresNews):
    """A day is near, has come or is past: told to who still owes what is expected by then, and
    exists. ``about`` has the day, and how far from it one is."""

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
        today, due_on = self.calling.today, self.due_on
        return [line for line in self.part.due(today) if line.entry.due_on == due_on]

    def is_obsolete(self, reading):
        """Nothing is left of it; or the clock slept, and the next one tells the same."""
        later = [days for days in REMINDED if days > self.days]
        is_overtaken = bool(later) and reminded_on(self.due_on, later[0]) <= reading.now
        return is_overtaken or super().is_obsolete(reading)

    @property
    def when(self) -> str:
        left = (self.due_on - self.calling.today).days
        if left > 1:
            return f"dans {left} jours"
        if left >= 0:
            return "demain" if left else "aujourd’hui"
        return f"en retard de {plural(-left, 'jour,jours')}"

    @classmethod
    def subject(cls, hearings, *, alone: bool) -> str:
        count = sum(len(hearing.lines) for hearing in hearings)
        late = [hearing for hearing in hearings if hearing.news.due_on < hearing.news.calling.today]
        if len(late) == len(hearings):
            return f"{counted(count)} {'sont' if count > 1 else 'est'} en retard"
        days = {hearing.news.due_on for hearing in hearings}
        return (
            f"{awaited(count)} pour le {long_date(days.pop())}"
            if len(days) == 1
            else (awaited(count))
        )

    def title(self, hearing) -> str:
        count = len(hearing.lines)
        told = f"{counted(count, self.campaign.year)} {self.whose}"
        told += f" {'sont attendues' if count > 1 else 'est attendue'}"
        is_late = self.due_on < self.calling.today
        day = f"{'depuis' if is_late else 'pour'} le {long_date(self.due_on)}"
        return capitalised(f"{told} {day} ({self.when})")


class FiguresRecalled(FiguresNews):
    """The coordination reminds an organisation, in her own words, of what it owes and has."""

    kind = "figures_recalled"
    may_wait = False
    is_gathered = False  # it was said to be on its way: what she does next does not overtake it
    is_shown = False
    reminder: Reminder | None = None

    @classmethod
    def complete(cls, found):
        rows = Reminder.objects.in_bulk([int(one.what[0]) for one in found.values()])
        for one in found.values():
            one.reminder = rows.get(int(one.what[0]))

    @property
    def lines(self):
        return self.part.due(self.calling.today)

    @property
    def by_pk(self):
        return self.reminder.by_id

    def is_obsolete(self, reading):
        return self.reminder is None or super().is_obsolete(reading)

    @classmethod
    def subject(cls, hearings, *, alone: bool) -> str:
        if not alone:
            return "relance de la coordination"
        return f"relance : {awaited(sum(len(hearing.lines) for hearing in hearings))}"

    def title(self, hearing) -> str:
        told = awaited(len(hearing.lines), self.campaign.year)
        return capitalised(f"{told} {self.whose} {days_of(hearing.lines)}")

    def summary(self, hearing) -> str:
        return f"Message de {self.reminder.by_name or 'la coordination'}."

    def text(self) -> str:
        return self.reminder.text


class FiguresMoved(FiguresNews):
    """The day by which an organisation is to give its figures was moved. ``about`` has the day,
    and the row that tells it: of the organisation (« o12 ») or of the collection (« c34 »)."""

    kind = "figures_moved"
    row: OwnDeadline | CampaignTransition | None = None

    @classmethod
    def complete(cls, found):
        keys = [one.what[1] for one in found.values()]
        own = OwnDeadline.objects.in_bulk([int(key[1:]) for key in keys if key[0] == "o"])
        common = CampaignTransition.objects.in_bulk([int(key[1:]) for key in keys if key[0] == "c"])
        for one in found.values():
            key = one.what[1]
            one.row = (own if key[0] == "o" else common).get(int(key[1:]))

    @property
    def due_on(self) -> datetime.date:
        return datetime.date.fromisoformat(str(self.what[0]))

    @property
    def by_pk(self):
        return self.row.by_id

    def is_obsolete(self, reading):
        """Moved again meanwhile, or nothing is owed."""
        if self.row is None or super().is_obsolete(reading):
            return True
        return self.due_on != asked_by(self.campaign, self.organisation.pk)

    @classmethod
    def subject(cls, hearings, *, alone: bool) -> str:
        days = {hearing.news.due_on for hearing in hearings}
        if len(days) > 1:
            return f"{len(hearings)} échéances changent"
        return f"vos données sont attendues pour le {long_date(days.pop())}"

    def title(self, hearing) -> str:
        return capitalised(
            f"l’échéance {self.whose} pour le recueil {self.campaign.year} est désormais le "
            f"{long_date(self.due_on)}"
        )

    def summary(self, hearing) -> str:
        reason = self.row.reason if isinstance(self.row, OwnDeadline) else ""
        return f"Motif : {reason}" if reason else ""


def asked_by(campaign: Campaign, organisation_pk: int) -> datetime.date:
    """The day that a collection sets to an organisation."""
    own = campaign.own_deadlines.standing().get(organisation_pk)
    return own.due_on if own else campaign.due_on


# What events write -------------------------------------------------------------------------------


def tell_opening(campaign: Campaign, step: CampaignTransition) -> None:
    """Each organisation hears what it owes, and is reminded later."""
    notify(*(FiguresAsked(campaign, one, step.pk) for one in _enterers(campaign)))
    tell_days(campaign)


def tell_days(campaign: Campaign) -> None:
    """Have each organisation be reminded around its days; written already, it is not again."""
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
    there = Notice.objects.unaddressed().filter(
        kind=FiguresDue.kind, about__startswith=about(campaign.pk, "")
    )
    known = set(there.values_list("about", flat=True))
    notify(*(news for news in coming if news.about not in known))


def tell_moved(campaign: Campaign, row: OwnDeadline | CampaignTransition, organisations) -> None:
    """These organisations hear of their new day, and are reminded around it."""
    if not campaign.is_open:
        return
    own = campaign.own_deadlines.standing()
    kept = "o" if isinstance(row, OwnDeadline) else "c"
    news = []
    for organisation in organisations:
        day = own[organisation.pk].due_on if organisation.pk in own else campaign.due_on
        news.append(FiguresMoved(campaign, organisation, day.isoformat(), f"{kept}{row.pk}"))
    notify(*news)
    tell_days(campaign)


def _enterers(campaign: Campaign) -> list[Organisation]:
    asked = campaign.campaign_indicators.values("enterer")
    return list(Organisation.objects.filter(pk__in=asked).order_by("pk"))


# In words ----------------------------------------------------------------------------------------


def counted(count: int, year: int | None = None) -> str:
    """« quatre données de 2024 », within a sentence."""
    told = f"{feminine(count).lower()} {'données' if count > 1 else 'donnée'}"
    return f"{told} de {year}" if year else told


def awaited(count: int, year: int | None = None) -> str:
    verb = "sont attendues" if count > 1 else "est attendue"
    return f"{counted(count, year)} {verb}"


def days_of(lines: Iterable[AskedIndicator]) -> str:
    """« pour le 30 juin 2025 », « entre le 30 juin et le 31 octobre 2025 »."""
    days = sorted({line.entry.due_on for line in lines})
    if len(days) == 1:
        return f"pour le {long_date(days[0])}"
    return f"entre le {long_date(days[0])} et le {long_date(days[-1])}"


def capitalised(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
