from django.contrib import admin

from actions import models


class LeadInline(admin.TabularInline):
    model = models.Lead


class MeansInline(admin.TabularInline):
    model = models.Means


class FundingInline(admin.TabularInline):
    model = models.Funding


class MilestoneInline(admin.TabularInline):
    model = models.Milestone


@admin.register(models.Action)
class ActionAdmin(admin.ModelAdmin):
    list_display = ["number", "title", "convention", "theme", "state", "standing", "ends_on"]
    list_filter = ["standing", "state", "priority", "convention"]
    list_select_related = ["convention", "theme__axis"]
    search_fields = ["search_text"]
    inlines = [LeadInline, MeansInline, FundingInline, MilestoneInline]


@admin.register(models.Lead)
class LeadAdmin(admin.ModelAdmin):
    list_display = ["action", "organisation", "name", "capacity", "user"]
    list_select_related = ["action", "organisation", "user"]
    search_fields = ["name", "action__search_text"]


@admin.register(models.Means)
class MeansAdmin(admin.ModelAdmin):
    list_display = ["action", "organisation", "fte", "note"]
    list_select_related = ["action", "organisation"]
    search_fields = ["action__search_text"]


@admin.register(models.Funding)
class FundingAdmin(admin.ModelAdmin):
    list_display = ["action", "funder", "funder_name", "year", "nature", "planned", "granted",
                    "spent"]  # fmt: skip
    list_filter = ["nature", "action__convention"]
    list_select_related = ["action", "funder"]
    search_fields = ["action__search_text", "funder_name", "scheme"]


@admin.register(models.Milestone)
class MilestoneAdmin(admin.ModelAdmin):
    list_display = ["title", "action", "due_on", "done_on", "weight"]
    list_select_related = ["action"]
    search_fields = ["title", "action__search_text"]


@admin.register(models.FollowUp)
class FollowUpAdmin(admin.ModelAdmin):
    list_display = ["action", "year", "written_by_name", "written_at"]
    list_filter = ["year", "action__convention"]
    list_select_related = ["action"]
    search_fields = ["action__search_text"]


@admin.register(models.JournalEntry)
class JournalEntryAdmin(admin.ModelAdmin):
    list_display = ["created_at", "action", "part", "user_name"]
    list_filter = ["part", "action__convention"]
    list_select_related = ["action"]
    readonly_fields = ["created_at"]


@admin.register(models.ActionDocument)
class ActionDocumentAdmin(admin.ModelAdmin):
    list_display = ["title", "action", "document__name", "withdrawn_at"]
    list_select_related = ["action", "document"]
    search_fields = ["title", "action__search_text"]
