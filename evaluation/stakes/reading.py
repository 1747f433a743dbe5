"""The shared stakes in force when a year or the term ended, and what was said of each."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agreements.models import Version
from agreements.versions.models import VersionQuerySet
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
    """A stake as it was agreed to (``version``), and its appreciation."""

    version: Version
    appreciation: StakeAppreciation | None = None

    @property
    def key(self) -> int:
        return self.version.object_id

    @property
    def title(self) -> str:
        return self.version.content["title"]

    @property
    def verdict(self) -> str:
        return self.appreciation.verdict if self.appreciation else ""

    @property
    def line(self) -> StakeLine:
        """The stake as plain data; without its appreciation while that has no verdict."""
        content, appreciation = self.version.content, {}
        if self.verdict:
            appreciation = {
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
            **appreciation,
        )


def read_stakes(
    versions: Iterable[Version], appreciations: Mapping[int, StakeAppreciation]
) -> list[StakeReading]:
    """Return the stakes of ``versions``, in the order in which they were created, each with its
    appreciation; ``appreciations``: by primary key of the stake."""
    versions = sorted(versions, key=lambda version: version.object_id)
    return [StakeReading(version, appreciations.get(version.object_id)) for version in versions]


def stakes_in_force(convention: Convention, day: datetime.date) -> VersionQuerySet:
    """Return the versions of stakes that were in force on a day, whatever was agreed to since."""
    versions = Version.objects.of(convention).from_committee()
    return versions.filter(kind="stake", ends=False).in_force_on(day)


def describe_awaited(count: int) -> str:
    return f"{plural(count, FORMS)} {'restent' if count >= 2 else 'reste'} à apprécier"
