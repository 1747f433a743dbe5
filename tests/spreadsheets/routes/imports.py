"""Who gets what on the pages of a file that somebody has brought: it is theirs alone."""

from django.core.files.uploadedfile import SimpleUploadedFile

from spreadsheets.importing.events import bring
from tests.routes import LOGIN, PERSONAS, Route
from tests.spreadsheets.files import xlsx

OTHERS = dict.fromkeys([one for one in PERSONAS if one != "contributor"], 404)


def brought(scene) -> dict:
    """A file of the scene's contributor, with something that is refused."""
    content = xlsx(["Indicateur", "Valeur"], ["Places 0", 412], ["Inconnu", 3])
    scope = f"{scene.convention.slug}/{scene.evaluation.year}"
    upload = SimpleUploadedFile("suivi.xlsx", content)
    return {"pk": bring("indicators.values", scope, upload, by=scene.people["contributor"]).pk}


def _of_its_person(status: int, method: str = "get") -> Route:
    statuses = OTHERS | {"anonymous": LOGIN, "reader": 404, "contributor": status}
    return Route(statuses, brought, method)


ROUTES = {
    "spreadsheets:import": _of_its_person(200),
    "spreadsheets:columns": _of_its_person(302, "post"),
    "spreadsheets:correct": _of_its_person(302, "post"),
    "spreadsheets:read_again": _of_its_person(302, "post"),
    "spreadsheets:undo": _of_its_person(302, "post"),
    "spreadsheets:abandon": _of_its_person(302, "post"),
    "spreadsheets:marked": _of_its_person(200),
    # Nothing was kept of it.
    "spreadsheets:account": _of_its_person(404),
}
