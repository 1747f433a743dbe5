"""The yearly collections: their list, how far each has come, and what the coordinator does."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView

from conventions.lists import ListFile
from ctg_portal.numbers import key_in
from documents.tables import Table
from indicators.collection import events
from indicators.collection.files import HAPPENINGS, OWED
from indicators.collection.mixins import OfCampaign, OfConvention
from indicators.collection.page import CampaignPage, campaigns_of, title_of
from indicators.definitions.models import Indicator


class CampaignsView(OfConvention, TemplateView):
    """The years that have been collected, and how far each has come."""

    template_name = "indicators/collection/campaigns.html"

    def get_context_data(self, **kwargs):
        rows = campaigns_of(self.convention)
        return super().get_context_data(
            rows=rows,
            title=title_of(rows),
            is_fictional=any(row.campaign.is_fictional for row in rows),
            is_last_year=self.convention.end.year <= self.today.year,
            **kwargs,
        )


class OwedFile(OfCampaign, ListFile):
    """Who is asked for what and where it is, figure by figure, without any figure."""

    name = "recueil"

    def tables(self):
        page = CampaignPage(self.campaign, self.contributor, self.today)
        lines = [(part, line) for part in page.progress.parts for line in part.lines]
        return [Table.of(f"Recueil {self.campaign.year}", OWED, lines)]


class HappeningsFile(OfCampaign, ListFile):
    """What was done with a collection, as its page tells the same person."""

    name = "journal-du-recueil"

    def tables(self):
        page = CampaignPage(self.campaign, self.contributor, self.today)
        return [Table.of(f"Journal {self.campaign.year}", HAPPENINGS, page.happenings)]


class CampaignView(OfCampaign, TemplateView):
    """Who owes what, since when; what the coordinator may do with the collection."""

    template_name = "indicators/collection/campaign.html"

    def get_context_data(self, **kwargs):
        page = CampaignPage(self.campaign, self.contributor, self.today)
        return super().get_context_data(page=page, **kwargs)

    def post(self, request, slug, year):
        """Ask also for an indicator that came into force since the collection was opened."""
        indicators = Indicator.objects.of(self.convention)
        indicator = get_object_or_404(indicators, pk=key_in(request.POST.get("indicateur", "")))
        entry = events.add_to_campaign(self.campaign, indicator, by=request.user)
        messages.success(request, f"« {entry.indicator.title} » est ajouté au recueil.")
        return redirect(self.back)
