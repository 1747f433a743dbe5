"""What a convention asks of the meetings of its comité de pilotage; none of it is in the code."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from committee.meetings.models import LeastPresence, Meeting, MeetingRules
from conventions.models import Convention
from ctg_portal.house import SettingRow
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import enumerate_words, plural


@dataclass(frozen=True)
class Rules:
    """Days of notice, members for a quorum, members of each party by its primary key; 0 or absent:
    nothing is asked."""

    notice_days: int
    quorum: int
    least: dict[int, int]


NO_RULES = Rules(0, 0, {})


@cached(Subject.COMMITTEE, Subject.TEXT)
def rules_of(convention: Convention) -> Rules:
    """Return what a convention asks of the meetings of its comité de pilotage."""
    row = MeetingRules.objects.filter(convention=convention).first()
    least = LeastPresence.objects.filter(organisation__convention=convention)
    return Rules(
        row.notice_days or 0 if row else 0,
        row.quorum or 0 if row else 0,
        dict(least.values_list("organisation", "count")),
    )


def meeting_rules_row(convention: Convention) -> Iterator[SettingRow]:
    """Yield what is asked of the meetings, for the settings of a convention."""
    rules = rules_of(convention)
    parts = [
        f"convocation {plural(rules.notice_days, 'jour,jours')} avant" if rules.notice_days else "",
        f"quorum de {plural(rules.quorum, 'membre,membres')}" if rules.quorum else "",
    ]
    url = reverse("committee:bodies", args=[convention.slug])
    yield SettingRow("Instances et règles des réunions", enumerate_words(filter(None, parts)), url)


def rules_for(meeting: Meeting) -> Rules:
    """Return what is asked of a meeting: nothing of another body."""
    return rules_of(meeting.convention) if meeting.body.is_steering else NO_RULES
