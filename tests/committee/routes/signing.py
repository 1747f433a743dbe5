"""Who gets what on the pages of the signature of a convention; that of the scene is signed."""

from tests.routes import hosting, of_convention


def organisation(scene):
    return {"pk": scene.organisation.pk}


def of_host():
    return hosting(lambda scene: {"slug": scene.convention.slug}, "get")


ROUTES = {
    "committee:signing": of_convention(),
    "committee:record_signing": of_convention(status=403, coordinator=200),
    "committee:withdraw_signing": of_convention(status=403, coordinator=200),
    # A member who commits the party.
    "committee:confirm_signing": of_convention(organisation, status=403, member=200),
    "committee:signing_scan": of_convention(),
    "committee:host_signing": of_host(),
    "committee:host_signing_scan": of_host(),
}
