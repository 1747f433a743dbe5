"""Who gets what on these pages of the committee."""

from tests.routes import of_convention

ROUTES = {
    "committee:points": of_convention(),
    "committee:points_file": of_convention(lambda scene: {"extension": "csv"}),
    "committee:point": of_convention(lambda scene: {"pk": scene.committee.version.pk}),
    "committee:answer": of_convention(lambda scene: {"pk": scene.committee.version.pk}),
    "committee:recap": of_convention(),
    "committee:agree_to_all": of_convention(method="post", status=302),
    "committee:given": of_convention(),
}
