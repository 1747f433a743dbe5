"""Notify people about values: one came back, one awaits a second person, one was corrected.

No figure is in a message, nor a text beside one: a reason may reveal what is protected.
"""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Max, Q
from django.urls import reverse

from conventions.access.capacities import coordinator_pks
from conventions.models import Convention, Organisation
from conventions.notices import ConventionNews
from ctg_portal.templatetags.french import enumerate_words, feminine
from indicators.collection.calling import Calling
from indicators.collection.notices import capitalize_first, format_count
from indicators.definitions.definition import Definition
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.disclosures import Disclosure
from indicators.figures.values import Value, ValueTransition, ValueVerb
from indicators.values.rights import may_verify
from notifications.news import Notification, notify

GIVING = [ValueVerb.SUBMITTED, ValueVerb.CONTESTED]


class EntryNews(ConventionNews, abstract=True):
    """Base of news about one indicator of a campaign, ``entry``; the link leads to its page, and
    nothing is listed below the title."""

    def __init__(self, entry: CampaignIndicator):
        self.entry, self.campaign = entry, entry.campaign
        self.convention = self.campaign.convention

    @property
    def name(self) -> str:
        """The words « Places agréées » (2024), the title in quotation marks."""
        return f"« {Definition.of(self.entry.version).title} » ({self.campaign.year})"

    def listed(self, notification: Notification) -> list[str]:
        return []

    def link(self) -> str:
        """Return the address of the page of its value."""
        args = [self.convention.slug, self.campaign.year, self.entry.pk]
        return reverse("indicators:value", args=args)


class ValueNews(EntryNews, abstract=True):
    """News that something was done to one value; ``about`` is the key of the act in its log."""

    def __init__(self, act: ValueTransition):
        super().__init__(act.value.campaign_indicator)
        self.act, self.value = act, act.value

    @property
    def about(self) -> str:
        return str(self.act.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Calling) -> dict[str, ConventionNews]:
        """Return the news by the key of the act; without acts that are gone."""
        entry = "value__campaign_indicator"
        rows = ValueTransition.objects.filter(pk__in=keys).select_related(
            *(f"{entry}__{name}" for name in ("campaign__convention", "version", "provider",
                                              "enterer")),
        )  # fmt: skip
        return {str(row.pk): cls(row) for row in rows}

    @abstractmethod
    def recipient_pks(self, reading: Calling) -> set[int]:
        """Return the keys of the people whom it concerns when it is sent."""

    def recipients(self, reading: Calling) -> dict[int, Notification]:
        """Return the ``recipient_pks``; for whoever did it the news are their own."""
        by_pk = self.act.by_id
        return {
            pk: Notification(self, reading.now, is_own=pk == by_pk)
            for pk in self.recipient_pks(reading)
        }


class ValueReturned(ValueNews):
    """News that a value was returned, for those of whom it is expected again, and who typed it if
    they still may."""

    kind = "value_returned"

    def is_obsolete(self, reading: Calling) -> bool:
        """Return whether it was written again meanwhile, or the year is closed."""
        return not (self.value.is_returned and self.campaign.is_open)

    def recipient_pks(self, reading: Calling) -> set[int]:
        """Return those of whom the figure is expected, and who typed it if they may still enter
        it."""
        typed_by = self.value.entered_by_id
        return {
            pk
            for pk, contributor in reading.contributors.items()
            if contributor.is_asked(self.entry)
            or (pk == typed_by and contributor.enters(self.entry))
        }

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return « quatre données vous sont retournées » or, alone, the figure's name; as one part
        of several « une donnée vous est retournée »."""
        if len(notifications) > 1:
            return f"{feminine(len(notifications)).lower()} données vous sont retournées"
        if alone:
            return f"{notifications[0].news.name} vous est retournée"
        return "une donnée vous est retournée"

    def title(self, notification) -> str:
        return f"{self.name} vous est retournée"

    def summary(self, notification) -> str:
        """Return who returned it, without the reason, which may reveal a protected figure."""
        who = self.act.by_name or "Le portail"
        return f"{who} l’a retournée ; le motif est sur la page de saisie."

    def link(self) -> str:
        """Return the address of its row in the list of figures to enter."""
        url = reverse("indicators:entry", args=[self.convention.slug, self.campaign.year])
        return f"{url}#ligne-{self.entry.pk}"


class ValueCorrected(ValueNews):
    """News that a figure of a closed year was corrected, for who enters or provides it and who
    coordinates."""

    kind = "value_corrected"

    def recipient_pks(self, reading: Calling) -> set[int]:
        """Return who is expected to enter the figure or provides it, and who coordinates the
        convention."""
        concerned = {
            pk
            for pk, contributor in reading.contributors.items()
            if contributor.reads_raw(self.entry)
        }
        return concerned | coordinator_pks(reading.convention)

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return « quatre données sont corrigées après la clôture »; for one figure « une donnée
        est corrigée… », or with its name if it is ``alone``."""
        if len(notifications) > 1:
            return f"{feminine(len(notifications)).lower()} données sont corrigées après la clôture"
        if alone:
            return f"{notifications[0].news.name} est corrigée après la clôture"
        return "une donnée est corrigée après la clôture"

    def title(self, notification) -> str:
        return f"{self.name} est corrigée après la clôture"

    def summary(self, notification) -> str:
        """Return who corrected it, and that it counts at once and is to be verified again."""
        who = self.act.by_name or "Le portail"
        return f"Par {who}. La donnée corrigée compte aussitôt, et est à vérifier de nouveau."


class DisclosedWithoutWaiting(EntryNews):
    """News that the coordinator disclosed figures that were not complete, for their provider's
    people. ``about`` is the key of the disclosure."""

    kind = "disclosed_unwaited"

    def __init__(self, disclosure: Disclosure):
        super().__init__(disclosure.campaign_indicator)
        self.disclosure = disclosure

    @property
    def about(self) -> str:
        return str(self.disclosure.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Calling) -> dict[str, ConventionNews]:
        """Return the news by the key of the disclosure; without those that are gone or not done."""
        entry = "campaign_indicator"
        rows = Disclosure.objects.done().filter(pk__in=keys).select_related(
            *(f"{entry}__{name}" for name in ("campaign__convention", "version", "provider")),
        )  # fmt: skip
        return {str(row.pk): cls(row) for row in rows}

    def recipients(self, reading: Calling) -> dict[int, Notification]:
        """Return the people of the figure's provider; for whoever disclosed it the news are their
        own."""
        by = self.disclosure.disclosed_by_id
        return {
            pk: Notification(self, reading.now, is_own=pk == by)
            for pk, contributor in reading.contributors.items()
            if contributor.provides(self.entry)
        }

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return « quatre données sont diffusées sans attendre », or for one its name, alone or
        not."""
        if len(notifications) > 1:
            return f"{feminine(len(notifications)).lower()} données sont diffusées sans attendre"
        return f"{notifications[0].news.name} : diffusé sans attendre"

    def title(self, notification) -> str:
        return f"{self.name} : diffusé sans attendre"

    def summary(self, notification) -> str:
        """Return who disclosed it, and that what is lacking may still be given; not the reason."""
        who = self.disclosure.disclosed_by_name or "La coordination"
        return f"Par {who}. Le motif est sur la page ; ce qui manque s’y ajoute encore."


@dataclass(frozen=True, eq=False)
class Verifying(Notification):
    """News as it concerns one person; ``values``: which of the values given concern them, one for
    all of a table."""

    values: Sequence[Value] = ()


class GivenNews(ConventionNews, abstract=True):
    """Base of news that figures of a campaign were given together, those of one organisation.
    ``side``: whether it is their ``provider`` or their ``enterer``; ``first``, ``last``: the keys
    of the first and the last act that gave them."""

    is_shown = False
    side: str

    def __init__(
        self, campaign: Campaign, organisation: Organisation, first: int, last: int,
        values: Iterable[Value] = (),
    ):  # fmt: skip
        self.campaign, self.organisation = campaign, organisation
        self.first, self.last = first, last
        self.convention, self.values = campaign.convention, list(values)

    @property
    def about(self) -> str:
        return f"{self.campaign.pk}:{self.organisation.pk}:{self.first}:{self.last}"

    @classmethod
    def load(cls, keys: Iterable[str], reading: Calling) -> dict[str, ConventionNews]:
        """Return the news by key, with those of their values that are still submitted, one for all
        of a table; without news of which none is left."""
        asked = {key: tuple(map(int, key.split(":"))) for key in keys}
        entries = CampaignIndicator.objects.with_relations().of(reading.convention).filter(
            campaign__in={campaign for campaign, *_ in asked.values()},
            **{f"{cls.side}__in": {pk for _, pk, *_ in asked.values()}},
        )  # fmt: skip
        values = Value.objects.submitted().filter(campaign_indicator__in=entries)
        given = values.annotate(act=Max("transitions", filter=Q(transitions__verb__in=GIVING)))
        by_pk = {entry.pk: entry for entry in entries}
        news_by_key: dict[str, ConventionNews] = {}
        for value in (given := list(given.order_by("act"))):
            value.campaign_indicator = by_pk[value.campaign_indicator_id]
        for key, (campaign, organisation, first, last) in asked.items():
            by_entry = {}  # a table is one thing that was given: one of its figures stands for it
            for value in given:
                entry = value.campaign_indicator
                whose = (entry.campaign_id, getattr(entry, f"{cls.side}_id"))
                if value.act and first <= value.act <= last and whose == (campaign, organisation):
                    by_entry[entry.pk] = value
            own = list(by_entry.values())
            if own:
                entry = own[0].campaign_indicator
                news_by_key[key] = cls(entry.campaign, getattr(entry, cls.side), first, last, own)
        return news_by_key

    def listed(self, notification: Verifying) -> list[str]:
        return [
            Definition.of(value.campaign_indicator.version).title for value in notification.values
        ]


class VerificationAwaited(GivenNews):
    """News that figures await a second person of their provider, for whoever may verify them and
    has not typed them."""

    kind = "verification_awaited"
    side = "provider"

    def recipients(self, reading: Calling) -> dict[int, Notification]:
        """Return who may verify some of the values, each with those that they may verify and have
        not typed."""
        notifications: dict[int, Notification] = {}
        for pk, contributor in reading.contributors.items():
            # Whoever is alone verifies what they typed, and needs no notice of it.
            others = [value for value in self.values if value.entered_by_id != pk]
            if own := [value for value in others if may_verify(contributor, value) is None]:
                notifications[pk] = Verifying(self, reading.now, values=own)
        return notifications

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        return cls._awaited(sum(len(notification.values) for notification in notifications))

    def title(self, notification) -> str:
        return capitalize_first(self._awaited(len(notification.values), self.campaign.year))

    @staticmethod
    def _awaited(count: int, year: int | None = None) -> str:
        """Return « quatre données de 2024 attendent votre vérification »; the year may be left
        out."""
        verb = "attendent" if count > 1 else "attend"
        return f"{format_count(count, year)} {verb} votre vérification"

    def summary(self, notification) -> str:
        """Return who entered them for whom if all were given on behalf; else that a second person
        confirms what a first has given."""
        if all(value.is_on_behalf for value in self.values):
            return describe_on_behalf(self.values[0])
        whose = self.organisation.genitive
        return f"Une seconde personne {whose} confirme ce qu’une première a transmis."

    def link(self) -> str:
        """Return the address of the page that verifies the year's values."""
        args = [self.convention.slug, self.campaign.year]
        return reverse("indicators:verify_values", args=args)


class GivenOnBehalf(GivenNews):
    """News that the coordinator gave figures for an organisation whose people enter, for those of
    them who cannot verify them; who can gets ``VerificationAwaited``."""

    kind = "given_on_behalf"
    side = "enterer"

    def recipients(self, reading: Calling) -> dict[int, Notification]:
        """Return the enterer's people, each with the values that they have not typed and may not
        verify; who may verify all of them is left out."""
        notifications: dict[int, Notification] = {}
        for pk, contributor in reading.contributors.items():
            others = [value for value in self.values if value.entered_by_id != pk]
            own = [value for value in others if may_verify(contributor, value) is not None]
            if own and self.organisation.pk in contributor.organisations:
                notifications[pk] = Verifying(self, reading.now, values=own)
        return notifications

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return « quatre données sont saisies pour votre compte »."""
        count = sum(len(notification.values) for notification in notifications)
        return f"{format_count(count)} {_agree('saisie', count)} pour votre compte"

    def title(self, notification) -> str:
        """Return « Quatre données de 2024 sont saisies pour le compte de la Caf »."""
        count = len(notification.values)
        words = f"{format_count(count, self.campaign.year)} {_agree('saisie', count)}"
        return capitalize_first(f"{words} pour le compte {self.organisation.genitive}")

    def summary(self, notification) -> str:
        return describe_on_behalf(self.values[0])

    def link(self) -> str:
        return reverse("indicators:entry", args=[self.convention.slug, self.campaign.year])


class GivenByLink(GivenNews):
    """News that figures were given by a link, for who coordinates, except whoever verifies all of
    them. Who gave them is on the page of links, where it is erased after a time."""

    kind = "given_by_link"
    side = "enterer"
    is_shown = True

    def is_obsolete(self, reading: Calling) -> bool:
        """Return whether the campaign is not open any more."""
        return not self.campaign.is_open

    def recipients(self, reading: Calling) -> dict[int, Notification]:
        """Return who coordinates, each with the values given by the link that they cannot
        verify."""
        given = [value for value in self.values if value.entered_through_id]
        notifications: dict[int, Notification] = {}
        for pk in coordinator_pks(reading.convention):
            contributor = reading.contributors.get(pk)
            own = [v for v in given if not contributor or may_verify(contributor, v) is not None]
            if own:
                notifications[pk] = Verifying(self, reading.now, values=own)
        return notifications

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return « quatre données sont transmises par un lien de saisie »."""
        count = sum(len(notification.values) for notification in notifications)
        return f"{format_count(count)} {_agree('transmise', count)} par un lien de saisie"

    def title(self, notification) -> str:
        """Return « Quatre données de 2024 sont transmises par le lien de saisie de la Caf »; not by
        whom."""
        count = len(notification.values)
        words = f"{format_count(count, self.campaign.year)} {_agree('transmise', count)}"
        return capitalize_first(f"{words} par le lien de saisie {self.organisation.genitive}")

    def summary(self, notification) -> str:
        return "La page des liens dit par qui. Une seconde personne du fournisseur les vérifie."

    def link(self) -> str:
        """Return the address of the page of the year's entry links."""
        args = [self.convention.slug, self.campaign.year]
        return reverse("indicators:entry_links", args=args)


class YearsBrought(ConventionNews):
    """News that figures of past years were imported from a file, once for all of these years, for
    the people of the ``organisation`` that provides them. ``by``: the key of who imported them.
    ``about`` has the first and the last of the years."""

    kind = "years_brought"

    def __init__(
        self, convention: Convention, organisation: Organisation, years: Sequence[int], by: int
    ):
        self.convention, self.organisation = convention, organisation
        self.years, self.by = sorted(years), by

    @property
    def about(self) -> str:
        return f"{self.organisation.pk}:{self.by}:{self.years[0]}:{self.years[-1]}"

    @classmethod
    def load(cls, keys: Iterable[str], reading: Calling) -> dict[str, ConventionNews]:
        """Return the news by key, of the years that still have figures from a file; without news of
        which no year is left."""
        asked = {key: tuple(map(int, key.split(":"))) for key in keys}
        organisations = Organisation.objects.in_bulk(
            {organisation for organisation, *_ in asked.values()}
        )
        entries = CampaignIndicator.objects.of(reading.convention).from_files()
        brought = set(entries.values_list("provider", "campaign__year"))
        news_by_key: dict[str, ConventionNews] = {}
        for key, (organisation, by, first, last) in asked.items():
            years = [year for pk, year in brought if pk == organisation and first <= year <= last]
            if years:
                news_by_key[key] = cls(reading.convention, organisations[organisation], years, by)
        return news_by_key

    def recipients(self, reading: Calling) -> dict[int, Notification]:
        """Return the people of the organisation; for whoever imported the file the news are their
        own."""
        return {
            pk: Notification(self, reading.now, is_own=pk == self.by)
            for pk, contributor in reading.contributors.items()
            if self.organisation.pk in contributor.organisations
        }

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        return f"vos données {notifications[0].news.years_words} sont reprises d’un fichier"

    @property
    def years_words(self) -> str:
        return f"de {enumerate_words(map(str, self.years))}"

    def title(self, notification) -> str:
        """Return « Les données de 2019 et 2020 de la Caf sont reprises d’un fichier »."""
        whose = self.organisation.genitive
        return f"Les données {self.years_words} {whose} sont reprises d’un fichier"

    def summary(self, notification) -> str:
        return "Elles comptent aussitôt : relisez-les, et signalez ce qui serait à corriger."

    def listed(self, notification: Notification) -> list[str]:
        return []

    def link(self) -> str:
        """Return the address of the one year, or of the list of indicators for several."""
        slug = self.convention.slug
        if len(self.years) > 1:
            return reverse("indicators:indicators", args=[slug])
        return reverse("evaluation:year", args=[slug, self.years[0]])


def describe_on_behalf(value: Value) -> str:
    """Return the sentences on who entered a value for whom, and what its provider is to do."""
    entry = value.campaign_indicator
    who, provider = value.entered_by_name or "La coordination", entry.provider.the
    return (
        f"{who} a saisi pour le compte {entry.enterer.genitive}, d’après ce qui lui a été envoyé. "
        f"{provider[:1].upper()}{provider[1:]} vérifie, ou retourne avec un motif."
    )


def _agree(participle: str, count: int) -> str:
    """Return « est saisie », or « sont saisies » for several."""
    return f"sont {participle}s" if count > 1 else f"est {participle}"


def notify_given(acts: Iterable[ValueTransition]) -> None:
    """Notify of what was given at once in a campaign: who verifies it, those for whom it was
    entered, who coordinates of what came by a link; one piece of news for each organisation."""
    acts = list(acts)
    on_behalf = [act for act in acts if act.value.is_on_behalf]
    by_link = [act for act in acts if act.value.entered_through_id]
    kinds: list[tuple[type[GivenNews], list[ValueTransition]]] = [
        (VerificationAwaited, acts), (GivenOnBehalf, on_behalf), (GivenByLink, by_link)
    ]  # fmt: skip
    for news, given in kinds:
        acts_by_organisation = defaultdict(list)
        for act in given:
            acts_by_organisation[getattr(act.value.campaign_indicator, news.side)].append(act)
        for organisation, own in acts_by_organisation.items():
            campaign, pks = own[0].value.campaign_indicator.campaign, [act.pk for act in own]
            notify(news(campaign, organisation, min(pks), max(pks)))
