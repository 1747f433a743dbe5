"""What a person who writes an action finds: its sections, what the draft changes and lacks."""

from dataclasses import dataclass
from functools import cached_property

from actions.follow_up.parts import outside, shown_of
from actions.models import Action
from actions.plan.faults import faults
from actions.plan.forms import SECTIONS, SheetSection
from agreements.commitments.commitment import Line, commitment_of
from agreements.commitments.fields import Children, Day, Link
from agreements.models import Version
from agreements.versions.rights import may_propose
from committee.drafts.reading import Desk
from committee.points.reading import content_changes
from ctg_portal.differences import Changes
from ctg_portal.rules import Refusal


def part_of(content: dict, section: SheetSection) -> dict:
    """What a content says of one section."""
    return {name: content.get(name) for name in section.names}


def initial_of(desk: Desk, source: Version | None, section: SheetSection) -> dict:
    """The values of the form of one section, rows included, filled from ``source``."""
    values = desk.initial(source)
    content = source.content if source else commitment_of(desk.row).content(desk.row)
    for field in commitment_of(desk.row).fields:
        if field.name in section.rows:
            values[field.name] = [_row(field, child) for child in content[field.name]]
    return values | {"shown": shown_of(part_of(content, section))}


def _row(field: Children, child: dict) -> dict:
    """A child of canonical content as the fields of a row take it: links by their keys."""
    return {
        part.name: child[part.name] and child[part.name]["id"]
        if isinstance(part, Link)
        else part.parse(child[part.name])
        for part in field.fields
    }


@dataclass(frozen=True)
class Lack:
    """What is to be mended before a proposal, in a sentence, and in which section."""

    reason: str
    section: SheetSection | None = None


@dataclass(frozen=True)
class SectionReading:
    """A section of the draft: its fields as they read, and what is wrong with them."""

    section: SheetSection
    lines: list[Line]
    faults: list[str]
    is_changed: bool


class WritingPage:
    """The sections of an action as its writer has left them, and what may be done next."""

    def __init__(self, action: Action, desk: Desk, asked: str):
        self.action, self.desk, self.asked = action, desk, asked
        self.commitment = commitment_of(action)

    @cached_property
    def refusal(self) -> Refusal | None:
        here = self.desk.here
        return self.commitment.may_draft(here.user, here.convention, self.action)

    @cached_property
    def source(self) -> Version | None:
        """One's draft, a colleague's asked for, or what stands."""
        return self.desk.source(self.asked)

    @property
    def title(self) -> str:
        return self.content["title"] or self.action.title

    @property
    def content(self) -> dict:
        return self.source.content if self.source else self.commitment.content(self.action)

    @cached_property
    def changes(self) -> Changes | None:
        """What one's draft changes; None without a draft, or where it is the first wording."""
        own = self.desk.own
        return content_changes(own, own.base) if own and own.base else None

    @cached_property
    def missing(self) -> Refusal | None:
        """What is to be mended before a proposal."""
        return self.commitment.refuse_incomplete(
            self.desk.here.convention, self.content, self.action
        )

    @property
    def lacks(self) -> list[Lack]:
        """All that is to be mended before a proposal, each with the section where it is."""
        sections = {name: section for section in SECTIONS for name in section.names}
        told = [Lack(reason, sections.get(name)) for name, reason in faults(self.content)]
        return told or [Lack(self.missing.reason)]

    @property
    def milestones_outside(self) -> list[str]:
        """The milestones of the follow-up that the calendar of the draft leaves outside."""
        period = {
            name: Day(name, "").parse(self.content[name]) for name in ("starts_on", "ends_on")
        }
        return [
            f"Jalon hors de cette période : {reason}"
            for milestone in self.action.milestones.all()
            for reason in outside(Action(**period), milestone.title, milestone.due_on.isoformat())
        ]

    @property
    def may_propose(self) -> bool:
        own = self.desk.own
        return bool(own) and not own.ends and may_propose(self.desk.here.user, own) is None

    @property
    def sections(self) -> list[SectionReading]:
        told = list(faults(self.content))
        changed = {change.label for change in self.changes.changed} if self.changes else set()
        found = []
        for section in SECTIONS:
            content = {name: self.content[name] for name in section.names if name in self.content}
            labels = {f.label for f in self.commitment.fields if f.name in section.names}
            found.append(
                SectionReading(
                    section,
                    lines=[line for line in self.commitment.lines(content) if line.is_informative],
                    faults=[reason for name, reason in told if name in section.names],
                    is_changed=bool(labels & changed),
                )
            )
        return found
