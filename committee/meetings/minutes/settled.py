"""What minutes say stays as it is once they are submitted."""

from committee.meetings.minutes.models import Minutes, MinutesState
from committee.meetings.models import Meeting
from ctg_portal.rules import Refusal


def refuse_settled(state: MinutesState) -> Refusal | None:
    """Return why what minutes say may not change any more, or None for a draft and for approved
    minutes that are being corrected."""
    if state == MinutesState.APPROVED:
        return Refusal("Le compte rendu de cette réunion est approuvé : il ne change plus.")
    if state == MinutesState.SUBMITTED:
        return Refusal(
            "Le compte rendu de cette réunion est soumis à l’approbation : reprenez-le pour y "
            "changer quelque chose."
        )
    return None


def refuse_settled_meeting(meeting: Meeting) -> Refusal | None:
    """Return why the facts of a meeting (who was there, what was decided) may not change any more,
    or None: its minutes say them."""
    minutes = Minutes.objects.filter(meeting=meeting.pk).first()
    return refuse_settled(minutes.state) if minutes else None
