"""What journeys do with a page, said once."""

import re


def button(page, name: str):
    """The button whose words match this expression."""
    return page.get_by_role("button", name=re.compile(name))


def send(page, control) -> None:
    """Press what posts a form, and be on the page that answers: what follows may read what was
    kept, look at the page, or leave it. A click by itself comes back before the form is gone, and
    the answer before the page that it makes.
    """
    with page.expect_navigation(wait_until="commit"):
        control.click()


def assert_fits(page) -> None:
    """Assert that the page, once it is read whole, is no wider than the screen."""
    page.wait_for_load_state()
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0, f"{page.url}: {overflow} px too wide"


class Acts:
    """Counts what a person does: each click, each field filled in, each link followed."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def open(self, url):
        self.count += 1
        self.page.goto(url)

    def fill(self, field, text):
        self.count += 1
        field.fill(text)

    def click(self, target):
        self.count += 1
        target.click()
