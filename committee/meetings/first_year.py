"""The first meeting, a step of a convention's first year."""

from collections.abc import Iterator

from django.urls import reverse

from committee.meetings.models import Meeting, MeetingState
from conventions.models import Convention
from ctg_portal.house import FirstStep
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import long_date


def convene_meeting(convention: Convention) -> Iterator[FirstStep]:
    """Yield the step of convening the first meeting."""
    day = _first_day(convention)
    url = reverse("committee:meetings", args=[convention.slug])
    yield FirstStep(
        40,
        "Convoquer la première réunion",
        url,
        day is not None,
        f"le {long_date(day)}" if day else "",
    )


@cached(Subject.COMMITTEE)
def _first_day(convention: Convention):
    """Return the day of the first meeting that was convened or held; None without any."""
    rows = Meeting.objects.of(convention).filter(
        state__in=[MeetingState.CONVENED, MeetingState.HELD]
    )
    return rows.order_by("day").values_list("day", flat=True).first()
