"""Write one action sheet as a Word document, to be worked on."""

import datetime
from collections.abc import Iterable

from actions.files.pdf import foot_of
from actions.files.sheet import Sheet
from actions.sheet.columns import FUNDINGS_IN_WORD, MILESTONES_IN_DOCUMENT
from actions.sheet.lines import PartyLight
from conventions.models import Convention
from conventions.parties.reading import parties_of
from ctg_portal.templatetags.french import long_date
from documents.word import WordDocument, write_markdown


def sheet_docx(sheet: Sheet, convention: Convention, day: datetime.date) -> bytes:
    """Return the Word document of a sheet, as it is on ``day``. Two queries, for the parties."""
    title = f"Fiche action {sheet.name}"
    word = WordDocument(title, foot=foot_of(str(convention), sheet.is_fictional), date=day)
    word.logos((str(party), party.logo) for party in parties_of(convention))
    word.heading(title, 1)
    word.paragraph(f"{convention}. État au {long_date(day)}.")
    word.paragraph(sheet.place)
    if sheet.is_fictional:
        word.paragraph("Données fictives.", "Quote")
    standing = sheet.standing
    word.heading("Ce qui est convenu", 2)
    word.paragraph(f"{standing.full_text}.{_describe_lights(standing.lights)}")
    if standing.discussed:
        lights = _describe_lights(standing.discussed_lights)
        word.paragraph(f"{standing.discussed_full_text}.{lights}")
    word.facts([(fact.label, "\n".join(fact.lines)) for fact in sheet.facts])
    for name, text in sheet.texts:
        word.heading(name, 3)
        write_markdown(word, text, heading_level=4)
    if sheet.is_followed:
        _write_follow_up(word, sheet)
    else:
        _write_fundings(word, sheet)
    return word.save()


def _describe_lights(lights: Iterable[PartyLight]) -> str:
    """Return where each party stands as a sentence, after a space; empty without lights."""
    parts = " ; ".join(f"{light.who} : {light.word}" for light in lights)
    return f" {parts}." if parts else ""


def _write_follow_up(word: WordDocument, sheet: Sheet) -> None:
    """Write the state, then what there is of lateness, progress, milestones, funding lines, notes,
    documents and linked actions, in this order; a part without content has no heading."""
    follow_up = sheet.follow_up
    word.heading("Le suivi", 2)
    word.paragraph(" ".join(filter(None, [f"{follow_up.sentence}.", follow_up.state_reason])))
    if follow_up.late:
        word.labelled(f"{follow_up.late_word.title} :", f"{', '.join(follow_up.late)}.")
    if follow_up.progress_text:
        word.labelled("Avancement :", f"{follow_up.progress_text}.")
    if follow_up.afterwards:
        word.paragraph(follow_up.afterwards)
    if follow_up.milestones:
        word.heading("Jalons", 3)
        word.listing(MILESTONES_IN_DOCUMENT, follow_up.milestones, widths=[0.5, 0.2, 0.3])
    _write_fundings(word, sheet)
    for note in follow_up.notes:
        word.heading(f"Bilan {note.year}", 3)
        write_markdown(word, note.text, heading_level=4)
        for name, text in note.parts:
            word.heading(name, 4)
            write_markdown(word, text, heading_level=5)
        word.paragraph(note.signature)
    if follow_up.documents:
        word.labelled("Documents :", f"{' ; '.join(follow_up.documents)}.")
    if follow_up.linked:
        word.labelled("Actions liées :", f"{' ; '.join(line.text for line in follow_up.linked)}.")


def _write_fundings(word: WordDocument, sheet: Sheet) -> None:
    """Write the table of funding lines; nothing where there are none."""
    if sheet.fundings:
        word.heading("Financement", 3)
        widths = [0.22, 0.25, 0.11, 0.14, 0.14, 0.14]
        word.listing(FUNDINGS_IN_WORD, sheet.fundings, widths=widths, total="Total")
