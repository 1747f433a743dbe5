from django.contrib import admin

from evaluation import models


@admin.register(models.Narrative)
class NarrativeAdmin(admin.ModelAdmin):
    list_display = ["theme", "year", "revision", "updated_by_name", "updated_at"]
    list_filter = ["year", "theme__axis__convention"]
    list_select_related = ["theme__axis"]


@admin.register(models.Report)
class ReportAdmin(admin.ModelAdmin):
    list_display = ["year", "convention", "state", "stage", "requested_at", "requested_by_name",
                    "pages", "sha256"]  # fmt: skip
    list_filter = ["state", "convention"]
    list_select_related = ["convention"]
    search_fields = ["sha256"]


@admin.register(models.ReportTransition)
class ReportTransitionAdmin(admin.ModelAdmin):
    list_display = ["created_at", "report", "verb", "by_name"]
    list_filter = ["verb", "report__convention"]
    list_select_related = ["report"]
    readonly_fields = ["created_at"]
