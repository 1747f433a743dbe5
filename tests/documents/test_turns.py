"""Files are looked at for who may bring them, one at a time for a person."""

import pytest
from django.http import HttpResponse
from django.urls import reverse

from conventions.models import Role
from documents import forms
from documents.turns import in_turn
from tests.actions.factories import action_in_force
from tests.agreements.factories import committee_of
from tests.committee.answers.test_acts import pdf
from tests.factories import MembershipFactory
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@pytest.fixture
def looked_at(monkeypatch) -> list:
    """The files that are looked at."""
    refusing = []
    check = forms.check_upload
    monkeypatch.setattr(
        forms,
        "check_upload",
        lambda upload, *arguments: refusing.append(upload) or check(upload, *arguments),
    )
    return refusing


@pytest.fixture
def reader(committee, client):
    client.force_login(MembershipFactory(organisation=committee.caf, role=Role.READER).user)
    return client


def test_a_document_of_an_action_not_followed_is_refused_unread(committee, reader, looked_at):
    action = action_in_force(committee)
    address = reverse("actions:add_document", args=[committee.convention.slug, action.pk])
    page = reader.post(address, {"title": "L’accord", "document": pdf()})
    assert page.status_code == 200
    assert page.context["form"].non_field_errors() == [page.context["refusal"].reason]
    assert "document" not in page.context["form"].errors
    assert looked_at == []


@pytest.mark.parametrize("name", ["record", "answer"])
def test_a_document_of_a_point_not_answered_is_refused_unread(committee, reader, looked_at, name):
    version = committee.proposed()
    address = reverse(f"committee:{name}", args=[committee.convention.slug, version.pk])
    files = {"evidence": pdf(), "act": pdf()}
    page = reader.post(address, {"reponse": "deliberation", "reason": "Oui"} | files)
    assert page.status_code in (200, 302)
    assert looked_at == []


def test_the_document_of_who_may_send_it_is_read(committee, client, looked_at):
    version = committee.proposed()
    client.force_login(committee.coordinator)
    address = reverse("committee:record", args=[committee.convention.slug, version.pk])
    client.post(address, {"evidence": pdf()})
    assert len(looked_at) == 1


def visit(rf, user):
    request = rf.post("/")
    request.user = user
    return request


def test_a_person_waits_for_nobody_else(rf, committee):
    mine = visit(rf, committee.caf_member)
    others = [visit(rf, committee.coordinator), visit(rf, committee.epci_member)]

    def meanwhile():
        assert in_turn(mine, HttpResponse).status_code == 429
        return nested(list(others))

    def nested(left):
        if not left:
            return HttpResponse()
        assert in_turn(left[0], lambda: nested(left[1:])).status_code == 200
        return HttpResponse()

    assert in_turn(mine, meanwhile).status_code == 200
    assert in_turn(mine, HttpResponse).status_code == 200
