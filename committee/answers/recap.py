"""The summary of noted answers before they are given, and the page of those just given."""

from dataclasses import dataclass, field
from functools import cached_property

from agreements.answers.lights import SIGNS
from agreements.answers.rights import NO_LONGER
from agreements.models import Answer, Version
from agreements.versions.models import read_subjects
from committee.answers.models import NotedAnswer
from committee.pages import CommitteeReader
from committee.points.noted import Noted
from committee.points.series import RECAP, Series
from committee.points.undoing import FreshAnswer, fresh_answers
from committee.words import capitalized, format_answer_count, heading_of
from conventions.models import Organisation
from ctg_portal.forms.fields import NumbersByKeyField
from ctg_portal.templatetags.french import in_words, long_date


@dataclass(frozen=True)
class Line:
    """A point in the summary. ``details`` go with the answer; ``newer`` is the version proposed in
    place of one that no longer is; ``lost`` is the organisation for which the reader may no longer
    answer."""

    version: Version
    url: str
    rank: int | None = None
    note: NotedAnswer | None = None
    details: str = ""
    refusal: str = ""
    newer: Version | None = None
    lost: Organisation | None = None

    @property
    def heading(self) -> str:
        return heading_of(self.version)


@dataclass
class AnswerGroup:
    """The points to which the same answer was noted."""

    answer: str
    lines: list[Line] = field(default_factory=list)

    @property
    def sign(self) -> str:
        return SIGNS[self.answer]

    @property
    def word(self) -> str:
        return str(Answer(self.answer).label)

    @property
    def count(self) -> str:
        return in_words(len(self.lines), "point,points")


class RecapPage:
    """What the reader of ``series`` has noted: what will be given, what no longer can be, and the
    points without an answer."""

    def __init__(self, series: Series):
        """Read the rows of all noted versions at once."""
        self.series, self.inbox = series, series.inbox
        read_subjects(noted.version for noted in self.inbox.noted + self.inbox.lost)

    @cached_property
    def ranks(self) -> dict[int, int]:
        return {pk: rank for rank, pk in enumerate(self.series.pks, start=1)}

    @property
    def standing(self) -> list[Noted]:
        """The notes that can be given, in the order of the list; what is not in it comes last."""
        last = len(self.ranks) + 1
        notes = self.inbox.standing.values()
        return sorted(notes, key=lambda one: (self.ranks.get(one.version.pk, last), one.note.pk))

    @cached_property
    def groups(self) -> list[AnswerGroup]:
        """The notes that may still be given, by answer, without empty groups."""
        groups = {answer: AnswerGroup(answer) for answer in Answer.replies()}
        for noted in self.standing:
            groups[noted.note.answer].lines.append(self._line(noted))
        return [group for group in groups.values() if group.lines]

    @cached_property
    def lapsed(self) -> list[Line]:
        """The notes that can no longer be given, each with the reason."""
        lost = self.inbox.lost
        gone = [noted for noted in self.inbox.noted if noted.refusal] + lost
        siblings = Version.objects.with_same_subject([noted.version for noted in gone])
        live = siblings.proposed().order_by()
        proposed = {(version.content_type_id, version.object_id): version for version in live}
        lines = []
        for noted in gone:
            newer = proposed.get((noted.version.content_type_id, noted.version.object_id))
            lines.append(self._line(
                noted, refusal=(noted.refusal or NO_LONGER).reason,
                lost=noted.note.organisation if noted in lost else None,
                newer=None if newer == noted.version else newer,
            ))  # fmt: skip
        return lines

    def _line(self, noted: Noted, **more) -> Line:
        """Return a note as a line: its point in the series, its details; ``more`` are fields of
        Line."""
        version = noted.version
        url = self.series.url("point", version.pk, retour=RECAP)
        details = describe_details(noted.note)
        return Line(version, url, self.ranks.get(version.pk), noted.note, details, **more)

    @cached_property
    def unanswered(self) -> list[Line]:
        """The points of the series without a noted answer, in its order."""
        left = self.series.unanswered
        versions = Version.objects.defer("text", "search_text").with_subjects().in_bulk(left)
        return [Line(versions[pk], self.series.url("point", pk), self.ranks[pk]) for pk in left]

    @property
    def count(self) -> int:
        return len(self.inbox.standing)

    @property
    def title(self) -> str:
        """The heading: how many points the reader is about to answer, of those that await them."""
        if not self.count:
            return "Vous n’avez noté aucune réponse"
        awaited = len(self.ranks)
        points = "un point" if self.count == 1 else in_words(self.count, "point,points")
        of = "" if self.count >= awaited else f" sur {in_words(awaited, 'point,points').split()[0]}"
        return f"Vous êtes sur le point de répondre à {points}{of}"

    @property
    def button(self) -> str:
        """The label of the button: « Confirmer mes trois réponses », by the notes that can be
        given."""
        if self.count == 1:
            return "Confirmer ma réponse"
        return f"Confirmer mes {in_words(self.count, 'réponse,réponses')}"

    @property
    def shown(self):
        """The value of the hidden field: the notes shown, each with its revision."""
        revisions = {noted.note.pk: noted.note.revision for noted in self.standing}
        return NumbersByKeyField().prepare_value(revisions)


def describe_details(note: NotedAnswer) -> str:
    """Return in one line what goes with an answer: assembly and day, reason, document."""
    parts = [f"{note.body}, le {long_date(note.body_date)}"] if note.body else []
    if note.reason:
        parts.append(f"« {note.reason} »")
    if note.act:
        parts.append(f"document joint : {note.act.name}")
    return " ; ".join(parts)


class GivenPage:
    """What the reader has just answered in the name of a party, while it may be undone.

    ``since`` is the key of the first answer of the act that led here. What was answered before it
    is shown apart (``earlier``), and so is what can no longer be undone since something rests on it
    (``settled``).
    """

    def __init__(self, here: CommitteeReader, entries, *, since: int = 0):
        """Sort fresh ``entries``: undoable since the key ``since``, before it, no longer."""
        fresh = fresh_answers(here, entries)
        undoables = [one for one in fresh if one.refusal is None]
        self.settled: list[FreshAnswer] = [one for one in fresh if one.refusal]
        self.undoables: list[FreshAnswer] = [one for one in undoables if one.entry.pk >= since]
        self.earlier: list[FreshAnswer] = [one for one in undoables if one.entry.pk < since]

    @property
    def in_force(self) -> list[Version]:
        return [one.entry.version for one in self.undoables if one.entry.version.is_in_force]

    @property
    def title(self) -> str:
        """The heading by the number of answers that can be undone, or that none can."""
        count = len(self.undoables)
        if not count and self.earlier:
            return "Cette réponse n’est plus à annuler"
        if not count:
            return "Aucune réponse n’est plus à annuler"
        if count == 1:
            return "Votre réponse est enregistrée"
        return f"Vos {format_answer_count(count)} sont enregistrées"

    @property
    def is_agreed_apart(self) -> bool:
        """Whether all that came into force is read apart, as an evaluation is: it is no point of
        the convention."""
        return all(version.commitment.is_read_apart for version in self.in_force)

    @property
    def in_force_heading(self) -> str:
        """The heading that says how many points the answers put in force; where all are read apart,
        as an evaluation is, that all parties agree."""
        if self.is_agreed_apart:
            return "Toutes les parties sont d’accord"
        verb = "point entre en vigueur,points entrent en vigueur"
        return capitalized(in_words(len(self.in_force), verb))

    @property
    def shown(self) -> str:
        """The value of the hidden field: the answers shown, each with its rank."""
        ranks = {one.entry.pk: one.entry.rank for one in self.undoables}
        return NumbersByKeyField().prepare_value(ranks)

    @property
    def left(self) -> str:
        """The time left to undo all of them."""
        return self.undoables[-1].left

    @property
    def until(self):
        """The moment when the first answer can no longer be undone, and others are notified."""
        return min(one.entry.undoable_until for one in self.undoables)
