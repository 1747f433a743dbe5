"""What the tests of documents that are asked for start from."""

import pytest

from ctg_portal.house import overridden
from tests.documents.drawing.kinds import Leaflet


@pytest.fixture
def leaflet():
    """A kind of document, the only one of the house."""
    kind = Leaflet()
    with overridden(documents=[kind]):
        yield kind
