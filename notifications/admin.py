from django.contrib import admin

from notifications import models


@admin.register(models.Notice)
class NoticeAdmin(admin.ModelAdmin):
    list_display = [
        "since", "not_before", "told_at", "user", "kind", "scope_label", "title", "reason",
    ]  # fmt: skip
    list_filter = ["kind", "is_own"]
    list_select_related = ["user"]
    search_fields = ["user__email", "title"]
