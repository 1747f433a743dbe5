"""The shared stakes in force when a year or the term ended, and what was said of each."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agreements.models import Version
from conventions.models import Convention
from ctg_portal.templatetags.french import long_date, plural
from evaluation.stakes.lines import StakeLine
from evaluation.stakes.models import StakeAppreciation, Trend

FORMS = "enjeu partagé,enjeux partagés"
NOT_YET = "pas encore apprécié"
MANY = {
    Trend.STRONGER.label: "se sont renforcés",
    Trend.STABLE.label: "stables",
    Trend.EASED.label: "se sont atténués",
    NOT_YET: "pas encore appréciés",
}


@dataclass
class StakeReading:
    """``version``: the stake as it was agreed to."""

    version: Version
    appreciation: StakeAppreciation | None = None

    @property
    def key(self) -> int:
        """That of the stake."""
        return self.version.object_id

    @property
    def title(self) -> str:
        return self.version.content["title"]

    @property
    def verdict(self) -> str:
        return self.appreciation.verdict if self.appreciation else ""

    @property
    def line(self) -> StakeLine:
        """What is merely being written of it is not told."""
        content, told = self.version.content, {}
        if self.verdict:
            told = {
                "verdict": self.verdict,
                "appreciation": Trend(self.verdict).label,
                "justification": self.appreciation.text.strip(),
            }
        return StakeLine(
            key=self.key,
            title=content["title"],
            text=content["text"].strip(),
            status=f"en vigueur depuis le {long_date(self.version.in_force_since)}",
            concerns=[theme["name"] for theme in content["themes"]],
            **told,
        )


def read_stakes(
    versions: Iterable[Version], appreciations: Mapping[int, StakeAppreciation]
) -> list[StakeReading]:
    """Those of which these ``versions`` are, in the order in which they came in; ``appreciations``:
    by primary key of the stake."""
    versions = sorted(versions, key=lambda one: one.object_id)
    return [StakeReading(one, appreciations.get(one.object_id)) for one in versions]


def in_force(convention: Convention, day: datetime.date):
    """The versions of stakes in force on a day, whatever has been agreed to or taken back since."""
    versions = Version.objects.of(convention).from_committee()
    return versions.filter(kind="stake", ends=False).in_force_on(day)


def awaited_told(count: int) -> str:
    """« 2 enjeux partagés restent à apprécier »."""
    return f"{plural(count, FORMS)} {'restent' if count >= 2 else 'reste'} à apprécier"
