"""Build four communes and their figures, to follow a table from one act to the next."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F
from django.utils import timezone

from conventions.models import Commune, Sector
from indicators.collection.rights import contributor_of
from indicators.disclosure.events import refresh_disclosures
from indicators.disclosure.reading import disclosed_by_commune
from indicators.models import Campaign, CampaignIndicator, Indicator, Value

YEAR = 2024
VERIFIED = {"state": "verified", "verified_by_name": "Une collègue", "verified_at": timezone.now()}


@dataclass
class Country:
    """Communes a and b of one sector, c and d of none, and an indicator that counts in each."""

    communes: dict[str, Commune]
    sector: Sector
    indicator: Indicator
    campaign: Campaign

    @property
    def entry(self) -> CampaignIndicator:
        entries = CampaignIndicator.objects.with_relations()
        return entries.get(campaign=self.campaign, indicator=self.indicator)

    def give(self, entry=None, **numbers) -> None:
        start, end = self.campaign.observed
        for place, number in numbers.items():
            is_ratio = isinstance(number, tuple)
            given = {"number": Decimal(number)} if not is_ratio else {
                "number": Decimal(number[0]) / number[1] * 100,
                "numerator": Decimal(number[0]), "denominator": Decimal(number[1]),
            }  # fmt: skip
            value, _ = Value.objects.update_or_create(
                campaign_indicator=entry or self.entry, commune=self.communes[place],
                defaults={"state": "submitted", "submitted_at": timezone.now(), "absence": "",
                          "reason": "", "comment": "Exactement.", "source": "Sirius",
                          "observed_from": start, "observed_until": end, **given},
            )  # fmt: skip
            Value.objects.filter(pk=value.pk).update(revision=F("revision") + 1)
            value.transitions.create(verb="taken_up", to_state="submitted", **given)

    def verify(self) -> None:
        """Verify all that is given, as the provider."""
        given = Value.objects.filter(campaign_indicator__campaign=self.campaign)
        given.update(**VERIFIED)
        refresh_disclosures(self.campaign)

    def correct(self, **numbers) -> None:
        """Give other figures of what is disclosed, and refresh the disclosures."""
        self.give(**numbers)
        self.verify()

    def read(self, user=None):
        audience = user and contributor_of(user, self.campaign.convention)
        return disclosed_by_commune([self.entry], audience)[self.entry.pk]

    def words(self, user=None) -> list[str]:
        """Return what is read of a, b, c, d, their sector and the territory."""
        read = self.read(user)
        shown = [read.communes[self.communes[place].pk] for place in "abcd"]
        return [figure.words for figure in (*shown, read.sectors[self.sector.pk], read.territory)]
