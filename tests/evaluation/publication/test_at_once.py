"""A figure is corrected, or a text saved, while its year is submitted or published, on PostgreSQL:
what is published is what the parties agreed to, and what was corrected before is not published as
it was."""

from contextlib import nullcontext

import pytest
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Version
from conventions.models import Party
from ctg_portal.forms.revisions import revision_of
from ctg_portal.rules import Refused
from evaluation.layout.events import Pick, choose_highlights
from evaluation.layout.reading import evaluation_of
from evaluation.models import (
    Edition,
    EditionState,
    HighlightKind,
    Narrative,
    Part,
    PublicPage,
)
from evaluation.opening.events import propose_opening
from evaluation.publication import events
from evaluation.publication.current import changed_since, current_content
from evaluation.writing.events import write_narrative, write_year_text
from evaluation.year.reading import read_year
from indicators.models import CampaignIndicator, CampaignState, Value
from indicators.values.events import correct_value
from indicators.values.figure import Figure
from tests.agreements.factories import committee_of
from tests.at_once import ON_POSTGRESQL, at_once
from tests.evaluation.publication.scene import (
    YEAR,
    agreed,
    keep_drawn,
    now,
    submitted,
    validated,
    written_year,
)
from tests.factories import MembershipFactory
from tests.indicators.factories import campaign_of, indicator_in_force, value_of

pytestmark = ON_POSTGRESQL
ANEW = "Ce qui vient d’être écrit."


@pytest.fixture
def committee():
    return written_year()


def corrected(committee, number=442):
    person = MembershipFactory(organisation=committee.caf).user

    def act():
        entry = CampaignIndicator.objects.get(pk=committee.value.campaign_indicator_id)
        return correct_value(entry, Figure(number=number), reason="Recompté.", by=person)

    return act


def number() -> int:
    return int(Value.objects.get().number)


def test_a_figure_corrected_before_the_publication_prevents_it(committee):
    edition = agreed(committee)
    printing = events.request_publication(edition, by=committee.coordinator)
    _value, refused = at_once(corrected(committee), lambda: keep_drawn(printing))
    assert isinstance(refused, Refused), refused
    assert now(edition).state == EditionState.RETURNED
    assert number() == 442


def test_a_figure_corrected_after_the_publication_changes_nothing_published(committee):
    edition = agreed(committee)
    printing = events.request_publication(edition, by=committee.coordinator)
    _kept, value = at_once(lambda: keep_drawn(printing), corrected(committee))
    assert value.number == number() == 442
    edition = now(edition)
    assert edition.is_published
    assert edition.snapshot.digest != current_content(edition).digest


def test_an_edition_submitted_while_a_figure_changes_is_not_proposed(committee):
    _value, edition = at_once(corrected(committee), lambda: submitted(committee))
    edition = now(edition)
    events.validate(edition, committee.caf, by=committee.caf_member)
    is_changed = edition.snapshot.digest != current_content(edition).digest
    with pytest.raises(Refused) if is_changed else nullcontext():
        events.propose(now(edition), by=committee.coordinator)


def narrative(committee):
    return write_narrative(committee.theme, YEAR, ANEW, revision=1, by=committee.coordinator)


def part(committee):
    return write_year_text(
        committee.convention, YEAR, Part.INTRODUCTION, ANEW, revision=1, by=committee.coordinator
    )


def highlights(committee):
    reading = read_year(committee.convention, committee.campaign)
    picks = {HighlightKind.SUCCESS: [Pick(sentence=ANEW)]}
    seen = revision_of(evaluation_of(reading))
    return choose_highlights(reading, picks, revision=seen, by=committee.coordinator)


@pytest.mark.parametrize("save", [narrative, part, highlights], ids=lambda save: save.__name__)
def test_a_text_that_was_saved_first_is_in_what_is_submitted(committee, save):
    _saved, edition = at_once(lambda: save(committee), lambda: submitted(committee))
    assert not isinstance(edition, Exception), edition
    assert now(edition).is_in_hand
    assert changed_since(now(edition)) is None


@pytest.mark.parametrize("save", [narrative, part, highlights], ids=lambda save: save.__name__)
@pytest.mark.parametrize("is_second", [False, True], ids=["first", "again"])
def test_an_edition_submitted_before_a_text_is_saved_is_returned(committee, save, is_second):
    if is_second:
        submitted(committee)
        Narrative.objects.update(text="Un autre texte, que rien ne suit.")
    edition, saved = at_once(lambda: submitted(committee), lambda: save(committee))
    assert not isinstance(saved, Exception), saved
    assert now(edition).state == EditionState.RETURNED


def test_an_edition_is_submitted_once_by_two_at_once(committee):
    first, second = at_once(lambda: submitted(committee), lambda: submitted(committee))
    assert isinstance(second, Refused), second
    assert Edition.objects.get() == first


def test_analyses_taken_back_while_the_parties_are_asked_are_not_asked_about(committee):
    edition = validated(committee)
    taken, refused = at_once(
        lambda: events.take_back(edition, committee.caf, by=committee.caf_member),
        lambda: events.propose(edition, by=committee.coordinator),
    )
    assert taken.word == "retracted"
    assert isinstance(refused, Refused), refused


def test_two_who_ask_to_open_ask_once(committee):
    def ask():
        return propose_opening(committee.convention, is_open=True, by=committee.coordinator)

    version, refused = at_once(ask, ask)
    assert isinstance(refused, Refused), refused
    assert Version.objects.about(PublicPage.objects.get()).get() == version


def test_an_agreement_shown_by_an_evaluation_is_not_undone_while_it_is_published():
    """The objective is of a year that runs, and was agreed to a moment ago."""
    committee = committee_of()
    Party.objects.update(validates_analyses=False)
    year = timezone.localdate().year
    indicator = indicator_in_force(committee)
    campaign = campaign_of(committee, year, [indicator], state=CampaignState.CLOSED)
    value_of(campaign, indicator, 441)
    objective = committee.proposed()
    answers.answer(Reply(objective), by=committee.caf_member)
    answer = answers.answer(Reply(objective), by=committee.epci_member)
    edition = events.submit(campaign, by=committee.coordinator)
    events.propose(now(edition), by=committee.coordinator)
    committee.agree(now(edition).version)
    printing = events.request_publication(now(edition), by=committee.coordinator)
    _undone, refused = at_once(
        lambda: answers.undo([answer], by=committee.epci_member), lambda: keep_drawn(printing)
    )
    assert isinstance(refused, Refused), refused
    assert not now(edition).is_published
