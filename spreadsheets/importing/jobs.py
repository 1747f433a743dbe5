"""What the clock does for the files that were brought."""

from django.utils import timezone

from ctg_portal.marks.events import changing
from documents.drawing.events import delete_with_file
from spreadsheets.importing.events import forget_file
from spreadsheets.models import Import


def forget_files() -> None:
    """Let go those that can neither be kept nor undone any more: they hold figures as typed."""
    for row in Import.objects.over(timezone.now()):
        with changing():
            forget_file(row)
            for application in row.applications.all():
                delete_with_file(application)
            row.kept_lines.update(before={})
            row.mistakes = []
            row.save(update_fields=["mistakes"])
