"""Lacks of an evaluation, each with the page where it is mended: of a year, of the final evaluation
itself, and of the years that it rests on."""

import datetime
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone

from actions.follow_up.awaited import actions_awaiting_note
from actions.models import Action
from conventions.legal.reading import read_structure
from conventions.models import Convention, Theme
from ctg_portal.marks.cache import cached
from ctg_portal.templatetags.french import enumerate_words, plural
from evaluation.cooperation.lines import PostLine, PostOverYears
from evaluation.editions.models import Edition
from evaluation.period import TERM, Period, years_of_term
from evaluation.stakes.reading import StakeReading, read_stakes
from evaluation.stakes.reading import describe_awaited as describe_awaited_stakes
from evaluation.texts.criteria import CriterionReading, read_criteria
from evaluation.texts.models import Narrative, Part, awaited_of
from evaluation.verdicts.words import AppreciationCounts, awaited_sentence, count_verdicts
from evaluation.year.agreed import agreed_by
from evaluation.year.for_reader import OF_YEARS
from evaluation.year.objectives import read_objectives
from evaluation.year.reading import YearReading
from evaluation.year.texts import written_texts
from indicators.collection.progress import Tally, tallies
from indicators.models import Campaign, CampaignIndicator


@dataclass(frozen=True)
class Lack:
    """A sentence, and the link to where it is mended."""

    sentence: str
    url: str
    label: str


@dataclass(frozen=True)
class YearLacks:
    """A published year lacks nothing: what is added to it is a correction."""

    year: int
    lacks: list[Lack]


@dataclass(frozen=True)
class YearsLacks:
    """The years that the final evaluation rests on: those that lack something, and the others."""

    all: list[YearLacks] = field(default_factory=list)

    @property
    def lacking(self) -> list[YearLacks]:
        return [one for one in self.all if one.lacks]

    @property
    def count(self) -> int:
        return sum(len(one.lacks) for one in self.all)

    @property
    def done(self) -> str:
        return enumerate_words(str(one.year) for one in self.all if not one.lacks)

    @property
    def done_word(self) -> str:
        return "publiées" if len(self.all) - len(self.lacking) >= 2 else "publiée"


@dataclass(frozen=True)
class Assessment:
    """The texts of a period and its verdicts on objectives and stakes, without figures and actions.
    A ``YearReading`` has them under the same names."""

    texts: dict[Part, str]
    appreciations: AppreciationCounts
    stakes: list[StakeReading]
    posts: list[PostLine]
    posts_over_years: list[PostOverYears]
    criteria: list[CriterionReading]


Assessed = Assessment | YearReading


def assessment_of(convention: Convention, period: Period) -> Assessment:
    """Return the assessment as it is written now. Fourteen queries; sixteen of the term."""
    texts = written_texts(convention, period.year)
    day = convention.reading_day(period.last_day(convention))
    axes = read_structure(convention, day, with_proposed=False).axes
    agreed = agreed_by(convention, period.end(convention, timezone.localdate()))
    read = read_objectives(agreed, axes, texts.objectives)
    counted = (one.verdict for own in read.values() for one in own if one.is_counted)
    return Assessment(
        texts.parts,
        count_verdicts(counted, convention.words.objective),
        read_stakes(agreed.stakes, texts.stakes),
        texts.posts,
        texts.posts_over_years,
        read_criteria(convention, texts.criteria) if period.is_term else [],
    )


@cached(*OF_YEARS)
def lacking(convention: Convention, today: datetime.date) -> list[YearLacks]:
    """Return the years to evaluate that have begun, in order, each with its lacks; a published year
    has none."""
    campaigns = {campaign.year: campaign for campaign in Campaign.objects.of(convention)}
    tally_of = tallies(campaigns.values())
    published, years = _published(convention), []
    for year in _years(convention, campaigns, today):
        lacks, campaign = [], campaigns.get(year)
        if year not in published:
            lacks = _lacks_of_year(convention, year, campaign, tally_of)
            if campaign and not campaign.is_prepared:
                url = reverse("evaluation:publication", args=[convention.slug, year])
                lacks.append(Lack("L’évaluation n’est pas publiée.", url, "Vers la publication"))
        years.append(YearLacks(year, lacks))
    return years


def _years(
    convention: Convention, collected: Container[int], today: datetime.date
) -> Iterator[int]:
    """Yield the years to evaluate that have begun: those of the convention that are collected, or
    that ``years_of_term`` has."""
    years_in_term = years_of_term(convention)
    for year in convention.years(today):
        if year <= today.year and (year in collected or year in years_in_term):
            yield year


def _published(convention: Convention) -> set[int | None]:
    """Return the years that have a published evaluation; None for that of the term."""
    editions = Edition.objects.of(convention).published()
    return set(editions.values_list("evaluation__year", flat=True))


def lacking_of(
    convention: Convention,
    campaign: Campaign,
    period: Period | None = None,
    reading: YearReading | None = None,
) -> list[Lack]:
    """Return the lacks of the year of ``campaign``, or of the term, with one for its unpublished
    years; not that it is unpublished itself. ``reading``: it, if read."""
    if period is not None and period.is_term:
        return [*lacking_of_term(convention, reading), *_unpublished_years_lack(convention)]
    return _lacks_of_year(convention, campaign.year, campaign, tallies([campaign]), reading)


@cached(*OF_YEARS)
def lacks_of(convention: Convention, period: Period) -> list[Lack]:
    """Return the lacks of a period that has a collection. Raises Campaign.DoesNotExist."""
    campaign = period.campaign(convention)
    if campaign is None:
        raise Campaign.DoesNotExist
    return lacking_of(convention, campaign, period)


def lacking_of_term(convention: Convention, reading: YearReading | None = None) -> list[Lack]:
    """Return the lacks of the final evaluation itself, not those of years (``lacking``)."""
    assessed = reading or assessment_of(convention, TERM)
    return [
        *_text_lacks(convention, TERM, assessed),
        *_criterion_lacks(convention, assessed),
        *_objective_lacks(convention, TERM, assessed),
        *_stake_lacks(convention, TERM, assessed),
        *_post_over_years_lacks(convention, assessed),
    ]


def _unpublished_years_lack(convention: Convention) -> Iterator[Lack]:
    """Yield the lack of years that are not published, on which the final evaluation rests."""
    collected = set(Campaign.objects.of(convention).values_list("year", flat=True))
    published = _published(convention)
    years = _years(convention, collected, timezone.localdate())
    if left := [str(year) for year in years if year not in published]:
        counted = plural(len(left), "année n’est pas publiée,années ne sont pas publiées")
        url = f"{reverse('evaluation:final', args=[convention.slug])}#annees-qui-manquent"
        yield Lack(f"{counted} : {enumerate_words(left)}.", url, "Voir ce qui manque")


def _lacks_of_year(
    convention: Convention, year: int, campaign: Campaign | None, tally_of: Mapping[int, Tally],
    reading: YearReading | None = None,
) -> list[Lack]:  # fmt: skip
    """Return what the collection lacks; once that is opened, what the evaluation lacks too."""
    lacks = [*_collection_lacks(convention, year, campaign, tally_of)]
    if campaign and not campaign.is_prepared:
        period = Period(year)
        assessed = reading or assessment_of(convention, period)
        lacks += _text_lacks(convention, period, assessed)
        lacks += _note_lacks(convention, year, reading)
        lacks += _objective_lacks(convention, period, assessed)
        lacks += _baseline_lacks(convention, campaign)
        lacks += _stake_lacks(convention, period, assessed)
        lacks += _post_lacks(convention, year, assessed)
    return lacks


def _collection_lacks(
    convention: Convention, year: int, campaign: Campaign | None, tally_of: Mapping[int, Tally]
) -> Iterator[Lack]:
    """Yield that the collection is not prepared, opened or closed, and missing figures."""
    if campaign is None:
        url = reverse("indicators:prepare_campaign", args=[convention.slug])
        yield Lack("Le recueil n’est pas préparé.", url, "Préparer le recueil")
        return
    url = reverse("indicators:campaign", args=[convention.slug, year])
    if campaign.is_prepared:
        yield Lack("Le recueil n’est pas ouvert.", url, "Voir le recueil")
    else:
        for sentence in tally_of[campaign.pk].missing_sentences:
            yield Lack(f"{sentence}.", url, "Voir qui doit quoi")
    if campaign.is_open:
        yield Lack("Le recueil n’est pas clos.", url, "Voir le recueil")


def _text_lacks(convention: Convention, period: Period, assessed: Assessed) -> Iterator[Lack]:
    """Yield one lack for all themes without a text, of those in force when the period ended, and
    one for each missing part of the whole."""
    url = f"{reverse('evaluation:year', args=[convention.slug, period])}#thematiques"
    themes = Theme.objects.filter(axis__convention=convention)
    themes = themes.as_read_on(convention.reading_day(period.last_day(convention)))
    written = Narrative.objects.filter(year=period.year).exclude(text="")
    if unwritten := themes.exclude(pk__in=written.values("theme")).count():
        counted = plural(unwritten, "texte reste à écrire,textes restent à écrire")
        yield Lack(f"{counted}, sur ce que {period.subject} a changé.", url, "Écrire")
    for part in awaited_of(period):
        if part not in assessed.texts:
            url = reverse("evaluation:year_text", args=[convention.slug, period, part])
            yield Lack(f"« {part.label} » : ce texte reste à écrire.", url, "Écrire")


def _note_lacks(convention: Convention, year: int, reading: YearReading | None) -> Iterator[Lack]:
    """Yield the lack of notes of the year, of actions that are still agreed to."""
    actions = Action.objects.of(convention)
    if reading is None:
        actions = actions_awaiting_note(actions, year)
    else:
        lacking_notes = [one.action.pk for one in reading.actions if one.lacks_note]
        actions = list(actions.agreed().filter(pk__in=lacking_notes))
    if actions:
        counted = plural(len(actions), "action n’a pas son bilan,actions n’ont pas leur bilan")
        listed = reverse("actions:follow", args=[convention.slug, actions[0].pk, f"bilan-{year}"])
        yield Lack(f"{counted}.", listed, f"Écrire celui de l’action {actions[0].number}".strip())


def _criterion_lacks(convention: Convention, assessed: Assessed) -> Iterator[Lack]:
    """Yield the lack of criteria without a mark or a text."""
    if awaited := [one for one in assessed.criteria if one.is_awaited]:
        url = reverse(
            "evaluation:criterion", args=[convention.slug, TERM, awaited[0].criterion.code]
        )
        counted = plural(len(awaited), "critère reste à apprécier,critères restent à apprécier")
        yield Lack(f"{counted}.", url, f"Apprécier « {awaited[0].criterion.title} »")


def _objective_lacks(convention: Convention, period: Period, assessed: Assessed) -> Iterator[Lack]:
    """Yield the lack of verdicts on objectives that were in force when the period ended."""
    url = reverse("evaluation:appreciations", args=[convention.slug, period])
    if assessed.appreciations.awaited:
        yield Lack(f"{awaited_sentence(assessed.appreciations)}.", url, "Apprécier")


def _baseline_lacks(convention: Convention, campaign: Campaign) -> Iterator[Lack]:
    """Yield the lack of baselines of indicators."""
    url = reverse("evaluation:appreciations", args=[convention.slug, campaign.year])
    if unbased := _unbased_in(campaign):
        verb = "n’ont" if unbased >= 2 else "n’a"
        sentence = f"{plural(unbased, 'indicateur,indicateurs')} {verb} pas de situation initiale."
        yield Lack(sentence, f"{url}#situation-initiale", "Voir lesquels")


def _unbased_in(campaign: Campaign) -> int:
    """Count the indicators without a baseline. One query. Twin: ``Appreciating.unbased``."""
    asked = CampaignIndicator.objects.filter(campaign=campaign)
    asked = asked.filter(indicator__baseline_value__isnull=True).select_related("version")
    return sum(entry.version.content["baseline_value"] is None for entry in asked)


def _stake_lacks(convention: Convention, period: Period, assessed: Assessed) -> Iterator[Lack]:
    """Yield the lack of verdicts on shared stakes that were in force when the period ended."""
    if awaited := sum(not one.verdict for one in assessed.stakes):
        url = reverse("evaluation:appreciate_stakes", args=[convention.slug, period])
        yield Lack(f"{describe_awaited_stakes(awaited)}.", url, "Apprécier")


def _post_lacks(convention: Convention, year: int, assessed: Assessed) -> Iterator[Lack]:
    """Yield the lack of texts of the year on posts of cooperation."""
    if untold := sum(not one.is_told for one in assessed.posts):
        verb = "n’ont pas leur suivi" if untold >= 2 else "n’a pas son suivi"
        url = reverse("evaluation:posts", args=[convention.slug, year])
        forms = "poste de coopération,postes de coopération"
        yield Lack(f"{plural(untold, forms)} {verb}.", url, "Renseigner")


def _post_over_years_lacks(convention: Convention, assessed: Assessed) -> Iterator[Lack]:
    """Yield the lack of texts on the effects of posts of cooperation over the term."""
    if untold := sum(
        not (post.text or any(b.text for b in post.brought)) for post in assessed.posts_over_years
    ):
        counted = plural(untold, "poste de coopération reste,postes de coopération restent")
        url = reverse("evaluation:posts", args=[convention.slug, TERM])
        yield Lack(f"{counted} à apprécier.", url, "Apprécier")
