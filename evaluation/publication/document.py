"""The document of an edition, drawn from what was frozen."""

from django.utils import timezone

from ctg_portal.rules import Refusal, Refused
from documents.drawing.kinds import DocumentKind, Drawn
from evaluation.images.image import carried
from evaluation.models import Printing
from evaluation.publication.events import publish_printed
from evaluation.publication.snapshots import content_of
from evaluation.report.content import ReportContent
from evaluation.report.document import draw, write
from evaluation.report.marks import Mark

IMAGE_LOST = Refusal(
    "Une image de ce contenu n’est plus là, ou n’est plus celle qui a été acceptée : prévenez "
    "l’exploitant du portail."
)


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
        """What is published shows all its images, or is not published."""
        if row.is_final and len(carried(content.images)) < len(content.images):
            raise Refused(IMAGE_LOST)
        return write(content, mark_of(row))

    def draw(self, written: str, content: ReportContent, row: Printing) -> Drawn:
        return draw(written, content, mark_of(row), row.requested_at)

    def kept(self, row: Printing) -> None:
        if row.is_final:
            publish_printed(row)
