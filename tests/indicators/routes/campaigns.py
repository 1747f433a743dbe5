"""Who gets what on the pages of campaigns."""

from tests.routes import of_convention


def year(scene):
    return {"year": scene.evaluation.year}


def enterer(scene):
    return year(scene) | {"pk": scene.evaluation.entry.enterer_id}


# Who may not is told why, on the page itself.
ROUTES = {
    "indicators:campaigns": of_convention(),
    "indicators:prepare_campaign": of_convention(),
    "indicators:import_years": of_convention(),
    "indicators:campaign": of_convention(year),
    "indicators:owed_file": of_convention(lambda scene: year(scene) | {"extension": "csv"}),
    "indicators:happenings_file": of_convention(lambda scene: year(scene) | {"extension": "csv"}),
    "indicators:edit_campaign": of_convention(year),
    "indicators:open_campaign": of_convention(year),
    "indicators:change_campaign_year": of_convention(year),
    "indicators:cancel_campaign": of_convention(year),
    "indicators:close_campaign": of_convention(year),
    "indicators:reopen_campaign": of_convention(year),
    "indicators:remind": of_convention(year),
    "indicators:remind_one": of_convention(enterer),
    "indicators:move_deadline": of_convention(enterer),
}
