"""Who gets what on the pages of a document that a reader asked for."""

from hashlib import sha256

from django.core.files.base import ContentFile

from documents.drawing.models import Drawing
from tests.routes import LOGIN, Route

OUTSIDE = dict.fromkeys(["stranger", "nobody", "former"], 404)
# Who may write drafts is of another audience: their file may say more.
OF_ANOTHER = {"coordinator": 404, "adviser": 404}


def _drawing(scene) -> dict:
    convention = scene.convention
    drawing = Drawing(
        kind="actions.sheet", scope=str(convention.pk), audience=f"{convention.pk}:members",
        parameters={"extension": "pdf", "pk": scene.actions.action.pk}, title="Fiche action",
        name="fiche.pdf", requested_by=scene.people["reader"], state="ready", digest="0" * 64,
        sha256=sha256(b"%PD").hexdigest(), size=3, pages=1,
    )  # fmt: skip
    drawing.file.save("fiche.pdf", ContentFile(b"%PD"), save=False)
    drawing.save()
    return {"pk": drawing.pk}


def _route_of_members(status: int, method: str = "get") -> Route:
    return Route({"anonymous": LOGIN, **OUTSIDE, **OF_ANOTHER, "reader": status}, _drawing, method)


ROUTES = {
    "documents:drawing": _route_of_members(200),
    "documents:drawing_file": _route_of_members(200),
    # It is ready: there is nothing left to call off, which is told on the page one comes back to.
    "documents:cancel_drawing": _route_of_members(302, "post"),
}
