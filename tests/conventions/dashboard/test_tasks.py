"""What this chapter brings to the tasks: of this convention, and of it alone."""

import datetime
from datetime import timedelta

from django.utils import timezone

from accounts.models import Invitation
from ctg_portal.house import by_key, house
from tests import factories as f
from tests.stories import told_once

START, END = datetime.date(2020, 1, 1), datetime.date(2024, 12, 31)


@told_once
def convention(db):
    return f.ConventionFactory(slug="vallee", signed_on=START, end=END)


def tasks_of(user, convention, day=START):
    return [task.title for task in by_key(house().tasks, user, [convention], day)[convention.pk]]


def expire(*offers):
    created = timezone.now() - timedelta(days=30)
    Invitation.objects.filter(offers__in=offers).update(
        created_at=created, expires_at=created + timedelta(days=14)
    )


def test_the_task_names_only_parties_without_anybody(convention, coordinator):
    # Whose agreement is asked, and nobody sits for, the committee tells.
    without_voice = {"agreement_required": False}
    invited = f.MembershipOfferFactory(organisation__convention=convention).organisation
    for organisation in (coordinator.organisation, invited):
        f.PartyFactory(organisation=organisation, **without_voice)
        f.referent_of(organisation)
    f.OrganisationFactory(convention=convention, name="Insee")
    assert tasks_of(coordinator.user, convention) == []
    f.PartyFactory(organisation__convention=convention, organisation__name="MSA", **without_voice)
    (alone,) = tasks_of(coordinator.user, convention)
    assert alone.endswith(": MSA.")


def test_a_task_names_parties_whose_people_nobody_confirms(convention, coordinator):
    f.PartyFactory(organisation=coordinator.organisation, agreement_required=False)
    (task,) = tasks_of(coordinator.user, convention)
    assert task.startswith(f"Sans référent des accès : {coordinator.organisation.name}.")


def test_the_task_names_only_invitations_that_have_expired(convention, coordinator):
    expired, _ = [f.MembershipOfferFactory(organisation=coordinator.organisation) for _ in range(2)]
    expire(expired)
    (task,) = tasks_of(coordinator.user, convention)
    assert expired.invitation.email in task
    assert " et " not in task


def test_a_coordinator_has_no_task_of_other_conventions(convention, coordinator):
    other = f.ConventionFactory(ended=True)
    f.PartyFactory(organisation__convention=other)
    expire(f.MembershipOfferFactory(organisation__convention=other))
    tasks = by_key(house().tasks, coordinator.user, [convention, other], END)
    assert not any(tasks.values())


def test_task_counts_what_it_is_about(convention, coordinator):
    for _ in range(3):
        f.PartyFactory(organisation__convention=convention, agreement_required=False)
    (task,) = by_key(house().tasks, coordinator.user, [convention], START)[convention.pk]
    assert task.count == 3


def test_final_evaluation_is_asked_for_from_the_day_after_the_term(convention, coordinator):
    assert tasks_of(coordinator.user, convention, END) == []
    (task,) = tasks_of(coordinator.user, convention, END + timedelta(days=1))
    assert "évaluation finale" in task
