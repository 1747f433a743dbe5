"""The one list of what an evaluation lacks, each line with the page where it is mended: of a year,
of the final evaluation itself, and of the years that it rests on. All pages count its elements."""

import datetime
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from enum import Enum

from django.urls import reverse
from django.utils import timezone

from actions.follow_up.awaited import actions_awaiting_note
from actions.models import Action
from conventions.legal.reading import read_structure
from conventions.models import Convention, Theme
from conventions.parties import bodies
from conventions.parties.reading import organisations_by_key
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
from evaluation.year.agreed import agreed_in
from evaluation.year.for_reader import OF_YEARS
from evaluation.year.objectives import read_objectives
from evaluation.year.reading import YearReading
from evaluation.year.texts import written_texts
from indicators.collection.progress import counts_in, tallies
from indicators.definitions.definition import Definition
from indicators.models import Campaign, CampaignIndicator

MOST_NAMED = 3  # organisations that owe figures


class Kind(Enum):
    """What an element of the list is. A step is no element: it is done, not added."""

    FIGURE = "figure"
    TEXT = "text"
    NOTE = "note"
    OBJECTIVE = "objective"
    STAKE = "stake"
    CRITERION = "criterion"
    POST = "post"
    BASELINE = "baseline"
    STEP = "step"


@dataclass(frozen=True)
class Remark:
    """A sentence, and the link to where it is dealt with."""

    sentence: str
    url: str
    label: str


@dataclass(frozen=True)
class Lack(Remark):
    """The elements of one kind that are missing, in one line, or a step that is to be taken.

    ``count``: how many elements, none of a step. ``owed_by``: who owes them, with how many each;
    empty for the coordination. ``blocks``: nothing can be submitted before.
    """

    kind: Kind
    count: int = 1
    owed_by: str = ""
    blocks: bool = False


@dataclass(frozen=True)
class Lacks:
    """All that a period lacks: the lines of the list, what blocks first."""

    lines: list[Lack] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(line.count for line in self.lines)

    @property
    def figures(self) -> int:
        return sum(line.count for line in self.lines if line.kind == Kind.FIGURE)

    @property
    def words(self) -> str:
        """« 10 éléments manquent, dont 4 chiffres », « 4 chiffres manquent » where nothing else
        does, « rien ne manque »."""
        count, figures = self.count, self.figures
        if not count:
            return "rien ne manque"
        if count == figures:
            return plural(figures, "chiffre manque,chiffres manquent")
        words = plural(count, "élément manque,éléments manquent")
        return f"{words}, dont {plural(figures, 'chiffre,chiffres')}" if figures else words


@dataclass(frozen=True)
class YearLacks:
    """A published year lacks nothing: what is added to it is a correction."""

    year: int
    lacks: Lacks


@dataclass(frozen=True)
class YearsLacks:
    """The years that the final evaluation rests on: those that lack something, and the others."""

    all: list[YearLacks] = field(default_factory=list)

    @property
    def lacking(self) -> list[YearLacks]:
        return [one for one in self.all if one.lacks.lines]

    @property
    def done(self) -> str:
        return enumerate_words(str(one.year) for one in self.all if not one.lacks.lines)

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
    """Return the assessment as it is written now. Fifteen queries; seventeen of the term."""
    texts = written_texts(convention, period.year)
    day = convention.reading_day(period.last_day(convention))
    axes = read_structure(convention, day, with_proposed=False).axes
    agreed = agreed_in(convention, period)
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
    published, years = _published(convention), []
    for year in _years(convention, campaigns, today):
        lines, campaign = [], campaigns.get(year)
        if year not in published:
            lines = _lacks_of_year(convention, year, campaign).lines
            if campaign and not campaign.is_prepared:
                url = reverse("evaluation:publication", args=[convention.slug, year])
                unpublished = "L’évaluation n’est pas publiée."
                lines = [*lines, _step(unpublished, url, "Vers la publication")]
        years.append(YearLacks(year, Lacks(lines)))
    return years


def _step(sentence: str, url: str, label: str, *, blocks: bool = False) -> Lack:
    return Lack(sentence, url, label, Kind.STEP, count=0, blocks=blocks)


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
) -> Lacks:
    """Return the lacks of the year of ``campaign``, or of the term, with one for its unpublished
    years; not that it is unpublished itself. ``reading``: it, if read."""
    if period is not None and period.is_term:
        own = lacking_of_term(convention, reading)
        return Lacks([*own.lines, *_unpublished_years_step(convention)])
    return _lacks_of_year(convention, campaign.year, campaign, reading)


@cached(*OF_YEARS)
def lacks_of(convention: Convention, period: Period) -> Lacks:
    """Return the lacks of a period that has a collection. Raises Campaign.DoesNotExist."""
    campaign = period.campaign(convention)
    if campaign is None:
        raise Campaign.DoesNotExist
    return lacking_of(convention, campaign, period)


def lacking_of_term(convention: Convention, reading: YearReading | None = None) -> Lacks:
    """Return the lacks of the final evaluation itself, not those of years (``lacking``)."""
    assessed = reading or assessment_of(convention, TERM)
    return Lacks(
        [
            *_text_lacks(convention, TERM, assessed),
            *_criterion_lacks(convention, assessed),
            *_objective_lacks(convention, TERM, assessed),
            *_stake_lacks(convention, TERM, assessed),
            *_post_over_years_lacks(convention, assessed),
        ]
    )


def _unpublished_years_step(convention: Convention) -> Iterator[Lack]:
    """Yield that years on which the final evaluation rests are to be published."""
    collected = set(Campaign.objects.of(convention).values_list("year", flat=True))
    published = _published(convention)
    years = _years(convention, collected, timezone.localdate())
    if left := [str(year) for year in years if year not in published]:
        counted = plural(len(left), "année n’est pas publiée,années ne sont pas publiées")
        url = f"{reverse('evaluation:final', args=[convention.slug])}#annees-qui-manquent"
        yield _step(f"{counted} : {enumerate_words(left)}.", url, "Voir ce qui manque")


def _lacks_of_year(
    convention: Convention, year: int, campaign: Campaign | None,
    reading: YearReading | None = None,
) -> Lacks:  # fmt: skip
    """Return what the collection lacks; once that is opened, what the evaluation lacks too."""
    lines = [*_collection_steps(convention, year, campaign)]
    if campaign and not campaign.is_prepared:
        period = Period(year)
        assessed = reading or assessment_of(convention, period)
        lines += _figure_lacks(convention, campaign)
        lines += _text_lacks(convention, period, assessed)
        lines += _note_lacks(convention, year, reading)
        lines += _objective_lacks(convention, period, assessed)
        lines += _baseline_lacks(convention, campaign)
        lines += _stake_lacks(convention, period, assessed)
        lines += _post_lacks(convention, year, assessed)
    return Lacks(lines)


def _collection_steps(
    convention: Convention, year: int, campaign: Campaign | None
) -> Iterator[Lack]:
    """Yield that the collection is to be prepared, opened or closed, before which nothing can be
    submitted (``may_submit``)."""
    if campaign is None:
        url = reverse("indicators:prepare_campaign", args=[convention.slug])
        yield _step("Le recueil n’est pas préparé.", url, "Préparer le recueil", blocks=True)
    elif not campaign.is_closed:
        state = "ouvert" if campaign.is_prepared else "clos"
        url = reverse("indicators:campaign", args=[convention.slug, year])
        yield _step(f"Le recueil n’est pas {state}.", url, "Voir le recueil", blocks=True)


def _figure_lacks(convention: Convention, campaign: Campaign) -> Iterator[Lack]:
    """Yield the lack of figures, and which organisations owe them, who owes most first."""
    tally = tallies(convention)[campaign.pk]
    if tally.owed:
        owed, organisations = Counter[str](), organisations_by_key(convention)
        for row in counts_in(convention):
            if row.campaign == campaign.pk and not row.is_given:
                owed[bodies.short_name(organisations[row.enterer].name)] += row.how_many
        names = [f"{name} ({count})" for name, count in owed.most_common(MOST_NAMED)]
        if others := len(owed) - len(names):
            names.append(plural(others, "autre organisme,autres organismes"))
        url = reverse("indicators:campaign", args=[convention.slug, campaign.year])
        owed_by = enumerate_words(names)
        sentence = f"{tally.owed_words}."
        yield Lack(sentence, url, "Voir qui doit quoi", Kind.FIGURE, tally.owed, owed_by)


def _text_lacks(convention: Convention, period: Period, assessed: Assessed) -> Iterator[Lack]:
    """Yield one lack for all themes without a text, of those in force when the period ended, and
    one for each missing part of the whole."""
    place = "thematiques" if period.is_term else "textes"
    url = f"{period.writing_url(convention)}#{place}"
    themes = Theme.objects.filter(axis__convention=convention)
    themes = themes.as_read_on(convention.reading_day(period.last_day(convention)))
    written = Narrative.objects.filter(year=period.year).exclude(text="")
    if unwritten := themes.exclude(pk__in=written.values("theme")).count():
        counted = plural(unwritten, "texte reste à écrire,textes restent à écrire")
        sentence = f"{counted}, sur ce que {period.subject} a changé."
        yield Lack(sentence, url, "Écrire", Kind.TEXT, unwritten)
    for part in awaited_of(period):
        if part not in assessed.texts:
            url = reverse("evaluation:year_text", args=[convention.slug, period, part])
            sentence = f"« {part.label} » : ce texte reste à écrire."
            yield Lack(sentence, url, "Écrire", Kind.TEXT)


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
        label = f"Écrire celui de l’action {actions[0].number}".strip()
        yield Lack(f"{counted}.", listed, label, Kind.NOTE, len(actions), "leurs pilotes")


def _criterion_lacks(convention: Convention, assessed: Assessed) -> Iterator[Lack]:
    """Yield the lack of criteria without a mark or a text."""
    if awaited := [one for one in assessed.criteria if one.is_awaited]:
        url = reverse(
            "evaluation:criterion", args=[convention.slug, TERM, awaited[0].criterion.code]
        )
        counted = plural(len(awaited), "critère reste à apprécier,critères restent à apprécier")
        label = f"Apprécier « {awaited[0].criterion.title} »"
        yield Lack(f"{counted}.", url, label, Kind.CRITERION, len(awaited))


def _objective_lacks(convention: Convention, period: Period, assessed: Assessed) -> Iterator[Lack]:
    """Yield the lack of verdicts on objectives that were in force when the period ended."""
    url = reverse("evaluation:appreciations", args=[convention.slug, period])
    counts = assessed.appreciations
    if counts.awaited:
        sentence = f"{awaited_sentence(counts)}."
        yield Lack(sentence, url, "Apprécier", Kind.OBJECTIVE, counts.awaited)


def _baseline_lacks(convention: Convention, campaign: Campaign) -> Iterator[Lack]:
    """Yield the lack of baselines of indicators."""
    url = reverse("evaluation:appreciations", args=[convention.slug, campaign.year])
    if unbased := _unbased_in(campaign):
        verb = "n’ont" if unbased >= 2 else "n’a"
        sentence = f"{plural(unbased, 'indicateur,indicateurs')} {verb} pas de situation initiale."
        anchor = f"{url}#situation-initiale"
        yield Lack(sentence, anchor, "Voir lesquels", Kind.BASELINE, unbased)


def _unbased_in(campaign: Campaign) -> int:
    """Count the indicators without the baseline that they ask for. One query. Twin:
    ``Appreciating.unbased``."""
    asked = CampaignIndicator.objects.filter(campaign=campaign)
    asked = asked.filter(indicator__baseline_value__isnull=True).select_related("version")
    definitions = [Definition.of(entry.version) for entry in asked]
    return sum(not row.is_context and row.baseline is None for row in definitions)


def _stake_lacks(convention: Convention, period: Period, assessed: Assessed) -> Iterator[Lack]:
    """Yield the lack of verdicts on shared stakes that were in force when the period ended."""
    if awaited := sum(not one.verdict for one in assessed.stakes):
        url = reverse("evaluation:appreciate_stakes", args=[convention.slug, period])
        sentence = f"{describe_awaited_stakes(awaited)}."
        yield Lack(sentence, url, "Apprécier", Kind.STAKE, awaited)


def _post_lacks(convention: Convention, year: int, assessed: Assessed) -> Iterator[Lack]:
    """Yield the lack of texts of the year on posts of cooperation."""
    if untold := sum(not one.is_told for one in assessed.posts):
        verb = "n’ont pas leur suivi" if untold >= 2 else "n’a pas son suivi"
        url = reverse("evaluation:posts", args=[convention.slug, year])
        forms = "poste de coopération,postes de coopération"
        yield Lack(f"{plural(untold, forms)} {verb}.", url, "Renseigner", Kind.POST, untold)


def _post_over_years_lacks(convention: Convention, assessed: Assessed) -> Iterator[Lack]:
    """Yield the lack of texts on the effects of posts of cooperation over the term."""
    if untold := sum(
        not (post.text or any(b.text for b in post.brought)) for post in assessed.posts_over_years
    ):
        counted = plural(untold, "poste de coopération reste,postes de coopération restent")
        url = reverse("evaluation:posts", args=[convention.slug, TERM])
        yield Lack(f"{counted} à apprécier.", url, "Apprécier", Kind.POST, untold)
