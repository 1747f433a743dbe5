"""Draw the document of an edition, and the files beside it, from what was frozen."""

from django.utils import timezone

from ctg_portal.rules import Refusal, Refused, enforce
from documents.drawing.kinds import DocumentKind, Drawn
from evaluation.editions.models import Printing
from evaluation.images.image import carried
from evaluation.publication.events import publish_printed
from evaluation.publication.snapshots import content_of
from evaluation.report.content import ReportContent
from evaluation.report.document import draw, draw_sections, refuse_failed_sections, write
from evaluation.report.marks import Mark
from evaluation.report.renditions import FILES, refuse_failed_files

IMAGE_LOST = Refusal(
    "Une image de ce contenu n’est plus là, ou n’est plus celle qui a été acceptée : prévenez "
    "l’hébergeur du portail."
)


def mark_of(row: Printing) -> Mark:
    """Return the mark of the document on its cover and pages: the published version, or a project,
    with the day."""
    day = timezone.localdate(row.edition.published_at or row.requested_at)
    return Mark.published(row.edition.number, day) if row.is_final else Mark.project(day)


class PrintingDocument(DocumentKind):
    """The kind of document that the worker draws; storing the final one publishes the edition."""

    name = Printing.kind

    def read(self, row: Printing) -> tuple[ReportContent, str]:
        """Return the content that was frozen, and its digest."""
        snapshot = row.edition.snapshot
        return content_of(snapshot), snapshot.digest

    def write(self, content: ReportContent, row: Printing):
        """Return the pages, or the file beside them, to be drawn. Raises Refused where a section
        cannot be drawn; for a final document also where an image is missing, or a file beside it
        cannot be laid out."""
        if row.is_final and len(carried(content.images)) < len(content.images):
            raise Refused(IMAGE_LOST)
        if not row.is_whole:
            return FILES[row.rendition].write(content, mark_of(row))
        sections = draw_sections(content)
        enforce(
            refuse_failed_sections(sections)
            or (refuse_failed_files(content) if row.is_final else None)
        )
        return write(content, mark_of(row), sections)

    def draw(self, written, content: ReportContent, row: Printing) -> Drawn:
        """Return the bytes of what was written, dated on the day of the request."""
        make = draw if row.is_whole else FILES[row.rendition].draw
        return make(written, content, mark_of(row), row.requested_at)

    def on_stored(self, row: Printing) -> None:
        """Publish the edition once its final document is stored; do nothing for a project or a file
        beside a document."""
        if row.is_final and row.is_whole:
            publish_printed(row)
