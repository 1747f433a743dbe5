"""What the search finds of the evaluations: what was written of each year and of the term, and
their reports."""

from itertools import chain

from django.urls import reverse

from conventions.search.hits import Asked, Hit, ranked
from evaluation.appreciation.words import verdict_word
from evaluation.cooperation.told import TEXTS
from evaluation.final.criteria import criteria_of
from evaluation.models import (
    Appreciation,
    CriterionText,
    Edition,
    Narrative,
    PostYear,
    Report,
    StakeAppreciation,
    YearText,
)
from evaluation.period import FINAL, Period
from evaluation.publication.rights import may_read_drafts


def year_hits(asked: Asked):
    written = chain(
        _narratives(asked),
        _year_texts(asked),
        _criteria(asked),
        _appreciations(asked),
        _stake_appreciations(asked),
        _post_years(asked),
    )
    yield ranked(asked, "Bilans de l’année", written)
    yield ranked(asked, "Rapports d’évaluation", _reports(asked))


def _narratives(asked: Asked):
    rows = Narrative.objects.of(asked.convention).exclude(text="")
    for row in _readable(asked, rows.select_related("theme__axis__convention")):
        if asked.sought.is_in(row.text):
            url = reverse("evaluation:year", args=[asked.convention.slug, row.year])
            account = Period(row.year).account
            title = f"{account[0].upper()}{account[1:]}, {row.theme}"
            within = f"{asked.convention.words.axis.title} {row.theme.axis.mark}"
            yield Hit(title, f"{url}#{row.theme.anchor}", row.text, within)


def _year_texts(asked: Asked):
    rows = YearText.objects.of(asked.convention).written()
    for row in _readable(asked, rows):
        if asked.sought.is_in(row.text):
            url = reverse("evaluation:year", args=[asked.convention.slug, row.year])
            title = f"{row.get_part_display()}, {Period(row.year).called}"
            yield Hit(title, f"{url}#{row.part}", row.text)


def _criteria(asked: Asked):
    rows = _readable(asked, CriterionText.objects.of(asked.convention).written())
    titles = {one.code: one.title for one in criteria_of(asked.convention)}
    for row in rows:
        if asked.sought.is_in(row.text) and row.criterion in titles:
            url = reverse("evaluation:final", args=[asked.convention.slug])
            title = f"{titles[row.criterion]}, évaluation finale"
            yield Hit(title, f"{url}#critere-{row.criterion}", row.text)


def _appreciations(asked: Asked):
    """What was said of an objective, on the page of its year; not what is merely begun."""
    word = asked.convention.words.objective
    rows = Appreciation.objects.of(asked.convention).given()
    for row in _readable(asked, rows.select_related("objective__theme__axis")):
        if asked.sought.is_in(row.text):
            theme = row.objective.theme
            url = reverse("evaluation:year", args=[asked.convention.slug, row.year])
            title = f"{row.objective}, {verdict_word(row.verdict, word)} ({Period(row.year)})"
            within = f"{asked.convention.words.axis.title} {theme.axis.mark}"
            yield Hit(title, f"{url}?theme={theme.pk}#{theme.anchor}", row.text, within)


def _stake_appreciations(asked: Asked):
    rows = StakeAppreciation.objects.of(asked.convention).given()
    for row in _readable(asked, rows.select_related("stake")):
        if asked.sought.is_in(row.text):
            url = reverse("evaluation:year", args=[asked.convention.slug, row.year])
            title = f"{row.stake}, {row.get_verdict_display()} ({Period(row.year)})"
            yield Hit(title, f"{url}#enjeux-partages", row.text, "Enjeu partagé")


def _post_years(asked: Asked):
    """The texts of the posts of cooperation; not what they cost."""
    rows = PostYear.objects.of(asked.convention)
    for row in _readable(asked, rows.select_related("post__employer")):
        texts = [getattr(row, name) for name in TEXTS]
        if asked.sought.is_in(*texts):
            period = Period(row.year)
            url = reverse("evaluation:year", args=[asked.convention.slug, period])
            text = next((one for one in texts if asked.sought.is_in(one)), row.text)
            yield Hit(f"Suivi {period.slug}, {row.post}", f"{url}#{row.post.anchor}", text)


def _readable(asked: Asked, rows):
    """What is being written is found by who may read it; of the rest, what was published, and not
    written anew since."""
    if may_read_drafts(asked.user, asked.convention) is None:
        return rows
    editions = Edition.objects.of(asked.convention).published()
    since = dict(editions.order_by("number").values_list("evaluation__year", "submitted_at"))
    return [row for row in rows if row.year in since and row.updated_at <= since[row.year]]


def _reports(asked: Asked):
    """The year, once: where it is published, else where there is a project for who may read it."""
    editions = Edition.objects.of(asked.convention).published()
    published = set(editions.values_list("evaluation__year", flat=True))
    projects = set()
    if may_read_drafts(asked.user, asked.convention) is None:
        reports = Report.objects.of(asked.convention).ready()
        projects = set(reports.values_list("year", flat=True)) - published
    latest_first = sorted(published | projects, key=lambda year: (year is not None, -(year or 0)))
    for year in latest_first:
        title = f"Rapport d’évaluation {FINAL if year is None else year}"
        if asked.sought.is_in(title):
            name = "publication" if year in published else "report"
            yield Hit(title, reverse(f"evaluation:{name}", args=[asked.convention.slug, year]))
