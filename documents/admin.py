from django.contrib import admin

from documents.models import DamagedFile, Drawing, DrawingTransition, StoredFile


@admin.register(StoredFile)
class StoredFileAdmin(admin.ModelAdmin):
    list_display = ["__str__", "size", "uploaded_by", "uploaded_at"]
    list_select_related = ["uploaded_by"]
    search_fields = ["sha256"]
    # The content, and the name that tells of it, are for those whom its page lets in.
    exclude = ["file", "name"]


@admin.register(DamagedFile)
class DamagedFileAdmin(admin.ModelAdmin):
    list_display = ["file", "label", "fault", "since"]
    list_filter = ["fault"]
    search_fields = ["file", "sha256"]


@admin.register(Drawing)
class DrawingAdmin(admin.ModelAdmin):
    list_display = ["title", "kind", "state", "stage", "requested_at", "requested_by_name", "size"]
    list_filter = ["state", "kind"]
    # As above; what was asked for may name what only its audience knows.
    exclude = ["file", "parameters"]


@admin.register(DrawingTransition)
class DrawingTransitionAdmin(admin.ModelAdmin):
    list_display = ["created_at", "drawing", "verb", "by_name"]
    list_filter = ["verb"]
    list_select_related = ["drawing"]
    readonly_fields = ["created_at"]
