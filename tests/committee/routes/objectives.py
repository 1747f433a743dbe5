"""Who gets what on these pages of the committee."""

from tests.routes import of_convention  # noqa: F401

ROUTES = {}
