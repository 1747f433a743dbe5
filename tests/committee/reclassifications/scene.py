"""Corrections of what signed passages are, of a committee of the tests."""

from agreements.models import Version
from agreements.versions import events as drafts
from committee.reclassifications.events import add_reclassification
from tests.agreements.factories import WHY, Committee


def drafted(committee: Committee, *passages, becomes: str = "text") -> Version:
    content = {"objectives": list(passages), "becomes": becomes}
    return add_reclassification(committee.convention, content, by=committee.coordinator)


def proposed(committee: Committee, *passages, becomes: str = "text") -> Version:
    draft = drafted(committee, *passages, becomes=becomes)
    return drafts.propose(draft, by=committee.coordinator, after_term=WHY)


def reclassified(committee: Committee, *passages, becomes: str = "text") -> Version:
    version = proposed(committee, *passages, becomes=becomes)
    committee.agree(version)
    version.refresh_from_db()
    return version
