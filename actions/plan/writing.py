"""Read what the writer of an action sees: its sections, what the draft changes and lacks."""

from dataclasses import dataclass
from functools import cached_property

from actions.plan.faults import faults, period_faults
from actions.plan.forms import SECTIONS, SheetSection
from actions.plan.merging import fingerprint
from actions.plan.models import Action
from agreements.commitments.commitment import Line, commitment_of
from agreements.commitments.fields import Children, Day, Link
from agreements.models import Version
from agreements.versions.rights import may_propose
from committee.drafts.reading import Desk
from committee.points.reading import content_changes
from ctg_portal.rules import Refusal
from ctg_portal.text.differences import Changes


def section_content(content: dict, section: SheetSection) -> dict:
    """Return the fields of one section of a content."""
    return {name: content.get(name) for name in section.names}


def initial_values(desk: Desk, source: Version | None, section: SheetSection) -> dict:
    """Return the initial values of the form of one section, rows included: those of ``source``, or
    of the action as it stands where that is None."""
    values = desk.initial(source)
    content = source.content if source else commitment_of(desk.row).content(desk.row)
    for field in commitment_of(desk.row).fields:
        if field.name in section.rows:
            values[field.name] = [_row(field, child) for child in content[field.name]]
    return values | {"shown": fingerprint(section_content(content, section))}


def _row(field: Children, child: dict) -> dict:
    """Return a canonical child as the initial values of a row of the form, links by key."""
    return {
        part.name: child[part.name] and child[part.name]["id"]
        if isinstance(part, Link)
        else part.parse(child[part.name])
        for part in field.fields
    }


@dataclass(frozen=True)
class Lack:
    """What is to be completed before a proposal, and in which section (None: elsewhere)."""

    reason: str
    section: SheetSection | None = None


@dataclass(frozen=True)
class SectionReading:
    """A section of the draft: its fields with a value, the reasons why it is refused."""

    section: SheetSection
    lines: list[Line]
    faults: list[str]
    is_changed: bool


class WritingPage:
    """The sections of an action as its writer has left them, and what may be done next.

    ``asked``: from the address, the draft of a colleague from which the writer goes on.
    """

    def __init__(self, action: Action, desk: Desk, asked: str):
        self.action, self.desk, self.asked = action, desk, asked
        self.commitment = commitment_of(action)

    @cached_property
    def refusal(self) -> Refusal | None:
        """The reason why the reader may not write the action, or None."""
        here = self.desk.here
        return self.commitment.may_draft(here.user, here.convention, self.action)

    @cached_property
    def source(self) -> Version | None:
        """The writer's draft, the colleague's draft asked for, or None for what is in force."""
        return self.desk.source(self.asked)

    @property
    def title(self) -> str:
        return self.content["title"] or self.action.title

    @property
    def content(self) -> dict:
        return self.source.content if self.source else self.commitment.content(self.action)

    @cached_property
    def changes(self) -> Changes | None:
        """The changes of the writer's draft to its base; None without a draft, or a base."""
        own = self.desk.own
        return content_changes(own, own.base) if own and own.base else None

    @cached_property
    def missing(self) -> Refusal | None:
        """The reason why the content cannot be proposed yet, or None."""
        return self.commitment.refuse_incomplete(
            self.desk.here.convention, self.content, self.action
        )

    @property
    def lacks(self) -> list[Lack]:
        """The list of what a proposal still needs; read only where ``missing`` is not None."""
        sections = {name: section for section in SECTIONS for name in section.names}
        lacks = [Lack(reason, sections.get(name)) for name, reason in faults(self.content)]
        return lacks or [Lack(self.missing.reason)]

    @property
    def milestones_outside(self) -> list[str]:
        """A sentence for each milestone outside the period of the draft."""
        period = {
            name: Day(name, "").parse(self.content[name]) for name in ("starts_on", "ends_on")
        }
        return [
            f"Jalon hors de cette période : {reason}"
            for milestone in self.action.milestones.all()
            for reason in period_faults(
                Action(**period), milestone.title, milestone.due_on.isoformat()
            )
        ]

    @property
    def can_propose(self) -> bool:
        """Whether the writer has a draft of their own, not of a withdrawal, that they may
        propose."""
        own = self.desk.own
        return bool(own) and not own.ends and may_propose(self.desk.here.user, own) is None

    @property
    def sections(self) -> list[SectionReading]:
        """The sections in their order, each with its filled fields, its faults, and whether the
        draft changes it."""
        sheet_faults = list(faults(self.content))
        changed = {change.label for change in self.changes.changed} if self.changes else set()
        readings = []
        for section in SECTIONS:
            content = {name: self.content[name] for name in section.names if name in self.content}
            labels = {f.label for f in self.commitment.fields if f.name in section.names}
            readings.append(
                SectionReading(
                    section,
                    lines=[line for line in self.commitment.lines(content) if line.is_informative],
                    faults=[reason for name, reason in sheet_faults if name in section.names],
                    is_changed=bool(labels & changed),
                )
            )
        return readings
