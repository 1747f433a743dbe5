"""The administration shows the committee whole, and changes nothing of it."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements import models
from committee.models import NotedAnswer
from notifications.models import Notice
from tests.factories import MembershipFactory, UserFactory
from tests.personas import build_scene
from tests.stories import told_once

pytestmark = pytest.mark.django_db

MODELS = [
    model
    for room in ("agreements", "committee")
    for model in apps.get_app_config(room).get_models()
    # What somebody is about to say is nobody else's to read before it is said.
    if not model.__name__.startswith("Historical") and model is not NotedAnswer
] + [Notice]


def url(model, page, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def operator(client):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@told_once
def everything(db):
    """One of everything that the committee keeps."""
    build_scene()


def test_every_model_of_the_committee_is_shown():
    assert len(MODELS) >= 10
    assert [model.__name__ for model in MODELS if not admin.site.is_registered(model)] == []


@pytest.mark.usefixtures("operator", "everything")
def test_each_row_is_shown_and_neither_added_changed_nor_deleted(client):
    for model in MODELS:
        row = model.objects.order_by("pk").first()
        assert row is not None, model
        before = model.objects.values().get(pk=row.pk)
        count = model.objects.count()
        page = client.get(url(model, "change", row.pk))
        assert page.status_code == 200, model
        assert 'name="_save"' not in page.content.decode()
        values = {name: str(value) for name, value in model_to_dict(row).items()}
        assert client.post(url(model, "change", row.pk), values).status_code == 403, model
        assert client.post(url(model, "add"), values).status_code == 403, model
        assert client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403, model
        delete_all = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
        client.post(url(model, "changelist"), delete_all)
        assert model.objects.count() == count
        assert model.objects.values().get(pk=row.pk) == before


@pytest.mark.usefixtures("operator", "everything")
def test_nothing_needed_as_evidence_is_hidden(client):
    """All fields are shown, but for the folded words of the search, the key, and how often the row
    was written."""
    for model in MODELS:
        row = model.objects.order_by("pk").first()
        page = client.get(url(model, "change", row.pk)).content.decode()
        names = {f.name for f in model._meta.concrete_fields if not f.primary_key}
        shown = {name for name in names if f"field-{name}" in page}
        assert names - shown <= {"search_text", "revision"}, model
    version = models.Version.objects.proposed().first()
    page = client.get(url(models.Version, "change", version.pk)).content.decode()
    assert version.digest in page
    assert str(version.subject) in page


@pytest.mark.usefixtures("operator", "everything")
def test_lists_are_searched(client):
    version = models.Version.objects.proposed().first()
    entry = models.Agreement.objects.exclude(reason="").first()
    for model, words, row in [
        (models.Version, version.digest, version),
        (models.Agreement, "plus tot", entry),
    ]:
        rows = client.get(url(model, "changelist"), {"q": words}).context["cl"].queryset
        assert row in rows
        nothing = client.get(url(model, "changelist"), {"q": "zzzz"}).context["cl"].queryset
        assert not nothing.exists()
    for model in MODELS:
        assert client.get(url(model, "changelist"), {"q": "zzzz"}).status_code == 200, model


@pytest.mark.usefixtures("operator", "everything")
def test_lists_ask_as_many_queries_for_many_rows(client):
    def counts() -> dict[str, int]:
        columns = {}
        for model in MODELS:
            with CaptureQueriesContext(connection) as captured:
                client.get(url(model, "changelist"))
            columns[model.__name__] = len(captured)
        return columns

    counts()  # what is kept from the first request on
    before = counts()
    build_scene(size=4)
    assert counts() == before


def test_administration_is_closed_to_the_coordinator(client):
    client.force_login(MembershipFactory(coordinator=True).user)
    for model in MODELS:
        assert client.get(url(model, "changelist"), follow=True).status_code == 403
