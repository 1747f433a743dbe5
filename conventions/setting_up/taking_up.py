"""A project and the convention that was created from it: what either has that the other has not.

Somebody may load a file over a convention whose project is still edited. Its content is compared
with what the project last wrote; who prepares it then chooses, and nothing is written over.
"""

import hashlib
import json
from typing import Any

from conventions.legal.convention import Convention
from conventions.loading import schema
from conventions.loading.content import content_of
from conventions.setting_up.content import without_empty
from conventions.setting_up.models import ExactDecoder, ExactEncoder, Project
from conventions.setting_up.outline import outline_of
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject


@cached(Subject.TEXT)
def read_content(convention: Convention) -> dict[str, Any]:
    """Return the content of a convention as a project holds it."""
    return json.loads(json.dumps(content_of(convention, {}), cls=ExactEncoder), cls=ExactDecoder)


def digest_of(content: dict[str, Any]) -> str:
    """Return the SHA-256 of a content."""
    written = json.dumps(content, cls=ExactEncoder, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()


def has_changed(project: Project, content: dict[str, Any]) -> bool:
    """Return whether the convention of a project has another content than the project last wrote
    there."""
    return project.notes.get("applied") != digest_of(content)


def differing_parts(project: Project, content: dict[str, Any]) -> list[str]:
    """Return the parts of the content, in words, in which a project and its convention differ."""
    own = _comparable(project.content)
    others = _comparable(content)
    properties = schema.load()["properties"]
    return [part["title"] for key, part in properties.items() if own.get(key) != others.get(key)]


def _comparable(content: dict[str, Any]) -> dict[str, Any]:
    """Return a content without what only one of the two would write: what the format takes for
    granted, and logos."""
    comparable = without_empty(content)
    comparable["parties"] = [
        {key: value for key, value in party.items() if key != "logo" and value is not False}
        for party in comparable.get("parties", [])
    ]
    return comparable


def take_up(project: Project, content: dict[str, Any]) -> None:
    """Give a project the content of its convention instead of its own; its outline too."""
    project.content = content
    axes = content.get("axes", [])
    project.outline, lines = outline_of(axes)
    has_themes = any(axis.get("thematiques") for axis in axes)
    project.outline_choices = {"themes": has_themes, "lines": lines}
    project.notes["applied"] = digest_of(content)
