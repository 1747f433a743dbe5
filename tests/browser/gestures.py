"""What journeys do with a page, said once."""

import re


def button(page, name: str):
    """The button whose words match this expression."""
    return page.get_by_role("button", name=re.compile(name))


def send(page, control) -> None:
    """Press what posts a form, and have the server's answer: what follows may read what was kept,
    or leave the page. A click by itself comes back before the form is gone.
    """
    with page.expect_response(lambda answer: is_form(answer.request)):
        control.click()


def is_form(request) -> bool:
    """Sent by the page as a whole, not by one of its rows as they are left."""
    return request.method == "POST" and request.is_navigation_request()
