"""Pages of the committee as people read them and fill them in."""

import re
from collections.abc import Callable
from html import unescape

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.accounts.reading import english_in, text_of, tree_of


def page_of(response, status: int = 200) -> str:
    """Check that a page is whole, valid and French; return its text."""
    assert response.status_code == status
    html = response.content.decode()
    tree_of(html)
    assert html.count("<h1") == 1
    assert "style=" not in html
    text = unescape(text_of(html))
    assert english_in(text) == []
    return text


def count_queries(read: Callable, *args) -> int:
    """Return how many queries a page asks once it has been read before, when caches are warm."""
    read(*args)
    with CaptureQueriesContext(connection) as queries:
        assert read(*args).status_code == 200
    return len(queries)


def after(client, response) -> str:
    """Return the text of the page that a form redirects to."""
    assert response.status_code == 302, text_of(response.content.decode())
    return page_of(client.get(response.url))


def value_of(response, name: str) -> str:
    """Return the value of a field of the page, or an empty text."""
    html = response.content.decode()
    match = re.search(rf'<input[^>]*name="{name}"[^>]*?value="([^"]*)"', html) or re.search(
        rf'<textarea[^>]*name="{name}"[^>]*>\n?([^<]*)</textarea>', html
    )
    return unescape(match[1]) if match else ""


def committee_url(committee, address: str = "") -> str:
    return f"/conventions/{committee.convention.slug}/comite/{address}"
