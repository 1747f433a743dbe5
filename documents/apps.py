from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """What makes and keeps documents: logos, stored files, PDF documents, tables."""

    name = "documents"
    verbose_name = "Documents"

    def ready(self):
        from documents import checks  # noqa: F401, PLC0415  (registers itself)
