"""What a curious person opens: pages from link to link, and the files on the way."""

import html
import math
import random
import re
from collections import Counter
from urllib.parse import urljoin, urlsplit

from django.urls import resolve

from tests.documents.drawn import ask
from tests.reading import everything_in

# Of a view that tells no figure of its own, a few pages are as good as all.
FEW, EACH = 3, {"indicators:value", "indicators:indicator", "indicators:evidence"}
# Who reads by chance opens so many times as many of those as of others.
TIMES = 4


def opened(client, address: str):
    """What is at an address; where a document is to be asked for, the document."""
    response = client.get(address)
    is_offer = any(one.name == "documents/drawing/offer.html" for one in response.templates)
    return ask(client, address) if is_offer else response


class Reader:
    """Opens pages, not too many of a kind (``few``, but of ``EACH``); ``by_chance``: others in
    another run, and of ``EACH`` some. ``pages``: by address, all that each tells."""

    def __init__(self, client, few: int = FEW, by_chance: bool = False):
        self.client, self.few, self.by_chance = client, few, by_chance
        self.pages, self.opened = {}, Counter()

    def read(self, address: str, within: str = "") -> None:
        """A page, and those that links lead to whose address is ``within``: files included."""
        todo = [address]
        while todo:
            address = todo.pop()
            view = resolve(urlsplit(address).path).view_name
            if address in self.pages or self.opened[view] >= self._wanted(view):
                continue
            self.opened[view] += 1
            response = opened(self.client, address)
            self.pages[address] = everything_in(response)
            if within and response.headers.get("Content-Type", "").startswith("text/html"):
                found = [link for link in self._links(address) if re.search(within, link)]
                todo += random.sample(found, len(found)) if self.by_chance else found

    def _wanted(self, view: str) -> float:
        """How many pages of a kind are opened."""
        if view not in EACH:
            return self.few
        return self.few * TIMES if self.by_chance else math.inf

    def _links(self, address: str):
        for link in re.findall(r'(?:href|action|hx-get)="([^"#]+)', self.pages[address]):
            target = urlsplit(urljoin(address, html.unescape(link)))
            if not target.netloc and "/texte/" not in target.path:
                yield f"{target.path}?{target.query}" if target.query else target.path
