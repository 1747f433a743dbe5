from django.contrib import admin

from agreements import models


@admin.register(models.Version)
class VersionAdmin(admin.ModelAdmin):
    list_display = ["title", "kind", "number", "state", "origin", "dated", "author_name", "digest"]
    list_filter = ["state", "origin", "kind", "convention"]
    search_fields = ["search_text", "digest"]
    date_hierarchy = "created_at"
    readonly_fields = ["subject", "created_at", "saved_at"]


@admin.register(models.VersionTransition)
class VersionTransitionAdmin(admin.ModelAdmin):
    list_display = ["created_at", "version", "verb", "by_name", "capacity", "reason"]
    list_filter = ["verb", "version__convention"]
    list_select_related = ["version"]
    search_fields = ["search_text"]
    date_hierarchy = "created_at"
    readonly_fields = ["created_at"]


@admin.register(models.Agreement)
class AgreementAdmin(admin.ModelAdmin):
    list_display = ["created_at", "organisation", "answer", "person_name", "capacity", "version",
                    "is_recorded", "entered_by_name"]  # fmt: skip
    list_filter = ["answer", "seat_kind", "is_recorded", "version__convention"]
    list_select_related = ["organisation", "version"]
    search_fields = ["search_text"]
    date_hierarchy = "created_at"
    readonly_fields = ["created_at"]


@admin.register(models.Confirmation)
class ConfirmationAdmin(admin.ModelAdmin):
    list_display = ["created_at", "agreement", "way", "by_name", "capacity"]
    list_filter = ["way"]
    list_select_related = ["agreement"]
    search_fields = ["by_name", "agreement__search_text"]
    readonly_fields = ["created_at"]


@admin.register(models.Attachment)
class AttachmentAdmin(admin.ModelAdmin):
    list_display = ["document__name", "agreement"]
    list_select_related = ["document", "agreement"]
    search_fields = ["document__name", "document__sha256", "agreement__search_text"]


@admin.register(models.Seat)
class SeatAdmin(admin.ModelAdmin):
    list_display = ["name", "capacity", "organisation", "kind", "is_elected", "starts_on",
                    "ends_on"]  # fmt: skip
    list_filter = ["kind", "is_elected", "organisation__convention"]
    list_select_related = ["organisation"]
    search_fields = ["name", "capacity", "organisation__name", "user__email"]


@admin.register(models.Absence)
class AbsenceAdmin(admin.ModelAdmin):
    list_display = ["seat", "starts_on", "ends_on"]
    list_select_related = ["seat"]
    search_fields = ["seat__name"]


@admin.register(models.Delegation)
class DelegationAdmin(admin.ModelAdmin):
    list_display = ["name", "capacity", "seat", "starts_on", "ends_on", "act__name"]
    list_select_related = ["seat", "act"]
    search_fields = ["name", "seat__name", "user__email"]
