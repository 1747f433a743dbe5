"""Migrate the database of ``DATABASE_URL``, then open its pages for some of its people:
``python -m tests.upgrades.look ADDRESS …``.

Writes what each answered, by address, as JSON. From « Mes conventions », one page of each route
that links lead to, for whoever of these people comes to it first.
"""

import html
import json
import os
import re
import sys
from urllib.parse import urljoin, urlsplit

import django


def answers(client, start: str, routes: set[str]) -> dict[str, int]:
    """What pages answer whose routes are not among those that were opened already."""
    from django.urls import Resolver404, resolve  # noqa: PLC0415  (settings must be known)

    todo, statuses = [start], {}
    for address in todo:
        try:
            route = resolve(urlsplit(address).path).view_name
        except Resolver404:  # of a style sheet
            continue
        if route in routes and address != start:
            continue
        routes.add(route)
        response = client.get(address, follow=True)
        statuses[address] = response.status_code
        if response.headers.get("Content-Type", "").startswith("text/html"):
            links = re.findall(r'(?:href|hx-get)="([^"#]+)', response.content.decode())
            addresses = [urljoin(address, html.unescape(link)) for link in links]
            todo += [link for link in addresses if not urlsplit(link).netloc]
    return statuses


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from accounts.models import User  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    by_account, routes = {}, set()
    for account in sys.argv[1:]:
        client = Client(raise_request_exception=False)
        client.force_login(User.objects.get(email=account))
        statuses = answers(client, "/conventions/", routes)
        by_account |= {f"{account} {address}": status for address, status in statuses.items()}
    json.dump(by_account, sys.stdout)


if __name__ == "__main__":
    main()
