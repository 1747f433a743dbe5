"""The demonstration: its pages as each account finds them from the first one on, its versions."""

import hashlib
import math
import re
from collections import Counter, deque
from dataclasses import dataclass, field

from django.apps import apps
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils.text import slugify

from accounts.models import User
from tests.golden.bare import KEY, REFERENCE, Keys, digest, lines_of, page
from tests.golden.stage import undone
from tests.kept import draw_documents

LINK = re.compile(r'<a\b[^>]*?\shref="([^"]*)"')
# What whoever coordinates reads whole; of other rows, two of a kind.
READ_WHOLE = re.compile(
    r"/conventions/[^/]+/(comite/points|plan-d-actions|indicateurs|evaluations)/#/"
)
COORDINATE = ("coordination", "etranger")
ONE_OF_A_KIND = ("copil-agglo", "agent-caf", "lecture")
ACCOUNTS = (*COORDINATE, *ONE_OF_A_KIND, "copil-caf", "delegation-caf", "adviser-caf", "agent-msa")


def build() -> None:
    with override_settings(DEBUG=True):
        call_command("demo", verbosity=0)
    draw_documents()


def client_of(account: str) -> Client:
    """A browser in which somebody is logged in, or nobody."""
    client = Client()
    if account:
        client.force_login(User.objects.get(email=f"{account}@demo.example"))
    return client


@dataclass
class Visit:
    """What an account finds, following links from its first page."""

    account: str
    answers: dict[str, HttpResponse] = field(default_factory=dict)

    def go(self) -> None:
        client = client_of(self.account)
        waiting, shapes = deque(["/", "/conventions/"]), Counter()
        known = {*waiting}
        while waiting:
            path = waiting.popleft()
            shape = re.sub(r"/\d+/", "/#/", path)
            if shapes[shape] >= self._how_many(shape):
                continue
            shapes[shape] += 1
            response = self.answers[path] = self._get(client, path)
            for link in self._links(response, path):
                if link not in known:
                    known.add(link)
                    waiting.append(link)

    def _how_many(self, shape: str) -> float:
        """How many addresses of one shape are visited; every account sees the pages of no row."""
        if "#" not in shape:
            return 1
        if self.account in COORDINATE:
            return math.inf if READ_WHOLE.fullmatch(shape) else 2
        return self.account in ONE_OF_A_KIND

    def _get(self, client: Client, path: str) -> HttpResponse:
        with undone():
            return client.get(path)

    def _links(self, response, path: str) -> list[str]:
        if location := response.headers.get("Location"):
            return [location.partition("?")[0]]
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return []
        links = LINK.findall(response.content.decode())
        paths = [re.split(r"[?#]", link)[0] for link in links]
        return [one for one in paths if one.startswith("/") and not one.startswith("/static/")]


class Names:
    """The names of addresses: in them, the titles of their pages stand for keys."""

    def __init__(self, visits: list[Visit]):
        self.titles: dict[str, str] = {}
        for visit in visits:
            for path, response in visit.answers.items():
                if response.status_code == 200 and path not in self.titles:
                    self.titles[path] = self._title(response)
        paths = {path for visit in visits for path in visit.answers}
        self.named: dict[str, str] = {}
        taken = Counter()
        for path in sorted(paths, key=_natural):
            name = self._name(path)
            taken[name] += 1
            self.named[path] = f"{name}~{taken[name]}" if taken[name] > 1 else name

    def __call__(self, path: str) -> str:
        return self.named.get(path, "")

    def _title(self, response) -> str:
        if not response.headers["Content-Type"].startswith("text/html"):
            return ""
        return slugify(page(response.content.decode(), Keys()).title)[:60]

    def _name(self, path: str) -> str:
        pieces, name = path.split("/"), []
        for n, piece in enumerate(pieces):
            above = "/".join(pieces[: n + 1]) + "/"
            title = self.titles.get(above) or self.titles.get(path) or "#"
            name.append(f"«{title}»" if KEY.fullmatch(piece) else piece)
        return "/".join(name)


def _natural(path: str) -> list:
    return [int(piece) if piece.isdigit() else piece for piece in re.split(r"(\d+)", path)]


def take_pages() -> tuple[dict[str, list[str]], Names]:
    """What each account sees, by address and account; the names of addresses."""
    visits = [Visit(account) for account in ACCOUNTS]
    for visit in visits:
        visit.go()
    names = Names(visits)
    pages = {
        f"{names(path)} {visit.account}": [str(answer.status_code), *lines_of(answer, Keys(names))]
        for visit in visits
        for path, answer in visit.answers.items()
    }
    return pages, names


def take_versions() -> list[str]:
    """What was agreed to word for word: the digest of each stored text, after that of the same
    text without the keys of rows, which says whether anything else has changed."""
    return sorted(
        f"{one.convention.slug} | {one.kind} | {one.title} | {one.number or '-'} | "
        f"{digest([REFERENCE.sub('', one.text)])} | {hashlib.sha256(one.text.encode()).hexdigest()}"
        for one in _versions().objects.select_related("convention")
    )


def _versions():
    """The model of versions, in whichever room it is kept."""
    return next(model for model in apps.get_models() if model.__name__ == "Version")
