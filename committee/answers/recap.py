"""What a person is about to say, by answer; and what their answers have done."""

from dataclasses import dataclass, field
from functools import cached_property

from agreements.answers.lights import SIGNS
from agreements.answers.rights import NO_LONGER
from agreements.models import Answer, Version
from agreements.versions.models import read_subjects
from committee.answers.counts import answers_in_words, sentence
from committee.answers.noted import Noted
from committee.answers.undoing import Fresh, fresh_of
from committee.models import NotedAnswer
from committee.points.reading import heading_of
from committee.points.series import RECAP, Series
from conventions.models import Organisation
from ctg_portal.form_fields import NumbersByKeyField
from ctg_portal.templatetags.french import in_words, long_date


@dataclass(frozen=True)
class Line:
    """A point in the recap. ``told``: what goes with the answer; ``newer``: what is proposed in
    place of a version that no longer is; ``lost``: the name in which one answers no more."""

    version: Version
    url: str
    rank: int | None = None
    note: NotedAnswer | None = None
    told: str = ""
    refusal: str = ""
    newer: Version | None = None
    lost: Organisation | None = None

    @property
    def heading(self) -> str:
        return heading_of(self.version)


@dataclass
class Said:
    """All points to which one is about to give the same answer."""

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
    """What the reader of ``series`` has noted: what is to be given, what no longer can be, and what
    they have not answered."""

    def __init__(self, series: Series):
        self.series, self.inbox = series, series.inbox
        read_subjects(noted.version for noted in self.inbox.noted + self.inbox.lost)

    @cached_property
    def ranks(self) -> dict[int, int]:
        return {pk: rank for rank, pk in enumerate(self.series.pks, start=1)}

    @property
    def standing(self) -> list[Noted]:
        """In the order of the list; what is not in it last."""
        last = len(self.ranks) + 1
        found = self.inbox.standing.values()
        return sorted(found, key=lambda one: (self.ranks.get(one.version.pk, last), one.note.pk))

    @cached_property
    def groups(self) -> list[Said]:
        groups = {answer: Said(answer) for answer in Answer.replies()}
        for noted in self.standing:
            groups[noted.note.answer].lines.append(self._line(noted))
        return [group for group in groups.values() if group.lines]

    @cached_property
    def fallen(self) -> list[Line]:
        """What can no longer be given, with the reason."""
        lost = self.inbox.lost
        gone = [noted for noted in self.inbox.noted if noted.refusal] + lost
        live = (
            Version.objects.with_same_subject([noted.version for noted in gone])
            .proposed()
            .order_by()
        )
        newer = {(one.content_type_id, one.object_id): one for one in live}
        return [
            self._line(
                noted, refusal=(noted.refusal or NO_LONGER).reason,
                lost=noted.note.organisation if noted in lost else None,
                newer=_other(newer.get((noted.version.content_type_id, noted.version.object_id)),
                             noted.version),
            )
            for noted in gone
        ]  # fmt: skip

    def _line(self, noted: Noted, **more) -> Line:
        version = noted.version
        url = self.series.url("point", version.pk, retour=RECAP)
        return Line(
            version, url, self.ranks.get(version.pk), noted.note, told_with(noted.note), **more
        )

    @cached_property
    def unanswered(self) -> list[Line]:
        left = self.series.unanswered
        versions = Version.objects.defer("text", "search_text").with_subjects().in_bulk(left)
        return [Line(versions[pk], self.series.url("point", pk), self.ranks[pk]) for pk in left]

    @property
    def count(self) -> int:
        return len(self.inbox.standing)

    @property
    def title(self) -> str:
        if not self.count:
            return "Vous n’avez noté aucune réponse"
        awaited = len(self.ranks)
        told = "un point" if self.count == 1 else in_words(self.count, "point,points")
        of = "" if self.count >= awaited else f" sur {in_words(awaited, 'point,points').split()[0]}"
        return f"Vous êtes sur le point de répondre à {told}{of}"

    @property
    def button(self) -> str:
        if self.count == 1:
            return "Confirmer ma réponse"
        return f"Confirmer mes {in_words(self.count, 'réponse,réponses')}"

    @property
    def shown(self):
        """The field that says which notes were read, as they were."""
        revisions = {noted.note.pk: noted.note.revision for noted in self.standing}
        return NumbersByKeyField().prepare_value(revisions)


def told_with(note: NotedAnswer) -> str:
    """What goes with an answer, in a line."""
    parts = [f"{note.body}, le {long_date(note.body_date)}"] if note.body else []
    if note.reason:
        parts.append(f"« {note.reason} »")
    if note.act:
        parts.append(f"document joint : {note.act.name}")
    return " ; ".join(parts)


def _other(found: Version | None, version: Version) -> Version | None:
    return None if found == version else found


class GivenPage:
    """What the reader has just answered in the name of a party, while it may be undone.

    ``since``: the key of the first answer of the act that led here; what was answered before it is
    told apart (``earlier``), and so is what something rests on already (``held``).
    """

    def __init__(self, here, said, *, since: int = 0):
        fresh = fresh_of(here, said)
        undoables = [one for one in fresh if one.refusal is None]
        self.held: list[Fresh] = [one for one in fresh if one.refusal]
        self.undoables: list[Fresh] = [one for one in undoables if one.entry.pk >= since]
        self.earlier: list[Fresh] = [one for one in undoables if one.entry.pk < since]

    @property
    def in_force(self) -> list[Version]:
        return [one.entry.version for one in self.undoables if one.entry.version.is_in_force]

    @property
    def title(self) -> str:
        count = len(self.undoables)
        if not count and self.earlier:
            return "Cette réponse n’est plus à annuler"
        if not count:
            return "Aucune réponse n’est plus à annuler"
        if count == 1:
            return "Votre réponse est enregistrée"
        return f"Vos {answers_in_words(count)} sont enregistrées"

    @property
    def is_agreed_apart(self) -> bool:
        """Whether all that came into force is read apart, as an evaluation: it is agreed to, and no
        point of the convention."""
        return all(version.commitment.is_read_apart for version in self.in_force)

    @property
    def told_in_force(self) -> str:
        if self.is_agreed_apart:
            return "Toutes les parties sont d’accord"
        verb = "point entre en vigueur,points entrent en vigueur"
        return sentence(in_words(len(self.in_force), verb))

    @property
    def shown(self) -> str:
        """The field that says which answers were shown."""
        ranks = {one.entry.pk: one.entry.rank for one in self.undoables}
        return NumbersByKeyField().prepare_value(ranks)

    @property
    def left(self) -> str:
        """How long all of them may still be undone."""
        return self.undoables[-1].left

    @property
    def until(self):
        """When the others are told, and the first answer can no longer be undone."""
        return min(one.entry.undoable_until for one in self.undoables)
