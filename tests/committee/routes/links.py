"""Who gets what by a personal link: its addressee is redirected, whoever else holds it reads it."""

from django.utils import timezone

from committee.links.tokens import POINT, Link
from tests.routes import Route, personal


def link(scene):
    committee = scene.committee
    member = committee.people["member"]
    issued = timezone.now().replace(microsecond=0)
    return {"token": Link(member, POINT, committee.version.pk, 0, issued).token}


ROUTES = {
    "committee:link": Route({"reader": 200, "member": 302}, link),
    "committee:cut_links": personal(),
}
