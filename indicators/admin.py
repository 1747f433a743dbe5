from django.contrib import admin

from indicators import models
from indicators.definitions.definition import Definition
from indicators.disclosure import disclose


class TargetInline(admin.TabularInline):
    model = models.Target


@admin.register(models.Indicator)
class IndicatorAdmin(admin.ModelAdmin):
    list_display = ["title", "code", "convention", "theme", "kind", "provider", "standing"]
    list_filter = ["standing", "kind", "convention"]
    list_select_related = ["convention", "theme__axis", "provider"]
    search_fields = ["search_text"]
    inlines = [TargetInline]


@admin.register(models.Target)
class TargetAdmin(admin.ModelAdmin):
    list_display = ["indicator", "year", "value"]
    list_select_related = ["indicator"]
    search_fields = ["indicator__search_text"]


@admin.register(models.Campaign)
class CampaignAdmin(admin.ModelAdmin):
    list_display = ["year", "convention", "state", "due_on", "opened_at", "closed_at",
                    "is_fictional"]  # fmt: skip
    list_filter = ["state", "convention", "is_fictional"]
    list_select_related = ["convention"]


@admin.register(models.CampaignTransition)
class CampaignTransitionAdmin(admin.ModelAdmin):
    list_display = ["created_at", "campaign", "verb", "by_name", "reason"]
    list_filter = ["verb", "campaign__convention"]
    list_select_related = ["campaign"]
    readonly_fields = ["created_at"]


@admin.register(models.Offer)
class OfferAdmin(admin.ModelAdmin):
    list_display = ["version", "theme", "code", "state"]
    list_filter = ["state", "theme"]
    list_select_related = ["version"]


@admin.register(models.OfferTransition)
class OfferTransitionAdmin(admin.ModelAdmin):
    list_display = ["created_at", "offer", "verb", "by_name", "reason"]
    list_filter = ["verb"]
    list_select_related = ["offer__version"]
    readonly_fields = ["created_at"]


@admin.register(models.CampaignIndicator)
class CampaignIndicatorAdmin(admin.ModelAdmin):
    list_display = ["indicator", "campaign", "provider", "enterer", "due_on", "version"]
    list_filter = ["campaign__convention", "campaign__year"]
    list_select_related = ["indicator", "campaign", "provider", "enterer", "version"]
    search_fields = ["indicator__search_text"]
    # The texts of a figure are shown by ``disclose`` alone.
    exclude = ["taken_over"]


@admin.register(models.OwnDeadline)
class OwnDeadlineAdmin(admin.ModelAdmin):
    list_display = ["created_at", "campaign", "organisation", "due_on", "by_name", "reason"]
    list_filter = ["campaign__convention"]
    list_select_related = ["campaign", "organisation"]
    readonly_fields = ["created_at"]


@admin.register(models.Reminder)
class ReminderAdmin(admin.ModelAdmin):
    list_display = ["created_at", "campaign", "organisation", "owed", "by_name"]
    list_filter = ["campaign__convention"]
    list_select_related = ["campaign", "organisation"]
    readonly_fields = ["created_at"]


@admin.register(models.ReminderRecipient)
class ReminderRecipientAdmin(admin.ModelAdmin):
    list_display = ["reminder", "user"]
    list_select_related = ["reminder__organisation", "user"]
    search_fields = ["user__email"]


@admin.register(models.Value)
class ValueAdmin(admin.ModelAdmin):
    """A value as everybody may read it, what is said beside it included (rule 6)."""

    list_display = ["campaign_indicator", "commune", "state", "figure", "entered_by_name",
                    "entered_at", "verified_by_name"]  # fmt: skip
    list_filter = ["state", "campaign_indicator__campaign__convention"]
    list_select_related = ["campaign_indicator__indicator", "campaign_indicator__campaign",
                           "campaign_indicator__version", "campaign_indicator__provider",
                           "campaign_indicator__disclosure", "commune"]  # fmt: skip
    search_fields = ["campaign_indicator__indicator__search_text"]
    exclude = ["number", "numerator", "denominator", "absence", "reason", "comment", "provisional",
               "source"]  # fmt: skip
    readonly_fields = ["figure", "remark", "source_shown"]

    @admin.display(description="donnée, telle qu’elle est montrée")
    def figure(self, value):
        return _disclosed(value).words

    @admin.display(description="commentaire ou motif")
    def remark(self, value):
        figure = _disclosed(value)
        return figure.reason or figure.comment

    @admin.display(description="source")
    def source_shown(self, value):
        return _disclosed(value).source or value.campaign_indicator.provider.source


def _disclosed(value):
    entry = value.campaign_indicator
    return disclose(value, Definition.of(entry.version), entry.rule)


@admin.register(models.ValueTransition)
class ValueTransitionAdmin(admin.ModelAdmin):
    """What was done to a value, without what it was then: former figures are the provider's."""

    list_display = ["created_at", "value", "verb", "by_name"]
    list_filter = ["verb", "value__campaign_indicator__campaign__convention"]
    list_select_related = ["value__campaign_indicator__indicator",
                           "value__campaign_indicator__campaign"]  # fmt: skip
    exclude = ["number", "numerator", "denominator", "absence", "provisional", "reason"]
    readonly_fields = ["created_at"]


@admin.register(models.Evidence)
class EvidenceAdmin(admin.ModelAdmin):
    list_display = ["value", "document"]
    list_select_related = ["document", "value__campaign_indicator__indicator",
                           "value__campaign_indicator__campaign"]  # fmt: skip
    search_fields = ["document__sha256"]


@admin.register(models.Release)
class ReleaseAdmin(admin.ModelAdmin):
    list_display = ["source", "year", "number", "state", "convention", "loaded_at"]
    list_filter = ["source", "state", "year"]
    list_select_related = ["convention"]


@admin.register(models.ReleaseTransition)
class ReleaseTransitionAdmin(admin.ModelAdmin):
    list_display = ["created_at", "release", "verb", "by_name", "reason"]
    list_filter = ["verb"]
    list_select_related = ["release"]
    readonly_fields = ["created_at"]


@admin.register(models.PublicFigure)
class PublicFigureAdmin(admin.ModelAdmin):
    list_display = ["release", "place_kind", "place", "measure", "number"]
    list_filter = ["place_kind"]
    list_select_related = ["release"]
    search_fields = ["place"]


@admin.register(models.Comparison)
class ComparisonAdmin(admin.ModelAdmin):
    list_display = ["convention", "is_compared"]
    list_filter = ["is_compared"]
    list_select_related = ["convention"]
