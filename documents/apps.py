from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """What makes and keeps documents: logos now, stored files and PDF rendering as they come."""

    name = "documents"
    verbose_name = "Documents"
