"""Read where an edition stands: who was asked to validate its analyses, and their answers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import cached_property

from agreements.models import Agreement
from agreements.seats.voices import Voice
from conventions.access.viewer import cached_for_page
from conventions.models import Convention, Organisation
from conventions.parties.reading import parties_among
from ctg_portal.marks.cache import cached_each
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import long_date
from evaluation.editions.models import Edition, Evaluation, Validation, ValidationWord
from indicators.models import CampaignIndicator


@dataclass
class Standing:
    """An edition with the parties that must validate its analyses, and the answers that count for
    it: those to it, and to earlier editions that said the same of the figures, unless the party has
    asked for a change in between."""

    edition: Edition
    asked: list[Organisation]
    answers: list[Validation]

    @cached_property
    def last(self) -> dict[int, Validation]:
        """The last word of each party, by key of its organisation; an avis does not count."""
        return {
            answer.organisation_id: answer
            for answer in self.answers
            if answer.word != ValidationWord.OPINION
        }

    @property
    def opinions(self) -> list[Validation]:
        """The avis among the answers, the oldest first."""
        return [answer for answer in self.answers if answer.word == ValidationWord.OPINION]

    @property
    def advised(self) -> set[int]:
        """The keys of the users who have given an avis."""
        return {one.user_id for one in self.opinions if one.user_id}

    @property
    def lights(self) -> list[tuple[Organisation, Validation | None]]:
        """The parties that are asked, in their order, each with its last word; None before it has
        one."""
        return [(organisation, self.last.get(organisation.pk)) for organisation in self.asked]

    @property
    def is_validated(self) -> bool:
        """Whether every party that is asked has validated; true where none is asked."""
        return all(self.has_validated(organisation) for organisation in self.asked)

    def has_validated(self, organisation: Organisation) -> bool:
        """Return whether the last word of a party is that the analyses are right."""
        word = self.last.get(organisation.pk)
        return word is not None and word.is_validated

    @property
    def awaited(self) -> list[Organisation]:
        """The parties whose last word is not that the analyses are right, those that ask for a
        change included."""
        return [one for one in self.asked if not self.has_validated(one)]

    @property
    def unanswered(self) -> list[Organisation]:
        """The awaited parties whose turn it is: one that asked for a change waits for it."""
        asking = {word.organisation_id for word in self.changes_asked}
        return [one for one in self.awaited if one.pk not in asking]

    def has_spoken_elsewhere(self, voice: Voice) -> bool:
        """Return whether the same person has answered on these analyses for another party."""
        return any(
            answer.word != ValidationWord.OPINION
            and answer.organisation_id != voice.organisation.pk
            and answer.user_id == voice.user_id
            for answer in self.answers
        )

    @property
    def changes_asked(self) -> list[Validation]:
        """The last words that ask for a change."""
        return [word for _, word in self.lights if word and word.word == ValidationWord.CHANGE]


@cached_for_page
def editions_among(conventions: list[Convention]) -> list[Edition]:
    """Return the editions of these conventions that are in hand or published, the earliest year of
    each convention first and the term last, without any text."""
    return [one for editions in _editions_of(conventions).values() for one in editions]


@cached_each(Subject.EVALUATION, Subject.COMMITTEE)
def _editions_of(conventions: list[Convention]) -> dict[int, list[Edition]]:
    """Return the editions in hand or published by convention, in one query."""
    known = {convention.pk: convention for convention in conventions}
    rows = Edition.objects.filter(evaluation__convention__in=known)
    rows = (rows.in_hand() | rows.published()).with_states().latest_first().reverse()
    editions: dict[int, list[Edition]] = {pk: [] for pk in known}
    for edition in rows:
        edition.evaluation.convention = known[edition.evaluation.convention_id]
        editions[edition.evaluation.convention_id].append(edition)
    return editions


def years_among(editions: Iterable[Edition]) -> set[tuple[int, int | None]]:
    """Return the pairs (key of the convention, year or None for the term) that these editions are
    of."""
    return {(one.evaluation.convention_id, one.evaluation.year) for one in editions}


def standing_of(edition: Edition) -> Standing:
    """Return the standing of one edition, read ``with_all`` or ``with_states``. Three queries."""
    return standings_of([edition])[0]


def standings_of(editions: Iterable[Edition]) -> list[Standing]:
    """Return the standing of editions read ``with_all`` or ``with_states``, in three queries
    whatever their number."""
    editions = list(editions)
    if not editions:
        return []
    validations = defaultdict(list)
    words = Validation.objects.filter(edition__evaluation__in=[one.evaluation for one in editions])
    words = words.select_related("organisation", "edition__snapshot")
    for word in words.defer("edition__snapshot__text").in_order():
        validations[word.edition.evaluation_id].append(word)
    asked = _asked_by_evaluation(editions)
    return [
        Standing(
            edition,
            asked[edition.evaluation_id],
            _answers_counting_for(edition, validations[edition.evaluation_id]),
        )
        for edition in editions
    ]


def _answers_counting_for(edition: Edition, words: list[Validation]) -> list[Validation]:
    """Return those of ``words``, all answers on an evaluation in order, that count for this
    edition: answers to editions with the same analyses. A party that has asked for a change since,
    before this edition was submitted, is asked again."""
    counting: list[Validation] = []
    for word in words:
        if word.edition.snapshot.analyses == edition.snapshot.analyses:
            counting.append(word)
        elif word.wants_otherwise and word.created_at < edition.submitted_at:
            counting = [
                answer
                for answer in counting
                if answer.is_opinion or answer.organisation_id != word.organisation_id
            ]
    return counting


def _asked_by_evaluation(editions: list[Edition]) -> dict[int, list[Organisation]]:
    """Return, by key of the evaluation, the parties that must validate analyses by the convention
    and provide figures of its year, or of any year of the term (art. 5)."""
    conventions = {edition.evaluation.convention for edition in editions}
    validating = {
        party.organisation_id: party.organisation
        for parties in parties_among(conventions).values()
        for party in parties
        if party.validates_analyses
    }
    provided = CampaignIndicator.objects.filter(provider__in=validating).order_by()
    provided = provided.values_list("campaign__convention", "campaign__year", "provider")
    provided_years = set(provided) | {
        (convention, None, provider) for convention, _, provider in provided
    }
    return {
        edition.evaluation_id: [
            organisation
            for pk, organisation in validating.items()
            if (edition.evaluation.convention_id, edition.year, pk) in provided_years
        ]
        for edition in editions
    }


def asked_for(convention: Convention, year: int | None) -> list[Organisation]:
    """Return the parties that would have to validate the analyses of a year, or of the term, once
    submitted."""
    evaluation = Evaluation(convention=convention, year=year)
    return _asked_by_evaluation([Edition(evaluation=evaluation)])[evaluation.pk]


def known_to(editions: Sequence[Edition], organisations: Iterable[Organisation]) -> Edition | None:
    """Return the first of ``editions``, given the newest first, that each of these organisations
    knows: it was published, or they have answered on its analyses or on its point. None without
    any. An edition that was taken back before anybody answered does not count, so what it changed
    is described again; nor does an agreement by the end of a delay, as nobody has read anything."""
    answered = _organisations_that_answered(editions)
    wanted = {organisation.pk for organisation in organisations}
    return next((row for row in editions if row.is_published or wanted <= answered[row.pk]), None)


def _organisations_that_answered(editions: Sequence[Edition]) -> dict[int, set[int]]:
    """Return, by key of the edition, the keys of the organisations that have answered on its
    analyses or, by a person, on its point; an avis does not count."""
    answered = {edition.pk: set() for edition in editions}
    validations = Validation.objects.filter(edition__in=answered).exclude(
        word=ValidationWord.OPINION
    )
    for edition, organisation in validations.order_by().values_list("edition", "organisation"):
        answered[edition].add(organisation)
    asked = {edition.version_id for edition in editions} - {None}
    spoken = Agreement.objects.uncontested().by_people().filter(version__in=asked)
    by_version = list(spoken.order_by().values_list("version", "organisation"))
    for edition in editions:
        answered[edition.pk] |= {pk for version, pk in by_version if version == edition.version_id}
    return answered


def published_years(convention: Convention) -> dict[int, list[str]]:
    """Return, by published year, « publiée le 3 mars 2026 » and the number of a corrected version,
    for the list of years. The term is not among them. One query."""
    editions = Edition.objects.of(convention).published().select_related("evaluation")
    words_by_year: dict[int, list[str]] = {}
    for edition in editions.order_by("number"):
        if edition.year is not None:
            version = f", version {edition.number}" if edition.number > 1 else ""
            words_by_year[edition.year] = [f"publiée le {long_date(edition.published_at)}{version}"]
    return words_by_year
