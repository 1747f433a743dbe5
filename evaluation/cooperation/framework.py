"""The national framework of the post of cooperation: what annexe 1 of a convention expects of it.

``framework.yaml`` beside holds it, in the words of the annex.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("framework.yaml")


@dataclass(frozen=True)
class Activity:
    """``key`` is stored of a year in which it was done: « reseau.partenaires »."""

    key: str
    title: str


@dataclass(frozen=True)
class Mission:
    title: str
    activities: list[Activity]


@cache
def framework() -> list[Mission]:
    """In the order of the annex: what is expected, then the activities by mission."""
    read = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [
        Mission(
            one["title"],
            [Activity(f"{one['key']}.{own['key']}", own["title"]) for own in one["activities"]],
        )
        for one in read
    ]


@cache
def known() -> frozenset[str]:
    """The keys of all activities."""
    return frozenset(own.key for mission in framework() for own in mission.activities)
