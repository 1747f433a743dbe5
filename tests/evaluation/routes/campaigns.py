"""Who gets what on the pages of campaigns."""

from tests.routes import of_convention


def year(scene):
    return {"year": scene.evaluation.year}


# Who may not is told why, on the page itself.
ROUTES = {
    "evaluation:campaigns": of_convention(),
    "evaluation:prepare_campaign": of_convention(),
    "evaluation:campaign": of_convention(year),
    "evaluation:edit_campaign": of_convention(year),
    "evaluation:open_campaign": of_convention(year),
    "evaluation:close_campaign": of_convention(year),
    "evaluation:reopen_campaign": of_convention(year),
}
