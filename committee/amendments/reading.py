"""What people would have the signed text say, beside what it says."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Model

from agreements.commitments.canonical import plain
from agreements.commitments.commitment import Commitment, commitment_of, commitments
from agreements.commitments.fields import Text
from committee.models import AmendmentProposal
from conventions.models import Standing
from ctg_portal.differences import SAME, Piece, ends_of, words_changed
from ctg_portal.templatetags.french import in_words
from ctg_portal.typography import polish

# A text is called by its number; the number is not part of its wording.
NOT_WORDING = {"number"}
# How many letters of what stays the same are kept on each side of a change.
AROUND = 250
BOLD = re.compile(r"\*\*(.+?)\*\*")
WITHIN_PARAGRAPH = re.compile(r"(?<!\n)\n[ \t]*(?!\s|[-*#>|]|\d+\. |$)")


def wording_of(row: Model) -> str:
    """What a signed row says, as one text to write another from."""
    commitment = commitment_of(row)
    content = commitment.content(row)
    texts = [
        content[part.name]
        for part in commitment.fields
        if isinstance(part, Text) and part.name not in NOT_WORDING
    ]
    return as_read("\n\n".join(filter(None, texts)))


def as_read(text: str) -> str:
    """A text as people read it, so that only what they change is shown as changed: no marks of
    bold, no ends of line within a paragraph, French typography."""
    unmarked = BOLD.sub(r"\1", plain(text))
    return polish(WITHIN_PARAGRAPH.sub(" ", unmarked)).strip()


def title_of(row: Model) -> str:
    commitment = commitment_of(row)
    return commitment.title_of(row, commitment.content(row))


def commitment_named(kind: str) -> Commitment | None:
    return next((found for found in commitments() if found.kind == kind), None)


def row_of(kind: str, pk: int, convention) -> Model | None:
    """The row of this convention that an address names; not one that is a mere draft."""
    commitment = commitment_named(kind)
    row = commitment.subjects().filter(pk=pk).first() if commitment else None
    if row is None or commitment.convention_of(row) != convention:
        return None
    return None if getattr(row, "standing", None) == Standing.DRAFT else row


@dataclass
class Proposal:
    """A proposal as the list shows it. ``pieces`` go from the signed text to the one proposed."""

    row: AmendmentProposal
    pieces: list[Piece]
    may_withdraw: bool

    @property
    def changes_nothing(self) -> bool:
        """Whether the signed text says it by now: a mistake in its transcription was corrected."""
        return all(piece.change == SAME for piece in self.pieces)


@dataclass
class About:
    """A signed text, and what is proposed for it, the earliest first."""

    title: str
    heading: str
    anchor: str
    place: tuple
    proposals: list[Proposal] = field(default_factory=list)


class AmendmentList:
    """All that was proposed for a later amendment, as the person who is ``here`` reads it."""

    def __init__(self, here):
        self.here = here
        rows = AmendmentProposal.objects.of(here.convention).with_subjects()
        self.rows = list(rows.order_by("created_at", "pk"))

    @property
    def kept(self) -> list[About]:
        return self._by_text(row for row in self.rows if not row.withdrawn_at)

    @property
    def withdrawn(self) -> list[About]:
        return self._by_text(row for row in self.rows if row.withdrawn_at)

    @property
    def title(self) -> str:
        """The answer to why one came."""
        count = sum(not row.withdrawn_at for row in self.rows)
        if not count:
            return "Rien n’est proposé pour un prochain avenant"
        told = in_words(count, "proposition attend,propositions attendent")
        told = told.replace("un ", "une ", 1) if count == 1 else told
        return f"{told[:1].upper()}{told[1:]} un prochain avenant"

    def _by_text(self, rows: Iterable[AmendmentProposal]) -> list[About]:
        """Grouped by the text that they are about, in the order of the convention."""
        groups: dict[tuple, list] = defaultdict(list)
        for row in rows:
            groups[row.content_type_id, row.object_id].append(row)
        found = [self._about(of_one) for of_one in groups.values()]
        return sorted(found, key=lambda about: about.place)

    def _about(self, rows: list[AmendmentProposal]) -> About:
        subject = rows[0].subject
        signed = wording_of(subject) if subject else ""
        about = About(
            title=title_of(subject) if subject else rows[0].title,
            heading=commitment_of(subject).heading(subject) if subject else "",
            anchor=f"texte-{rows[0].content_type_id}-{rows[0].object_id}",
            place=_place(subject, rows[0].object_id),
        )
        for row in rows:
            pieces = shortened(words_changed(signed, as_read(row.wording)))
            about.proposals.append(Proposal(row, pieces, self._may_withdraw(row)))
        return about

    def _may_withdraw(self, row: AmendmentProposal) -> bool:
        """Twin of ``rights.may_withdraw_amendment``, which asks the database for each."""
        here = self.here
        return not row.withdrawn_at and (here.manages or row.user_id == here.user.pk)


def _place(row: Model | None, pk: int) -> tuple:
    """Where a text stands in the convention: articles, annexes, then by axis."""
    if row is None:
        return len(commitments()), 0, 0, pk
    commitment = commitment_of(row)
    axis, number = commitment.axis_of(row), getattr(row, "number", 0)
    by_number = number if isinstance(number, int) else 0
    return commitments().index(commitment), axis.number if axis else 0, by_number, pk


def shortened(pieces: list[Piece]) -> list[Piece]:
    """Without the inside of what stays the same over a page: the annexes are long."""
    return [
        Piece(ends_of(piece.text, AROUND), SAME)
        if piece.change == SAME and len(piece.text) > 3 * AROUND
        else piece
        for piece in pieces
    ]


@dataclass(frozen=True)
class Choice:
    """A kind of signed texts, and the texts: what each is called, its title, its key."""

    kind: str
    title: str
    rows: list[tuple[str, str, int]]


def signed_texts(convention) -> list[Choice]:
    """All that was signed, by kind, in one query each."""
    found = []
    for commitment in commitments():
        rows = commitment.signed_rows(convention)
        if rows is None or not (texts := list(rows)):
            continue
        word = getattr(convention.words, commitment.kind, None)
        title = word.titles if word else commitment.plural.capitalize()
        told = [(commitment.heading(row), title_of(row), row.pk) for row in texts]
        found.append(Choice(commitment.kind, title, told))
    return found
