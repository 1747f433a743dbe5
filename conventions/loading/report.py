"""What a load has done."""

from collections import Counter
from dataclasses import dataclass, field

from conventions.models import Convention


@dataclass
class LoadReport:
    """The outcome of a load. Each counter counts rows by what French calls them.

    ``kept`` rows are those that the file no longer has, or wants otherwise, and that stay as they
    were; each has its sentence at the head of ``warnings``, before the points to check.
    """

    convention: Convention
    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    deleted: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)

    @property
    def has_changes(self) -> bool:
        """Whether the load has written anything."""
        return any((self.created, self.updated, self.deleted))
