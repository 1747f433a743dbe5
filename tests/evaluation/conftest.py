"""The people whom most tests of the evaluation start from."""

from tests.indicators.conftest import agent, colleague, committee

__all__ = ["agent", "colleague", "committee"]
