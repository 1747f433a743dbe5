"""The place of the guide for each route, as rooms declare it in ``contributions.py``."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from ctg_portal.help.guide import PUBLIC, address_of
from ctg_portal.house import house
from ctg_portal.text.masking import SECRET_LINK

LONGEST_BACK = 500
# What the pages mean that stand where another was asked for.
ERRORS = "se-connecter#je-n-arrive-pas-a-entrer"
# From the most to the least that an access allows: who has several reads the guide of the first.
ROLES = ("coordinator", "contributor", "reader")


@dataclass(frozen=True)
class Place:
    """The place in the guide of some routes, separated by spaces: ``page#anchor``.

    ``committee:*`` stands for all routes of a room that no other place names, ``*`` for all routes.
    ``coordinator``, ``contributor``: the place for who has that role, if it is another.
    """

    routes: str
    page: str
    coordinator: str = ""
    contributor: str = ""

    def for_role(self, role: str) -> str:
        return getattr(self, role, "") or self.page

    @property
    def targets(self) -> list[str]:
        """All places that it may lead to."""
        return [place for place in (self.page, self.coordinator, self.contributor) if place]


@dataclass(frozen=True)
class Gesture:
    """One of the few things that most people come for: what it is, and the page where it is done.

    ``url_name`` takes the convention's slug; lower ranks come first.
    """

    title: str
    text: str
    url_name: str
    link: str
    rank: int


def place_of(route: str, role: str = "") -> str:
    """Return the place of the help for a role: that of the route, else of all routes of its room,
    else of the whole portal."""
    places = {name: place for place in house().help for name in place.routes.split()}
    room = f"{route.partition(':')[0]}:*"
    return next(places[name] for name in (route, room, "*") if name in places).for_role(role)


def help_address(request: HttpRequest | None, roles=()) -> str:
    """Return the address to which « Aide » leads from a page, for somebody with these roles: a
    public page for nobody, that on errors from an error page, the contents from the help itself."""
    if request is None or not getattr(request, "user", None) or not request.user.is_authenticated:
        return address_of(PUBLIC)
    if getattr(request, "is_error", False):
        return address_of(ERRORS)
    match = request.resolver_match
    route = match.view_name if match else ""
    if route.startswith("help:"):
        return address_of("", back_of(request))
    role = next((role for role in ROLES if role in roles), "")
    return address_of(place_of(route, role), _here(request))


def back_of(request: HttpRequest) -> str:
    """Return the address of the page from which the reader came to the help; empty without one."""
    back = request.GET.get("retour", "")[:LONGEST_BACK]
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours else ""


def slug_of(back: str) -> str:
    """Return the slug of the convention in an address; empty without one."""
    try:
        return resolve(urlsplit(back).path).kwargs.get("slug", "") if back else ""
    except Resolver404:
        return ""


def _here(request: HttpRequest) -> str:
    """Return the address of a page to come back to, without its query where that is too long; empty
    for one that holds a secret link."""
    here = request.get_full_path() if request.method == "GET" else request.path
    if SECRET_LINK.search(here):
        return ""
    return here if len(here) <= LONGEST_BACK else request.path
