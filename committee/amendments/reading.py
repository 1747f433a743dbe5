"""Proposals for a later amendment, each beside the signed text."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Model

from agreements.commitments.canonical import plain
from agreements.commitments.commitment import commitment_of, commitments
from agreements.commitments.fields import Text
from committee.amendments.models import AmendmentProposal
from committee.pages import CommitteeReader
from committee.words import capitalized
from conventions.models import Standing
from ctg_portal.templatetags.french import in_words
from ctg_portal.text.differences import SAME, Piece, ends_of, words_changed
from ctg_portal.text.typography import polish

# A text is called by its number; the number is not part of its wording.
NOT_WORDING = {"number"}
# How many letters of what stays the same are kept on each side of a change.
AROUND = 250
BOLD = re.compile(r"\*\*(.+?)\*\*")
WITHIN_PARAGRAPH = re.compile(r"(?<!\n)\n[ \t]*(?!\s|[-*#>|]|\d+\. |$)")


def signed_wording(row: Model) -> str:
    """Return what a signed row states, as one text from which another is written: its text fields
    but the number, empty ones left out."""
    commitment = commitment_of(row)
    content = commitment.content(row)
    texts = [
        content[part.name]
        for part in commitment.fields
        if isinstance(part, Text) and part.name not in NOT_WORDING
    ]
    return normalized("\n\n".join(filter(None, texts)))


def normalized(text: str) -> str:
    """Return a text as people read it, so that only what they change counts as changed: without
    marks of bold and ends of line within a paragraph, with French typography."""
    unmarked = BOLD.sub(r"\1", plain(text))
    return polish(WITHIN_PARAGRAPH.sub(" ", unmarked)).strip()


def title_of(row: Model) -> str:
    """Return the title of a signed row."""
    commitment = commitment_of(row)
    return commitment.title_of(row, commitment.content(row))


def signed_row(kind: str, pk: int, convention) -> Model | None:
    """Return the row that an address names; None for an unknown kind or key, another convention, or
    a draft."""
    commitment = next((each for each in commitments() if each.kind == kind), None)
    row = commitment.subjects().filter(pk=pk).first() if commitment else None
    if row is None or commitment.convention_of(row) != convention:
        return None
    return None if getattr(row, "standing", None) == Standing.DRAFT else row


@dataclass
class Proposal:
    """A proposal as the list shows it. ``pieces`` are the differences from the signed text."""

    row: AmendmentProposal
    pieces: list[Piece]
    can_withdraw: bool

    @property
    def changes_nothing(self) -> bool:
        """Whether the signed text says the same by now, its transcription being corrected."""
        return all(piece.change == SAME for piece in self.pieces)


@dataclass
class AmendedText:
    """A signed text and the proposals to change it, the earliest first."""

    title: str
    heading: str
    anchor: str
    place: tuple
    proposals: list[Proposal] = field(default_factory=list)


class AmendmentList:
    """All proposals for a later amendment, as the person of ``here`` reads them."""

    def __init__(self, here: CommitteeReader):
        self.here = here
        rows = AmendmentProposal.objects.of(here.convention).with_subjects()
        self.rows = list(rows.order_by("created_at", "pk"))

    @property
    def current(self) -> list[AmendedText]:
        return self._by_text(row for row in self.rows if not row.withdrawn_at)

    @property
    def withdrawn(self) -> list[AmendedText]:
        return self._by_text(row for row in self.rows if row.withdrawn_at)

    @property
    def title(self) -> str:
        """The heading of the page: how many proposals wait, withdrawn ones not counted, or that
        none does."""
        count = sum(not row.withdrawn_at for row in self.rows)
        if not count:
            return "Rien n’est proposé pour un prochain avenant"
        waiting = in_words(count, "proposition attend,propositions attendent")
        waiting = waiting.replace("un ", "une ", 1) if count == 1 else waiting
        return f"{capitalized(waiting)} un prochain avenant"

    def _by_text(self, rows: Iterable[AmendmentProposal]) -> list[AmendedText]:
        """Return the rows by the text that they are about, in the order of the convention."""
        groups: dict[tuple, list] = defaultdict(list)
        for row in rows:
            groups[row.content_type_id, row.object_id].append(row)
        texts = [self._amended_text(proposals) for proposals in groups.values()]
        return sorted(texts, key=lambda text: text.place)

    def _amended_text(self, rows: list[AmendmentProposal]) -> AmendedText:
        """Return a text with its proposals; without heading if its row is deleted."""
        subject = rows[0].subject
        signed = signed_wording(subject) if subject else ""
        text = AmendedText(
            title=title_of(subject) if subject else rows[0].title,
            heading=commitment_of(subject).heading(subject) if subject else "",
            anchor=f"texte-{rows[0].content_type_id}-{rows[0].object_id}",
            place=_place(subject, rows[0].object_id),
        )
        for row in rows:
            pieces = shortened(words_changed(signed, normalized(row.wording)))
            text.proposals.append(Proposal(row, pieces, self._can_withdraw(row)))
        return text

    def _can_withdraw(self, row: AmendmentProposal) -> bool:
        """Return whether the person may withdraw a proposal. Twin of
        ``rights.may_withdraw_amendment``, which queries the database for each."""
        here = self.here
        return not row.withdrawn_at and (here.manages or row.user_id == here.user.pk)


def _place(row: Model | None, pk: int) -> tuple:
    """Return the sort key of a text in the convention: articles, annexes, then by axis."""
    if row is None:
        return len(commitments()), 0, 0, pk
    commitment = commitment_of(row)
    axis, number = commitment.axis_of(row), getattr(row, "number", 0)
    by_number = number if isinstance(number, int) else 0
    return commitments().index(commitment), axis.number if axis else 0, by_number, pk


def shortened(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces without the inside of long unchanged passages, since annexes are long."""
    return [
        Piece(ends_of(piece.text, AROUND), SAME)
        if piece.change == SAME and len(piece.text) > 3 * AROUND
        else piece
        for piece in pieces
    ]


@dataclass(frozen=True)
class SignedTexts:
    """The signed texts of one kind. ``rows``: the label, title and primary key of each."""

    kind: str
    title: str
    rows: list[tuple[str, str, int]]


def signed_texts_by_kind(convention) -> list[SignedTexts]:
    """Return all that was signed, by kind, without kinds of which nothing was; one query for each
    kind."""
    kinds = []
    for commitment in commitments():
        rows = commitment.signed_rows(convention)
        if rows is None or not (texts := list(rows)):
            continue
        word = getattr(convention.words, commitment.kind, None)
        title = word.titles if word else commitment.plural.capitalize()
        labelled = [(commitment.heading(row), title_of(row), row.pk) for row in texts]
        kinds.append(SignedTexts(commitment.kind, title, labelled))
    return kinds
