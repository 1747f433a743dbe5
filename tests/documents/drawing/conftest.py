"""Fixtures of the tests of requested documents."""

import pytest

from ctg_portal.house import overridden
from tests.documents.drawing.kinds import Leaflet


@pytest.fixture
def leaflet():
    """Declare one kind of document as the only one, and return it."""
    kind = Leaflet()
    with overridden(documents=[kind]):
        yield kind
