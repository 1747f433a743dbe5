"""The yearly collections: their list, how far each has come, and what the coordinator does."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from conventions.pages import ConventionPage
from indicators.collection import events
from indicators.collection.page import CampaignPage, campaigns_of, title_of
from indicators.collection.rights import Contributor, contributor_of
from indicators.models import Campaign, Indicator


class OfConvention(ConventionPage):
    """Mixin of a page about the collections of a convention."""

    @cached_property
    def contributor(self) -> Contributor:
        return contributor_of(self.request.user, self.convention)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            manages=self.contributor.coordinates, contributor=self.contributor, **kwargs
        )


class OfCampaign(OfConvention):
    """The same, about the collection of one year; 404 for a year without one."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.campaign = campaign_of(self.convention, kwargs["year"])

    @property
    def back(self) -> str:
        return address(self.campaign)

    def get_context_data(self, **kwargs):
        return super().get_context_data(campaign=self.campaign, back=self.back, **kwargs)


def campaign_of(convention, year: int) -> Campaign:
    campaign = get_object_or_404(Campaign.objects.of(convention), year=year)
    campaign.convention = convention
    return campaign


def address(campaign: Campaign) -> str:
    """The page of the collection itself."""
    return reverse("indicators:campaign", args=[campaign.convention.slug, campaign.year])


class CampaignsView(OfConvention, TemplateView):
    """The years that have been collected, and how far each has come."""

    template_name = "indicators/collection/campaigns.html"

    def get_context_data(self, **kwargs):
        rows = campaigns_of(self.convention)
        return super().get_context_data(
            rows=rows,
            title=title_of(rows),
            is_fictional=any(row.campaign.is_fictional for row in rows),
            **kwargs,
        )


class CampaignView(OfCampaign, TemplateView):
    """Who owes what, since when; what the coordinator may do with the collection."""

    template_name = "indicators/collection/campaign.html"

    def get_context_data(self, **kwargs):
        page = CampaignPage(self.campaign, self.contributor, self.today)
        return super().get_context_data(page=page, **kwargs)

    def post(self, request, slug, year):
        """Ask also for an indicator that came into force since the collection was opened."""
        indicators = Indicator.objects.of(self.convention)
        pk = request.POST.get("indicateur", "")
        indicator = get_object_or_404(indicators, pk=pk if pk.isdecimal() and len(pk) < 19 else 0)
        entry = events.add_to_campaign(self.campaign, indicator, by=request.user)
        messages.success(request, f"« {entry.indicator.title} » est ajouté au recueil.")
        return redirect(self.back)
