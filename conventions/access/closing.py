"""Access that only reads ends some days after its holder is notified that they have no seat."""

import datetime

from django.utils import timezone

from accounts.models import User
from conventions.access.events import end_for_portal
from conventions.access.models import Membership, Role
from conventions.parties.models import Organisation
from ctg_portal.marks.events import changed, event
from ctg_portal.marks.models import Subject

# From the message that announces it to the day on which the access closes.
NOTICE = datetime.timedelta(days=7)


@event()
def announce_closing(user: User, organisation: Organisation) -> datetime.date | None:
    """Let the access by which somebody reads for an organisation close after ``NOTICE``; return the
    day, of which the caller writes to them. Nothing closes, and None is returned, where they hold
    another access there, or none."""
    changed(organisation, Subject.PEOPLE)
    accesses = Membership.objects.active().held_by(user, organisation)
    accesses = list(accesses.select_for_update(of=("self",)))
    if not accesses or any(access.role != Role.READER for access in accesses):
        return None
    day = timezone.localdate() + NOTICE
    for access in accesses:
        access.closes_on = day
        access.save(update_fields=["closes_on"])
    return day


def keep_open(user: User, organisation: Organisation) -> None:
    """Let an access whose closing was announced stay, since its holder sits or reads there again;
    in the transaction of the caller."""
    accesses = Membership.objects.active().held_by(user, organisation)
    for access in accesses.exclude(closes_on=None):
        access.closes_on = None
        access.save(update_fields=["closes_on"])


def close_due() -> None:
    """End each access whose announced day has come; nobody is written to."""
    due = Membership.objects.closing_by(timezone.localdate()).order_by("pk")
    for access in due.select_related("organisation__convention", "user"):
        _close(access)


@event()
def _close(access: Membership) -> None:
    """End an access, and what its holder was lent in the organisation, unless it stays after all,
    or was ended, meanwhile."""
    changed(access, Subject.PEOPLE)
    current = Membership.objects.select_for_update(of=("self",)).get(pk=access.pk)
    if current.is_active and current.closes_on and current.closes_on <= timezone.localdate():
        end_for_portal(access)
