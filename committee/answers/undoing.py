"""The answers that the reader may still undo, each with how long."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from agreements.answers.lights import Point, points_of, required_of
from agreements.answers.rights import may_undo
from agreements.models import Agreement
from committee.answers.counts import answers_in_words, sentence
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import plural


@dataclass(frozen=True)
class Fresh:
    """An answer of the reader of the last minutes, and the time left to undo it; ``refusal``: why
    it is undone no more."""

    entry: Agreement
    refusal: Refusal | None

    @property
    def left(self) -> str:
        """« encore 28 minutes »: what has begun counts, so that nobody reads zero."""
        seconds = (self.entry.undoable_until - timezone.now()).total_seconds()
        return f"encore {plural(max(1, -(-int(seconds) // 60)), 'minute,minutes')}"


def undoable_by(here, said: QuerySet[Agreement]) -> list[Fresh]:
    """What of this the person who is ``here`` may undo, the latest first; one query where there is
    nothing."""
    return [one for one in fresh_of(here, said) if one.refusal is None]


def fresh_of(here, said: QuerySet[Agreement]) -> list[Fresh]:
    """The same, with what they may undo no more: something rests on it already."""
    fresh = said.undoable().filter(entered_by=here.user)
    entries = list(
        fresh.select_related("version", "organisation", "undoing").order_by("-created_at", "-pk")
    )
    if not entries:
        return []
    points = points_of({entry.version for entry in entries}, required_of(here.convention))
    return fresh_among(here, entries, {point.version.pk: point for point in points})


def fresh_among(here, entries: Iterable[Agreement], points: Mapping[int, Point]) -> list[Fresh]:
    """Return the same of entries on ``points``, by their versions, that were read with what undoes
    them, in their order."""
    return [
        Fresh(entry, may_undo(here.user, entry, points[entry.version_id], here.bench))
        for entry in entries
        if entry.is_undoable and entry.entered_by_id == here.user.pk
    ]


def undone_told(count: int) -> str:
    verb = "est annulée" if count == 1 else "sont annulées"
    return f"{sentence(answers_in_words(count))} {verb} ; le registre garde ce qui a été dit."
