"""The files of a published version: its document, and what is made of the same content for other
readers, under addresses that stay."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from documents.downloads import attachment, serve_file
from evaluation.models import Edition, Printing, Rendition
from evaluation.publication.snapshots import content_of
from evaluation.report.document import file_name
from evaluation.report.marks import Mark
from evaluation.report.renditions import CSV, DATA, ESSENTIAL, FILES, WORD_FILE, WORKBOOK

PDF = "application/pdf"
# The order in which pages offer them, after the document itself.
OFFERED = (ESSENTIAL, WORD_FILE, WORKBOOK, CSV, DATA)


def serve_printing(printing: Printing) -> HttpResponse:
    """Its file, to be saved under its name."""
    slug, edition = printing.edition.evaluation.convention.slug, printing.edition
    slug = f"{slug}-v{edition.number}" if printing.is_final else f"{slug}-projet-v{edition.number}"
    if printing.is_whole:
        return serve_file(printing.file, file_name(slug, edition.year), PDF)
    kind = FILES[printing.rendition]
    return serve_file(printing.file, kind.name(slug, edition.period), kind.served_as)


def published_file(edition: Edition, name: str) -> HttpResponse:
    """A file of a published version, by its name in ``FILES``, or ``Rendition.WHOLE``; Http404
    while it is being drawn."""
    if name not in FILES or not FILES[name].is_quick:
        found = Printing.objects.published().select_related("edition__evaluation__convention")
        return serve_printing(get_object_or_404(found, edition=edition, rendition=name))
    kind, slug = FILES[name], edition.evaluation.convention.slug
    mark = Mark.published(edition.number, timezone.localdate(edition.published_at))
    drawn = kind.draw(None, content_of(edition.snapshot), mark, edition.published_at)
    called = kind.name(f"{slug}-v{edition.number}", edition.period)
    return attachment(drawn.content, called, kind.served_as)


@dataclass(frozen=True)
class Offered:
    """A file of a published version on a page; ``printing``: of one that is kept. Without ``url``
    it is being drawn."""

    label: str
    url: str
    printing: Printing | None = None


@dataclass(frozen=True)
class PublishedDocument:
    """A published version with its document, and what goes with it."""

    edition: Edition
    printing: Printing
    beside: list[Printing]

    @property
    def files(self) -> list[Offered]:
        made = {one.rendition: one for one in self.beside}
        return [self._offered(name, made.get(name)) for name in OFFERED]

    def _offered(self, name: str, printing: Printing | None) -> Offered:
        kind, edition = FILES[name], self.edition
        where = [edition.evaluation.convention.slug, edition.year]
        if kind.is_quick:
            url = reverse("evaluation:edition_data", args=[*where, edition.number, name])
        elif printing and printing.is_ready:
            url = reverse("evaluation:edition_file", args=[*where, printing.pk])
        else:
            url = ""
        return Offered(kind.label, url, printing if url else None)


def renditions_of(printings: list[Printing], edition: Edition) -> list[Printing]:
    """What goes with the document of an edition, the newest of each kind last."""
    return [
        one
        for one in printings
        if one.edition_id == edition.pk and one.is_final and one.rendition != Rendition.WHOLE
    ]
