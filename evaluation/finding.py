"""What the search finds of the evaluations: what was written of each year and of the term, and
their reports."""

from itertools import chain

from django.urls import reverse

from conventions.search.hits import Hit, SearchRequest, ranked
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


def year_hits(asked: SearchRequest):
    convention = asked.convention
    editions = [edition for edition in editions_among([convention]) if edition.is_published]
    published = {
        edition.year: edition.submitted_at
        for edition in sorted(editions, key=lambda edition: edition.number)
    }
    reads_drafts = may_read_drafts(asked.user, convention) is None
    narratives, texts, criteria, appreciations, stakes, posts = narrowed(
        asked.query,
        (Narrative.objects.of(convention).exclude(text=""), ["text"]),
        (YearText.objects.of(convention).written(), ["text"]),
        (CriterionText.objects.of(convention).written(), ["text"]),
        # Not what is merely begun.
        (Appreciation.objects.of(convention).given(), ["text"]),
        (StakeAppreciation.objects.of(convention).given(), ["text"]),
        # Not what a post costs.
        (PostYear.objects.of(convention), TEXTS),
    )

    def readable(rows):
        """Leave out what is being written, for who reads no drafts: only what was published is
        found, unless it was written anew since."""
        return (
            row
            for row in rows
            if reads_drafts or (row.year in published and row.updated_at <= published[row.year])
        )

    written = chain(
        _narratives(asked, readable(narratives.select_related("theme__axis__convention"))),
        _year_texts(asked, readable(texts)),
        _criteria(asked, readable(criteria)),
        _appreciations(asked, readable(appreciations.select_related("objective__theme__axis"))),
        _stake_appreciations(asked, readable(stakes.select_related("stake"))),
        _post_years(asked, readable(posts.select_related("post__employer"))),
    )
    yield ranked(asked, "Bilans de l’année", written)
    reports = Report.objects.of(convention).ready() if reads_drafts else Report.objects.none()
    projects = set(reports.values_list("year", flat=True)) - set(published)
    yield ranked(asked, "Rapports d’évaluation", _reports(asked, set(published), projects))


def _narratives(asked: SearchRequest, rows):
    for row in rows:
        url = reverse("evaluation:year", args=[asked.convention.slug, row.year])
        account = Period(row.year).account
        title = f"{account[0].upper()}{account[1:]}, {row.theme}"
        within = f"{asked.convention.words.axis.title} {row.theme.axis.mark}"
        yield Hit(title, f"{url}#{row.theme.anchor}", row.text, within)


def _year_texts(asked: SearchRequest, rows):
    for row in rows:
        url = reverse("evaluation:year", args=[asked.convention.slug, row.year])
        title = f"{row.get_part_display()}, {Period(row.year).called}"
        yield Hit(title, f"{url}#{row.part}", row.text)


def _criteria(asked: SearchRequest, rows):
    titles = {one.code: one.title for one in criteria_of(asked.convention)}
    for row in rows:
        if row.criterion in titles:
            url = reverse("evaluation:final", args=[asked.convention.slug])
            title = f"{titles[row.criterion]}, évaluation finale"
            yield Hit(title, f"{url}#critere-{row.criterion}", row.text)


def _appreciations(asked: SearchRequest, rows):
    """Yield the appreciations of objectives, on the page of their year."""
    word = asked.convention.words.objective
    for row in rows:
        theme = row.objective.theme
        url = reverse("evaluation:year", args=[asked.convention.slug, row.year])
        title = f"{row.objective}, {verdict_word(row.verdict, word)} ({Period(row.year)})"
        within = f"{asked.convention.words.axis.title} {theme.axis.mark}"
        yield Hit(title, f"{url}?theme={theme.pk}#{theme.anchor}", row.text, within)


def _stake_appreciations(asked: SearchRequest, rows):
    for row in rows:
        url = reverse("evaluation:year", args=[asked.convention.slug, row.year])
        title = f"{row.stake}, {row.get_verdict_display()} ({Period(row.year)})"
        yield Hit(title, f"{url}#enjeux-partages", row.text, "Enjeu partagé")


def _post_years(asked: SearchRequest, rows):
    for row in rows:
        texts = [getattr(row, name) for name in TEXTS]
        period = Period(row.year)
        url = reverse("evaluation:year", args=[asked.convention.slug, period])
        text = next((one for one in texts if asked.query.is_in(one)), row.text)
        yield Hit(f"Suivi {period.slug}, {row.post}", f"{url}#{row.post.anchor}", text)


def _reports(asked: SearchRequest, published: set[int | None], projects: set[int | None]):
    """Yield each year once: where it is published, else where there is a project for who may read
    it."""
    latest_first = sorted(published | projects, key=lambda year: (year is not None, -(year or 0)))
    for year in latest_first:
        title = f"Rapport d’évaluation {FINAL if year is None else year}"
        if asked.query.is_in(title):
            name = "publication" if year in published else "report"
            yield Hit(title, reverse(f"evaluation:{name}", args=[asked.convention.slug, year]))
