"""What hangs on an action's rows stays: a lead, a means, a milestone keeps its key."""

import datetime
from decimal import Decimal

import pytest

from actions.follow_up import parts
from actions.follow_up.events import follow_up
from actions.models import Action, FollowUp
from actions.plan.merging import fingerprint
from agreements.answers import events as answers
from agreements.models import Version
from agreements.versions import events as drafts
from tests import factories as f
from tests.actions.factories import (
    action_in_force,
    agreed_again,
    draft_action,
    funding,
    noted,
    with_milestones,
)
from tests.actions.follow_up.saving import milestone
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def lead(organisation, name="", capacity="", user=None) -> dict:
    return {"organisation": organisation, "name": name, "capacity": capacity, "user": user}


def means(organisation, fte, note="") -> dict:
    return {"organisation": organisation, "fte": Decimal(fte), "note": note}


@told_once
def msa(committee):
    return f.OrganisationFactory(convention=committee.convention, acronym="MSA")


@told_once
def action(committee):
    return action_in_force(
        committee,
        leads=[lead(committee.caf, "Nadia Lefèvre"), lead(committee.epci, "Émilie Faure")],
        means=[means(committee.caf, "0.5", "animation"), means(committee.caf, 1)],
        fundings=[funding(committee.caf, 2025), funding("Région", 2026)],
    )


def keys(action: Action, name: str) -> dict:
    """The keys of its rows of one kind, by how each is called, in their order."""
    return {str(row): row.pk for row in getattr(Action.objects.get(pk=action.pk), name).all()}


KINDS = ("leads", "means", "fundings")


def test_a_version_with_unchanged_rows_leaves_their_keys(committee, action):
    before = {name: keys(action, name) for name in KINDS}
    agreed_again(committee, action, title="Ouvrir deux lieux d’accueil")
    assert {name: keys(action, name) for name in KINDS} == before


def test_a_first_draft_saved_again_leaves_the_keys_of_its_rows(committee):
    draft = draft_action(committee)
    action = draft.subject
    before = {name: keys(action, name) for name in KINDS}
    content = draft.content | {"audience": "Tous"}
    drafts.save_draft(action, content, by=committee.coordinator)
    assert {name: keys(action, name) for name in KINDS} == before


def test_rows_changed_removed_and_added_at_once_keep_the_keys_of_the_others(committee, action, msa):
    before = keys(action, "leads")
    led = [lead(committee.epci, "Émilie Faure", "Directrice"), lead(msa, "Paul Roy")]
    after = keys(agreed_again(committee, action, leads=led), "leads")
    assert after["Émilie Faure"] == before["Émilie Faure"]
    assert after.keys() == {"Émilie Faure", "Paul Roy"}
    assert after["Paul Roy"] not in before.values()


def test_a_lead_is_known_by_its_organisation_when_somebody_else_leads(committee, action):
    before = keys(action, "leads")
    led = [lead(committee.caf, "Karim Bensaïd"), lead(committee.epci, "Émilie Faure")]
    after = keys(agreed_again(committee, action, leads=led), "leads")
    assert after == {
        "Karim Bensaïd": before["Nadia Lefèvre"], "Émilie Faure": before["Émilie Faure"]
    }  # fmt: skip


def test_the_order_is_that_of_the_text_whatever_the_keys(committee, action, msa):
    before = keys(action, "leads")
    led = [lead(msa), lead(committee.epci, "Émilie Faure"),
           lead(committee.caf, "Nadia Lefèvre")]  # fmt: skip
    action = agreed_again(committee, action, leads=led)
    names = list(keys(action, "leads"))
    assert names == [str(msa), "Émilie Faure", "Nadia Lefèvre"]
    assert keys(action, "leads") == before | {names[0]: keys(action, "leads")[names[0]]}
    version = Version.objects.about(action).in_force().get()
    assert version.commitment.content(action) == version.content


def test_of_two_alike_the_one_that_is_unchanged_is_kept(committee, action):
    before = [row.pk for row in action.means.all()]
    action = agreed_again(committee, action, means=[means(committee.caf, 1)])
    assert [row.pk for row in action.means.all()] == before[1:]


def test_an_earlier_version_that_comes_back_finds_its_rows_again(committee, action):
    before = keys(action, "leads")
    led = [lead(committee.caf, "Karim Bensaïd"), lead(committee.epci, "Émilie Faure")]
    action = agreed_again(committee, action, leads=led)
    version = Version.objects.about(action).in_force().get()
    answers.retract(version, reason="Pas lui", by=committee.caf_member)
    assert keys(action, "leads") == before


# The follow-up ------------------------------------------------------------------------------------


def step(row, **values) -> dict:
    """A milestone as a form sends it again."""
    current = {name: getattr(row, name) for name in ("id", "title", "due_on", "done_on", "weight")}
    return current | values


def write_milestones(action, *rows):
    content = parts.MILESTONES.plain({"milestones": rows})
    return follow_up(action, parts.MILESTONES, content, by=None)


@told_once
def steps(action):
    """Three milestones, two of them on one day."""
    day = action.starts_on
    action = with_milestones(
        action, ("Local", day, None), ("Équipe", day, None), ("Ouverture", action.ends_on, None)
    )
    return {row.title: row for row in action.milestones.all()}


def test_a_milestone_renamed_and_put_off_keeps_its_key(action, steps):
    later = action.starts_on + datetime.timedelta(days=40)
    write_milestones(
        action, step(steps["Équipe"], title="Équipe recrutée", due_on=later),
        step(steps["Ouverture"]), milestone(action.starts_on, title="Bail"),
    )  # fmt: skip
    after = keys(action, "milestones")
    assert after.keys() == {"Équipe recrutée", "Ouverture", "Bail"}
    assert after["Équipe recrutée"] == steps["Équipe"].pk
    assert after["Ouverture"] == steps["Ouverture"].pk
    assert after["Bail"] not in {row.pk for row in steps.values()}


def test_a_milestone_without_key_is_matched_by_its_title(action, steps):
    before = keys(action, "milestones")
    rows = [milestone(row.due_on, title=title) for title, row in steps.items()]
    assert write_milestones(action, *rows) is None
    done = [row | {"done_on": action.starts_on} for row in rows]
    assert write_milestones(action, *done) is not None
    assert keys(action, "milestones") == before


def test_nobody_takes_the_milestone_of_another_action(committee, action, steps):
    other = with_milestones(
        action_in_force(committee, title="Former"), ("Ailleurs", action.starts_on, None)
    )
    theirs = other.milestones.get()
    write_milestones(action, step(theirs, title="Pris"))
    assert other.milestones.get().title == "Ailleurs"
    assert action.milestones.get().pk != theirs.pk


def test_a_form_sent_twice_writes_once(action, steps):
    shown = {"revision": action.revision, "shown": fingerprint(parts.MILESTONES.read(action))}
    rows = [*map(step, steps.values()), milestone(action.starts_on, title="Bail")]
    content = parts.MILESTONES.plain({"milestones": rows})
    assert follow_up(action, parts.MILESTONES, content, **shown, by=None)
    assert follow_up(action, parts.MILESTONES, content, **shown, by=None) is None


def test_a_note_written_again_keeps_its_key(action):
    year = action.starts_on.year
    noted(action, year)
    before = FollowUp.objects.get()
    noted(action, year, "Trois ateliers.")
    assert (FollowUp.objects.get().pk, FollowUp.objects.get().text) == (
        before.pk,
        "Trois ateliers.",
    )
