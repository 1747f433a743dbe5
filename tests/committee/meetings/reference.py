"""The rules of a meeting and of the voices recorded there, in memory, from the rules alone
(records 97 and 100). Each act returns whether it is taken; if not, nothing changes."""

from dataclasses import dataclass, field

PARTIES = ("caf", "epci")


@dataclass
class Point:
    """A point on the agenda: who has agreed to the version that stands, and for whom an agreement
    was recorded that counts for nothing yet."""

    agreed: set[str] = field(default_factory=set)
    recorded: set[str] = field(default_factory=set)

    @property
    def is_in_force(self) -> bool:
        return self.agreed == set(PARTIES)


@dataclass
class Rules:
    """A meeting of today about three points, both members present. ``minutes``: none, submitted,
    approved, sealed or corrected."""

    points: list[Point] = field(default_factory=lambda: [Point() for _ in range(3)])
    present: set[str] = field(default_factory=lambda: set(PARTIES))
    state: str = "convened"
    is_today: bool = True
    minutes: str = "none"
    approved_by: set[str] = field(default_factory=set)
    is_corrected: bool = False

    @property
    def are_facts_open(self) -> bool:
        return self.state != "cancelled" and self.minutes in ("none", "corrected")

    def tick(self, present: set[str]) -> bool:
        """Presence is noted until the minutes that say it are submitted."""
        if not self.are_facts_open:
            return False
        self.present = set(present)
        return True

    def record(self, speaker: str, chosen: set[int], *, is_stale: bool) -> bool:
        """Who is present and commits a party speaks for it on the day, on points that are proposed
        as they were shown: on all of them, or on none."""
        if not (self.are_facts_open and self.is_today and chosen) or is_stale:
            return False
        if speaker not in PARTIES or speaker not in self.present:
            return False
        if any(self.points[n].is_in_force for n in chosen):
            return False
        for n in chosen:
            self.points[n].recorded.add(speaker)
        return True

    def confirm(self, person: str, party: str) -> bool:
        """Only a member who is present confirms what was recorded for their own party."""
        awaited = [row for row in self.points if party in row.recorded and not row.is_in_force]
        if person != party or person not in self.present or not awaited:
            return False
        self._confirm(party)
        return True

    def _confirm(self, party: str) -> None:
        for point in self.points:
            if party in point.recorded and not point.is_in_force:
                point.recorded.discard(party)
                point.agreed.add(party)

    def answer(self, party: str, n: int) -> bool:
        """A member agrees in person, in a session or not; what was recorded is then settled."""
        point = self.points[n]
        if point.is_in_force:
            return False
        point.agreed.add(party)
        point.recorded.discard(party)
        return True

    def amend(self, n: int) -> bool:
        """A next version is agreed to by nobody yet."""
        self.points[n] = Point()
        return True

    def hold(self) -> bool:
        if self.state != "convened":
            return False
        self.state = "held"
        return True

    def cancel(self) -> bool:
        if self.state != "convened":
            return False
        self.state = "cancelled"
        return True

    def submit(self) -> bool:
        if self.state != "held" or self.minutes not in ("none", "corrected"):
            return False
        self.minutes, self.approved_by = "submitted", set()
        return True

    def take_back(self) -> bool:
        """What is taken back is drafted, or corrected, again."""
        if self.minutes != "submitted":
            return False
        self.minutes = "corrected" if self.is_corrected else "none"
        return True

    def approve(self, party: str) -> bool:
        """A party that approves minutes confirms what was recorded for it, and nothing else."""
        if self.minutes != "submitted":
            return False
        self.approved_by.add(party)
        self._confirm(party)
        if self.approved_by == set(PARTIES):
            self.minutes, self.is_corrected = "approved", False
        return True

    def seal(self) -> None:
        if self.minutes == "approved":
            self.minutes = "sealed"

    def correct(self) -> bool:
        if self.minutes != "sealed":
            return False
        self.minutes, self.is_corrected = "corrected", True
        return True
