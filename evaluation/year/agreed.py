"""What the parties had agreed to when a year, or the term, ended."""

import datetime
from collections import defaultdict

from agreements.models import Version
from conventions.models import Convention


def agreed_by(convention: Convention, end: datetime.date) -> defaultdict[str, list[Version]]:
    """The versions of sheets, and of the committee's own objectives and stakes, that were in force
    on the day ``end``, by kind: whatever has been agreed to or taken back since. One query."""
    versions = Version.objects.of(convention)
    own = versions.from_committee().filter(kind__in=["objective", "stake"])
    found = defaultdict(list)
    for version in (own | versions.filter(kind="action")).filter(ends=False).in_force_on(end):
        found[version.kind].append(version)
    return found
