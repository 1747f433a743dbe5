"""What the page on which a document is composed shows of each section."""

from dataclasses import dataclass

from evaluation.layout.forms import DOWN, UP
from evaluation.layout.reading import Choice
from evaluation.period import Period
from evaluation.report.sections import Section


@dataclass(frozen=True)
class SectionRow:
    """``focus``: the button that was just pressed, to be pressed again; empty in other rows."""

    section: Section
    is_kept: bool
    is_first: bool
    is_last: bool
    focus: str = ""

    @property
    def focuses_up(self) -> bool:
        """Whether the button « up » has the focus: it was pressed, or « down » was and the section
        is the last now."""
        return self.focus == UP or (bool(self.focus) and self.is_last)

    @property
    def focuses_down(self) -> bool:
        """Whether the button « down » has the focus: it was pressed, or « up » was and the section
        is the first now."""
        return self.focus == DOWN or (bool(self.focus) and self.is_first)


def rows_of(choice: Choice, period: Period, moved: str = "", step: str = "") -> list[SectionRow]:
    """Return the rows of all sections that the evaluation of ``period`` may have, in the order of
    the choice, those that it leaves out too. ``moved`` is the key of the section that was just
    moved, by the button ``step``."""
    sections = [row for row in choice.sections if period.is_term or not row.is_of_term]
    chosen = choice.keys
    return [
        SectionRow(
            section,
            section.key in chosen,
            is_first=place == 0,
            is_last=place == len(sections) - 1,
            focus=step if section.key == moved else "",
        )
        for place, section in enumerate(sections)
    ]
