"""The document of an edition, drawn from what was frozen."""

from django.utils import timezone

from documents.drawing.kinds import DocumentKind, Drawn
from evaluation.models import Printing
from evaluation.publication.events import publish_printed
from evaluation.publication.snapshots import content_of
from evaluation.report.content import ReportContent
from evaluation.report.document import draw, write
from evaluation.report.marks import Mark


def mark_of(row: Printing) -> Mark:
    """What the document says of itself, on its cover and on every page."""
    day = timezone.localdate(row.requested_at)
    return Mark.published(row.edition.number, day) if row.is_final else Mark.project(day)


class PrintingDocument(DocumentKind):
    """As the worker draws it; with the last byte of it, what it publishes is published."""

    name = Printing.kind

    def read(self, row: Printing) -> tuple[ReportContent, str]:
        snapshot = row.edition.snapshot
        return content_of(snapshot), snapshot.digest

    def write(self, content: ReportContent, row: Printing) -> str:
        return write(content, mark_of(row))

    def draw(self, written: str, content: ReportContent, row: Printing) -> Drawn:
        return draw(written, content, mark_of(row), row.requested_at)

    def kept(self, row: Printing) -> None:
        if row.is_final:
            publish_printed(row)
