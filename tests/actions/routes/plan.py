"""Who gets what on the pages of the action plan."""

from tests.routes import of_convention

PDF = {"extension": "pdf"}


def action(scene):
    return {"pk": scene.actions.action.pk}


def document(scene):
    return action(scene) | {"document": scene.actions.document.pk}


ROUTES = {
    "actions:plan": of_convention(),
    "actions:timeline": of_convention(),
    "actions:board": of_convention(),
    "actions:by_objective": of_convention(),
    "actions:by_commune": of_convention(),
    "actions:budget": of_convention(),
    "actions:mine": of_convention(),
    "actions:mine_file": of_convention(lambda scene: {"extension": "csv"}),
    "actions:review": of_convention(),
    "actions:review_file": of_convention(lambda scene: {"extension": "csv"}),
    "actions:plan_file": of_convention(lambda scene: {"extension": "csv"}),
    "actions:action": of_convention(action),
    "actions:history": of_convention(action),
    "actions:journal_file": of_convention(lambda scene: action(scene) | {"extension": "csv"}),
    "actions:sheet_file": of_convention(lambda scene: action(scene) | PDF),
    "actions:document": of_convention(document),
    # Who may not is told why, on the page itself.
    "actions:add": of_convention(),
    "actions:take_up": of_convention(),
    "actions:duplicate": of_convention(action),
    "actions:import_plan": of_convention(),
    # Nothing is to be specified of the action of the scene.
    "actions:settle_text": of_convention(
        lambda scene: action(scene) | {"text": 0}, status=404, method="post"
    ),
    "actions:edit": of_convention(action),
    "actions:edit_section": of_convention(lambda scene: action(scene) | {"section": "moyens"}),
    "actions:end": of_convention(action),
    "actions:follow": of_convention(lambda scene: action(scene) | {"part": "depenses"}),
    "actions:add_document": of_convention(action),
    "actions:withdraw_document": of_convention(document),
}
