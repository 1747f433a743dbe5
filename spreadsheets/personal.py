"""What the tables that come in keep of a person."""

from ctg_portal.people.personal import Personal, acts
from spreadsheets.models import (
    Application,
    ApplicationTransition,
    FileReading,
    FileReadingTransition,
    Import,
    ImportTransition,
)

PERSONAL = [
    Personal(
        model=Import, key="brought_by", title="Les tableaux que vous avez envoyés",
        given=["name", "size", "sha256", "state", "brought_by_name", "brought_at"],
        forgets=["brought_by_name"],
    ),
    Personal(
        model=Application, key="requested_by", title="Les imports que vous avez demandés",
        given=["state", "requested_by_name", "requested_at"], forgets=["requested_by_name"],
    ),
    Personal(
        model=FileReading, key="requested_by", title="Les lectures de vos tableaux",
        given=["state", "requested_by_name", "requested_at"], forgets=["requested_by_name"],
    ),
    acts(FileReadingTransition, "Vos actes sur ces lectures", "reading__import_row__name"),
    acts(ImportTransition, "Vos actes sur ces tableaux", "import_row__name"),
    acts(ApplicationTransition, "Vos actes sur ces imports", "application__import_row__name"),
]  # fmt: skip
