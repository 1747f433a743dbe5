"""What every part of the follow-up can do."""

import datetime
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Model

from actions.models import Action
from actions.plan.faults import Fault
from agreements import upcasters
from agreements.commitments import canonical
from agreements.commitments.commitment import Line
from agreements.commitments.fields import Field
from agreements.versions.differences import compare_contents
from ctg_portal.differences import Changes


class FollowUpPart(ABC):
    """One part of the follow-up; ``key`` names it in addresses and in the journal."""

    key: str
    title: str
    fields: Sequence[Field]
    model: type[Model] = Action  # has the fields

    def read(self, action: Action) -> dict:
        """What there is, as plain content by field name."""
        return {field.name: field.read(action) for field in self.fields}

    @abstractmethod
    def write(self, action: Action, content: dict) -> None:
        """Bring a content to the rows; the action is locked."""

    def faults(self, action: Action, content: dict, today: datetime.date) -> Iterator[Fault]:
        """What is wrong with a content: the field it is told beside, and why."""
        return iter(())

    def hold(self, action: Action) -> None:  # noqa: B027  (most share nothing)
        """Lock what the part shares with other actions; called before any other lock."""

    def others(self, action: Action, content: dict) -> Iterable[Action]:
        """The other actions whose sheets the content changes too."""
        return ()

    def day(self, before: dict, content: dict, today: datetime.date) -> datetime.date:
        """From when on what a content tells holds, where there was another ``before``."""
        return today

    def plain(self, values: dict) -> dict:
        """The canonical content of values by field name, as forms give them."""
        return {field.name: field.plain(values.get(field.name)) for field in self.fields}

    def recognised(self, before: dict, content: dict) -> dict:
        """The content, where it comes after ``before``: rows that were there have their keys."""
        return {
            field.name: field.restore_keys(before[field.name], content[field.name])
            for field in self.fields
        }

    def lines(self, content: dict) -> list[Line]:
        """The content as a page shows it."""
        return [
            Line(one.label, one.show(content[one.name]), getattr(one, "is_prose", False),
                 one.is_informative(content[one.name]))
            for one in self.fields
            if one.name in content
        ]  # fmt: skip

    def told(self, text: str) -> dict:
        """What a text of the journal says, in the fields of today; empty for nothing."""
        return upcasters.complete(self, canonical.read(text)) if text else {}

    def changes(self, before: dict, after: dict) -> Changes:
        """Every field, word by word, from one content to another."""
        return compare_contents(self, before, after)


def shown_of(content: dict) -> str:
    """What a form was filled from, told field by field, short: with it, what others wrote in other
    fields is brought together. Whether they did, the revision says."""
    return ".".join(_short(content[name]) for name in sorted(content))


def brought_together(shown: str, now: dict, typed: dict) -> dict | None:
    """What goes together of what was typed and what there is by now, where the form was filled
    from something else: each field as whoever changed it has it. None where both changed one.

    ``shown`` is the ``shown_of`` what the form was filled from.
    """
    mine, theirs, content = touched(shown, typed), touched(shown, now), {}
    for name, value in typed.items():
        if now[name] == value or name not in theirs:
            content[name] = value
        elif name not in mine:
            content[name] = now[name]
        else:
            return None
    return content


def touched(shown: str, content: dict) -> set[str]:
    """The fields in which a content is no longer what a form was filled from; ``shown`` is the
    ``shown_of`` that."""
    before = dict(zip(sorted(content), shown.split("."), strict=False))
    return {name for name, value in content.items() if _short(value) != before.get(name)}


def _short(value) -> str:
    return canonical.digest(canonical.canonical({"": value}))[:12]
