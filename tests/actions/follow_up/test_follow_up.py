"""The follow-up moves freely, one act after the other, and the journal keeps each."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import events as accounts
from actions.follow_up import events, parts
from actions.follow_up.events import attach_document, follow_up, withdraw_document
from actions.models import Action, ActionDocument, JournalEntry
from actions.plan.merging import fingerprint
from agreements.commitments import canonical
from agreements.models import Version
from conventions.models import Membership
from ctg_portal.forms.revisions import Rewritten
from documents.models import StoredFile
from tests.actions.factories import (
    action_in_force,
    agreed_again,
    days,
    funding,
    in_state,
    noted,
    refusal_of,
    spent,
    text_of,
    with_milestones,
)
from tests.actions.follow_up.saving import line, note, state
from tests.documents.files import PDF
from tests.factories import MembershipFactory
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@told_once
def action(committee):
    return action_in_force(committee)


def reread(action) -> Action:
    return Action.objects.get(pk=action.pk)


def filled_from(action, part) -> dict:
    """What a form of the part carries that is opened now."""
    return {
        "revision": reread(action).revision,
        "shown": fingerprint(part.read(reread(action))),
    }


def write(action, part, values, **how):
    return follow_up(action, part, part.plain(values), **how)


# The journal -------------------------------------------------------------------------------------


def each_part(action):
    """Every part, with a content that changes it."""
    today = timezone.localdate()
    milestone = {"title": "Local", "due_on": action.starts_on, "done_on": None, "weight": 2}
    other = action_in_force_beside(action)
    planned = line(action.fundings.get().funder, year=action.fundings.get().year)
    return [
        (parts.STATE, state(today, state_on=today - days(9)), today - days(9)),
        (parts.MILESTONES, {"milestones": [milestone]}, today),
        (parts.SPENDING, {"fundings": [planned, line("Région", spent=1)]}, today),
        (parts.LINKED, {"related": [other]}, today),
        (parts.NotePart(today.year), note(), today),
    ]


def action_in_force_beside(action, number="9.99") -> Action:
    return Action.objects.create(
        convention=action.convention, theme=action.theme, rank=99, number=number, title="Autre"
    )


def test_each_entry_has_before_after_who_and_the_day_from_which_it_holds(action, agent):
    for part, values, day in each_part(action):
        before = part.read(reread(action))
        entry = write(action, part, values, by=agent)
        assert action.journal.get(part=part.key) == entry
        assert (entry.user, entry.user_name, entry.day) == (agent, str(agent), day)
        assert entry.before == canonical.canonical(before)
        assert canonical.read(entry.after) == part.read(reread(action)) != before
        assert timezone.now() - entry.created_at < datetime.timedelta(minutes=1)


def test_an_unchanged_content_writes_no_entry(action, agent):
    for part, values, _ in each_part(action):
        write(action, part, values, by=agent)
        counts = (action.journal.count(), action.history.count())
        assert write(action, part, values, by=None, revision=0, shown="of long ago") is None
        assert (action.journal.count(), action.history.count()) == counts


def test_reordered_lines_and_left_out_empty_lines_write_no_entry(committee):
    lines = [funding("Région", 2025), funding("État", 2025)]
    action = action_in_force(committee, fundings=lines)
    pks = {funded.who: funded.pk for funded in action.fundings.all()}
    spent(action, {pks["Région"]: (1, None)})
    region = line("Région", granted=1)
    assert write(action, parts.SPENDING, {"fundings": [region, line("État")]}, by=None) is None
    assert write(action, parts.SPENDING, {"fundings": [region]}, by=None) is None
    assert action.journal.count() == 1
    assert action.fundings.count() == 2


def test_a_blank_note_writes_no_entry_where_there_is_none(action):
    this_year = parts.NotePart(timezone.localdate().year)
    assert write(action, this_year, note("  "), by=None) is None
    assert not action.journal.exists()


def test_the_system_acts_without_a_name(action):
    entry = write(action, parts.STATE, state(timezone.localdate()), by=None)
    assert (entry.user, entry.user_name) == (None, "")


def test_a_note_has_the_name_and_time_of_its_last_writer(action, agent, committee):
    year = timezone.localdate().year
    noted(action, year, by=agent)
    first = action.notes.get()
    noted(action, year, "Autre bilan", by=committee.coordinator)
    last = action.notes.get()
    assert (first.written_by_name, last.written_by_name) == (
        str(agent), str(committee.coordinator),
    )  # fmt: skip
    assert last.written_at > first.written_at


def test_a_saved_part_leaves_the_others_as_they_are(action):
    for part, values, _ in each_part(action):
        others = [one for one in parts.PARTS.values() if one != part]
        before, text = [one.read(reread(action)) for one in others], text_of(action)
        write(action, part, values, by=None)
        assert [one.read(reread(action)) for one in others] == before
        assert text_of(action) == text


def test_an_action_that_is_gone_is_said_to_be(action):
    JournalEntry.objects.all().delete()
    gone = reread(action)
    action.delete()
    refusal = refusal_of(write, gone, parts.LINKED, {"related": []}, by=None)
    assert refusal == events.GONE


# Two who write one part --------------------------------------------------------------------------


def test_who_comes_second_reads_who_came_first(action, agent, committee):
    today, neighbour = timezone.localdate(), action_in_force_beside(action, "9.98")
    milestone = {"title": "Équipe", "due_on": action.starts_on, "done_on": None, "weight": 1}
    others = [
        state(today, state="done"), {"milestones": [milestone]},
        {"fundings": [line("Fondation", spent=2)]}, {"related": [neighbour]}, note("Autre bilan."),
    ]  # fmt: skip
    for (part, values, _), other in zip(each_part(action), others, strict=True):
        token = filled_from(action, part)
        write(action, part, values, by=agent, **token)
        refusal = refusal_of(write, action, part, other, by=committee.coordinator, **token)
        assert isinstance(refusal, Rewritten)
        assert refusal.reason.startswith(f"{agent} a enregistré autre chose")
        again = filled_from(action, part)
        assert write(action, part, other, by=committee.coordinator, **again)


def test_two_writings_of_different_fields_are_merged(action, agent, committee):
    part = parts.NotePart(timezone.localdate().year)
    token = filled_from(action, part)
    write(action, part, note("Fait.", brakes="Le temps"), by=agent, **token)
    token = filled_from(action, part)
    write(action, part, note("Presque fait.", brakes="Le temps"), by=agent, **token)
    by, typed = committee.coordinator, note("Fait.", brakes="Le temps et l’argent")
    entry = write(action, part, typed, by=by, **token)
    assert part.read(reread(action)) == note("Presque fait.", brakes="Le temps et l’argent")
    assert entry.user == by


def test_a_senseless_merge_is_shown_as_a_conflict(action, agent, committee):
    """One writer says that it is to come, the other how far it is: neither is written over."""
    today = timezone.localdate()
    in_state(action, "in_progress", by=agent)
    token = filled_from(action, parts.STATE)
    write(action, parts.STATE, state(today, state="to_come"), by=agent, **token)
    values = state(today, stated_progress=40, stated_on=today)
    refusal = refusal_of(
        write, action, parts.STATE, values, by=committee.coordinator, **token
    )  # fmt: skip
    assert isinstance(refusal, Rewritten)
    assert reread(action).state == "to_come"


def test_an_odd_token_is_no_token(action, agent):
    part = parts.NotePart(timezone.localdate().year)
    write(action, part, note(), by=agent)
    for odd in ("", "x", "....", "é" * 500):
        refusal = refusal_of(write, action, part, note("Autre"), by=agent, revision=-1, shown=odd)
        assert isinstance(refusal, Rewritten)


def test_parts_are_written_each_for_itself(action, agent):
    tokens = {part.key: filled_from(action, part) for part in parts.PARTS.values()}
    for part, values, _ in each_part(action)[:4]:
        assert write(action, part, values, by=agent, **tokens[part.key])


def test_a_change_without_author_is_said_to_be_somebodys(action):
    token = filled_from(action, parts.STATE)
    in_state(action, "in_progress")
    values = state(timezone.localdate(), state="done")
    refusal = refusal_of(write, action, parts.STATE, values, by=None, **token)
    assert refusal.reason.startswith("Quelqu’un a enregistré")


def test_a_change_made_by_a_version_is_not_ascribed_to_the_last_author(committee, action, agent):
    action = spent(action, {action.fundings.get().pk: (5, None)}, by=agent)
    token = filled_from(action, parts.SPENDING)
    agreed_again(committee, action, fundings=[funding("Région", 2025)])
    values = {"fundings": [line("Région", granted=2)]}
    refusal = refusal_of(write, action, parts.SPENDING, values, by=agent, **token)
    assert isinstance(refusal, Rewritten)
    assert refusal.reason.startswith("Ceci a changé")


def test_a_conflict_is_shown_before_an_error(action, agent):
    token = filled_from(action, parts.STATE)
    in_state(action, "in_progress", by=agent)
    values = state(None, state="done")
    refusal = refusal_of(write, action, parts.STATE, values, by=agent, **token)
    assert isinstance(refusal, Rewritten)


# Documents ---------------------------------------------------------------------------------------


def upload(content=PDF, name="a.pdf"):
    return ContentFile(content, name=name)


def test_a_document_is_attached_and_taken_off(action, agent, committee):
    attachment = attach_document(action, upload(), title=" Convention\0 ", by=agent)
    assert (attachment.title, attachment.document.uploaded_by) == ("Convention", agent)
    withdraw_document(attachment, by=committee.coordinator)
    attachment.refresh_from_db()
    assert attachment.withdrawn_by_name == str(committee.coordinator)
    assert attachment.withdrawn_at
    assert not action.documents.on_sheet().exists()
    assert StoredFile.objects.get() == attachment.document
    text = canonical.canonical({"title": "Convention", "name": "a.pdf"})
    assert list(action.journal.values_list("part", "before", "after", "user_name", "day")) == [
        ("documents", "", text, str(agent), timezone.localdate()),
        ("documents", text, "", str(committee.coordinator), timezone.localdate()),
    ]
    assert refusal_of(withdraw_document, attachment, by=agent) == events.WITHDRAWN_ALREADY
    assert action.journal.count() == 2


@pytest.mark.parametrize(("title", "words"), [(" \n", "ce qu’est"), ("x" * 201, "200 caractères")])
def test_a_document_has_a_title(action, agent, title, words):
    refusal = refusal_of(attach_document, action, upload(), title=title, by=agent)
    assert words in refusal.reason
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(("name", "content"), [("a.pdf", b"MZ"), ("a.exe", PDF), ("a.pdf", b"")])
def test_a_file_that_is_no_document_is_not_attached(action, agent, name, content):
    with pytest.raises(ValidationError):
        attach_document(action, upload(content, name), title="Convention", by=agent)
    assert not ActionDocument.objects.exists()
    assert not action.journal.exists()


def test_an_infected_file_is_not_attached(action, agent, settings):
    settings.DOCUMENT_SCANNER = ["false"]
    with pytest.raises(ValidationError, match="antivirus"):
        attach_document(action, upload(), title="Convention", by=agent)
    assert not ActionDocument.objects.exists()
    assert not action.journal.exists()


# The end of an account ---------------------------------------------------------------------------


def test_an_account_that_leads_may_end_and_only_texts_agreed_to_keep_the_name(committee):
    user = MembershipFactory(organisation=committee.caf, reader=True).user
    lead = {"organisation": committee.caf, "name": "Nadia Lefèvre", "capacity": "Conseillère"}
    action = action_in_force(committee, leads=[lead | {"user": user}])
    year = timezone.localdate().year
    noted(action, year, by=user)
    withdraw_document(attach_document(action, upload(), title="A", by=user), by=user)
    accounts.anonymise(user, by=user)
    leading = action.leads.get()
    assert (str(leading), leading.capacity) == (str(committee.caf), "")
    assert str(leading.user) == "Compte supprimé"
    assert list(action.leads.without_access()) == [leading]
    assert action.notes.get().written_by_name == "Compte supprimé"
    assert action.documents.get().withdrawn_by_name == "Compte supprimé"
    assert set(action.journal.values_list("user_name", flat=True)) == {"Compte supprimé"}
    assert "Nadia Lefèvre" in Version.objects.get(kind="action").text
    assert not Membership.objects.active().filter(user=user).exists()
    # A next version still names the account: it is of the convention, though it has left.
    assert agreed_again(committee, action, title="Suite").leads.get().user == leading.user


# Queries -----------------------------------------------------------------------------------------


def test_history_asks_nothing_by_row(committee, action):
    """Writing a state costs the same after thirty milestones and many earlier acts."""

    def cost() -> int:
        nonlocal action
        values = state(timezone.localdate(), state_reason=str(action.journal.count()))
        with CaptureQueriesContext(connection) as asked:
            write(action, parts.STATE, values, by=committee.coordinator)
        return len(asked)

    first = cost()
    action = with_milestones(action, *((f"{n}", action.starts_on, None) for n in range(30)))
    for _ in range(5):
        in_state(action, "in_progress", reason="autre")
        in_state(action, "done")
    assert cost() == first
