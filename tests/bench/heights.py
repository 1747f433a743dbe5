"""``python -m tests.bench --heights``: how high each page is on a telephone and on a wide screen,
and in how many telephone screens of 800 px that is.

Pages are those of ``tests/browser/test_pages.py``, with the demonstration's data, as they open.
"""

import os
import threading

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGUMENTS, Visitor, browser_path
from tests.browser.test_pages import PAGES, places

WIDTHS, SCREEN, MOST = (375, 1280), 800, 12


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def bench_heights(only: set[str] = frozenset()) -> None:
    """Prints them; those that are asked for by name, else all."""
    path = browser_path()
    if path is None:
        print("\nHeights: no browser here")  # noqa: T201
        return
    # Playwright runs an event loop of its own in this thread.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.set_app(StaticFilesHandler(WSGIHandler()))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        _measure(path, f"http://127.0.0.1:{server.server_port}", only)
    finally:
        server.shutdown()
        server.server_close()


def _measure(path: str, portal: str, only: set[str]) -> None:
    addresses, visitors = places(), {}
    print(f"\n{'height, px':28}{WIDTHS[0]:>8}{WIDTHS[1]:>8}{'screens':>9}")  # noqa: T201
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for name, address, account in PAGES:
            if only and name not in only:
                continue
            if account not in visitors:
                visitor = visitors[account] = Visitor(browser, portal, (WIDTHS[0], SCREEN))
                if account:
                    visitor.log_in(account)
            visitor = visitors[account]
            visitor.resize((WIDTHS[0], SCREEN))
            visitor.go(address.format(**addresses))
            narrow, wide = (_height(visitor, width) for width in WIDTHS)
            screens = narrow / SCREEN
            mark = " !" if screens > MOST else ""
            print(f"{name:28}{narrow:8}{wide:8}{screens:9.1f}{mark}")  # noqa: T201
        browser.close()


def _height(visitor, width: int) -> int:
    visitor.resize((width, SCREEN))
    return visitor.page.evaluate("document.body.scrollHeight")
