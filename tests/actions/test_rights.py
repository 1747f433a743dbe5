"""Who may tell how an action goes on: one question, one answer, whatever the way in."""

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from actions.follow_up import parts
from actions.follow_up.events import attach_document, follow_up, withdraw_document
from actions.follow_up.rights import NOT_A_LEAD, is_lead, may_follow
from actions.follow_up.tasks import actions_in_force
from actions.models import Action
from agreements.answers import events as answers
from agreements.models import Version
from agreements.versions import endings
from agreements.versions import events as drafts
from conventions.access.viewer import accesses_of
from tests.actions.factories import (
    action_in_force,
    agree,
    agreed_again,
    draft_action,
    proposed_action,
    refusal_of,
)
from tests.actions.follow_up.saving import state
from tests.agreements.factories import SeatFactory, committee_of
from tests.documents.files import PDF
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

MAY = {"system", "coordinator", "agent", "coordinator of the lead", "named reader"}


class Stage:
    """The Caf leads, with a reader of the agglomération as its second lead, and who left."""

    def __init__(self, **convention):
        self.committee = committee = committee_of(**convention)
        caf, epci = committee.caf, committee.epci
        other = committee_of()
        elsewhere = MembershipFactory(organisation=epci, reader=True, ended=True)
        MembershipFactory(organisation=other.caf, user=elsewhere.user)
        self.people = {
            "system": None,
            "coordinator": committee.coordinator,
            "agent": MembershipFactory(organisation=caf).user,
            "coordinator of the lead": MembershipFactory(organisation=caf, coordinator=True).user,
            "named reader": MembershipFactory(organisation=epci, reader=True).user,
            "named and left": MembershipFactory(organisation=caf, ended=True).user,
            "named and only elsewhere now": elsewhere.user,
            "reader of the lead": MembershipFactory(organisation=caf, reader=True).user,
            "former agent": MembershipFactory(organisation=caf, ended=True).user,
            "agent of another": MembershipFactory(organisation=epci).user,
            "adviser of the lead": SeatFactory(organisation=caf, adviser=True).user,
            "member of the lead": committee.caf_member,
            "advisory": SeatFactory(organisation=caf, advisory=True).user,
            "coordinator elsewhere": other.coordinator,
            "agent elsewhere": MembershipFactory(organisation=other.caf).user,
        }
        named = [name for name in self.people if name.startswith("named")]
        self.leads = [{"organisation": caf, "name": "Nadia Lefèvre"}] + [
            {"organisation": epci, "name": name, "user": self.people[name]} for name in named
        ]

    def allowed(self, action) -> set[str]:
        return {who for who, user in self.people.items() if may_follow(user, action) is None}


@pytest.fixture
def stage():
    return Stage()


def test_leads_and_the_coordinator_alone_follow_an_action(stage):
    action = action_in_force(stage.committee, leads=stage.leads)
    # An organisation of a lead by account leads too: whoever contributes for it.
    assert stage.allowed(action) == MAY | {"agent of another"}
    assert may_follow(stage.people["reader of the lead"], action) == NOT_A_LEAD


def test_an_organisation_that_only_shares_or_pays_does_not_lead(stage):
    caf = stage.committee.caf
    action = action_in_force(
        stage.committee,
        leads=[{"organisation": caf, "name": ""}],
        partners=[stage.committee.epci],
        means=[{"organisation": stage.committee.epci, "fte": 1}],
    )
    assert stage.allowed(action) == MAY - {"named reader"}


def test_who_leads_by_account_needs_no_organisation_of_theirs(stage):
    named = stage.people["named reader"]
    pmi = stage.leads[1] | {"organisation": stage.committee.caf, "user": named}
    action = action_in_force(stage.committee, leads=[pmi])
    assert "named reader" in stage.allowed(action)


def test_a_former_lead_does_not_follow(stage):
    action = action_in_force(stage.committee, leads=stage.leads)
    epci = [{"organisation": stage.committee.epci, "name": ""}]
    action = agreed_again(stage.committee, action, leads=epci)
    # Who coordinates for the Caf coordinates.
    assert stage.allowed(action) == {
        "system", "coordinator", "coordinator of the lead", "agent of another",
    }  # fmt: skip


def test_a_person_who_lost_access_meanwhile_leads_no_more(stage):
    action = action_in_force(stage.committee, leads=stage.leads)
    stage.people["agent"].memberships.update(ended_at=timezone.now())
    stage.people["named reader"].memberships.update(ended_at=timezone.now())
    assert stage.allowed(action) == (MAY | {"agent of another"}) - {"agent", "named reader"}


@pytest.mark.parametrize("some", [slice(None), slice(1), slice(1, None), slice(0)])
def test_leads_is_what_led_by_finds(stage, some):
    action = action_in_force(stage.committee, leads=stage.leads)
    lead_rows = list(action.leads.all())
    action.leads.exclude(pk__in=[lead.pk for lead in lead_rows[some]]).delete()
    people = {who: user for who, user in stage.people.items() if user}
    leads = {who for who, user in people.items() if Action.objects.all().led_by(user).exists()}
    assert leads == {who for who, user in people.items() if is_lead(user, action)}
    convention = action.convention
    [row] = actions_in_force([convention], timezone.localdate())
    assert leads == {
        who for who, user in people.items() if row.is_led(user, accesses_of(user, convention))
    }
    assert bool(leads) == bool(lead_rows[some])


# When --------------------------------------------------------------------------------------------


def test_nobody_follows_an_action_before_agreement_or_after_withdrawal(stage):
    committee = stage.committee
    for version in [draft_action(committee), proposed_action(committee)]:
        action = Action.objects.get(pk=version.object_id)
        assert stage.allowed(action) == set()
        assert "acceptée par toutes les parties" in may_follow(None, action).reason
    version = proposed_action(committee)
    drafts.withdraw_version(version, reason="Erreur", by=committee.coordinator)
    withdrawn = Action.objects.get(pk=version.object_id)
    assert stage.allowed(withdrawn) == set()
    assert "retirée du plan" in may_follow(None, withdrawn).reason


def test_a_next_version_under_discussion_stops_nobody(stage):
    action = action_in_force(stage.committee, leads=stage.leads)
    before = stage.allowed(action)
    version = Version.objects.about(action).get()
    content = version.content | {"title": "Autrement"}
    draft = drafts.save_draft(action, content, by=stage.committee.coordinator)
    drafts.propose(draft, by=stage.committee.coordinator)
    assert stage.allowed(Action.objects.get(pk=action.pk)) == before
    answers.retract(version, reason="Non", by=stage.committee.caf_member)
    assert stage.allowed(Action.objects.get(pk=action.pk)) == set()


def test_once_the_convention_has_ended_what_was_undertaken_goes_on():
    stage = Stage(ended=True)
    assert stage.committee.convention.end < timezone.localdate()
    action = action_in_force(stage.committee, leads=stage.leads[:1])
    assert stage.allowed(action) == MAY - {"named reader"}
    entry = follow_up(
        action, parts.STATE, parts.STATE.plain(state(timezone.localdate())),
        by=stage.people["agent"],
    )  # fmt: skip
    assert entry.user == stage.people["agent"]


# The events ask the same question ----------------------------------------------------------------


def acts(action, document):
    today = timezone.localdate()
    note = {"text": "Fait.", "brakes": "", "levers": "", "prospects": ""}
    content = parts.STATE.plain(state(today))
    upload = ContentFile(PDF, name="a.pdf")
    return [
        lambda by: follow_up(action, parts.STATE, content, by=by),
        lambda by: follow_up(action, parts.NotePart(today.year), note, by=by),
        lambda by: attach_document(action, upload, title="A", by=by),
        lambda by: withdraw_document(document, by=by),
    ]


def attached(action, by):
    return attach_document(action, ContentFile(PDF, name="b.pdf"), title="B", by=by)


@pytest.mark.parametrize("who", ["reader of the lead", "former agent", "coordinator elsewhere"])
def test_an_act_of_somebody_else_is_refused(stage, who):
    action = action_in_force(stage.committee, leads=stage.leads[:1])
    attachment = attached(action, stage.committee.coordinator)
    for act in acts(action, attachment):
        assert refusal_of(act, stage.people[who]) == NOT_A_LEAD
    assert action.journal.count() == 1
    for act in acts(action, attachment):
        act(stage.people["agent"])
    assert action.journal.count() == 5


def test_an_act_is_refused_though_the_page_was_opened_before_the_end(stage):
    committee, agent = stage.committee, stage.people["agent"]
    action = action_in_force(committee, leads=stage.leads[:1])
    attachment = attached(action, agent)
    draft = endings.draft_ending(action, note="Sans objet", by=committee.coordinator)
    agree(committee, drafts.propose(draft, by=committee.coordinator))
    assert action.is_agreed  # as it was read before
    for act in acts(action, attachment):
        assert "suivi est clos" in refusal_of(act, agent).reason
