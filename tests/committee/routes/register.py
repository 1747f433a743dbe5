"""Who gets what on the pages of the register."""

from tests.routes import of_convention


def entry(scene):
    return {"pk": scene.committee.entry.pk}


ROUTES = {
    "committee:register": of_convention(),
    "committee:entry": of_convention(entry),
    "committee:entry_text": of_convention(entry),
    "committee:register_export": of_convention(lambda scene: {"format": "csv"}),
}
