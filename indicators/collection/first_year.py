"""The first collection of figures, a step of a convention's first year."""

from collections.abc import Iterator

from django.urls import reverse

from conventions.models import Convention
from ctg_portal.house import FirstStep
from indicators.collection.dashboard import campaigns_of
from indicators.figures.campaigns import CampaignState


def collect_figures(convention: Convention) -> Iterator[FirstStep]:
    """Yield the step of opening the first collection; the first year ends when one is closed. Past
    years that a file has brought are none."""
    campaigns = [row for row in campaigns_of([convention]) if not row.is_from_file]
    opened = [row for row in campaigns if not row.is_prepared]
    url = reverse("indicators:campaigns", args=[convention.slug])
    yield FirstStep(
        30,
        "Ouvrir le premier recueil de chiffres",
        url,
        bool(opened),
        f"recueil {campaigns[-1].year} {campaigns[-1].get_state_display()}" if campaigns else "",
        ends_year=any(row.state == CampaignState.CLOSED for row in opened),
    )
