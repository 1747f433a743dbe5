"""Freeze what an evaluation says as plain data, and read it back (``frozen``)."""

import json

import cattrs

from conventions.models import Convention
from evaluation.editions.frozen import FORMAT, plain_of
from evaluation.editions.models import Snapshot
from evaluation.report.content import ReportContent, fields_of


def freeze(convention: Convention, content: ReportContent) -> Snapshot:
    """Store a content and return its snapshot, with the images that it shows; return the stored
    one, unchanged, if the same period has the same content."""
    snapshot, is_new = Snapshot.objects.get_or_create(
        convention=convention,
        year=content.year,
        digest=content.digest,
        defaults={
            "schema": FORMAT,
            "text": json.dumps(content, default=fields_of, ensure_ascii=False, sort_keys=True),
            "analyses": content.analyses_digest,
        },
    )
    if is_new:
        snapshot.images.set([image.key for image in content.images])
    return snapshot


def content_of(snapshot: Snapshot) -> ReportContent:
    """Return a frozen content as the document draws it."""
    return cattrs.structure(plain_of(snapshot), ReportContent)
