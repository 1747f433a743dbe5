"""Serve the files of a published version, its document and those beside it, under addresses that
stay."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from ctg_portal.house import FilePlace
from documents.downloads import attachment, serve_file
from evaluation.editions.models import Edition, Printing
from evaluation.publication.snapshots import content_of
from evaluation.report.document import file_name
from evaluation.report.marks import Mark
from evaluation.report.renditions import ANNEX, CSV, DATA, ESSENTIAL, FILES, WORD_FILE, WORKBOOK

PDF = "application/pdf"
# The order in which pages offer them, after the document itself.
OFFERED = (ESSENTIAL, ANNEX, WORD_FILE, WORKBOOK, CSV, DATA)


def serve_printing(printing: Printing) -> HttpResponse:
    """Serve a drawn file of an edition as a download, under a name with its version; « projet » in
    it before it is published."""
    slug, edition = printing.edition.evaluation.convention.slug, printing.edition
    slug = f"{slug}-v{edition.number}" if printing.is_final else f"{slug}-projet-v{edition.number}"
    if printing.is_whole:
        return serve_file(printing, file_name(slug, edition.year), PDF)
    kind = FILES[printing.rendition]
    return serve_file(printing, kind.name(slug, edition.period), kind.served_as)


def published_file(edition: Edition, name: str) -> HttpResponse:
    """Serve a file of a published version by its name in ``FILES``, or ``Rendition.WHOLE``. What is
    quick (CSV, JSON) is made now; of others the stored file, Http404 while it is being drawn."""
    if name not in FILES or not FILES[name].is_quick:
        printings = Printing.objects.published().select_related("edition__evaluation__convention")
        return serve_printing(get_object_or_404(printings, edition=edition, rendition=name))
    kind, slug = FILES[name], edition.evaluation.convention.slug
    mark = Mark.published(edition.number, timezone.localdate(edition.published_at))
    drawn = kind.draw(None, content_of(edition.snapshot), mark, edition.published_at)
    download_name = kind.name(f"{slug}-v{edition.number}", edition.period)
    return attachment(drawn.content, download_name, kind.served_as)


def places_of_printing(row: Model) -> Iterator[FilePlace]:
    """Yield the convention of a drawn file of an edition."""
    if isinstance(row, Printing):
        edition = row.edition
        convention = edition.evaluation.convention
        state = "" if row.is_final else "projet, "
        label = f"{edition.period.called}, {state}version {edition.number}"
        url = reverse("evaluation:publication", args=[convention.slug, edition.year])
        yield FilePlace(convention, f"{label} ({row.get_rendition_display()})", url)


@dataclass(frozen=True)
class Offered:
    """A file of a published version on a page. ``printing``: for one that is stored; an empty
    ``url`` means that it is being drawn."""

    label: str
    url: str
    printing: Printing | None = None


@dataclass(frozen=True)
class PublishedDocument:
    """A published version with its document, and the files beside it."""

    edition: Edition
    printing: Printing
    renditions: list[Printing]

    @property
    def files(self) -> list[Offered]:
        """All files beside the document, in the order of ``OFFERED``; one that is not drawn yet has
        an empty ``url``."""
        made = {printing.rendition: printing for printing in self.renditions}
        return [self._offered(name, made.get(name)) for name in OFFERED]

    def _offered(self, name: str, printing: Printing | None) -> Offered:
        """Return the file of this name with its address: made on demand where it is quick, the
        stored one once it is drawn, else none."""
        kind, edition = FILES[name], self.edition
        where = [edition.evaluation.convention.slug, edition.year]
        if kind.is_quick:
            url = reverse("evaluation:edition_data", args=[*where, edition.number, name])
        elif printing and printing.is_ready:
            url = reverse("evaluation:edition_file", args=[*where, printing.pk])
        else:
            url = ""
        return Offered(kind.label, url, printing if url else None)
