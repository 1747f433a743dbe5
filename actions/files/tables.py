"""The action plan as tables: a row for each action with all that its sheet says, and beside it the
money, the milestones and the notes, a row each.

Names are called as on the pages, with French typography; longer texts stay as people wrote them.
The page of the plan is another list than that of the actions here, not these columns in part: it
says in four cells what is to be seen at a glance (``actions.ways.columns``).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter, itemgetter

from actions.files.columns import FUNDINGS_IN_TABLE, MILESTONES_IN_TABLE, MONEY, YEAR
from actions.files.lines import PARTS, NoteLine
from actions.files.sheet import Sheet
from actions.plan.commitments import ActionCommitment
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
    """The actions first, then what a workbook holds beside them."""
    notes = ["Données fictives."] if any(sheet.is_fictional for sheet in sheets) else []
    fundings = [(sheet, line) for sheet in sheets for line in sheet.fundings]
    milestones = [(sheet, one) for sheet in sheets for one in sheet.follow_up.milestones]
    written = [(sheet, note) for sheet in sheets for note in sheet.follow_up.notes]
    return [
        Table.of("Actions", columns_of(convention.words, sheets), sheets, notes),
        Table.of("Financements", FUNDINGS, fundings, notes),
        Table.of("Jalons", MILESTONES, milestones, notes),
        Table.of("Bilans", NOTES, written, notes),
    ]


def columns_of(words: Words, sheets: Sequence[Sheet]) -> list[Column]:
    """The columns of the actions' table, in the words of the territory."""
    years = sorted({note.year for sheet in sheets for note in sheet.follow_up.notes})
    return [
        NUMBER,
        TITLE,
        *_where(words),
        *_agreed(),
        *FOLLOW_UP,
        *(Column(f"Bilan {year}", _note_of(year)) for year in years),
        # A CSV has no other place to say it.
        *([FICTIONAL] if any(sheet.is_fictional for sheet in sheets) else []),
    ]


def _where(words: Words) -> list[Column]:
    theme = words.theme.title
    return [
        Column(words.axis.title, lambda s: polish(f"{s.axis.mark}. {s.axis.title}")),
        Column(theme, lambda s: polish(s.theme.name)),
        Column("Autres rattachements", lambda s: polish(_lines(s.other_themes))),
        Column(words.objective.titles, lambda s: polish(_lines(s.objectives_told))),
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
    """Why the version that stands was proposed after the term, and the one that is discussed."""
    told, discussed = sheet.standing.after_term, sheet.standing.discussed_after_term
    return _lines(filter(None, [told, discussed and f"En discussion : {discussed}"]))


def _agreed() -> Iterator[Column]:
    """The fields that the parties agree to; what they come to beside them."""
    for one in ActionCommitment.fields:
        if one.column:
            yield _column(one)
        if one.name == "means":
            yield Column("ETP", lambda s: s.fte, "number")
    yield MONEY["planned"].within(attrgetter("totals"))


def _column(one: Field) -> Column:
    return Column(one.label, lambda s: one.cell(s.content[one.name]), one.kind)


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def _incomplete(sheet: Sheet) -> str:
    """« accordé, dépensé »: the totals that some line lacks the amount of."""
    sums = Sums.of(line.amounts for line in sheet.fundings)
    told = [("accordé", sums.granted), ("dépensé", sums.spent)]
    return ", ".join(word for word, amount in told if amount.is_incomplete)


def _done(sheet: Sheet) -> int:
    return sum(milestone.done_on is not None for milestone in sheet.follow_up.milestones)


def _note_of(year: int) -> Callable[[Sheet], str]:
    """The whole note of a year, as one text."""

    def note(sheet: Sheet) -> str:
        return "\n".join(_whole(one) for one in sheet.follow_up.notes if one.year == year)

    return note


def _whole(note: NoteLine) -> str:
    return _lines([note.text, *(f"{name} : {text}" for name, text in note.parts)])


NUMBER = Column("Numéro", lambda s: s.number)
TITLE = Column("Titre", lambda s: polish(s.title))
AGREEMENT = Column("Accord", lambda s: AGREEMENTS[s.standing.code])
FICTIONAL = Column("Données fictives", lambda s: s.is_fictional)
FOLLOW_UP = [
    MONEY["granted"].within(attrgetter("totals")),
    MONEY["spent"].within(attrgetter("totals")),
    Column("Total incomplet", _incomplete),
    Column("État", lambda s: s.follow_up.state_word if s.is_followed else ""),
    Column("Dans cet état depuis le", lambda s: s.follow_up.state_on, "date"),
    Column("Motif de l’état", lambda s: s.follow_up.state_reason),
    Column("En retard", lambda s: bool(s.follow_up.late)),
    Column("Retard", lambda s: ", ".join(s.follow_up.late)),
    Column("Avancement (%)", lambda s: s.follow_up.progress, "number"),
    Column("D’où vient l’avancement", lambda s: s.follow_up.progress_source),
    Column("Jalons", lambda s: len(s.follow_up.milestones), "number"),
    Column("Jalons atteints", _done, "number"),
    Column("Documents", lambda s: _lines(s.follow_up.documents)),
    Column("Actions liées", lambda s: _lines(one.text for one in s.follow_up.linked)),
]


def _beside(columns: Iterable[Column]) -> list[Column]:
    """Beside them a row is a sheet and one line of it."""
    which = [column.within(itemgetter(0)) for column in (NUMBER, TITLE, AGREEMENT)]
    return [*which, *(column.within(itemgetter(1)) for column in columns)]


FUNDINGS = _beside(FUNDINGS_IN_TABLE)
MILESTONES = _beside(MILESTONES_IN_TABLE)
NOTES = _beside([
    YEAR,
    Column("Bilan", lambda note: note.text),
    *(Column(label, attrgetter(name)) for name, label in PARTS.items()),
    Column("Écrit le", lambda note: note.written_on, "date"),
    Column("Par", lambda note: note.written_by),
])  # fmt: skip
