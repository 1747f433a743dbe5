"""What was frozen of an evaluation, read for ever.

The fields of ``ReportContent`` come and go; a frozen content stays as it was written. One that a
later release adds has a default, and one that it drops is passed over. What changes its meaning
takes the next ``FORMAT`` and a step in ``STEPS``, a pure function from one plain dictionary to the
next. ``tests/evaluation/publication/samples`` keeps a content of each.
"""

import json
from collections.abc import Callable, Mapping

from evaluation.models import Snapshot

# Raised when templates or style change what the same content looks like, too.
FORMAT = 9
STEPS: Mapping[int, Callable[[dict], dict]] = {}


def plain_of(snapshot: Snapshot) -> dict:
    """What it says, in the shape of today, as dictionaries, lists, texts and numbers."""
    content = json.loads(snapshot.text)
    for schema in range(snapshot.schema, FORMAT):
        content = STEPS.get(schema, lambda same: same)(content)
    return content
