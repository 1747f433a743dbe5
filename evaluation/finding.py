"""What the search finds of the evaluations: what was written of each year and of the term, and
their reports."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from conventions.search.hits import Hit, HitGroup, SearchRequest, ranked
from ctg_portal.search.query import narrowed
from evaluation.cooperation.models import PostYear
from evaluation.cooperation.post_record import TEXTS
from evaluation.editions.rights import may_read_drafts
from evaluation.editions.standing import editions_among
from evaluation.period import FINAL, Period
from evaluation.report.models import Report
from evaluation.stakes.models import StakeAppreciation
from evaluation.texts.criteria import criteria_of
from evaluation.texts.models import CriterionText, Narrative, YearText
from evaluation.verdicts.models import Appreciation
from evaluation.verdicts.words import verdict_word


def year_hits(asked: SearchRequest) -> Iterator[HitGroup]:
    """Yield the texts of evaluations that match, then the reports. Who reads no drafts finds only
    what is published; a text that was written anew since its publication is not found."""
    convention = asked.convention
    editions = [edition for edition in editions_among([convention]) if edition.is_published]
    published = {
        edition.year: edition.submitted_at
        for edition in sorted(editions, key=lambda edition: edition.number)
    }
    reads_drafts = may_read_drafts(asked.user, convention) is None
    codes = [criterion.code for criterion in criteria_of(convention)]
    narratives, texts, criteria, appreciations, stakes, posts = narrowed(
        asked.query,
        (Narrative.objects.of(convention).exclude(text=""), ["text"]),
        (YearText.objects.of(convention).written(), ["text"]),
        # Not a criterion that the convention no longer has.
        (CriterionText.objects.of(convention).written().filter(criterion__in=codes), ["text"]),
        # Not what is merely begun.
        (Appreciation.objects.of(convention).given(), ["text"]),
        (StakeAppreciation.objects.of(convention).given(), ["text"]),
        # Not what a post costs.
        (PostYear.objects.of(convention), TEXTS),
    )

    hits: list[tuple[QuerySet, Callable[[SearchRequest, Any], Hit]]] = [
        (narratives.select_related("theme__axis__convention"), _narrative_hit),
        (texts, _year_text_hit),
        (criteria, _criterion_hit),
        (appreciations.select_related("objective__theme__axis"), _appreciation_hit),
        (stakes.select_related("stake"), _stake_hit),
        (posts.select_related("post__employer"), _post_hit),
    ]
    written = (
        hit(asked, row)
        for rows, hit in hits
        for row in rows
        if reads_drafts or (row.year in published and row.updated_at <= published[row.year])
    )
    yield ranked(asked, "Bilans de l’année", written)
    reports = Report.objects.of(convention).ready() if reads_drafts else Report.objects.none()
    projects = set(reports.values_list("year", flat=True)) - set(published)
    yield ranked(asked, "Rapports d’évaluation", _reports(asked, set(published), projects))


def _year_url(asked: SearchRequest, year: int | None) -> str:
    return reverse("evaluation:year", args=[asked.convention.slug, year])


def _narrative_hit(asked: SearchRequest, row: Narrative) -> Hit:
    """Return the text of a theme, on the page of its year."""
    account = Period(row.year).account
    title = f"{account[0].upper()}{account[1:]}, {row.theme}"
    within = f"{asked.convention.words.axis.title} {row.theme.axis.mark}"
    return Hit(title, f"{_year_url(asked, row.year)}#{row.theme.anchor}", row.text, within)


def _year_text_hit(asked: SearchRequest, row: YearText) -> Hit:
    """Return the text of a part about the whole, on the page of its year."""
    title = f"{row.get_part_display()}, {Period(row.year).called}"
    return Hit(title, f"{_year_url(asked, row.year)}#{row.part}", row.text)


def _criterion_hit(asked: SearchRequest, row: CriterionText) -> Hit:
    """Return the text of a criterion, on the page of the final evaluation."""
    titles = {criterion.code: criterion.title for criterion in criteria_of(asked.convention)}
    title = f"{titles[row.criterion]}, évaluation finale"
    url = reverse("evaluation:final", args=[asked.convention.slug])
    return Hit(title, f"{url}#critere-{row.criterion}", row.text)


def _appreciation_hit(asked: SearchRequest, row: Appreciation) -> Hit:
    """Return the appreciation of an objective, on the page of its year with the theme open."""
    theme, words = row.objective.theme, asked.convention.words
    title = f"{row.objective}, {verdict_word(row.verdict, words.objective)} ({Period(row.year)})"
    url = f"{_year_url(asked, row.year)}?theme={theme.pk}#{theme.anchor}"
    return Hit(title, url, row.text, f"{words.axis.title} {theme.axis.mark}")


def _stake_hit(asked: SearchRequest, row: StakeAppreciation) -> Hit:
    """Return the appreciation of a stake, on the page of its year."""
    title = f"{row.stake}, {row.get_verdict_display()} ({Period(row.year)})"
    url = f"{_year_url(asked, row.year)}#enjeux-partages"
    return Hit(title, url, row.text, "Enjeu partagé")


def _post_hit(asked: SearchRequest, row: PostYear) -> Hit:
    """Return the record of a post in a year, with the first of its texts that matches."""
    text = next((text for name in TEXTS if asked.query.is_in(text := getattr(row, name))), row.text)
    url = f"{_year_url(asked, row.year)}#{row.post.anchor}"
    return Hit(f"Suivi {Period(row.year).slug}, {row.post}", url, text)


def _reports(
    asked: SearchRequest, published: set[int | None], projects: set[int | None]
) -> Iterator[Hit]:
    """Yield the reports whose title matches, the term first, then the latest year: the published
    one, else the project (of a year in ``projects``)."""
    latest_first = sorted(published | projects, key=lambda year: (year is not None, -(year or 0)))
    for year in latest_first:
        title = f"Rapport d’évaluation {FINAL if year is None else year}"
        if asked.query.is_in(title):
            name = "publication" if year in published else "report"
            yield Hit(title, reverse(f"evaluation:{name}", args=[asked.convention.slug, year]))
