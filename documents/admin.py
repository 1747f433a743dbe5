from django.contrib import admin

from documents.models import StoredFile


@admin.register(StoredFile)
class StoredFileAdmin(admin.ModelAdmin):
    list_display = ["__str__", "size", "uploaded_by", "uploaded_at"]
    list_select_related = ["uploaded_by"]
    search_fields = ["sha256"]
    # The content, and the name that tells of it, are for those whom its page lets in.
    exclude = ["file", "name"]
