"""The base of every part of the follow-up."""

import datetime
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Model

from actions.plan.faults import Fault
from actions.plan.models import Action
from agreements.commitments import canonical, upcasters
from agreements.commitments.commitment import Line
from agreements.commitments.fields import Field
from agreements.versions.differences import compare_contents
from ctg_portal.text.differences import Changes


class FollowUpPart(ABC):
    """One part of the follow-up; ``key`` names it in addresses and in the journal."""

    key: str
    title: str
    fields: Sequence[Field]
    model: type[Model] = Action  # has the fields

    def read(self, action: Action) -> dict:
        """Return the part as it stands, as plain content by field name."""
        return {field.name: field.read(action) for field in self.fields}

    @abstractmethod
    def write(self, action: Action, content: dict) -> None:
        """Write a content to the rows; the caller has locked the action."""

    def faults(self, action: Action, content: dict, today: datetime.date) -> Iterator[Fault]:
        """Yield each fault of a content: the field beside which it is shown, and the reason."""
        return iter(())

    def lock_shared(self, action: Action) -> None:  # noqa: B027  (most share nothing)
        """Lock what the part shares with other actions; called before any other lock."""

    def other_actions(self, action: Action, content: dict) -> Iterable[Action]:
        """Return the other actions that the content changes; called before ``write``."""
        return ()

    def effective_day(self, before: dict, content: dict, today: datetime.date) -> datetime.date:
        """Return the day from which ``content`` holds, where ``before`` was stored: ``today``,
        unless the part has a day of its own."""
        return today

    def plain(self, values: dict) -> dict:
        """Return the canonical content for values by field name, as forms give them."""
        return {field.name: field.plain(values.get(field.name)) for field in self.fields}

    def with_row_keys(self, before: dict, content: dict) -> dict:
        """Return the content with the keys of the rows that ``before`` has already."""
        return {
            field.name: field.restore_keys(before[field.name], content[field.name])
            for field in self.fields
        }

    def lines(self, content: dict) -> list[Line]:
        """Return a line for each field that the content has: label, text, whether it is prose,
        whether it is informative."""
        return [
            Line(field.label, field.show(content[field.name]), getattr(field, "is_prose", False),
                 field.is_informative(content[field.name]))
            for field in self.fields
            if field.name in content
        ]  # fmt: skip

    def decode(self, stored: str) -> dict:
        """Decode a text of the journal to the fields of today; empty for an empty text."""
        return upcasters.complete(self, canonical.read(stored)) if stored else {}

    def changes(self, before: dict, after: dict) -> Changes:
        """Return the differences of every field from one content to another, word by word."""
        return compare_contents(self, before, after)
