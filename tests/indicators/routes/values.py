"""Who gets what on the pages of values."""

from tests.indicators.routes.campaigns import year
from tests.routes import of_convention


def entry(scene):
    return year(scene) | {"pk": scene.evaluation.entry.pk}


def submitted(scene):
    return year(scene) | {"pk": scene.evaluation.submitted.campaign_indicator_id}


ROUTES = {
    "indicators:entry": of_convention(year),
    "indicators:import_values": of_convention(year),
    "indicators:values_template": of_convention(year),
    "indicators:submit_values": of_convention(year),
    "indicators:verify_values": of_convention(year),
    "indicators:value": of_convention(entry),
    # Who may not is told why, where they come from.
    "indicators:verify_value": of_convention(submitted, status=302, method="post"),
    "indicators:return_value": of_convention(submitted),
    "indicators:attach_evidence": of_convention(entry),
    "indicators:evidence": of_convention(
        lambda scene: year(scene) | {"pk": scene.evaluation.evidence.pk},
        status=302, contributor=200, coordinator=200,
    ),
}  # fmt: skip
