"""What the first draft of an action may hold, and who may write it."""

import pytest

from actions.models import Action
from actions.plan.events import add_action, canonical_content
from agreements.commitments.commitment import by_kind
from agreements.versions import events as drafts
from tests import factories as f
from tests.actions.factories import (
    action_content,
    action_in_force,
    draft_action,
    refusal_of,
)
from tests.agreements.factories import SeatFactory, committee_of

pytestmark = pytest.mark.django_db


def test_the_coordinator_and_advisers_may_write_a_first_draft(committee):
    content = action_content(committee)
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    assert add_action(committee.convention, content, by=adviser).author == adviser
    assert add_action(committee.convention, content, by=None).author_name == ""
    contributor = f.MembershipFactory(organisation=committee.caf).user
    stranger = committee_of().coordinator
    for person in (contributor, committee.caf_member, stranger):
        assert (
            "coordination"
            in refusal_of(add_action, committee.convention, content, by=person).reason
        )


def test_an_action_is_drafted_before_the_signature_and_not_proposed():
    committee = committee_of(project=True)
    content = canonical_content({"title": "Essai", "theme": committee.orientation.theme})
    draft = add_action(committee.convention, content, by=committee.coordinator)
    assert draft.is_draft
    assert "signée" in refusal_of(drafts.propose, draft, by=committee.coordinator).reason


def test_a_first_draft_may_lack_what_its_row_cannot(committee):
    draft = draft_action(committee)
    content = draft.content | {"title": " ", "theme": None, "starts_on": None, "leads": []}
    saved = drafts.save_draft(draft.subject, content, by=committee.coordinator)
    assert (saved.content["title"], saved.content["theme"]) == (" ", None)
    row = Action.objects.get(pk=draft.object_id)
    assert row.title == "Ouvrir un lieu d’accueil enfants-parents"
    assert row.theme == committee.orientation.theme
    assert row.starts_on is None
    assert not row.leads.exists()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("title", "Une fiche action a un titre."), ("theme", "Choisissez de quoi relève")],
)
def test_a_first_draft_has_a_title_and_a_theme(committee, name, expected):
    content = action_content(committee) | {name: "  " if name == "title" else None}
    assert (
        expected
        in refusal_of(add_action, committee.convention, content, by=committee.coordinator).reason
    )
    assert not Action.objects.exists()


def test_a_first_draft_holds_nothing_impossible(committee):
    draft = draft_action(committee)

    def save(**values) -> str:
        content = draft.content | values
        save, row = drafts.save_draft, draft.subject
        return refusal_of(save, row, content, by=committee.coordinator).reason

    assert "précède" in save(ends_on="1999-01-01")
    assert "200 caractères" in save(title="x" * 201)
    elsewhere = by_kind("action").fields[1].plain(committee_of().orientation.theme)
    assert "n’est plus dans la convention" in save(theme=elsewhere)
    draft.refresh_from_db()
    assert draft.content["ends_on"] == committee.convention.end.isoformat()


def test_a_first_draft_sent_twice_is_written_once(committee):
    add = lambda **values: add_action(  # noqa: E731
        committee.convention, action_content(committee, **values), by=committee.coordinator,
        once=True,
    )  # fmt: skip
    first = add()
    assert add() == first
    assert add(title="Autre") != first
    assert Action.objects.count() == 2


def test_a_lead_without_name_or_capacity_has_empty_ones(committee):
    action = action_in_force(committee, leads=[{"organisation": committee.caf}])
    lead = action.leads.get()
    assert (lead.name, lead.capacity, lead.user) == ("", "", None)
    assert str(lead) == "CAF 99"
