"""Who gets what on the way of an evaluation to its publication."""

from tests.evaluation.routes.reports import COORDINATOR_ONLY, PREPARING
from tests.routes import Route, of_convention, public


def _year(scene) -> dict:
    return {"year": scene.evaluation.printing.edition.year}


def _edition(scene) -> dict:
    return _year(scene) | {"pk": scene.evaluation.printing.edition_id}


def _printing(scene) -> dict:
    return _year(scene) | {"pk": scene.evaluation.printing.pk}


def _closed(**others) -> Route:
    return Route({"reader": 404}, lambda scene: {"slug": scene.convention.slug, **others})


ROUTES = {
    "evaluation:opening": of_convention(),
    "evaluation:public_conventions": public(),
    # Closed: there is nothing, for whoever asks.
    "evaluation:public_years": _closed(),
    "evaluation:public_year": _closed(year=2023),
    "evaluation:public_version": _closed(year=2023, number=1),
    "evaluation:public_file": _closed(year=2023, number=1, extension="pdf"),
    "evaluation:public_image": _closed(year=2023, number=1, pk=1),
    "evaluation:public_essential": _closed(year=2023, number=1),
    "evaluation:public_annex": _closed(year=2023, number=1),
    # Nothing is published.
    "evaluation:edition_data": of_convention(
        lambda scene: _year(scene) | {"number": 1, "name": "csv"}, status=404
    ),
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
