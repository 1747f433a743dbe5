"""What the evaluation puts into the archive of a convention: what was published, as it was, and the
texts of each year as they stand."""

import datetime
from collections.abc import Iterator

from accounts.models import User
from conventions.models import Convention, Theme
from documents.archives.parts import ArchivedFile, LeftOut, Part, Text
from evaluation.editions.models import Printing
from evaluation.images.models import Illustration
from evaluation.period import Period
from evaluation.texts.criteria import criteria_of
from evaluation.texts.models import Narrative, YearText
from evaluation.texts.models import Part as TextPart
from evaluation.verdicts.models import Appreciation
from evaluation.year.texts import YearTexts, written_texts


def evaluation_parts(convention: Convention, user: User, today: datetime.date) -> Iterator[Part]:
    """Yield the files of published evaluations, the texts of each year and of the term as they are
    written now, in Markdown, and the images that they may show. ``user`` changes nothing."""
    yield from _published_files(convention)
    years = {
        *Narrative.objects.of(convention).values_list("year", flat=True),
        *YearText.objects.of(convention).values_list("year", flat=True),
        *Appreciation.objects.of(convention).values_list("year", flat=True),
    }
    themes = {
        theme.pk: str(theme)
        for theme in Theme.objects.filter(axis__convention=convention).select_related("axis")
    }
    for year in sorted(years, key=lambda year: (year is None, year or 0)):
        period = Period(year)
        markdown = _in_markdown(period, written_texts(convention, year), themes, convention)
        if markdown:
            what = f"les textes de l’{period.called}, comme ils sont écrits à ce jour"
            yield Text(f"evaluations/textes/{period.slug}.md", markdown, what)
    images = (
        Illustration.objects.of(convention).not_removed().select_related("stored").order_by("pk")
    )
    for image in images:
        if not image.stored.erased_at:
            what = f"image « image:{image.pk} » des textes : {image.alternative}"
            yield ArchivedFile.of("evaluations/images", image.stored, what)


def _published_files(convention: Convention) -> Iterator[Part]:
    """Yield the drawn files of published versions, then how many files of evaluations, projects
    included, are still being drawn, if any."""
    printings = Printing.objects.of(convention).published()
    printings = printings.select_related("edition__evaluation").order_by("edition_id", "pk")
    for printing in printings:
        edition = printing.edition
        name = f"{edition.period.slug}-v{edition.number}-{printing.rendition}"
        ending = printing.file_name.rpartition(".")[2]
        what = f"{edition}, publiée : {printing.get_rendition_display()}"
        path = f"evaluations/publiees/{name}.{ending}"
        yield ArchivedFile(path, printing.file.name, printing.size, printing.sha256, what)
    waiting = Printing.objects.of(convention).unfinished().count()
    if waiting:
        yield LeftOut(f"{waiting} document(s) d’évaluation", "le portail les compose encore")


def _in_markdown(period: Period, texts: YearTexts, themes: dict[int, str], convention) -> str:
    """Return texts, criteria and verdicts of a year as one Markdown text; empty without any."""
    parts = [(TextPart(name).label, text) for name, text in texts.parts.items()]
    parts += [(themes.get(pk, "Thématique"), text) for pk, text in texts.themes.items()]
    if texts.criteria:
        titles = {criterion.code: criterion.title for criterion in criteria_of(convention)}
        parts += [
            (f"{titles.get(code, code)} : {row.mark}".rstrip(" :"), row.text)
            for code, row in texts.criteria.items()
        ]
    objectives = [
        f"- {row.objective} : {row.get_verdict_display()}. {row.text}".rstrip()
        for row in texts.objectives.values()
        if row.verdict
    ]
    if objectives:
        parts.append(("Appréciation des objectifs", "\n".join(objectives)))
    if not parts:
        return ""
    sections = [f"# {period.title}", *(f"## {title}\n\n{text}" for title, text in parts)]
    return "\n\n".join(sections) + "\n"
