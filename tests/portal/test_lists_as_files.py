"""Every list is saved as it is filtered: whatever a page lists, and however it narrows it."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from lxml import html

from tests.databases import few_of
from tests.portal.test_routes import RouteTests, is_page
from tests.role_table import ROUTES

pytestmark = [pytest.mark.once, pytest.mark.sampled]

FILE = re.compile(r"/(xlsx|csv)/(\?|$)")
WORD, TICKED = "a", "on"  # what a field of words is asked for; what a box sends
TEXTS = "a text that tells of itself"
ONE = "what is said of one thing, which has documents of its own"
WORK = "what is to be done, row by row; the list that it is part of has its file"
YEARS = "a row a year, each with files of its own"
WITHOUT_FILE = {
    "health": TEXTS,
    "privacy": TEXTS,
    "help:contents": TEXTS,
    "help:public": TEXTS,
    "conventions:list": "one's own conventions",
    "conventions:dashboard": "counts, each of which leads to its list",
    "conventions:cooperation": "posts year by year, which the evaluation tells with its files",
    "committee:point": ONE,
    "committee:dossier": ONE,
    "committee:composition_history": "mandates, which the composition saves with their days",
    "actions:action": ONE,
    "actions:follow": ONE,
    "indicators:indicator": ONE,
    "indicators:campaigns": YEARS,
    "indicators:remind": WORK,
    "indicators:remind_one": WORK,
    "indicators:entry": WORK,
    "indicators:entry_links": WORK,
    "indicators:submit_values": WORK,
    "indicators:verify_values": WORK,
    "indicators:table": WORK,
    "indicators:grid": WORK,
    "indicators:statistics": YEARS,
    "indicators:taken_up": YEARS,
    "evaluation:year": "the evaluation of a year, whose document has its figures as files",
    "evaluation:report": "documents, each a file",
    "evaluation:final": "the evaluation of the term, whose document has its figures as files",
}


def files_of(page) -> list[str]:
    return [address for address in page.xpath("//a/@href") if FILE.search(address)]


def filters_of(page) -> list:
    """The forms by which a page narrows its own list; a search finds pages, and lists nothing."""
    forms = page.xpath("//form[contains(concat(' ', @class, ' '), ' filters ')][not(@role)]")
    return [form for form in forms if not urlsplit(form.get("action") or "").path]


def askable(form) -> list[tuple[str, str]]:
    """What each of its fields may be asked for, one after the other; of many choices, a few."""
    asked = []
    for field in form.xpath(".//*[@name][not(@type='hidden')]"):
        name = field.get("name")
        if field.tag == "select":
            choices = [value for value in field.xpath(".//option/@value") if value]
            asked += [(name, value) for value in few_of(choices, 2)]
        elif field.get("type") in (None, "text", "search"):
            asked.append((name, WORD))
        elif field.get("type") in ("checkbox", "radio"):
            asked.append((name, field.get("value", TICKED)))
    return asked


class TestLists(RouteTests):
    def page(self, name, query=""):
        is_public = ROUTES[name].expected("anonymous") == 200
        if not query:
            return html.fromstring(self.ask("anonymous" if is_public else "coordinator", name)[1])
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions["coordinator"]
        return html.fromstring(client.get(f"{self.urls[name]}?{query}").content)

    @pytest.mark.long
    def test_a_filtered_list_is_saved_as_it_is_filtered(self):
        filtered = []
        for name in (name for name, route in ROUTES.items() if is_page(name, route)):
            for form in filters_of(self.page(name)):
                filtered.append(name)
                offered = 0
                for field, value in askable(form):
                    files = files_of(self.page(name, urlencode({field: value})))
                    offered += len(files)
                    for file in files:
                        kept = parse_qs(urlsplit(file).query).get(field, [])
                        assert value in kept or (value == TICKED and kept), f"{name}: {file}"
                assert offered, f"{name}: what is filtered there is not saved"
        assert len(filtered) >= 10

    def test_what_is_listed_is_saved(self):
        without = set()
        for name in (name for name, route in ROUTES.items() if is_page(name, route)):
            page = self.page(name)
            if page.xpath("//table") and not files_of(page):
                without.add(name)
        assert without == set(WITHOUT_FILE)
