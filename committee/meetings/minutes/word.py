"""Minutes as a Word document, in the order in which they are read."""

from committee.meetings.minutes.content import Decided, Item, MinutesContent, Point
from documents.word.document import WordDocument
from documents.word.markdown import write_markdown


def draw_minutes(content: MinutesContent, logos, status: str) -> bytes:
    """Return minutes as a file (.docx). ``logos``: names of parties with their logos; ``status``: a
    sentence on what has become of them."""
    word = WordDocument(content.title, date=content.date, foot=content.convention)
    word.logos(logos)
    word.heading(content.title, 1)
    where = f", {content.place}" if content.place else ""
    word.paragraph(f"{content.when[:1].upper()}{content.when[1:]}{where}.")
    word.paragraph(status)
    if content.correction:
        word.paragraph(content.correction)
    if content.introduction:
        write_markdown(word, content.introduction, heading_level=2)
    word.heading("Présences", 2)
    if content.attendance:
        word.paragraph(content.attendance)
    for group in content.delegations:
        word.heading(group.organisation, 3)
        word.table(
            ["Nom", "Qualité", "Présence"],
            [(row.name, row.capacity, row.presence) for row in group.people],
            widths=(0.38, 0.38, 0.24),
        )
    for item in content.items:
        _write_item(word, item)
    if content.agreed:
        word.heading("Accords exprimés en séance", 2)
        for sentence in content.agreed:
            word.paragraph(sentence, "List Bullet")
    if content.decisions:
        word.heading("Autres décisions", 2)
        _write_decisions(word, content.decisions)
    return word.save()


def _write_item(word: WordDocument, item: Item) -> None:
    """Append an item with its documents, notes, points and decisions."""
    word.heading(f"{item.number}. {item.title}", 2)
    word.paragraph(item.details)
    if item.documents:
        word.labelled("Documents :", ", ".join(item.documents))
    if item.notes:
        write_markdown(word, item.notes, heading_level=3)
    for point in item.points:
        _write_point(word, point)
    _write_decisions(word, item.decisions)


def _write_point(word: WordDocument, point: Point) -> None:
    """Append a point: what became of it, its text as a table, a bullet for each answer."""
    word.heading(f"{point.heading} : {point.title}", 3)
    word.paragraph(point.outcome)
    if point.lines:
        word.facts(point.lines)
    for voice in point.voices:
        word.paragraph(voice, "List Bullet")


def _write_decisions(word: WordDocument, decisions: list[Decided]) -> None:
    """Append a paragraph for each decision, and one for its follow-up, if there is any."""
    for decision in decisions:
        word.labelled(f"Décision {decision.mark}.", decision.text)
        if decision.follow_up:
            word.paragraph(f"Suite : {decision.follow_up}.")
