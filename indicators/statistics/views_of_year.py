"""Show what public statistics have given to a year: its provider confirms it, or contests a
figure."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from conventions.access.pages import visible_convention
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import plural
from ctg_portal.text.numbers import key_in
from indicators.collection.mixins import OneCampaignPage, campaign_of
from indicators.figures.releases import Release
from indicators.statistics.page import TakenPage
from indicators.values import from_publishers


class TakenView(OneCampaignPage, TemplateView):
    """Page of the figures taken from public statistics in a year, by indicator and commune."""

    template_name = "indicators/statistics/taken.html"

    def get_context_data(self, **kwargs):
        """Add the ``page``: what the year has taken of public statistics, as the person may read
        it."""
        page = TakenPage(self.campaign, self.contributor)
        return super().get_context_data(page=page, **kwargs)


@require_POST
def confirm(request, slug, year, pk):
    """Confirm the figures that an indicator has of the release that was shown, and redirect to the
    page of the year; a refusal is shown there. 404 outside what the user sees."""
    convention = visible_convention(request, slug)
    campaign = campaign_of(convention, year)
    entry = get_object_or_404(campaign.campaign_indicators.with_relations(), pk=pk)
    seen = key_in(request.POST.get("release", ""))
    release = get_object_or_404(Release.objects.seen_by(convention), pk=seen)
    try:
        count = from_publishers.confirm_published(entry, release, by=request.user)
    except Refused as refused:
        messages.error(request, refused.refusal.reason)
    else:
        words = plural(count, "chiffre est confirmé,chiffres sont confirmés")
        messages.success(request, f"{entry.indicator.title} : {words}.")
    return redirect("indicators:taken_up", slug, year)
