"""Notify that public statistics have filled a campaign. No figure is in a message."""

from collections import defaultdict
from collections.abc import Iterable

from django.urls import reverse

from conventions.models import Organisation
from conventions.notices import ConventionNews
from ctg_portal.templatetags.french import enumerate_words, plural
from indicators.collection.calling import SEPARATOR, Calling, about
from indicators.definitions.definition import Definition
from indicators.figures.campaigns import Campaign
from indicators.figures.values import Value
from indicators.statistics.source import sources
from notifications.news import Notification, notify


class PublicFiguresTaken(ConventionNews):
    """News that figures of a campaign were taken from public statistics, one for all of an
    organisation. ``releases``: the keys of their releases; ``values``: those still to confirm."""

    kind = "public_figures_taken"

    def __init__(
        self, campaign: Campaign, organisation: Organisation, releases: Iterable[int],
        values: Iterable[Value] = (),
    ):  # fmt: skip
        self.campaign, self.organisation = campaign, organisation
        self.convention, self.releases = campaign.convention, sorted(releases)
        self.values = list(values)

    @property
    def about(self) -> str:
        """The key that is stored: campaign, organisation, releases."""
        return about(self.campaign.pk, self.organisation.pk, *self.releases)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Calling) -> dict[str, ConventionNews]:
        """Return the news by key; none for a key of which no value is still to confirm."""
        asked = {key: [int(part) for part in key.split(SEPARATOR)] for key in keys}
        rows = Value.objects.of(reading.convention).submitted().filter(
            campaign_indicator__campaign__in={campaign for campaign, *_ in asked.values()},
            release__isnull=False,
        ).select_related(
            "release", "campaign_indicator__version", "campaign_indicator__provider",
            "campaign_indicator__campaign__convention",
        )  # fmt: skip
        rows, news_by_key = list(rows), {}
        for key, (campaign, organisation, *releases) in asked.items():
            own = [
                row for row in rows
                if row.campaign_indicator.campaign_id == campaign
                and row.campaign_indicator.provider_id == organisation
                and row.release_id in releases
            ]  # fmt: skip
            if own:
                entry = own[0].campaign_indicator
                news_by_key[key] = cls(entry.campaign, entry.provider, releases, own)
        return news_by_key

    def is_obsolete(self, reading: Calling) -> bool:
        """Return whether the campaign is closed; news with nothing to confirm is not loaded."""
        return not self.campaign.is_open

    def recipients(self, reading: Calling) -> dict[int, Notification]:
        """Return the news by key of each contributor who enters or provides one of its figures."""
        return {
            pk: Notification(self, reading.now)
            for pk, contributor in reading.contributors.items()
            if any(contributor.reads_raw(value.campaign_indicator) for value in self.values)
        }

    # In words ------------------------------------------------------------------------------------

    @property
    def titles(self) -> list[str]:
        """The titles of the indicators whose figures are to be confirmed, each once."""
        titles = [Definition.of(value.campaign_indicator.version).title for value in self.values]
        return list(dict.fromkeys(titles))

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        return _label_filled(sum(len(notification.news.titles) for notification in notifications))

    def title(self, notification) -> str:
        """Return how many indicators of the year are filled, as a sentence."""
        words = _label_filled(len(self.titles), self.campaign.year)
        return f"{words[:1].upper()}{words[1:]}"

    def summary(self, notification) -> str:
        """Return who published the figures, and that the organisation confirms or contests."""
        keys = dict.fromkeys(value.release.source for value in self.values)
        names = dict.fromkeys(sources()[key].publisher for key in keys)
        publishers = [f"l’{name}" if name[:1] in "AEIOUÉ" else f"la {name}" for name in names]
        return (
            f"Publiés par {enumerate_words(publishers)}, personne ne les a "
            f"saisis. {self.organisation.the[:1].upper()}{self.organisation.the[1:]} les confirme, "
            "ou conteste un chiffre avec un motif."
        )

    def listed(self, notification: Notification) -> list[str]:
        return self.titles

    def link(self) -> str:
        """Return the address where the campaign's values are confirmed."""
        args = [self.convention.slug, self.campaign.year]
        return reverse("indicators:verify_values", args=args)


def _label_filled(count: int, year: int | None = None) -> str:
    """Return « 3 indicateurs (de 2024) sont remplis par la statistique publique »."""
    year_words = f" de {year}" if year else ""
    verb = "est rempli" if count < 2 else "sont remplis"
    indicators = plural(count, "indicateur,indicateurs")
    return f"{indicators}{year_words} {verb} par la statistique publique"


def notify_taken_up(campaign: Campaign, taken: Iterable[Value]) -> None:
    """Create news for each organisation that provides some of the values; none without values."""
    releases_by_organisation: dict[Organisation, set[int]] = defaultdict(set)
    for value in taken:
        releases_by_organisation[value.campaign_indicator.provider].add(value.release_id)
    notify(
        *(
            PublicFiguresTaken(campaign, organisation, releases)
            for organisation, releases in releases_by_organisation.items()
        )
    )
