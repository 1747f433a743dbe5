"""The action plan as tables: a row for each action with all that its sheet has, and tables of the
funding lines, the milestones and the notes.

Names have French typography, as on the pages; longer texts stay as people wrote them. The list of
the plan's page does not use these columns: it shows in four cells what matters at a glance
(``templates/actions/ways/plan_line.html``).
"""

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter, itemgetter

from actions.files.sheet import Sheet
from actions.follow_up.words import LATE, LateWord
from actions.plan.commitments import ActionCommitment
from actions.sheet.columns import FUNDINGS_IN_TABLE, MILESTONES_IN_TABLE, MONEY, YEAR
from actions.sheet.lines import PARTS
from actions.ways.budget import Sums
from agreements.commitments.fields import Field
from conventions.legal.words import Words
from conventions.models import Convention, Standing
from ctg_portal.text.typography import polish
from documents.tables import Column, Table

AGREEMENTS = dict(Standing.choices) | {
    Standing.PROPOSED: "proposée",
    Standing.WITHDRAWN: "retirée",
}


def plan_tables(convention: Convention, sheets: Sequence[Sheet]) -> list[Table]:
    """Return the tables of actions, funding lines, milestones and notes, in this order."""
    notes = ["Données fictives."] if any(sheet.is_fictional for sheet in sheets) else []
    fundings = [(sheet, line) for sheet in sheets for line in sheet.fundings]
    milestones = [(sheet, line) for sheet in sheets for line in sheet.follow_up.milestones]
    written = [(sheet, note) for sheet in sheets for note in sheet.follow_up.notes]
    return [
        Table.of("Actions", columns_of(convention.words, sheets), sheets, notes),
        Table.of("Financements", FUNDINGS, fundings, notes),
        Table.of("Jalons", MILESTONES, milestones, notes),
        Table.of("Bilans", NOTES, written, notes),
    ]


def columns_of(words: Words, sheets: Sequence[Sheet]) -> list[Column]:
    """Return the columns of the table of actions, in the ``words`` of the territory, with one for
    each year of which a sheet has a note."""
    years = sorted({note.year for sheet in sheets for note in sheet.follow_up.notes})
    late = next((sheet.follow_up.late_word for sheet in sheets), LATE)
    return [
        NUMBER,
        TITLE,
        *_place_and_agreement_columns(words),
        *_agreed(),
        *_follow_up(late),
        *map(_note_column, years),
        # A CSV has no other place to say it.
        *([FICTIONAL] if any(sheet.is_fictional for sheet in sheets) else []),
    ]


def _place_and_agreement_columns(words: Words) -> list[Column]:
    """Return the columns of axis, theme, other themes and objectives, then those of the agreement:
    standing, day, version, what is discussed, answers of the parties."""
    theme = words.theme.title
    return [
        Column(words.axis.title, lambda s: polish(f"{s.axis.mark}. {s.axis.title}")),
        Column(theme, lambda s: polish(s.theme.name)),
        Column("Autres rattachements", lambda s: polish(_lines(s.other_themes))),
        Column(words.objective.titles, lambda s: polish(_lines(s.objective_labels))),
        AGREEMENT,
        Column("En vigueur depuis le", lambda s: s.standing.since, "date"),
        Column("Version", lambda s: s.standing.version, "number"),
        Column("En discussion", lambda s: s.standing.discussed),
        Column("Après le terme", _after_term),
        Column("Réponses des parties", lambda s: _lines(
            f"{light.who} : {light.word}"
            for light in s.standing.discussed_lights or s.standing.lights
        )),
    ]  # fmt: skip


def _after_term(sheet: Sheet) -> str:
    """Return the reasons for proposing after the term: that of the version read, then that of the
    version discussed; empty without any."""
    reason, discussed = sheet.standing.after_term, sheet.standing.discussed_after_term
    return _lines(filter(None, [reason, discussed and f"En discussion : {discussed}"]))


def _agreed() -> Iterator[Column]:
    """Yield the columns of what is agreed to, with the sums of staff and planned money."""
    for field in ActionCommitment.fields:
        if field.column:
            yield _column(field)
        if field.name == "means":
            yield Column("ETP", lambda s: s.fte, "number")
    yield MONEY["planned"].within(attrgetter("totals"))


def _column(field: Field) -> Column:
    return Column(field.label, lambda s: field.cell(s.content[field.name]), field.kind)


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def _incomplete(sheet: Sheet) -> str:
    """Return « accordé, dépensé »: the totals known of some lines only; empty without any."""
    sums = Sums.of(line.amounts for line in sheet.fundings)
    totals = [("accordé", sums.granted), ("dépensé", sums.spent)]
    return ", ".join(word for word, amount in totals if amount.is_incomplete)


def _reached_milestones(sheet: Sheet) -> int:
    return sum(milestone.done_on is not None for milestone in sheet.follow_up.milestones)


def _note_column(year: int) -> Column:
    """Return the column of the notes of a year, each with all its texts; empty without a note."""

    def note_text(sheet: Sheet) -> str:
        return _lines(
            line
            for note in sheet.follow_up.notes
            if note.year == year
            for line in (note.text, *(f"{label} : {text}" for label, text in note.parts))
        )

    return Column(f"Bilan {year}", note_text)


NUMBER = Column("Numéro", lambda s: s.number)
TITLE = Column("Titre", lambda s: polish(s.title))
AGREEMENT = Column("Accord", lambda s: AGREEMENTS[s.standing.code])
FICTIONAL = Column("Données fictives", lambda s: s.is_fictional)


def _follow_up(late: LateWord) -> list[Column]:
    """Return the columns of the follow-up, with the word for what is ``late``."""
    return [
        MONEY["granted"].within(attrgetter("totals")),
        MONEY["spent"].within(attrgetter("totals")),
        Column("Total incomplet", _incomplete),
        Column("État", lambda s: s.follow_up.state_word if s.is_followed else ""),
        Column("Dans cet état depuis le", lambda s: s.follow_up.state_on, "date"),
        Column("Motif de l’état", lambda s: s.follow_up.state_reason),
        Column(late.title, lambda s: bool(s.follow_up.late)),
        Column("Retard", lambda s: ", ".join(s.follow_up.late)),
        Column("Avancement (%)", lambda s: s.follow_up.progress, "number"),
        Column("D’où vient l’avancement", lambda s: s.follow_up.progress_source),
        Column("Jalons", lambda s: len(s.follow_up.milestones), "number"),
        Column("Jalons atteints", _reached_milestones, "number"),
        Column("Documents", lambda s: _lines(s.follow_up.documents)),
        Column("Actions liées", lambda s: _lines(line.text for line in s.follow_up.linked)),
    ]


def _detail_columns(columns: Iterable[Column]) -> list[Column]:
    """Return the columns of a table of details, whose rows are pairs of a sheet and a line of it:
    those that name the action, then ``columns`` of the line."""
    which = [column.within(itemgetter(0)) for column in (NUMBER, TITLE, AGREEMENT)]
    return [*which, *(column.within(itemgetter(1)) for column in columns)]


FUNDINGS = _detail_columns(FUNDINGS_IN_TABLE)
MILESTONES = _detail_columns(MILESTONES_IN_TABLE)
NOTES = _detail_columns([
    YEAR,
    Column("Bilan", lambda note: note.text),
    *(Column(label, attrgetter(name)) for name, label in PARTS.items()),
    Column("Écrit le", lambda note: note.written_on, "date"),
    Column("Par", lambda note: note.written_by),
])  # fmt: skip
