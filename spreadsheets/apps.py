from django.apps import AppConfig


class SpreadsheetsConfig(AppConfig):
    """Files in: read, match, preview, apply, undo, through an adapter. Knows no chapter."""

    name = "spreadsheets"
    verbose_name = "Tableaux reçus"
