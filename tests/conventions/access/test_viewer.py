"""What somebody holds is read once for a page that is shown, and anew whenever rights are asked."""

import pytest
from django.http import Http404
from django.urls import reverse

from conventions.access import events, rights
from conventions.access.pages import visible_convention
from conventions.access.viewer import Viewer, accesses_among, accesses_of, cached_for_viewer
from conventions.models import Convention
from ctg_portal.rules import Refused
from tests import factories as f


@pytest.fixture
def read(convention, coordinator):
    """The convention as a page has it that is shown to the coordinator."""
    convention.viewer = Viewer(coordinator.user, [convention])
    return convention


def test_a_page_that_is_shown_reads_accesses_once(read, coordinator, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert accesses_of(coordinator.user, read) == [coordinator]
        assert rights.coordinates(coordinator.user, read)
        assert rights.may_manage_access(coordinator.user, read) is None
        assert accesses_of(coordinator.user, read)[0].convention is read


def test_a_page_of_several_conventions_reads_accesses_in_one_query(
    convention, agent, django_assert_num_queries
):
    other = f.MembershipFactory(user=agent.user, coordinator=True)
    conventions = [convention, other.convention, f.ConventionFactory()]
    anew = accesses_among(agent.user, conventions)
    viewer = Viewer(agent.user, conventions)
    for shown in conventions:
        shown.viewer = viewer
    with django_assert_num_queries(1):
        assert accesses_among(agent.user, conventions) == anew
        assert rights.coordinated_by(agent.user, conventions) == {other.convention.pk}
        assert accesses_of(agent.user, convention) == [agent]
        assert rights.coordinated_by(agent.user, conventions[:1]) == set()
        assert accesses_of(agent.user, conventions[2]) == []


def test_the_accesses_of_another_person_are_not_those_of_the_viewer(read, coordinator, agent):
    assert rights.coordinates(coordinator.user, read)
    assert not rights.coordinates(agent.user, read)
    assert accesses_of(agent.user, read) == [agent]
    assert accesses_of(None, read) == []


def test_a_question_is_asked_once_a_page_of_each_person(read, coordinator, agent):
    asked = []

    @cached_for_viewer
    def question(user, convention):
        asked.append(user)
        return len(asked)

    assert [question(coordinator.user, read) for _ in range(3)] == [1, 1, 1]
    assert [question(agent.user, read) for _ in range(2)] == [2, 3]  # the page is not theirs
    again = Convention.objects.get(pk=read.pk)
    assert [question(coordinator.user, again) for _ in range(2)] == [4, 5]


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_a_page_that_is_sent_has_no_viewer(rf, convention, coordinator, method):
    request = getattr(rf, method)("/")
    request.user = coordinator.user
    assert visible_convention(request, convention.slug).viewer is None


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_page_that_is_shown_has_the_person_asking_as_viewer(rf, convention, coordinator, method):
    request = getattr(rf, method)("/")
    request.user = coordinator.user
    assert visible_convention(request, convention.slug).viewer.user == coordinator.user
    # Nothing outlives the page: the next one reads anew.
    coordinator.ended_at = coordinator.granted_at
    coordinator.save()
    with pytest.raises(Http404):
        visible_convention(request, convention.slug)


def test_an_access_that_has_ended_gives_no_right_in_the_same_process(
    convention, coordinator, agent
):
    other = f.MembershipFactory(convention=convention, coordinator=True)
    assert rights.coordinates(other.user, convention)
    events.end_membership(other, by=coordinator.user)
    assert not rights.coordinates(other.user, convention)
    assert accesses_of(other.user, convention) == []
    with pytest.raises(Refused):
        events.end_membership(agent, by=other.user)


def test_an_access_that_is_given_counts_in_the_same_process(convention, coordinator):
    user = f.UserFactory()
    assert not rights.coordinates(user, convention)
    f.MembershipFactory(user=user, convention=convention, coordinator=True)
    assert rights.coordinates(user, convention)


def test_somebody_who_left_by_a_page_is_refused_the_next(as_coordinator, coordinator, convention):
    f.MembershipFactory(convention=convention, coordinator=True)
    own = reverse("conventions:end_membership", args=[convention.slug, coordinator.pk])
    assert as_coordinator.get(own).status_code == 200
    assert as_coordinator.post(own).status_code == 302
    assert as_coordinator.get(own).status_code == 404
