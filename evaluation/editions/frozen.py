"""Read what was frozen of an evaluation, for ever.

The fields of ``ReportContent`` come and go; a frozen content stays as it was written. One that a
later release adds has a default, and one that it drops is ignored. What changes its meaning takes
the next ``FORMAT`` and a step in ``STEPS``, a pure function from one plain dictionary to the next
(upcasting). ``tests/evaluation/publication/samples`` has a content of each.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from evaluation.editions.models import Snapshot

# Raised when templates or style change what the same content looks like, too.
FORMAT = 10
STEPS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


def plain_of(snapshot: Snapshot) -> dict[str, Any]:
    """Return a frozen content in the shape of today, as dictionaries, lists, texts and numbers."""
    content = json.loads(snapshot.text)
    for schema in range(snapshot.schema, FORMAT):
        content = STEPS.get(schema, lambda same: same)(content)
    return content
