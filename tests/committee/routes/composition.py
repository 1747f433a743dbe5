"""Who gets what on the pages of the committee's composition."""

from tests.routes import of_convention

ROUTES = {
    "committee:composition": of_convention(),
    "committee:composition_history": of_convention(),
    "committee:delegation_act": of_convention(
        lambda scene: {"pk": scene.committee.delegation.pk}
    ),
}
