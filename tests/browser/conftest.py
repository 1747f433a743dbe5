"""The portal in headless Chromium, with the demonstration's data."""

import os
import re
import shutil

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from accounts.models import User
from tests.kept import demonstration

# Playwright runs an event loop of its own in the test's thread; the server answers in another.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# Without hinting, letters are as wide as in Chromium itself, and pages as high.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--no-first-run",
             "--renderer-process-limit=1", "--font-render-hinting=none"]  # fmt: skip
# What a browser notes of a refusal, of a connection or a portal that a test has cut, and of a
# request that leaving its page interrupts.
EXPECTED = re.compile(
    r"status of (40|410|502)|Code 40\d|ERR_INTERNET_DISCONNECTED"
    r"|htmx:(afterRequest|send[AE]|timeout)"
)
WIDE, NARROW = (1280, 900), (375, 740)
# What is waited for comes when it comes: both cores draw, compute and serve at once.
expect.set_options(timeout=20_000)


def browser_path() -> str | None:
    """Chromium's headless shell, which has no windows to look after: it opens a page in half the
    processor's time. Chromium itself where there is no other."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def chromium():
    """The browser; its absence fails in CI and skips elsewhere."""
    path = browser_path()
    if path is None:
        message = "Chromium is missing: scripts/system-packages chromium"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def portal(live_server, settings):
    """The address of a portal that holds the demonstration's data."""
    settings.SITE_URL = live_server.url
    settings.EMAIL_BACKEND = "ctg_portal.mail.OutboxBackend"  # pytest-django puts its own
    with demonstration().copied(settings.MEDIA_ROOT):
        yield live_server.url


class Visitor:
    """A person at the browser. Fails on any script error or request to another host."""

    def __init__(self, browser, portal, size, **options):
        self.portal, self.account = portal, None
        self.context = browser.new_context(locale="fr-FR", **options)
        self.page = self.context.new_page()
        self.resize(size)
        self.troubles = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self._note)
        self.page.on("request", self._check_host)

    def _note(self, message):
        if message.type == "error" and not EXPECTED.search(message.text):
            self.troubles.append(message.text)

    def _check_host(self, request):
        if not request.url.startswith((self.portal, "data:")):
            self.troubles.append(f"request to {request.url}")

    def go(self, path):
        return self.page.goto(self.portal + path)

    def resize(self, size):
        width, height = size
        self.page.set_viewport_size({"width": width, "height": height})

    def log_in(self, account: str | None):
        """Be logged in, as after the log-in page (which has its own journey), as somebody else than
        before; None: as nobody."""
        self.account = account
        self.context.clear_cookies()
        if account is None:
            return self
        client = Client()
        client.force_login(User.objects.get(email=f"{account}@demo.example"))
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.portal}])
        return self

    def title_is(self, text):
        """The page of that title is there, and is seen: what is pressed before it is lost."""
        title = self.page.get_by_role("heading", level=1)
        expect(title).to_contain_text(text)
        expect(title).to_be_visible()


@pytest.fixture
def visit(chromium, portal):
    """``visit(account, size)`` opens a browser as that demonstration account (or nobody)."""
    visitors = []

    def open_browser(account=None, size=WIDE, **options):
        visitor = Visitor(chromium, portal, size, **options)
        visitors.append(visitor)
        return visitor.log_in(account) if account else visitor

    yield open_browser
    troubles = [trouble for visitor in visitors for trouble in visitor.troubles]
    for visitor in visitors:
        visitor.context.close()
    assert not troubles
