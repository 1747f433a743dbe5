"""Show the yearly campaigns: their list, the progress of each, and its files."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView

from conventions.lists import ListFile
from ctg_portal.text.numbers import key_in
from documents.tables import Table
from indicators.collection import events
from indicators.collection.files import HAPPENINGS, OWED
from indicators.collection.mixins import CollectionPage, OneCampaignPage
from indicators.collection.page import CampaignPage, campaign_rows, title_of
from indicators.definitions.models import Indicator


class CampaignsView(CollectionPage, TemplateView):
    """Page that lists the campaigns, and how far each has come."""

    template_name = "indicators/collection/campaigns.html"

    def get_context_data(self, **kwargs):
        """Add ``rows`` (one for each campaign, the latest year first), ``title`` (how far the list
        has come) and ``is_last_year`` (whether the convention ends this year or has ended)."""
        rows = campaign_rows(self.convention)
        return super().get_context_data(
            rows=rows,
            title=title_of(rows),
            is_last_year=self.convention.end.year <= self.today.year,
            **kwargs,
        )


class OwedFile(OneCampaignPage, ListFile):
    """File of a collection: a line for each indicator that it asks for and who enters it, given or
    not, with its state and without any figure."""

    name = "recueil"

    def tables(self):
        """Return one table: a row for each line of each organisation's part, whoever asks for
        it."""
        page = CampaignPage(self.campaign, self.contributor, self.today)
        lines = [(part, line) for part in page.progress.parts for line in part.lines]
        return [Table.of(f"Recueil {self.campaign.year}", OWED, lines)]


class HappeningsFile(OneCampaignPage, ListFile):
    """File of a campaign's log, as its page shows it to the same person."""

    name = "journal-du-recueil"

    def tables(self):
        """Return one table of the acts on the campaign, in order of time; reminders for the
        coordination only."""
        page = CampaignPage(self.campaign, self.contributor, self.today)
        return [Table.of(f"Journal {self.campaign.year}", HAPPENINGS, page.happenings)]


class CampaignView(OneCampaignPage, TemplateView):
    """Page of a campaign: who owes what, since when; what the person may do."""

    template_name = "indicators/collection/campaign.html"

    def get_context_data(self, **kwargs):
        """Add ``page``, the ``CampaignPage`` as the person sees it."""
        page = CampaignPage(self.campaign, self.contributor, self.today)
        return super().get_context_data(page=page, **kwargs)

    def post(self, request, slug, year):
        """Ask also for the indicator sent (``indicateur``), which came into force since the
        campaign was opened, and show the page again; raise 404 for one of another convention,
        Refused if it may not be added."""
        indicators = Indicator.objects.of(self.convention)
        indicator = get_object_or_404(indicators, pk=key_in(request.POST.get("indicateur", "")))
        entry = events.add_to_campaign(self.campaign, indicator, by=request.user)
        messages.success(request, f"« {entry.indicator.title} » est ajouté au recueil.")
        return redirect(self.back)
