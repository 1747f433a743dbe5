from django.contrib import admin

from indicators import models


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


@admin.register(models.CampaignIndicator)
class CampaignIndicatorAdmin(admin.ModelAdmin):
    list_display = ["indicator", "campaign", "provider", "enterer", "due_on", "version"]
    list_filter = ["campaign__convention", "campaign__year"]
    list_select_related = ["indicator", "campaign", "provider", "enterer", "version"]
    search_fields = ["indicator__search_text"]


@admin.register(models.Value)
class ValueAdmin(admin.ModelAdmin):
    """Raw figures: for the accounts of the administration alone, which are few."""

    list_display = ["campaign_indicator", "commune", "state", "number", "absence", "provisional",
                    "entered_by_name", "entered_at", "verified_by_name"]  # fmt: skip
    list_filter = ["state", "absence", "provisional",
                   "campaign_indicator__campaign__convention"]  # fmt: skip
    list_select_related = ["campaign_indicator__indicator", "campaign_indicator__campaign",
                           "commune"]  # fmt: skip
    search_fields = ["campaign_indicator__indicator__search_text"]


@admin.register(models.ValueTransition)
class ValueTransitionAdmin(admin.ModelAdmin):
    list_display = ["created_at", "value", "verb", "number", "absence", "by_name"]
    list_filter = ["verb", "value__campaign_indicator__campaign__convention"]
    list_select_related = ["value__campaign_indicator__indicator",
                           "value__campaign_indicator__campaign"]  # fmt: skip
    readonly_fields = ["created_at"]


@admin.register(models.Evidence)
class EvidenceAdmin(admin.ModelAdmin):
    list_display = ["document", "value"]
    list_select_related = ["document", "value__campaign_indicator__indicator",
                           "value__campaign_indicator__campaign"]  # fmt: skip
    search_fields = ["document__name", "document__sha256"]
