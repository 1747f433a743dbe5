"""Share what pages about campaigns have in common: the campaign, and who contributes."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from conventions.access.pages import ConventionPage
from conventions.models import Convention
from indicators.collection.rights import Contributor, contributor_of
from indicators.figures.campaigns import Campaign


class CollectionPage(ConventionPage):
    """Mixin of a page about the collections of a convention."""

    @cached_property
    def contributor(self) -> Contributor:
        return contributor_of(self.request.user, self.convention)

    def get_context_data(self, **kwargs):
        """Add ``contributor`` (what the person enters), ``manages`` (whether they coordinate)."""
        return super().get_context_data(
            manages=self.contributor.coordinates, contributor=self.contributor, **kwargs
        )


class OneCampaignPage(CollectionPage):
    """Mixin of a page about the campaign of one year; 404 for a year without one. ``back``: the
    address of the campaign's page."""

    def setup(self, request, *args, **kwargs):
        """Set ``campaign`` from the year of the address; raise 404 without one, or for one that was
        cancelled."""
        super().setup(request, *args, **kwargs)
        self.campaign = campaign_of(self.convention, kwargs["year"])

    @property
    def back(self) -> str:
        return reverse("indicators:campaign", args=[self.convention.slug, self.campaign.year])

    def get_context_data(self, **kwargs):
        """Add ``campaign`` and ``back`` to the context."""
        return super().get_context_data(campaign=self.campaign, back=self.back, **kwargs)


def campaign_of(convention: Convention, year: int) -> Campaign:
    """Return the campaign of a year; 404 if there is none, or it was cancelled."""
    campaign = get_object_or_404(Campaign.objects.of(convention), year=year)
    campaign.convention = convention
    return campaign
