"""The rows of the project itself."""

from ctg_portal.marks.models import Mark

__all__ = ["Mark"]
