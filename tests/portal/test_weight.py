"""A first visit stays light, and everything that a page needs comes from the portal itself."""

import re
from urllib.parse import urljoin

from django.urls import reverse

from tests import factories as f
from tests.personas import build_scene

LIGHT = 200_000
ASSET = re.compile(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]+)"')


def test_first_visit_weighs_under_200_kilobytes(db, client):
    """The heaviest page counts with its styles, fonts, scripts and icon, compressed."""
    scene = build_scene()
    f.CoverageFactory.create_batch(49, commune__convention=scene.convention)
    client.force_login(scene.people["coordinator"])
    compressed = {"headers": {"accept-encoding": "gzip"}}
    page = client.get(reverse("conventions:territory", args=[scene.convention.slug]))
    assets = set(ASSET.findall(page.content.decode()))
    assert len(assets) >= 4
    assert all(address.startswith("/") for address in assets)
    (sheet,) = [address for address in assets if re.search(r"portal/portal\b.*css", address)]
    fonts = re.findall(r'url\("?(fonts/[^")]+\.woff2)', client.get(sheet).getvalue().decode())
    assert len(fonts) == 4
    assets |= {urljoin(sheet, font) for font in fonts}
    responses = [
        client.get(address, **compressed) for address in [page.request["PATH_INFO"], *assets]
    ]
    assert {response.status_code for response in responses} == {200}
    weights = [len(response.getvalue()) for response in responses]
    assert sum(weights) < LIGHT
