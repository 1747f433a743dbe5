"""Two people at the same moment, on PostgreSQL: one waits, and is told what the other did."""

from django.core.files.base import ContentFile
from django.utils import timezone

from actions.follow_up import events, parts
from actions.follow_up.events import attach_document, follow_up, withdraw_document
from actions.models import Action, ActionDocument, FollowUp
from actions.plan.events import add_action
from actions.plan.merging import fingerprint
from agreements.answers import events as answers
from agreements.models import Version
from agreements.versions import events as drafts
from ctg_portal.forms.revisions import Rewritten
from ctg_portal.rules import Refused
from tests.actions.factories import action_content, action_in_force, funding
from tests.actions.follow_up.saving import line, note, state
from tests.at_once import ON_POSTGRESQL, at_once
from tests.documents.files import PDF
from tests.factories import MembershipFactory
from tests.stories import told_once

pytestmark = ON_POSTGRESQL


@told_once
def people(committee):
    return [MembershipFactory(organisation=committee.caf).user for _ in "ab"]


@told_once
def action(committee):
    return action_in_force(committee)


def follow_with(action, part, values, by, **token):
    return lambda: follow_up(action, part, part.plain(values), by=by, **token)


def filled_from(action, part) -> dict:
    now = Action.objects.get(pk=action.pk)
    return {"revision": now.revision, "shown": fingerprint(part.read(now))}


def refusal(outcome):
    assert isinstance(outcome, Refused), outcome
    return outcome.refusal


# The plan ----------------------------------------------------------------------------------------


def test_actions_added_at_once_have_numbers_of_their_own(committee, people):
    def adding(title):
        content = action_content(committee, title=title)
        return lambda: add_action(committee.convention, content, by=committee.coordinator)

    first, second = at_once(adding("A"), adding("B"))
    prefix = committee.orientation.theme.number
    assert [version.subject.number for version in (first, second)] == [f"{prefix}.1", f"{prefix}.2"]


def test_a_form_sent_twice_at_once_adds_one_action(committee):
    content = action_content(committee)
    add = lambda: add_action(  # noqa: E731
        committee.convention, content, by=committee.coordinator, once=True
    )
    first, second = at_once(add, add)
    assert first == second == Version.objects.get()


# The follow-up -----------------------------------------------------------------------------------


def test_a_state_saved_by_two_at_once_is_that_of_the_first(action, people):
    today, token = timezone.localdate(), filled_from(action, parts.STATE)
    first, refused = at_once(
        follow_with(action, parts.STATE, state(today), people[0], **token),
        follow_with(action, parts.STATE, state(today, state="done"), people[1], **token),
    )
    assert isinstance(refusal(refused), Rewritten)
    assert str(people[0]) in refusal(refused).reason
    assert Action.objects.get().state == "in_progress"
    assert action.journal.get() == first


def test_two_people_who_save_the_same_state_at_once_do_not_conflict(action, people):
    today, token = timezone.localdate(), filled_from(action, parts.STATE)
    acts = [follow_with(action, parts.STATE, state(today), by, **token) for by in people]
    entry, nothing = at_once(*acts)
    assert (action.journal.get(), nothing) == (entry, None)


def test_two_parts_saved_at_once_are_both_stored(action, people):
    today = timezone.localdate()
    part = parts.NotePart(today.year)
    outcomes = at_once(
        follow_with(
            action, parts.STATE, state(today), people[0], **filled_from(action, parts.STATE)
        ),
        follow_with(action, part, note(), people[1], **filled_from(action, part)),
    )
    assert [entry.part for entry in outcomes] == ["etat", part.key]
    assert Action.objects.get().state == "in_progress"
    assert action.notes.get().text == "Fait."


def test_a_note_begun_by_two_at_once_is_one(action, people):
    part = parts.NotePart(timezone.localdate().year)
    token = filled_from(action, part)
    _first, refused = at_once(
        *(follow_with(action, part, note(f"Par {by}"), by, **token) for by in people)
    )
    assert isinstance(refusal(refused), Rewritten)
    assert FollowUp.objects.get().text == f"Par {people[0]}"


def test_links_drawn_from_both_ends_at_once_are_one(committee, action, people):
    other = action_in_force(committee, title="Autre")
    outcomes = at_once(
        follow_with(action, parts.LINKED, {"related": [other]}, people[0]),
        follow_with(other, parts.LINKED, {"related": [action]}, people[1]),
    )
    assert not any(isinstance(outcome, Exception) for outcome in outcomes)
    assert list(action.related.all()) == [other]
    assert list(other.related.all()) == [action]


def test_money_saved_while_a_version_unplans_its_line_is_not_lost(committee, action, people):
    planned = action.fundings.get()
    content = action_content(committee, fundings=[funding("Région", 2025)])
    draft = drafts.save_draft(action, content, by=committee.coordinator)
    version = drafts.propose(draft, by=committee.coordinator)
    answers.answer(answers.Reply(version), by=committee.caf_member)
    spent = line(committee.caf, year=planned.year, spent=7)
    agree = lambda: answers.answer(answers.Reply(version), by=committee.epci_member)  # noqa: E731
    at_once(follow_with(action, parts.SPENDING, {"fundings": [spent]}, people[0]), agree)
    lines = {one.who: (one.planned, one.spent) for one in action.fundings.all()}
    assert lines == {"CAF 99": (None, 7), "Région": (1000, None)}


def test_money_saved_after_a_version_unplanned_its_line_is_compared_first(
    committee, action, people
):
    planned, token = action.fundings.get(), filled_from(action, parts.SPENDING)
    content = action_content(committee, fundings=[])
    draft = drafts.save_draft(action, content, by=committee.coordinator)
    version = drafts.propose(draft, by=committee.coordinator)
    answers.answer(answers.Reply(version), by=committee.caf_member)
    spent = line(committee.caf, year=planned.year, spent=7)
    _agreed, refused = at_once(
        lambda: answers.answer(answers.Reply(version), by=committee.epci_member),
        follow_with(action, parts.SPENDING, {"fundings": [spent]}, people[0], **token),
    )
    assert isinstance(refusal(refused), Rewritten)
    assert not action.fundings.exists()


def test_a_state_saved_while_an_agreement_is_retracted_is_refused(committee, action, people):
    version = Version.objects.about(action).get()
    _retracted, refused = at_once(
        lambda: answers.retract(version, reason="Non", by=committee.caf_member),
        follow_with(action, parts.STATE, state(timezone.localdate()), people[0]),
    )
    assert "acceptée par toutes les parties" in refusal(refused).reason
    assert Action.objects.get().state == "to_come"


# Documents ---------------------------------------------------------------------------------------


def test_a_document_taken_off_by_two_at_once_is_taken_off_once(action, people):
    attachment = attach_document(action, ContentFile(PDF, name="a.pdf"), title="A", by=people[0])
    acts = [lambda by=by: withdraw_document(attachment, by=by) for by in people]
    _first, refused = at_once(*acts)
    assert refusal(refused) == events.WITHDRAWN_ALREADY
    assert ActionDocument.objects.get().withdrawn_by_name == str(people[0])
    assert action.journal.count() == 2
