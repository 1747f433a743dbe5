"""Who gets what on the pages of public statistics."""

from tests.indicators.routes.campaigns import year
from tests.routes import of_convention


def release(scene):
    return {"pk": scene.evaluation.release.pk}


def submitted(scene):
    return year(scene) | {"pk": scene.evaluation.submitted.campaign_indicator_id}


def taken_up(scene):
    return year(scene) | {"pk": scene.evaluation.submitted.pk}


# Who may not is told why, on the page itself or where they come from.
ROUTES = {
    "indicators:statistics": of_convention(),
    "indicators:load_release": of_convention(),
    "indicators:release": of_convention(release),
    "indicators:set_release_aside": of_convention(release),
    "indicators:taken_up": of_convention(year),
    # What is confirmed is told with the edition that was shown.
    "indicators:confirm_published": of_convention(submitted, status=404, method="post"),
    "indicators:contest_value": of_convention(taken_up),
}
