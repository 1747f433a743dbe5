"""The pages of the action plan as people read them, fill them in and send them."""

import re
from xml.etree.ElementTree import Element

import pytest

from tests.accounts.reading import text_of, tree_of
from tests.actions.ways.scene import plain, ways_url
from tests.committee.pages import page_of

POINTING = ("for", "aria-describedby", "aria-labelledby", "aria-controls")


def read(response, status: int = 200) -> str:
    """Check a page as ``page_of`` does, and that all it points to on itself is there; return its
    text, with plain spaces."""
    text = plain(page_of(response, status))
    root = tree_of(response.content.decode())
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), sorted(one for one in ids if ids.count(one) > 1)
    pointed = {
        key for element in root.iter() for name in POINTING for key in element.get(name, "").split()
    }
    links = [element.get("href", "") for element in root.iter("a")]
    pointed |= {link[1:] for link in links if link.startswith("#")}
    assert pointed <= set(ids), pointed - set(ids)
    title = " ".join(root.find("head/title").text.split())
    is_refused = any(within(element, "danger") for element in root.iter("div"))
    assert title.startswith("Erreur : ") == is_refused, title
    return text


def within(element: Element, name: str) -> bool:
    return name in element.get("class", "").split()


@pytest.fixture(name="get")
def reading(client, committee):
    """Return ``get(address, person)``: the page as read by the coordinator, unless somebody else is
    given. It stays in ``get.response`` and ``get.html``."""

    def get(address="", user=None, status=200):
        client.force_login(user or committee.coordinator)
        get.response = client.get(ways_url(committee, address))
        get.html = get.response.content.decode()
        return read(get.response, status)

    get.client = client
    return get


@pytest.fixture(name="send")
def sending(client, committee):
    """Return ``send(address, person, typed={…}, …)``: open a page, type into its form over what it
    holds, and send it. ``typed``, or by name: what is typed; None takes a field out.

    ``send.response`` is the answer; ``send`` returns the text of the page that it is, or leads to.
    """

    def send(address, user=None, typed=None, **others):
        client.force_login(user or committee.coordinator)
        values = held_by(client.get(ways_url(committee, address)))
        return post(client, send, ways_url(committee, address), values | (typed or {}) | others)

    send.again = lambda response, address, **typed: post(
        client, send, ways_url(committee, address), held_by(response) | typed
    )
    return send


def post(client, send, url: str, data: dict) -> str:
    sent = {name: value for name, value in data.items() if value is not None}
    send.response = client.post(url, sent)
    if send.response.status_code == 302:
        return read(client.get(send.response.url))
    return read(send.response)


def held_by(response) -> dict:
    """Return what the form of a page would send, as a browser fills it in."""
    return held_in(response, "form-narrow")


def held_in(response, name: str) -> dict:
    """Return what the form with a class of its own would send."""
    root = tree_of(response.content.decode())
    form = next(f for f in root.iter("form") if within(f, name))
    sent: dict[str, list] = {}
    for element in form.iter():
        if element.tag in ("input", "select", "textarea"):
            sent.setdefault(element.get("name"), []).extend(_values(element))
    return {name: values for name, values in sent.items() if values}


def _values(element: Element) -> list[str]:
    if element.tag == "textarea":
        return [element.text or ""]
    if element.tag == "select":
        options = list(element.iter("option"))
        chosen = [one for one in options if one.get("selected") is not None] or options[:1]
        return [one.get("value") for one in chosen]
    kind = element.get("type", "text")
    if kind in ("checkbox", "radio"):
        return [element.get("value", "on")] if element.get("checked") is not None else []
    return [] if kind in ("file", "submit") else [element.get("value", "")]


def field_errors(response, name: str) -> str:
    """Return the errors of a field, after checking that it refers to them for those who do not see
    it."""
    root = tree_of(response.content.decode())
    field = next(e for e in root.iter() if e.get("name") == name and e.tag != "button")
    keys = field.get("aria-describedby", "").split()
    if not keys:  # the errors of several boxes are those of their group
        groups = [e for e in root.iter("fieldset") if field in e.iter()]
        keys = groups[0].get("aria-describedby", "").split() if groups else []
    elif _errors(root, keys):
        assert field.get("aria-invalid") == "true"
    return plain(" ".join(_errors(root, keys))).strip()


def _errors(root: Element, keys: list[str]) -> list[str]:
    errors = [e for e in root.iter() if e.get("id") in keys and e.get("id").endswith("_error")]
    return ["".join(e.itertext()) for e in errors]


def summary_of(response) -> list[str]:
    """Return what the page lists as to be corrected."""
    match = re.search(r'<div class="notice danger".*?</ul>', response.content.decode(), re.DOTALL)
    items = re.findall(r"<li>(.*?)</li>", match[0], re.DOTALL) if match else []
    return [plain(text_of(item)).replace(" :", " :").strip() for item in items]


def cells(html: str, words: str) -> list[str]:
    """Return the cells of the row of a table that begins with some words."""
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    texts = [re.sub(r"<[^>]+>", " ", re.sub(r"</t[hd]>", "|", row)) for row in rows]
    row_text = next(row for row in texts if plain(row).strip().startswith(words))
    return [plain(cell).strip() for cell in row_text.split("|")][:-1]
