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
    """How many figures a person may still give of her commune in a campaign, ``left``, in tables
    that others enter."""

    campaign: Campaign
    left: int

    @property
    def sentence(self) -> str:
        """The sentence « Vous pouvez donner 2 chiffres de la commune pour 2024. »"""
        figures = plural(self.left, "chiffre,chiffres")
        return f"Vous pouvez donner {figures} de la commune pour {self.campaign.year}."


def own_figures(user: User, commune: Commune, _year) -> Iterator[CommuneSection]:
    """Yield a section for each open campaign with figures of the commune left to type, the first
    year first; none for who is not one of its people."""
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
