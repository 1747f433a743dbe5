"""Who gets what on the pages of indicators."""

from tests.routes import of_convention


def indicator(scene):
    return {"pk": scene.evaluation.indicator.pk}


ROUTES = {
    "evaluation:indicators": of_convention(),
    "evaluation:library": of_convention(),
    "evaluation:indicator": of_convention(indicator),
    # Who may not write is told why, on the page itself.
    "evaluation:add_indicator": of_convention(),
    "evaluation:edit_indicator": of_convention(indicator),
    "evaluation:end_indicator": of_convention(indicator),
}
