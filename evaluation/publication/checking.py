"""Compare a file, byte for byte, with what is published: « Ce document est-il le bon ? »."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from evaluation.editions.models import Edition, Printing, PrintingQuerySet


@dataclass(frozen=True)
class Checked:
    """What a file is: the document of ``printing``, or nothing that the portal knows.

    ``later``: the published version to read in its place, if any.
    """

    digest: str
    printing: Printing | None = None
    later: Edition | None = None

    @property
    def edition(self) -> Edition | None:
        """The edition that the file is of; None for a file that the portal does not know."""
        return self.printing.edition if self.printing else None

    @property
    def is_published(self) -> bool:
        """Whether the file is the document of a published version, or a file beside it, and no
        project."""
        return bool(self.printing) and self.printing.is_final and self.edition.is_published


def check(chunks: Iterable[bytes], printings: PrintingQuerySet) -> Checked:
    """Return what the bytes are among the drawn files of ``printings``, those that the reader may
    know of; of a file known as project and as published, the published one. ``later`` is the last
    published version, unless the file is of it."""
    sha256 = hashlib.sha256()
    for chunk in chunks:
        sha256.update(chunk)
    digest = sha256.hexdigest()
    known = printings.ready().filter(sha256=digest).select_related(
        "edition__evaluation__convention"
    )  # fmt: skip
    printing = known.order_by("-is_final", "pk").first()
    if printing is None:
        return Checked(digest)
    newest = printing.edition.evaluation.editions.last_published()
    is_of_newest = printing.is_final and printing.edition == newest
    return Checked(digest, printing, None if is_of_newest else newest)
