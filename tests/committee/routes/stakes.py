"""Who gets what on the pages of the shared stakes."""

from tests.routes import of_convention


def stake(scene):
    return {"pk": scene.committee.stake.pk}


ROUTES = {
    # What is refused is told on the page itself.
    "committee:add_stake": of_convention(),
    "committee:edit_stake": of_convention(stake),
    "committee:end_stake": of_convention(stake),
}
