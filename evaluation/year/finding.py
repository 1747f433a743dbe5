"""What the search finds of the evaluations: what was written of each year, and its reports."""

from itertools import chain

from django.urls import reverse

from conventions.search.hits import Asked, Hit, ranked
from evaluation.models import Narrative, Report, YearText


def year_hits(asked: Asked):
    yield ranked(asked, "Bilans de l’année", chain(_narratives(asked), _year_texts(asked)))
    yield ranked(asked, "Rapports d’évaluation", _reports(asked))


def _narratives(asked: Asked):
    rows = Narrative.objects.of(asked.convention).exclude(text="")
    for row in rows.select_related("theme__axis__convention"):
        if asked.sought.is_in(row.text):
            url = reverse("evaluation:year", args=[asked.convention.slug, row.year])
            title = f"Bilan {row.year}, {row.theme}"
            within = f"{asked.convention.words.axis.title} {row.theme.axis.mark}"
            yield Hit(title, f"{url}#{row.theme.anchor}", row.text, within)


def _year_texts(asked: Asked):
    for row in YearText.objects.of(asked.convention).written():
        if asked.sought.is_in(row.text):
            url = reverse("evaluation:year", args=[asked.convention.slug, row.year])
            title = f"{row.get_part_display()}, évaluation {row.year}"
            yield Hit(title, f"{url}#{row.part}", row.text)


def _reports(asked: Asked):
    """The year, once, where at least one document of it is there."""
    years = Report.objects.of(asked.convention).ready().values_list("year", flat=True)
    for year in sorted(set(years), reverse=True):
        title = f"Rapport d’évaluation {year}"
        if asked.sought.is_in(title):
            yield Hit(title, reverse("evaluation:report", args=[asked.convention.slug, year]))
