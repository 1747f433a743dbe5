"""Read the content of an evaluation, in as many queries for 1 indicator as for 500.

It has only the indicators of the year's campaign, by the definitions frozen for it, with figures up
to that year, all as everybody may read them; and the actions of the plan that belong to the year,
as they stood at its end. The evaluation of the term is read from the last year that is closed.
"""

from dataclasses import is_dataclass, replace

from django.utils import timezone

from committee.meetings.governance import read_governance
from conventions.legal.reading import article_about
from conventions.models import Convention
from conventions.parties.reading import parties_of
from ctg_portal.help.glossary import glossary
from ctg_portal.templatetags.french import long_date
from documents.logos.carried import logo_data_url
from evaluation.layout.reading import choice_of
from evaluation.period import Period, span
from evaluation.report.annexes import definitions_of, method_of, missing_of, provisional_of
from evaluation.report.content import (
    Means,
    ReportContent,
    ReportCriterion,
    ReportParty,
    ReportText,
    Term,
    WordsUsed,
    fields_of,
)
from evaluation.report.money import means_of
from evaluation.report.objectives import lights_in
from evaluation.report.parts import axes_of
from evaluation.report.summary import summary_of
from evaluation.texts.criteria import scale_of
from evaluation.texts.models import OPENING, Part
from evaluation.year.actions import missing_notes_in
from evaluation.year.reading import YearReading, read_year
from indicators.by_commune.lines import lines_of_places
from indicators.by_commune.snapshot import take_snapshots
from indicators.models import Campaign
from indicators.series.lines import FigureLine, lines_of

# All years stand in the tables up to so many; else the last ones.
MOST_YEARS, LAST_YEARS = 6, 5


def read_report(
    convention: Convention, campaign: Campaign, period: Period | None = None
) -> ReportContent:
    """Return the content of the report of ``campaign``'s year, or of the ``period`` whose last
    campaign it is."""
    return content_of(read_year(convention, campaign, period=period))


def read_period(convention: Convention, period: Period) -> ReportContent | None:
    """Return what the evaluation of a period says now; None where it has no collection (any
    more)."""
    campaign = period.campaign(convention)
    if campaign is None:
        return None
    campaign.convention = convention
    return read_report(convention, campaign, period)


def content_of(reading: YearReading) -> ReportContent:
    """Return the content of a year, or the term, that has been read."""
    convention, campaign, words = reading.convention, reading.campaign, reading.convention.words
    years = reading.years if len(reading.years) <= MOST_YEARS else reading.years[-LAST_YEARS:]
    period = reading.period
    years_of_term = span(convention) if period.is_term else ""
    means = means_of(reading)
    content = ReportContent(
        year=period.year,
        title=f"{period.title} {years_of_term}".strip(),
        span=years_of_term,
        convention=convention.title,
        territory=convention.territory,
        term=convention.describe_term(),
        collection=how_final(campaign, period),
        is_fictional=reading.is_fictional,
        confidentiality=confidentiality_of(reading),
        words=WordsUsed(
            axis=words.axis.title,
            axes=words.axis.titles,
            theme=words.theme.title,
            themes=words.theme.titles,
            objective=words.objective.title,
            objectives=words.objective.titles,
        ),
        parties=[
            ReportParty(
                name=party.organisation.name,
                logo=logo_data_url(party.logo),
                chairs=party.co_chairs,
                agrees=party.agreement_required,
            )
            for party in parties_of(convention)
        ],
        opening=[_text(part, text) for part, text in reading.texts.items() if part in OPENING],
        summary=summary_of(reading),
        axes=axes_of(reading, years, lights_in(reading)),
        means=means,
        criteria=criteria_in(reading),
        scale=scale_of(convention) if period.is_term else [],
        closing=[_text(part, text) for part, text in reading.texts.items() if part not in OPENING],
        missing=missing_of(reading),
        provisional=provisional_of(reading),
        actions_caption=actions_caption(reading) if reading.actions else "",
        unwritten=missing_notes_in(reading),
        definitions=definitions_of(reading),
        method=method_of(reading, means),
        data=figures_of(reading),
        images=reading.images,
        sections=choice_of(convention, reading.period.year).keys,
        stakes=[stake.line for stake in reading.stakes],
        posts=reading.posts,
        posts_over_years=reading.posts_over_years,
        communes=take_snapshots(reading.by_commune),
        ground=reading.by_commune[0].ground if reading.by_commune else None,
        governance=read_governance(
            convention, period.first_day(convention), period.last_day(convention)
        ),
    )
    return replace(content, glossary=terms_in(content))


def figures_of(reading: YearReading) -> list[FigureLine]:
    """Return the figures of all years of the year's indicators, by axis and theme, each followed by
    those of its communes in the year."""
    by_commune = {table.entry.indicator_id: table for table in reading.by_commune}
    lines: list[FigureLine] = []
    for axis in reading.axes:
        for theme in axis.themes:
            words = {"axis": axis.axis.title, "theme": theme.theme.title}
            lines += lines_of(theme.series, **words)
            for series in theme.series:
                if table := by_commune.get(series.indicator.pk):
                    lines += lines_of_places(table, **words)
    return lines


def terms_in(content: ReportContent) -> list[Term]:
    """Return the words of the glossary that the pages use."""
    pages = replace(content, data=[], means=Means(content.means.sentence))
    texts: list[str] = []
    _add_texts(pages, texts)
    return [Term(word.name, word.definition) for word in glossary().used_in(" . ".join(texts))]


def _add_texts(content, texts: list[str]) -> None:
    """Add all texts of a content to ``texts``, but addresses of images."""
    if isinstance(content, str):
        if not content.startswith("data:"):
            texts.append(content)
    elif isinstance(content, list | tuple):
        for item in content:
            _add_texts(item, texts)
    elif isinstance(content, dict):
        _add_texts([*content.values()], texts)
    elif is_dataclass(content):
        _add_texts(fields_of(content), texts)


def confidentiality_of(reading: YearReading) -> str:
    """Return the sentence that a project is for the parties alone, with the signed article about
    it, if there is one."""
    convention = reading.convention
    day = convention.reading_day(reading.period.last_day(convention))
    number = article_about("confidentialit", convention, day)
    where = f" (article {number} de la convention)" if number else ""
    return f"Document confidentiel jusqu’à sa publication{where}."


def _text(part: Part, text: str) -> ReportText:
    return ReportText(part.value, part.label, text)


def criteria_in(reading: YearReading) -> list[ReportCriterion]:
    return [
        ReportCriterion(
            code=row.criterion.code,
            title=row.criterion.title,
            question=row.criterion.question,
            mark=row.mark,
            step=row.step,
            text=row.text,
        )
        for row in reading.criteria
    ]


def how_final(campaign: Campaign, period: Period) -> str:
    """Return the sentence on how final the figures are."""
    if campaign.is_closed and period.is_term:
        return f"Chiffres recueillis jusqu’à ceux de {campaign.year}."
    if campaign.takes_figures_of_files:
        return f"Données reprises d’un fichier le {long_date(campaign.closed_at)}."
    if campaign.is_closed:
        return f"Recueil des données clos le {long_date(campaign.closed_at)}."
    if campaign.is_prepared:
        return "Le recueil des données n’est pas encore ouvert."
    return "Le recueil des données est en cours : les chiffres peuvent encore changer."


def actions_caption(reading: YearReading) -> str:
    """Return the caption of the tables of actions, with the day whose states they show."""
    end = reading.period.last_day(reading.convention)
    if end < timezone.localdate():
        return f"Où en étaient les actions au {long_date(end)}"
    return f"Où en sont les actions de {reading.period} à ce jour"
