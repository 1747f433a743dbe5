"""Texts and verdicts of the years, as sources of the final evaluation: of a published year, those
that were published."""

from collections.abc import Iterable, Mapping

from django.urls import reverse

from committee.models import AmendmentProposal
from conventions.models import Convention, Objective, Theme
from ctg_portal.templatetags.french import enumerate_words
from evaluation.editions.years import as_published
from evaluation.texts.models import Narrative, Part, YearText
from evaluation.verdicts.models import Appreciation, Verdict
from evaluation.verdicts.words import verdict_word
from evaluation.verdicts.yearly import those_on_objectives
from evaluation.writing.first_draft import escape_markdown, quoted
from evaluation.writing.pieces import Piece
from evaluation.year.reading import ThemeReading, YearReading


def narratives(theme: Theme) -> list[Piece]:
    """Return the text of each year on a theme, as pieces, the earliest year first: the one that is
    published, or, of an unpublished year, the written one. Two queries."""
    convention = theme.axis.convention
    rows = Narrative.objects.filter(theme=theme, year__isnull=False)
    published = {year: content.themes for year, content in as_published(convention).items()}
    return [
        _prose(
            f"bilan-{year}",
            text,
            f"bilan {year}, « {quoted(theme)} »",
            f"{reverse('evaluation:year', args=[convention.slug, year])}#{theme.anchor}",
            year,
        )
        for year, text in _by_year(rows, published, theme.anchor)
    ]


def conclusions(convention: Convention) -> list[Piece]:
    """Return the conclusion of each year, as pieces, the earliest year first: the one that is
    published, or, of an unpublished year, the written one. Two queries."""
    rows = YearText.objects.of(convention).filter(year__isnull=False).for_part(Part.CONCLUSION)
    published = {year: content.parts for year, content in as_published(convention).items()}
    return [
        _prose(
            f"conclusion-{year}",
            text,
            f"évaluation {year}, conclusion",
            f"{reverse('evaluation:year', args=[convention.slug, year])}#{Part.CONCLUSION}",
            year,
        )
        for year, text in _by_year(rows, published, Part.CONCLUSION)
    ]


def _by_year(
    written: Iterable[Narrative | YearText], published: Mapping[int, Mapping[str, str]], name: str
) -> list[tuple[int, str]]:
    """Return the years that have a text, in order: of a published year, the one of that
    ``name``."""
    by_year = {row.year: row.text.strip() for row in written}
    by_year |= {year: texts.get(name, "") for year, texts in published.items()}
    return sorted((year, text) for year, text in by_year.items() if text)


def _prose(key: str, text: str, source: str, url: str, year: int | str) -> Piece:
    """Return a piece of Markdown that is taken up with its source after it."""
    with_source = f"{text}\n\n(source : {source})"
    return Piece(key, text, with_source, url, "Voir l’année", is_prose=True, about=str(year))


def verdicts(theme: ThemeReading) -> list[Piece]:
    """Return a piece for each objective of a theme that has verdicts of years: « L’objectif « … » :
    atteint en 2022 et à adapter en 2023. »"""
    word, pieces = theme.word, []
    slug = theme.theme.axis.convention.slug
    for objective in theme.objectives:
        if not objective.verdicts:
            continue
        verdicts_in_words = enumerate_words(
            f"{verdict_word(verdict, word)} en {year}"
            for year, verdict in sorted(objective.verdicts.items())
        )
        name = " ".join(objective.title.split())
        text = f"{word.the[0].upper()}{word.the[1:]} « {name} » : {verdicts_in_words}."
        url = f"{reverse('evaluation:final', args=[slug])}#objectifs"
        key = f"objectif-{objective.objective.pk}"
        pieces.append(Piece(key, text, escape_markdown(text), url, "Voir les années"))
    return pieces


def to_adapt(reading: YearReading) -> list[Piece]:
    """Return, as pieces, the verdicts « à adapter » of years and term with their reasons, as
    published where they are, then all proposals for an amendment that were not withdrawn. Four
    queries."""
    convention = reading.convention
    published = as_published(convention)
    rows = Appreciation.objects.of(convention).filter(verdict=Verdict.TO_ADAPT)
    written = [
        row for row in rows.select_related("objective").order_by() if row.year not in published
    ]
    why = {
        (row.objective_id, row.year): row.text.strip()
        for row in those_on_objectives(written, convention)
    }
    for year, published_year in published.items():
        for objective, verdict in published_year.verdicts.items():
            if verdict == Verdict.TO_ADAPT:
                why[objective, year] = published_year.reasons[objective]
    pieces = [
        _prose(
            f"adapter-{objective.pk}-{year or 'finale'}",
            f"{' '.join(objective.title.split())}\n\n{why[objective.pk, year]}",
            f"appréciation {year or 'finale'}",
            reverse("evaluation:year", args=[convention.slug, year]),
            year or "Toute la convention",
        )
        for objective in Objective.objects.filter(pk__in={key for key, _ in why})
        for year in sorted(
            (year for key, year in why if key == objective.pk), key=lambda y: (y is None, y)
        )
    ]
    url = reverse("committee:amendments", args=[convention.slug])
    wishes = AmendmentProposal.objects.of(convention).not_withdrawn()
    for wish in wishes.order_by("created_at", "pk"):
        text, title = (
            f"{wish.wording.strip()}\n\n{wish.reason.strip()}",
            escape_markdown(wish.title),
        )
        with_source = f"{text}\n\n(source : proposition pour un avenant, {title})"
        origin = "Voir les propositions"
        key = f"avenant-{wish.pk}"
        pieces.append(Piece(key, text, with_source, url, origin, is_prose=True, about=wish.title))
    return pieces
