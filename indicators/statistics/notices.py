"""Who is told that public statistics have filled a collection. No figure is in a message."""

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
from notifications.news import Hearing, notify


class PublicFiguresTaken(ConventionNews):
    """Figures that an organisation provides were taken from public statistics: told once, of all of
    them, to who enters or provides them. ``releases``: of which, by their keys."""

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
        return about(self.campaign.pk, self.organisation.pk, *self.releases)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Calling) -> dict[str, ConventionNews]:
        asked = {key: [int(part) for part in key.split(SEPARATOR)] for key in keys}
        rows = Value.objects.of(reading.convention).submitted().filter(
            campaign_indicator__campaign__in={campaign for campaign, *_ in asked.values()},
            release__isnull=False,
        ).select_related(
            "release", "campaign_indicator__version", "campaign_indicator__provider",
            "campaign_indicator__campaign__convention",
        )  # fmt: skip
        rows, found = list(rows), {}
        for key, (campaign, organisation, *releases) in asked.items():
            own = [
                row for row in rows
                if row.campaign_indicator.campaign_id == campaign
                and row.campaign_indicator.provider_id == organisation
                and row.release_id in releases
            ]  # fmt: skip
            if own:
                entry = own[0].campaign_indicator
                found[key] = cls(entry.campaign, entry.provider, releases, own)
        return found

    def is_obsolete(self, reading: Calling) -> bool:
        """The year is closed meanwhile; what was confirmed or contested is not found any more."""
        return not self.campaign.is_open

    def recipients(self, reading: Calling) -> dict[int, Hearing]:
        return {
            pk: Hearing(self, reading.now)
            for pk, contributor in reading.contributors.items()
            if any(contributor.reads_raw(value.campaign_indicator) for value in self.values)
        }

    # In words ------------------------------------------------------------------------------------

    @property
    def titles(self) -> list[str]:
        told = [Definition.of(value.campaign_indicator.version).title for value in self.values]
        return list(dict.fromkeys(told))

    @classmethod
    def subject(cls, hearings, *, alone: bool) -> str:
        return _filled(sum(len(hearing.news.titles) for hearing in hearings))

    def title(self, hearing) -> str:
        told = _filled(len(self.titles), self.campaign.year)
        return f"{told[:1].upper()}{told[1:]}"

    def summary(self, hearing) -> str:
        keys = dict.fromkeys(value.release.source for value in self.values)
        publishers = dict.fromkeys(sources()[key].publisher for key in keys)
        return (
            f"Publiés par {enumerate_words(_the(name) for name in publishers)}, personne ne les a "
            f"saisis. {self.organisation.the[:1].upper()}{self.organisation.the[1:]} les confirme, "
            "ou conteste un chiffre avec un motif."
        )

    def listed(self, hearing: Hearing) -> list[str]:
        return self.titles

    def link(self) -> str:
        args = [self.convention.slug, self.campaign.year]
        return reverse("indicators:verify_values", args=args)


def _the(publisher: str) -> str:
    return f"l’{publisher}" if publisher[:1] in "AEIOUÉ" else f"la {publisher}"


def _filled(count: int, year: int | None = None) -> str:
    of_year = f" de {year}" if year else ""
    verb = "est rempli" if count < 2 else "sont remplis"
    told = plural(count, "indicateur,indicateurs")
    return f"{told}{of_year} {verb} par la statistique publique"


def tell_taken_up(campaign: Campaign, taken: Iterable[Value]) -> None:
    """One piece of news for each organisation that provides some of them."""
    found: dict[Organisation, set[int]] = defaultdict(set)
    for value in taken:
        found[value.campaign_indicator.provider].add(value.release_id)
    notify(*(PublicFiguresTaken(campaign, who, releases) for who, releases in found.items()))
