"""Who gets what on the pages of the year and of its report."""

from tests.routes import of_convention

# Who coordinates, or sits in the committee.
PREPARING = ("coordinator", "member", "adviser", "advisory")
COORDINATOR_ONLY = {"status": 302, "method": "post"}


def _year(scene) -> dict:
    return {"year": scene.evaluation.year}


def _theme(scene) -> dict:
    return _year(scene) | {"pk": scene.evaluation.theme.pk}


def _part(scene) -> dict:
    return _year(scene) | {"part": "introduction"}


def _report(scene) -> dict:
    return _year(scene) | {"pk": scene.evaluation.report.pk}


def _file(scene) -> dict:
    return _year(scene) | {"extension": "xlsx"}


ROUTES = {
    "evaluation:year": of_convention(_year),
    "evaluation:final": of_convention(),
    "evaluation:narrative": of_convention(_theme, status=403, coordinator=200),
    "evaluation:year_text": of_convention(_part, status=403, coordinator=200),
    # Who does not prepare it is led to what is published.
    "evaluation:report": of_convention(_year, status=302, **dict.fromkeys(PREPARING, 200)),
    "evaluation:report_file": of_convention(_report, status=302, **dict.fromkeys(PREPARING, 200)),
    "evaluation:report_files": of_convention(_file, status=404, **dict.fromkeys(PREPARING, 200)),
    # What is refused is told on the page that one comes back to.
    "evaluation:request_report": of_convention(_year, **COORDINATOR_ONLY),
    "evaluation:cancel_report": of_convention(_report, status=302, method="post"),
}
