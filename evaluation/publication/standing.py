"""Where an edition stands: who was asked to validate its analyses, and what they said."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import cached_property

from agreements.seats.voices import Voice
from conventions.access.viewer import cached_for_page
from conventions.models import Convention, Organisation
from conventions.parties.reading import parties_among
from ctg_portal.marks.cache import cached_each
from ctg_portal.marks.models import Subject
from evaluation.models import Edition, Evaluation, Validation, ValidationWord
from indicators.models import CampaignIndicator


@dataclass
class Standing:
    """An edition with who must validate its analyses, and all that was said of these analyses, be
    it in an earlier edition that said the same of the figures: but for what a party said before it
    wanted others to be otherwise, in an edition between the two."""

    edition: Edition
    asked: list[Organisation]
    said: list[Validation]

    @cached_property
    def last(self) -> dict[int, Validation]:
        """The last word of each party, by the organisation's primary key."""
        return {one.organisation_id: one for one in self.said if one.word != ValidationWord.OPINION}

    @property
    def opinions(self) -> list[Validation]:
        return [one for one in self.said if one.word == ValidationWord.OPINION]

    @property
    def advised(self) -> set[int]:
        """Who has given an avis, by their primary keys."""
        return {one.user_id for one in self.opinions if one.user_id}

    @property
    def lights(self) -> list[tuple[Organisation, Validation | None]]:
        """Each party that is asked, with its last word."""
        return [(organisation, self.last.get(organisation.pk)) for organisation in self.asked]

    @property
    def is_validated(self) -> bool:
        return all(self.has_validated(organisation) for organisation in self.asked)

    def has_validated(self, organisation: Organisation) -> bool:
        word = self.last.get(organisation.pk)
        return word is not None and word.is_validated

    @property
    def awaited(self) -> list[Organisation]:
        """Those that have not validated yet."""
        return [one for one in self.asked if not self.has_validated(one)]

    @property
    def unanswered(self) -> list[Organisation]:
        """Those whose turn it is: who asked for a change waits for it."""
        asking = {word.organisation_id for word in self.changes_asked}
        return [one for one in self.awaited if one.pk not in asking]

    def has_spoken_elsewhere(self, voice: Voice) -> bool:
        """Whether the same person has spoken on these analyses for another party."""
        return any(
            one.word != ValidationWord.OPINION
            and one.organisation_id != voice.organisation.pk
            and one.user_id == voice.user_id
            for one in self.said
        )

    @property
    def changes_asked(self) -> list[Validation]:
        """The words that ask for a change."""
        return [word for _, word in self.lights if word and word.word == ValidationWord.CHANGE]


@cached_for_page
def editions_among(conventions: list[Convention]) -> list[Edition]:
    """Return the editions of these conventions that are on their way, or published, a convention's
    earliest year first and the term last: as far as tasks tell of them, without any text."""
    return [one for editions in _editions_of(conventions).values() for one in editions]


@cached_each(Subject.EVALUATION, Subject.COMMITTEE)
def _editions_of(conventions: list[Convention]) -> dict[int, list[Edition]]:
    """Return the same by convention, in one query."""
    known = {convention.pk: convention for convention in conventions}
    rows = Edition.objects.filter(evaluation__convention__in=known)
    rows = (rows.in_hand() | rows.published()).with_states().latest_first().reverse()
    editions: dict[int, list[Edition]] = {pk: [] for pk in known}
    for edition in rows:
        edition.evaluation.convention = known[edition.evaluation.convention_id]
        editions[edition.evaluation.convention_id].append(edition)
    return editions


def years_among(editions: Iterable[Edition]) -> set[tuple[int, int | None]]:
    """Return of which convention (primary key), and of which of its years, these editions are."""
    return {(one.evaluation.convention_id, one.evaluation.year) for one in editions}


def standing_of(edition: Edition) -> Standing:
    return standings_of([edition])[0]


def standings_of(editions: Iterable[Edition]) -> list[Standing]:
    """Of editions read ``with_all`` or ``with_states``, in three queries whatever their number."""
    editions = list(editions)
    if not editions:
        return []
    said = defaultdict(list)
    words = Validation.objects.filter(edition__evaluation__in=[one.evaluation for one in editions])
    words = words.select_related("organisation", "edition__snapshot")
    for word in words.defer("edition__snapshot__text").in_order():
        said[word.edition.evaluation_id].append(word)
    asked = _asked_for(editions)
    return [
        Standing(
            edition,
            asked[edition.evaluation_id],
            _said_of(edition, said[edition.evaluation_id]),
        )
        for edition in editions
    ]


def _said_of(edition: Edition, words: list[Validation]) -> list[Validation]:
    """Of all that was said of an evaluation, in order, what counts for this edition: who has wanted
    something else since, before it was submitted, is asked again, though it says what it said."""
    found: list[Validation] = []
    for word in words:
        if word.edition.snapshot.analyses == edition.snapshot.analyses:
            found.append(word)
        elif word.wants_otherwise and word.created_at < edition.submitted_at:
            found = [
                one
                for one in found
                if one.is_opinion or one.organisation_id != word.organisation_id
            ]
    return found


def _asked_for(editions: list[Edition]) -> dict[int, list[Organisation]]:
    """By evaluation, the parties whose convention has them validate analyses, among those that
    provide figures of its year, or of any year of the term (art. 5)."""
    conventions = {edition.evaluation.convention for edition in editions}
    validating = {
        party.organisation_id: party.organisation
        for parties in parties_among(conventions).values()
        for party in parties
        if party.validates_analyses
    }
    provided = CampaignIndicator.objects.filter(provider__in=validating).order_by()
    provided = provided.values_list("campaign__convention", "campaign__year", "provider")
    told = set(provided) | {(convention, None, provider) for convention, _, provider in provided}
    return {
        edition.evaluation_id: [
            organisation
            for pk, organisation in validating.items()
            if (edition.evaluation.convention_id, edition.year, pk) in told
        ]
        for edition in editions
    }


def asked_for(convention: Convention, year: int | None) -> list[Organisation]:
    """The same of a year of which nothing is submitted yet."""
    evaluation = Evaluation(convention=convention, year=year)
    return _asked_for([Edition(evaluation=evaluation)])[evaluation.pk]
