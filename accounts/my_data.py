"""« Mes données »: all that is kept on a person, as one file (RGPD, articles 15 and 20).

Each room says what it keeps (``personal`` of its contributions); what changed by somebody's hand is
known by simple-history.
"""

import datetime
import io
import json
import zipfile
from dataclasses import dataclass

from django.template.loader import render_to_string

from accounts.models import User
from ctg_portal.house import house
from ctg_portal.personal import histories


@dataclass(frozen=True)
class Part:
    """Rows of one kind: ``labels`` of the columns, and as many values in each row."""

    title: str
    labels: list[str]
    rows: list[list]


def parts_of(user: User) -> list[Part]:
    """All that is kept on ``user``, without what is empty; a query for each kind."""
    kept = [*house().personal, *histories()]
    parts = [Part(personal.title, personal.labels, personal.rows_of(user)) for personal in kept]
    return [part for part in parts if part.rows]


def archive_of(user: User, day: datetime.date) -> tuple[str, bytes]:
    """The name and content of a ZIP: a page to read, and the same for machines."""
    parts = parts_of(user)
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
