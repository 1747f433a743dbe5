"""What every test may use."""

import pytest


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def pytest_addoption(parser):
    parser.addoption("--screenshots", default="", help="folder that keeps a picture of each page")
