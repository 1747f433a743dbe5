"""Preparation of a web process before it serves."""

import gc
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver


def warm_up() -> None:
    """Load addresses and templates, then freeze the garbage collector.

    Some hundred thousand objects live as long as the process. The collector would look at each of
    them at every full round, in the middle of somebody's request.
    """
    get_resolver().url_patterns  # noqa: B018 (reading them imports all views)
    [folder] = settings.TEMPLATES[0]["DIRS"]
    for path in sorted(Path(folder).rglob("*.html")):
        get_template(str(path.relative_to(folder)))
    gc.collect()
    gc.freeze()
