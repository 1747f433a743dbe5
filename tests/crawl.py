"""What a curious person opens: pages from link to link, and the files on the way."""

import functools
import html
import math
import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from django.urls import resolve

from tests.documents.drawn import ask, is_offer
from tests.reading import everything_in

# Of a view that tells no figure of its own, a few pages are as good as all.
FEW, EACH = 3, {"indicators:value", "indicators:indicator", "indicators:evidence"}
# Who reads fewer of ``EACH`` opens so many of them.
FEWER = 4


def turn(cases: Sequence, number: int, few: int = FEW) -> list:
    """A few of the cases, others for the next number; all of them in turn."""
    return [cases[(number * few + n) % len(cases)] for n in range(min(few, len(cases)))]


@functools.cache
def view_at(path: str) -> str:
    """The name of the view that answers there: pages link to the same few places."""
    return resolve(path).view_name


def opened(client, address: str):
    """What is at an address; where a document is to be asked for, the document."""
    response = client.get(address)
    return ask(client, address) if is_offer(response) else response


class Reader:
    """Opens pages, not too many of a kind: ``few``, and of ``EACH`` so many as ``each`` says.
    ``pages``: by address, all that each tells."""

    def __init__(self, client, few: int = FEW, each: float = math.inf):
        self.client, self.few, self.each = client, few, each
        self.pages, self.opened = {}, Counter()

    def read(self, address: str, within: str = "") -> None:
        """A page, and those that links lead to whose address is ``within``: files included."""
        todo = [address]
        while todo:
            address = todo.pop()
            view = view_at(urlsplit(address).path)
            if address in self.pages or self.opened[view] >= self._wanted(view):
                continue
            self.opened[view] += 1
            response = opened(self.client, address)
            self.pages[address] = everything_in(response)
            if within and response.headers.get("Content-Type", "").startswith("text/html"):
                todo += [link for link in self._links(address) if re.search(within, link)]

    def _wanted(self, view: str) -> float:
        """How many pages of a kind are opened."""
        return self.each if view in EACH else self.few

    def _links(self, address: str):
        for link in re.findall(r'(?:href|action|hx-get)="([^"#]+)', self.pages[address]):
            target = urlsplit(urljoin(address, html.unescape(link)))
            if not target.netloc and "/texte/" not in target.path:
                yield f"{target.path}?{target.query}" if target.query else target.path
