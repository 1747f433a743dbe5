"""The task of who writes the minutes of a meeting: submit them."""

from django.urls import reverse

from accounts.models import User
from agreements.models import Version
from committee.meetings.minutes.commitments import MinutesCommitment
from committee.meetings.minutes.models import Minutes
from committee.meetings.models import Meeting, MeetingState
from committee.words import capitalized
from conventions.access.rights import coordinated_by
from conventions.models import Convention
from ctg_portal.house import Task
from ctg_portal.marks.cache import cached_each
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import in_words, long_date


def minutes_tasks(user: User, conventions, today):
    """Return, by convention that the user coordinates, the task to submit the minutes of meetings
    that took place; without conventions that have none."""
    coordinated = coordinated_by(user, conventions)
    own = [convention for convention in conventions if convention.pk in coordinated]
    meetings = _without_minutes(own)
    return {row.pk: [_task(row, meetings[row.pk])] for row in own if meetings[row.pk]}


def _task(convention: Convention, meetings: list[Meeting]) -> Task:
    first = meetings[0]
    if len(meetings) == 1:
        title = f"Compte rendu de la réunion du {long_date(first.day)} à soumettre aux parties."
    else:
        count = in_words(len(meetings), "compte rendu,comptes rendus")
        title = f"{capitalized(count)} de réunion à soumettre aux parties."
    return Task(
        title,
        reverse("committee:minutes", args=[convention.slug, first.pk]),
        "Relire",
        count=len(meetings),
        since=first.day,
    )


@cached_each(Subject.COMMITTEE)
def _without_minutes(conventions) -> dict[int, list[Meeting]]:
    """Return the meetings that took place and whose minutes are not submitted, the earliest first,
    by convention; in one query."""
    meetings: dict[int, list[Meeting]] = {convention.pk: [] for convention in conventions}
    submitted = Version.objects.filter(kind=MinutesCommitment.kind).live().values("object_id")
    done = Minutes.objects.filter(pk__in=submitted).values("meeting")
    rows = Meeting.objects.filter(convention__in=meetings, state=MeetingState.HELD)
    for row in rows.exclude(pk__in=done).order_by("day", "pk"):
        meetings[row.convention_id].append(row)
    return meetings
