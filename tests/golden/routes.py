"""Every route of the role table, with every person of it, in the scene of the tests."""

import factory
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from tests.golden.bare import KEY, Keys, lines_of
from tests.golden.stage import undone
from tests.personas import build_scene
from tests.role_table import ROUTES
from tests.routes import PERSONAS

PNG = b"\x89PNG\r\n\x1a\n"


def take() -> dict[str, list[str]]:
    """What each person sees, by address, method and person."""
    with undone():
        _begin_again(factory.django.DjangoModelFactory)
        scene = build_scene(slug="territoire", territory="Territoire")
        scene.logo_party.logo.save("logo.png", ContentFile(PNG))
        clients = {persona: _client_of(scene.people.get(persona)) for persona in PERSONAS}
        return {
            f"{_pattern(url, kwargs)} {route.method} {persona}": _ask(client, url, route)
            for name, route in ROUTES.items()
            for kwargs in [route.kwargs(scene)]
            for url in [reverse(name, kwargs=kwargs)]
            for persona, client in clients.items()
        }


def _begin_again(kind) -> None:
    """Names and numbers given by factories do not depend on what was made before."""
    for factory_class in kind.__subclasses__():
        factory_class.reset_sequence(0, force=True)
        _begin_again(factory_class)


def _client_of(user) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def _pattern(address: str, kwargs: dict) -> str:
    """The address with what stands for any row in it."""
    for key in ("slug", "token", "insee"):
        if key in kwargs:
            address = address.replace(kwargs[key], f"<{key}>")
    return KEY.sub("#", address)


def _ask(client: Client, url: str, route) -> list[str]:
    session = client.cookies.get(settings.SESSION_COOKIE_NAME)
    with undone():
        response = getattr(client, route.method)(url)
        lines = [str(response.status_code), *lines_of(response, Keys())]
    client.cookies.clear()
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session.value
    return lines
