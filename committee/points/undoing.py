"""The answers that the reader may still undo, each with the time left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from agreements.answers.lights import Point, points_of, required_of
from agreements.answers.rights import may_undo
from agreements.models import Agreement
from committee.pages import CommitteeReader
from committee.words import capitalized, format_answer_count
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import plural


@dataclass(frozen=True)
class FreshAnswer:
    """An answer that the reader has just given. ``refusal`` says why it can no longer be undone."""

    entry: Agreement
    refusal: Refusal | None

    @property
    def left(self) -> str:
        """The time left to undo it: « encore 28 minutes »; a minute begun counts."""
        seconds = (self.entry.undoable_until - timezone.now()).total_seconds()
        return f"encore {plural(max(1, -(-int(seconds) // 60)), 'minute,minutes')}"


def undoable_answers(here: CommitteeReader, answers: QuerySet[Agreement]) -> list[FreshAnswer]:
    """Return which of these answers the person may still undo, the latest first."""
    return [one for one in fresh_answers(here, answers) if one.refusal is None]


def fresh_answers(here: CommitteeReader, answers: QuerySet[Agreement]) -> list[FreshAnswer]:
    """Return which of these answers the person of ``here`` has just given, the latest first; those
    that something rests on already come with a refusal."""
    fresh = answers.undoable().filter(entered_by=here.user)
    entries = list(
        fresh.select_related("version", "organisation", "undoing").order_by("-created_at", "-pk")
    )
    if not entries:
        return []
    points = points_of({entry.version for entry in entries}, required_of(here.convention))
    return fresh_answers_among(here, entries, {point.version.pk: point for point in points})


def fresh_answers_among(
    here: CommitteeReader, entries: Iterable[Agreement], points: Mapping[int, Point]
) -> list[FreshAnswer]:
    """Return which of these entries the person of ``here`` has just given, in their order.
    ``points`` are those that they answer, by version; what undoes an entry was read with it."""
    return [
        FreshAnswer(entry, may_undo(here.user, entry, points[entry.version_id], here.bench))
        for entry in entries
        if entry.is_undoable and entry.entered_by_id == here.user.pk
    ]


def describe_undone(count: int) -> str:
    """Return one sentence: so many answers are undone."""
    verb = "est annulée" if count == 1 else "sont annulées"
    return f"{capitalized(format_answer_count(count))} {verb} ; le registre garde ce qui a été dit."
