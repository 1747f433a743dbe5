"""The demonstration: its pages as each account finds them from the first one on, its versions."""

import hashlib
import html
import re
from collections import Counter, deque
from dataclasses import dataclass, field

from django.apps import apps
from django.http import HttpResponse
from django.test import Client
from django.utils.text import slugify

from accounts.models import User
from tests.documents.drawn import ask
from tests.golden.bare import KEY, REFERENCE, Keys, content_of, digest, kind_of, lines_of
from tests.golden.stage import undone

LINK = re.compile(r'<a\b[^>]*?\shref="([^"]*)"')
# Where a document is asked for, among links (documents/drawing/ask.html).
ASKED = re.compile(r'<form class="d-inline" method="post" action="([^"?]*)')
TITLE, TAG = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL), re.compile(r"<[^>]*>")
# Of which rows whoever coordinates reads four; of others, one.
READ_MORE = re.compile(
    r"/conventions/[^/]+/(comite/points|plan-d-actions|indicateurs|evaluations)/#/"
)
COORDINATE = ("coordination", "etranger")
ONE_OF_A_KIND = ("copil-agglo", "agent-caf", "lecture")
# Their other pages are as those of the same role are in the scene of the tests.
FIRST_PAGE = ("copil-caf", "delegation-caf", "adviser-caf", "agent-msa")
ACCOUNTS = (*COORDINATE, *ONE_OF_A_KIND, *FIRST_PAGE)


def client_of(account: str) -> Client:
    """A browser in which somebody is logged in, or nobody."""
    client = Client()
    if account:
        client.force_login(User.objects.get(email=f"{account}@demo.example"))
    return client


@dataclass
class Answer:
    """What is answered: the status and headers of ``response``, and its ``content``."""

    response: HttpResponse
    content: bytes

    def lines(self, keys: Keys) -> list[str]:
        return [str(self.response.status_code), *lines_of(self.response, self.content, keys)]


@dataclass
class Visit:
    """What an account finds, following links from its first page. ``documents``: by address, what
    is handed out to who asks for it there."""

    account: str
    answers: dict[str, Answer] = field(default_factory=dict)
    documents: dict[str, Answer] = field(default_factory=dict)

    def go(self) -> None:
        client = client_of(self.account)
        waiting, shapes = deque(["/", "/conventions/"]), Counter()
        known = {*waiting}
        while waiting:
            path = waiting.popleft()
            shape = shape_of(path)
            if shapes[shape] >= self._how_many(shape):
                continue
            shapes[shape] += 1
            answer = self.answers[path] = get(client, path)
            if self.account in COORDINATE:
                self._ask_for_documents(client, answer, shapes)
            for link in self._links(answer):
                if link not in known:
                    known.add(link)
                    waiting.append(link)

    def _ask_for_documents(self, client: Client, answer: Answer, shapes: Counter) -> None:
        """Ask for the documents that a page offers, as files that are drawn."""
        if kind_of(answer.response) != "text/html":
            return
        for path in dict.fromkeys(ASKED.findall(answer.content.decode())):
            shape = shape_of(path)
            if path not in self.documents and shapes[shape] < self._how_many(shape):
                shapes[shape] += 1
                self.documents[path] = get(client, path, ask)

    def _how_many(self, shape: str) -> int:
        """How many addresses of one shape are visited."""
        return 4 if self.account in COORDINATE and READ_MORE.fullmatch(shape) else 1

    def _links(self, answer: Answer) -> list[str]:
        """Where one goes on to from there."""
        if location := answer.response.headers.get("Location"):
            return [location.partition("?")[0]]
        if kind_of(answer.response) != "text/html" or self.account in FIRST_PAGE:
            return []
        links = LINK.findall(answer.content.decode())
        paths = [re.split(r"[?#]", link)[0] for link in links]
        return [path for path in paths if path.startswith("/") and not path.startswith("/static/")]


def shape_of(path: str) -> str:
    return re.sub(r"/\d+/", "/#/", path)


def get(client: Client, path: str, how=Client.get) -> Answer:
    """What is answered there; what it writes is undone."""
    with undone():
        response = how(client, path)
        content = content_of(response)
    # The whole response holds all rows that its page was made of.
    return Answer(HttpResponse(status=response.status_code, headers=response.headers), content)


class Names:
    """The names of addresses: in them, the titles of their pages stand for keys."""

    def __init__(self, visits: list[Visit]):
        self.titles: dict[str, str] = {}
        for visit in visits:
            for path, answer in visit.answers.items():
                if answer.response.status_code == 200 and path not in self.titles:
                    self.titles[path] = self._title(answer)
        paths = {path for visit in visits for path in (*visit.answers, *visit.documents)}
        self.named: dict[str, str] = {}
        taken = Counter()
        for path in sorted(paths, key=_natural):
            name = self._name(path)
            taken[name] += 1
            self.named[path] = f"{name}~{taken[name]}" if taken[name] > 1 else name

    def __call__(self, path: str) -> str:
        return self.named.get(path, "")

    def _title(self, answer: Answer) -> str:
        if kind_of(answer.response) != "text/html":
            return ""
        title = TITLE.search(answer.content.decode())
        return slugify(html.unescape(TAG.sub("", title[1])))[:60] if title else ""

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
    pages = {}
    for visit in visits:
        for path, answer in visit.answers.items():
            pages[f"{names(path)} {visit.account}"] = answer.lines(Keys(names))
        for path, answer in visit.documents.items():
            pages[f"{names(path)} document {visit.account}"] = answer.lines(Keys(names))
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
