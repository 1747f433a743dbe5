"""The content of an evaluation, read in as many queries for 1 indicator as for 500.

Only the indicators of the year's campaign are told, by the definitions frozen for it, with figures
up to that year, all of them as everybody may read them; and the actions of the plan that belong to
the year, as they stood at its end. That of the term is told from the last year that is closed.
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

MOST_YEARS = 6
YEARS_BESIDE = 5


def read_report(
    convention: Convention, campaign: Campaign, period: Period | None = None
) -> ReportContent:
    """The content of the report of ``campaign``'s year, or of another period told from it."""
    return content_of(read_year(convention, campaign, period=period))


def read_period(convention: Convention, period: Period) -> ReportContent | None:
    """What the evaluation of a period says now; None where it has no collection (any more)."""
    campaign = period.campaign(convention)
    if campaign is None:
        return None
    campaign.convention = convention
    return read_report(convention, campaign, period)


def content_of(reading: YearReading) -> ReportContent:
    """The content, from a year that has been read already."""
    convention, campaign, words = reading.convention, reading.campaign, reading.convention.words
    # All years as long as their columns stay readable, else the last ones.
    years = reading.years if len(reading.years) <= MOST_YEARS else reading.years[-YEARS_BESIDE:]
    period = reading.period
    years_told = span(convention) if period.is_term else ""
    means = means_of(reading)
    content = ReportContent(
        year=period.year,
        title=f"{period.title} {years_told}".strip(),
        span=years_told,
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
        stakes=[one.line for one in reading.stakes],
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
    """All years of the year's indicators, by axis and theme, and the year's own of communes."""
    by_commune = {one.entry.indicator_id: one for one in reading.by_commune}
    lines: list[FigureLine] = []
    for axis in reading.axes:
        for theme in axis.themes:
            words = {"axis": axis.axis.title, "theme": theme.theme.title}
            lines += lines_of(theme.series, **words)
            for series in theme.series:
                if one := by_commune.get(series.indicator.pk):
                    lines += lines_of_places(one, **words)
    return lines


def terms_in(content: ReportContent) -> list[Term]:
    """The words of the trade that the pages use."""
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
    """Why a project is for the parties alone: what they have signed about it, if they have."""
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
            code=one.criterion.code,
            title=one.criterion.title,
            question=one.criterion.question,
            mark=one.mark,
            step=one.step,
            text=one.text,
        )
        for one in reading.criteria
    ]


def how_final(campaign: Campaign, period: Period) -> str:
    """How final the figures are."""
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
    """Of when the tables of actions tell."""
    end = reading.period.last_day(reading.convention)
    if end < timezone.localdate():
        return f"Où en étaient les actions au {long_date(end)}"
    return f"Où en sont les actions de {reading.period} à ce jour"
