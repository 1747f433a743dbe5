"""What the years have said, as sources of the texts of the final evaluation: a published year what
was published of it."""

from collections.abc import Iterable, Mapping

from django.urls import reverse

from committee.models import AmendmentProposal
from conventions.models import Convention, Objective, Theme
from ctg_portal.templatetags.french import enumerate_words
from evaluation.appreciation.words import verdict_word
from evaluation.models import Appreciation, Narrative, Part, Verdict, YearText
from evaluation.publication.years import as_published
from evaluation.writing.first_draft import plainly, quoted
from evaluation.writing.pieces import Piece
from evaluation.year.reading import ThemeReading, YearReading


def narratives(theme: Theme) -> list[Piece]:
    """What each year was said to have changed in a theme. Two queries."""
    convention = theme.axis.convention
    rows = Narrative.objects.filter(theme=theme, year__isnull=False)
    published = {year: one.themes for year, one in as_published(convention).items()}
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
    """What each year came to. Two queries."""
    rows = YearText.objects.of(convention).filter(year__isnull=False).for_part(Part.CONCLUSION)
    published = {year: one.parts for year, one in as_published(convention).items()}
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
    """The text of each year that has one: of a published year the one that was published."""
    told = {row.year: row.text.strip() for row in written}
    told |= {year: texts.get(name, "") for year, texts in published.items()}
    return sorted((year, text) for year, text in told.items() if text)


def _prose(key: str, text: str, source: str, url: str, year: int) -> Piece:
    told = f"{text}\n\n(source : {source})"
    return Piece(key, text, told, url, "Voir l’année", is_prose=True, about=str(year))


def verdicts(theme: ThemeReading) -> list[Piece]:
    """« L’objectif « … » : atteint en 2022 et à adapter en 2023. »"""
    word, found = theme.word, []
    slug = theme.theme.axis.convention.slug
    for one in theme.objectives:
        if not one.verdicts:
            continue
        told = enumerate_words(
            f"{verdict_word(verdict, word)} en {year}"
            for year, verdict in sorted(one.verdicts.items())
        )
        name = " ".join(one.title.split())
        text = f"{word.the[0].upper()}{word.the[1:]} « {name} » : {told}."
        url = f"{reverse('evaluation:final', args=[slug])}#objectifs"
        key = f"objectif-{one.objective.pk}"
        found.append(Piece(key, text, plainly(text), url, "Voir les années"))
    return found


def to_adapt(reading: YearReading) -> list[Piece]:
    """The objectives that a year, or the term, found to be adapted, with why; what is proposed for
    an amendment. Four queries."""
    convention = reading.convention
    published = as_published(convention)
    rows = Appreciation.objects.of(convention).filter(verdict=Verdict.TO_ADAPT)
    why = {
        (row.objective_id, row.year): row.text.strip()
        for row in rows.order_by()
        if row.year not in published
    }
    for year, told in published.items():
        for objective, verdict in told.verdicts.items():
            if verdict == Verdict.TO_ADAPT:
                why[objective, year] = told.reasons[objective]
    found = [
        _prose(
            f"adapter-{objective.pk}-{year or 'finale'}",
            f"{' '.join(objective.title.split())}\n\n{why[objective.pk, year]}",
            f"appréciation {year or 'finale'}",
            reverse("evaluation:year", args=[convention.slug, year]),
            year or "Toute la convention",
        )
        for objective in Objective.objects.filter(pk__in={key for key, _ in why})
        for year in sorted(
            (year for key, year in why if key == objective.pk), key=lambda one: (one is None, one)
        )
    ]
    url = reverse("committee:amendments", args=[convention.slug])
    for wish in (
        AmendmentProposal.objects.of(convention).not_withdrawn().order_by("created_at", "pk")
    ):
        text = f"{wish.wording.strip()}\n\n{wish.reason.strip()}"
        told = f"{text}\n\n(source : proposition pour un avenant, {plainly(wish.title)})"
        origin = "Voir les propositions"
        key = f"avenant-{wish.pk}"
        found.append(Piece(key, text, told, url, origin, is_prose=True, about=wish.title))
    return found
