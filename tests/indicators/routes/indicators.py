"""Who gets what on the pages of indicators."""

from tests.routes import of_convention


def indicator(scene):
    return {"pk": scene.evaluation.indicator.pk}


ROUTES = {
    "indicators:indicators": of_convention(),
    "indicators:figures_file": of_convention(lambda scene: {"extension": "csv"}),
    "indicators:comparison": of_convention(),
    "indicators:library": of_convention(),
    "indicators:library_file": of_convention(lambda scene: {"extension": "csv"}),
    # Who may not write is told why, on the page itself.
    "indicators:take_up_entries": of_convention(),
    "indicators:indicator": of_convention(indicator),
    "indicators:by_commune_file": of_convention(
        lambda scene: {"pk": scene.evaluation.by_commune.pk, "extension": "csv"}
    ),
    # Who may not write is told why, on the page itself.
    "indicators:add_indicator": of_convention(),
    "indicators:offer_indicator": of_convention(indicator),
    "indicators:link_counts": of_convention(indicator),
    "indicators:edit_indicator": of_convention(indicator),
    "indicators:end_indicator": of_convention(indicator),
}
