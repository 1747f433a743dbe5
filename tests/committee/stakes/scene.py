"""Shared stakes of a committee of the tests."""

import datetime

from agreements.models import Version
from agreements.versions import events as drafts
from committee.stakes.events import add_stake
from tests.agreements.factories import WHY, Committee, agreed_since

TITLE = "L’accès aux droits"


def drafted(committee: Committee, title: str = TITLE, *, by=None, **others) -> Version:
    content = {"title": title, "text": "Les services s’éloignent.", "themes": []} | others
    return add_stake(committee.convention, content, by=by or committee.coordinator)


def proposed(committee: Committee, title: str = TITLE, **others) -> Version:
    draft = drafted(committee, title, **others)
    return drafts.propose(draft, by=committee.coordinator, after_term=WHY)


def in_force(committee: Committee, title: str = TITLE, **others) -> Version:
    version = proposed(committee, title, **others)
    committee.agree(version)
    version.refresh_from_db()
    return version


def in_force_since(committee: Committee, day: datetime.date, title: str = TITLE,
                   **others) -> Version:  # fmt: skip
    return agreed_since(in_force(committee, title, **others), day)
