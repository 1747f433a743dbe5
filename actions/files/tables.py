"""The action plan as tables: a row for each action with all that its sheet says, and beside it the
money, the milestones and the notes, a row each.

Names are called as on the pages, with French typography; longer texts stay as people wrote them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from actions.files.lines import NoteLine
from actions.files.sheet import Sheet
from actions.pages.budget import Sums
from conventions.models import Convention, Standing
from conventions.words import Words
from ctg_portal.typography import polish
from documents.tables import Column, Table
from documents.tables.table import Kind

AGREEMENTS = dict(Standing.choices) | {
    Standing.PROPOSED: "proposée",
    Standing.WITHDRAWN: "retirée",
}
WHICH = [Column("Numéro"), Column("Titre"), Column("Accord")]


@dataclass(frozen=True)
class Told:
    """A column of the actions' table, and what it holds of a sheet."""

    label: str
    of: Callable[[Sheet], object]
    kind: Kind = "text"


# A CSV has no other place to say it.
FICTIONAL = Told("Données fictives", lambda s: s.is_fictional)


def plan_tables(convention: Convention, sheets: Sequence[Sheet]) -> list[Table]:
    """The actions first, then what a workbook holds beside them."""
    notes = ["Données fictives."] if any(sheet.is_fictional for sheet in sheets) else []
    return [
        Table("Actions", *_actions(convention.words, sheets), notes),
        Table("Financements", *_fundings(sheets), notes),
        Table("Jalons", *_milestones(sheets), notes),
        Table("Bilans", *_notes(sheets), notes),
    ]


def _actions(words: Words, sheets: Sequence[Sheet]) -> tuple[list[Column], list[tuple]]:
    years = sorted({note.year for sheet in sheets for note in sheet.follow_up.notes})
    told = [
        Told("Numéro", lambda s: s.number),
        Told("Titre", lambda s: polish(s.title)),
        *_where(words),
        *_commitment(),
        *_follow_up(),
        *(Told(f"Bilan {year}", _note_of(year)) for year in years),
        *([FICTIONAL] if any(sheet.is_fictional for sheet in sheets) else []),
    ]
    columns = [Column(one.label, one.kind) for one in told]
    return columns, [tuple(one.of(sheet) for one in told) for sheet in sheets]


def _where(words: Words) -> list[Told]:
    theme = words.theme.title
    return [
        Told(words.axis.title, lambda s: polish(f"{s.axis.number}. {s.axis.title}")),
        Told(theme, lambda s: polish(s.theme.name)),
        Told("Relève aussi de", lambda s: polish(_lines(s.commitment.other_themes))),
        Told(words.objective.titles, lambda s: polish(_lines(s.objectives))),
        Told("Accord", lambda s: AGREEMENTS[s.standing.code]),
        Told("En vigueur depuis le", lambda s: s.standing.since, "date"),
        Told("Version", lambda s: s.standing.version, "number"),
        Told("En discussion", lambda s: s.standing.discussed),
        Told("Réponses des parties", lambda s: _lines(
            f"{light.who} : {light.word}"
            for light in s.standing.discussed_lights or s.standing.lights
        )),
    ]  # fmt: skip


def _commitment() -> list[Told]:
    return [
        Told("Priorité", lambda s: s.commitment.priority),
        Told("Initiative ou innovation", lambda s: s.commitment.is_innovative),
        Told("Diagnostic", lambda s: s.commitment.diagnosis),
        Told("Description", lambda s: s.commitment.description),
        Told("Public", lambda s: s.commitment.audience),
        Told("Résultats attendus", lambda s: s.commitment.expected_results),
        Told("Pilotes", lambda s: polish(_lines(lead.text for lead in s.commitment.leads))),
        Told("Élu référent", lambda s: s.commitment.elected_referent),
        Told("Partenaires", lambda s: polish(", ".join(s.commitment.partners))),
        Told("Autres partenaires", lambda s: s.commitment.other_partners),
        Told("Début", lambda s: s.commitment.starts_on, "date"),
        Told("Fin", lambda s: s.commitment.ends_on, "date"),
        Told("En continu", lambda s: s.commitment.is_continuous),
        Told("Tout le territoire", lambda s: s.commitment.is_whole_territory),
        Told("Communes", lambda s: polish(", ".join(s.commitment.communes))),
        Told("Moyens humains", lambda s: _lines(one.text for one in s.commitment.means)),
        Told("ETP", lambda s: s.commitment.fte, "number"),
        Told("Autres plans", lambda s: _lines(s.commitment.plans)),
        Told("Prévu (€)", lambda s: s.totals.planned, "number"),
    ]


def _follow_up() -> list[Told]:
    return [
        Told("Accordé (€)", lambda s: s.totals.granted, "number"),
        Told("Dépensé (€)", lambda s: s.totals.spent, "number"),
        Told("Total incomplet", _incomplete),
        Told("État", lambda s: s.follow_up.state_word if s.is_followed else ""),
        Told("Dans cet état depuis le", lambda s: s.follow_up.state_on, "date"),
        Told("Motif de l’état", lambda s: s.follow_up.state_reason),
        Told("En retard", lambda s: bool(s.follow_up.late)),
        Told("Retard", lambda s: ", ".join(s.follow_up.late)),
        Told("Avancement (%)", lambda s: s.follow_up.progress, "number"),
        Told("D’où vient l’avancement", lambda s: s.follow_up.progress_source),
        Told("Jalons", lambda s: len(s.follow_up.milestones), "number"),
        Told("Jalons atteints", _done, "number"),
        Told("Documents", lambda s: _lines(s.follow_up.documents)),
        Told("Actions liées", lambda s: _lines(one.text for one in s.follow_up.linked)),
    ]


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def _which(sheet: Sheet) -> tuple[str, ...]:
    return sheet.number, polish(sheet.title), AGREEMENTS[sheet.standing.code]


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


def _fundings(sheets: Sequence[Sheet]) -> tuple[list[Column], list[tuple]]:
    columns = [
        *WHICH, Column("Financeur"), Column("Année"), Column("Nature"), Column("Dispositif"),
        Column("Prévu (€)", "number"), Column("Accordé (€)", "number"),
        Column("Dépensé (€)", "number"),
    ]  # fmt: skip
    rows = [
        (*_which(s), polish(line.who), str(line.year), line.nature, line.scheme,
         line.amounts.planned, line.amounts.granted, line.amounts.spent)
        for s in sheets for line in s.fundings
    ]  # fmt: skip
    return columns, rows


def _milestones(sheets: Sequence[Sheet]) -> tuple[list[Column], list[tuple]]:
    columns = [*WHICH, Column("Jalon"), Column("Échéance", "date"), Column("Atteint le", "date"),
               Column("Poids", "number"), Column("En retard")]  # fmt: skip
    rows = [
        (*_which(s), one.title, one.due_on, one.done_on, one.weight, one.is_overdue)
        for s in sheets for one in s.follow_up.milestones
    ]  # fmt: skip
    return columns, rows


def _notes(sheets: Sequence[Sheet]) -> tuple[list[Column], list[tuple]]:
    columns = [*WHICH, Column("Année"), Column("Bilan"), Column("Freins"), Column("Leviers"),
               Column("Perspectives"), Column("Écrit le", "date"), Column("Par")]  # fmt: skip
    rows = [
        (*_which(s), str(note.year), note.text, note.brakes, note.levers, note.prospects,
         note.written_on, note.written_by)
        for s in sheets for note in s.follow_up.notes
    ]  # fmt: skip
    return columns, rows
