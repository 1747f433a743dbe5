"""Who gets what on the way of an evaluation to its publication."""

from tests.evaluation.routes.reports import COORDINATOR_ONLY, PREPARING
from tests.routes import of_convention


def _year(scene) -> dict:
    return {"year": scene.evaluation.printing.edition.year}


def _edition(scene) -> dict:
    return _year(scene) | {"pk": scene.evaluation.printing.edition_id}


def _printing(scene) -> dict:
    return _year(scene) | {"pk": scene.evaluation.printing.pk}


ROUTES = {
    "evaluation:publication": of_convention(_year),
    "evaluation:check": of_convention(),
    # What is refused is told on the page itself.
    "evaluation:submit": of_convention(_year),
    "evaluation:give_back": of_convention(_edition),
    "evaluation:publish": of_convention(_edition),
    "evaluation:validate": of_convention(_year, status=403, **dict.fromkeys(PREPARING, 200)),
    "evaluation:edition_file": of_convention(
        _printing, status=302, **dict.fromkeys(PREPARING, 200)
    ),
    "evaluation:propose": of_convention(_edition, **COORDINATOR_ONLY),
    # For an organisation that the form names.
    "evaluation:take_back": of_convention(_edition, status=404, method="post"),
}
