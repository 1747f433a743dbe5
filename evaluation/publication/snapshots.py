"""What an evaluation says, frozen: written as plain data, and read for ever.

The fields of ``ReportContent`` come and go; a frozen content stays as it was written. One that a
later release adds has a default, and one that it drops is passed over. What changes its meaning
takes the next ``FORMAT`` and a step in ``STEPS``, a pure function from one plain dictionary to the
next. ``tests/evaluation/publication/samples`` keeps a content of each.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict

import cattrs

from conventions.models import Convention
from evaluation.models import Snapshot
from evaluation.report.content import FORMAT, ReportContent

STEPS: Mapping[int, Callable[[dict], dict]] = {}


def freeze(convention: Convention, content: ReportContent) -> Snapshot:
    """The frozen content: the one that is there already, if it says the same."""
    snapshot, is_new = Snapshot.objects.get_or_create(
        convention=convention,
        year=content.year,
        digest=content.digest,
        defaults={
            "schema": FORMAT,
            "text": json.dumps(asdict(content), ensure_ascii=False, sort_keys=True),
            "analyses": content.analyses_digest,
        },
    )
    if is_new:
        snapshot.images.set([image.key for image in content.images])
    return snapshot


def plain_of(snapshot: Snapshot) -> dict:
    """What it says, in the shape of today, as dictionaries, lists, texts and numbers."""
    content = json.loads(snapshot.text)
    for schema in range(snapshot.schema, FORMAT):
        content = STEPS.get(schema, lambda same: same)(content)
    return content


def content_of(snapshot: Snapshot) -> ReportContent:
    """What it says, as the document draws it."""
    return cattrs.structure(plain_of(snapshot), ReportContent)
