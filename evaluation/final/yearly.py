"""What the years have said, as sources of the texts of the final evaluation."""

from django.db.models import F
from django.urls import reverse

from committee.models import AmendmentProposal
from conventions.models import Convention, Theme
from ctg_portal.templatetags.french import enumerate_words
from evaluation.appreciation.words import verdict_word
from evaluation.models import Appreciation, Narrative, Part, Verdict, YearText
from evaluation.writing.first_draft import plainly, quoted
from evaluation.writing.pieces import Piece
from evaluation.year.reading import ThemeReading, YearReading


def narratives(theme: Theme) -> list[Piece]:
    """What each year was said to have changed in a theme."""
    slug = theme.axis.convention.slug
    rows = Narrative.objects.filter(theme=theme, year__isnull=False).exclude(text="")
    return [
        _prose(
            f"bilan-{row.year}",
            row.text.strip(),
            f"bilan {row.year}, « {quoted(theme)} »",
            f"{reverse('evaluation:year', args=[slug, row.year])}#{theme.anchor}",
            row.year,
        )
        for row in rows.order_by("year")
    ]


def conclusions(convention: Convention) -> list[Piece]:
    rows = YearText.objects.of(convention).filter(year__isnull=False).of_part(Part.CONCLUSION)
    return [
        _prose(
            f"conclusion-{row.year}",
            row.text.strip(),
            f"évaluation {row.year}, conclusion",
            f"{reverse('evaluation:year', args=[convention.slug, row.year])}#{row.part}",
            row.year,
        )
        for row in rows.written().order_by("year")
    ]


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
    an amendment. Two queries."""
    convention = reading.convention
    rows = Appreciation.objects.of(convention).filter(verdict=Verdict.TO_ADAPT)
    found = [
        _prose(
            f"adapter-{row.pk}",
            f"{' '.join(row.objective.title.split())}\n\n{row.text.strip()}",
            f"appréciation {row.year or 'finale'}",
            reverse("evaluation:year", args=[convention.slug, row.year]),
            row.year or "Toute la convention",
        )
        for row in rows.select_related("objective").order_by(
            "objective", F("year").asc(nulls_last=True)
        )
    ]
    url = reverse("committee:amendments", args=[convention.slug])
    for wish in AmendmentProposal.objects.of(convention).kept().order_by("created_at", "pk"):
        text = f"{wish.wording.strip()}\n\n{wish.reason.strip()}"
        told = f"{text}\n\n(source : proposition pour un avenant, {plainly(wish.title)})"
        origin = "Voir les propositions"
        key = f"avenant-{wish.pk}"
        found.append(Piece(key, text, told, url, origin, is_prose=True, about=wish.title))
    return found
