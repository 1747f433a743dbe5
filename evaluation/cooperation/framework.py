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
    """Read the missions, in the order of the annex; the first is what all of the post is for."""
    missions = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [
        Mission(
            mission["title"],
            [
                Activity(f"{mission['key']}.{activity['key']}", activity["title"])
                for activity in mission["activities"]
            ],
        )
        for mission in missions
    ]


@cache
def activity_keys() -> frozenset[str]:
    return frozenset(activity.key for mission in framework() for activity in mission.activities)
