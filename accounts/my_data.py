"""« Mes données »: all that is stored on a person, as one file (RGPD, articles 15 and 20).

Each room declares what it stores (``personal`` of its contributions); simple-history has the
changes that a person made.
"""

import datetime
import io
import json
import zipfile
from dataclasses import dataclass

from django.template.loader import render_to_string

from accounts.models import User
from ctg_portal.house import house
from ctg_portal.people.personal import histories


@dataclass(frozen=True)
class Part:
    """A table of rows of one kind: ``labels`` of the columns, and as many values in each row."""

    title: str
    labels: list[str]
    rows: list[list]


def personal_parts(user: User) -> list[Part]:
    """Return all that is stored on ``user``, without empty parts; a query for each kind."""
    declared = [*house().personal, *histories()]
    parts = [Part(kind.title, kind.labels, kind.rows_of(user)) for kind in declared]
    return [part for part in parts if part.rows]


def draw_archive(user: User, day: datetime.date) -> tuple[str, bytes]:
    """Return name and content of a ZIP with the data of ``user``: as an HTML page and as JSON."""
    parts = personal_parts(user)
    plain = {
        part.title: [dict(zip(part.labels, row, strict=True)) for row in part.rows]
        for part in parts
    }
    page = render_to_string(
        "accounts/my_data_file.html", {"person": user, "day": day, "parts": parts}
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mes-donnees.html", page)
        archive.writestr("mes-donnees.json", json.dumps(plain, ensure_ascii=False, indent=2))
    return f"mes-donnees-{day.isoformat()}.zip", content.getvalue()
