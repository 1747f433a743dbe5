"""Bring the figures that a person may still give of her commune to its page and to the home
page."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from conventions.models import Commune
from ctg_portal.house import CommuneSection
from ctg_portal.templatetags.french import plural
from indicators.collection.rights import contributor_of
from indicators.figures.campaigns import Campaign
from indicators.values.entry import EntryPage


@dataclass(frozen=True)
class OwnFigures:
    """The figures that a person may still give of her own commune, while others enter the
    tables."""

    campaign: Campaign
    left: int

    @property
    def sentence(self) -> str:
        figures = plural(self.left, "chiffre,chiffres")
        return f"Vous pouvez donner {figures} de la commune pour {self.campaign.year}."


def own_figures(user: User, commune: Commune, _year) -> Iterator[CommuneSection]:
    """Yield a section for each open campaign; none for who is not of the commune. Two queries for
    them."""
    convention = commune.convention
    contributor = contributor_of(user, convention)
    if commune.pk not in contributor.communes:
        return
    for campaign in Campaign.objects.of(convention).open().order_by("year"):
        campaign.convention = convention
        lines = EntryPage(campaign, contributor, timezone.localdate()).own_lines
        if left := sum(not line.is_typed for line in lines):
            context = OwnFigures(campaign, left)
            yield CommuneSection("indicators/values/own_commune.html", context, rank=10)
