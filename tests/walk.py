"""Every route of the role table, asked once for each person of it, in one scene.

Whatever is written for an answer is undone: each is given in the scene as it was built. The clock
stands still and documents are not drawn (``tests.golden.stage``): each run gets the same answers.
"""

import re
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests import sequences
from tests.documents.drawn import ask, is_offer
from tests.golden.bare import Keys, content_of, kind_of, lines_of
from tests.golden.stage import undone
from tests.personas import Scene, build_scene
from tests.role_table import ROUTES
from tests.routes import PERSONAS

PNG = b"\x89PNG\r\n\x1a\n"
WRITING = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
# Who may open the most.
WIDEST = "coordinator"
RAISED = 0
DRAWN = AssertionError("A view draws a document: the worker does.")


@dataclass(frozen=True)
class Answer:
    """What somebody gets: ``lines`` are what can be seen of it (``tests.golden.bare``), ``html`` is
    the page, empty for a file, ``offers`` whether it offers to prepare a document, ``written`` the
    tables whose rows changed, ``fault`` what was raised instead of an answer (status ``RAISED``).
    """

    status: int
    lines: list[str]
    html: str = ""
    offers: bool = False
    written: frozenset[str] = frozenset()
    fault: str = ""

    @property
    def is_page(self) -> bool:
        return self.status == 200 and bool(self.html)


class Visits:
    """One scene, the addresses of all routes in it (``keywords``, ``urls``), and its people, who
    ask for whatever they like."""

    def __init__(self):
        sequences.count_from({})
        self.scene = build_scene(slug="territoire", territory="Territoire")
        self.scene.logo_party.logo.save("logo.png", ContentFile(PNG))
        self.keywords = {name: route.kwargs(self.scene) for name, route in ROUTES.items()}
        self.urls = {name: reverse(name, kwargs=self.keywords[name]) for name in ROUTES}
        self.clients = {who: client_of(self.scene.people.get(who)) for who in PERSONAS}

    def ask(self, who: str, address: str, method: str = "get") -> Answer:
        """What somebody who has just logged in gets; nothing of it stays. ``document``: what they
        are handed out after they have asked for it and it was drawn."""
        client = self.clients[who]
        session = client.cookies.get(settings.SESSION_COOKIE_NAME)
        with undone(), tables_written() as written:
            try:
                if method == "document":
                    response = ask(client, address)
                else:
                    with mock.patch("documents.engine.draw", side_effect=DRAWN):
                        response = getattr(client, method)(address)
                answer = answer_of(response, written)
            except Exception as error:  # one fault does not hide another
                answer = Answer(RAISED, [], written=frozenset(written), fault=describe(error))
        client.cookies.clear()
        if session:
            client.cookies[settings.SESSION_COOKIE_NAME] = session.value
        return answer


class Walk(Visits):
    """``answers``: by route and person, as the role table asks; ``documents``: by route, what is
    prepared for the coordinator where the answer offers to; ``opened``: by route to which changes
    are sent, the answer to who only opens it."""

    def __init__(self):
        super().__init__()
        self.answers = {
            (name, who): self.ask(who, self.urls[name], route.method)
            for name, route in ROUTES.items()
            for who in PERSONAS
        }
        self.opened = {
            name: self.ask(WIDEST, self.urls[name])
            for name, route in ROUTES.items()
            if route.method == "post"
        }
        self.documents = {
            name: self.ask(WIDEST, self.urls[name], "document")
            for (name, who), answer in self.answers.items()
            if who == WIDEST and answer.offers
        }

        self.numbers = sequences.counted()

    def other_scene(self) -> Scene:
        """Another convention beside, alike but for its names."""
        sequences.count_from(self.numbers)
        return build_scene()

    def pages(self) -> Iterator[tuple[str, str, Answer]]:
        """The pages that are shown, each with its route and its person."""
        for (name, who), answer in self.answers.items():
            if ROUTES[name].method == "get" and answer.is_page:
                yield name, who, answer

    def widest_pages(self) -> dict[str, Answer]:
        """Each page as it is shown to who may open the most; to nobody in particular, where it is
        for people who have not logged in."""
        pages = {name: answer for name, who, answer in self.pages() if who == "anonymous"}
        return pages | {name: answer for name, who, answer in self.pages() if who == WIDEST}


def report(faults: Iterable[str]) -> None:
    """Raise an AssertionError that names all faults, where there are any."""
    if lines := [*faults]:
        raise AssertionError("\n".join([f"{len(lines)} faults", *lines]))


def answer_of(response, written: set[str]) -> Answer:
    content = content_of(response)
    return Answer(
        response.status_code,
        lines_of(response, content, Keys()),
        html=content.decode() if kind_of(response) == "text/html" else "",
        offers=is_offer(response),
        written=frozenset(written),
    )


def describe(error: Exception) -> str:
    """What was raised, and the last line of the project on the way there."""
    at = [frame for frame in traceback.extract_tb(error.__traceback__) if is_ours(frame.filename)][
        -1
    ]
    return f"{error!r} ({Path(at.filename).relative_to(settings.BASE_DIR)}:{at.lineno})"


def is_ours(file: str) -> bool:
    return Path(file).is_relative_to(settings.BASE_DIR) and "site-packages" not in file


def client_of(user) -> Client:
    """A browser in which somebody is logged in, or nobody."""
    client = Client()
    if user:
        client.force_login(user)
    return client


@contextmanager
def tables_written() -> Iterator[set[str]]:
    """Gather the tables whose rows are written meanwhile."""
    tables = set()

    def note(execute, sql, params, many, context):
        if writing := WRITING.match(sql):
            tables.add(writing[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield tables
