"""What the annual evaluation says of a shared stake, as plain data: a part of ``ReportContent``."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class StakeLine:
    """A stake in force when the year ended, in the words agreed to then. ``text`` and
    ``justification`` in Markdown; ``concerns``: names of themes, empty for all of them.

    ``verdict``: what became of it, ``appreciation`` the same in words; both empty without a
    verdict. ``key``: the primary key of the stake.
    """

    key: int
    title: str
    text: str
    status: str = ""
    concerns: list[str] = field(default_factory=list)
    verdict: str = ""
    appreciation: str = ""
    justification: str = ""

    @property
    def anchor(self) -> str:
        return f"enjeu-partage-{self.key}"
