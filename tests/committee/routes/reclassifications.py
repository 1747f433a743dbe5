"""Who gets what on the pages of corrections of what passages are."""

from tests.routes import of_convention


def reclassification(scene):
    return {"pk": scene.committee.reclassification.pk}


def passage(scene):
    return {"pk": scene.committee.objective.parent_id}


ROUTES = {
    # What is refused is told on the page itself.
    "committee:add_reclassification": of_convention(passage),
    "committee:edit_reclassification": of_convention(reclassification),
}
