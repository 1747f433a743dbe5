"""What is kept of a person is known, whole: given to them on request, and forgotten with the
account, but for the names that the page of personal data lists."""

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from post_office import mail

from accounts import events
from accounts.models import User
from ctg_portal.house import house
from ctg_portal.people.personal import FORGOTTEN, histories
from notifications.models import Notice
from tests import factories as f
from tests.accounts.reading import english_in
from tests.personas import build_scene

FIRST, LAST, ADDRESS = "Zénobie", "Quatrecaze", "zenobie.quatrecaze@caf.example"
NAME = f"{FIRST} {LAST}"
TEXTS = (models.CharField, models.TextField, models.JSONField, models.FileField)
# Columns that end so and hold no person's name.
NOT_OF_PEOPLE = {"funder_name", "backend_name", "queue_name", "last_name", "first_name"}


def own_models():
    return [model for model in apps.get_models() if model._meta.managed]


def keys_to_people() -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is User
    }


def test_every_key_to_an_account_is_told_to_its_person():
    """A new room says what it keeps in ``personal`` of its contributions."""
    known = {personal.column for personal in [*house().personal, *histories()]}
    assert keys_to_people() - known == set()


def test_every_line_of_what_is_kept_reads_in_french(db):
    for personal in [*house().personal, *histories()]:
        lines = [personal.title, *personal.labels]
        assert english_in(" ".join(lines)) == [], personal.column
        assert not {"ID", "created at", "last used at"} & set(lines), personal.column
        assert len(set(personal.labels)) == len(personal.labels), personal.column
        assert personal.rows_of(User(pk=0)) == []


def columns_naming(model) -> list[models.Field]:
    """Those that name a person beside a key, or instead of one."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField)
        and field.name.endswith("_name")
        and field.name not in NOT_OF_PEOPLE
    ]


def write_everywhere(user) -> set[str]:
    """Have ``user`` be who did everything that the scene holds, as far as one person may."""
    named = {
        f"{personal.model._meta.label}.{personal.key}": personal for personal in house().personal
    }
    written = set()
    for model in own_models():
        keys = {
            field.name: user.pk
            for field in model._meta.concrete_fields
            if field.is_relation and field.related_model is User
        }
        names = {field.name: NAME for field in columns_naming(model)}
        if keys and {"name", "capacity"} <= {f.name for f in model._meta.concrete_fields}:
            names["name"] = NAME  # seats, delegations, leads
        if not keys | names:
            continue
        for row in model._base_manager.order_by("pk").values_list("pk", flat=True)[:20]:
            try:
                with transaction.atomic():
                    rows = models.QuerySet(model).filter(pk=row)
                    rows.update(**keys, **names)
                    written |= {f"{model._meta.label}.{name}" for name in (*keys, *names)}
            except IntegrityError:
                continue
    assert named.keys() & written
    return written


def where_it_stands(*sought: str) -> set[str]:
    """The columns of the whole database that hold one of these."""
    result = set()
    for model in own_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, TEXTS) and not field.choices:
                texts = map(str, model._base_manager.values_list(field.name, flat=True))
                if any(word in text for text in texts for word in sought):
                    result.add(f"{model._meta.label}.{field.name}")
    return result


@pytest.fixture
def person(db):
    scene = build_scene()
    user = f.UserFactory(email=ADDRESS, first_name=FIRST, last_name=LAST)
    f.InvitationFactory(email=ADDRESS, token="la-sienne")
    f.MembershipFactory(user=user, organisation=scene.organisation)
    written = write_everywhere(user)
    other = f.UserFactory()
    words = {"title": f"Réponse de {NAME}", "summary": f"{NAME} siège ; {ADDRESS}."}
    moment = timezone.now()
    Notice.objects.create(user=other, kind="x", since=moment, not_before=moment, **words)
    mail.send(
        [other.email], "portail@caf.example", subject=words["title"], message=words["summary"]
    )
    # One coordinates no convention alone, or does not leave.
    for membership in user.memberships.effective().coordinators():
        f.MembershipFactory(organisation=membership.organisation, coordinator=True)
    assert len(written) > 60
    return user


def test_the_name_of_an_erased_account_stands_only_where_declared(person):
    declared = {column for kept in house().kept_names for column in kept.columns}
    assert where_it_stands(NAME, ADDRESS) - declared
    events.anonymise(person, by=person)
    left = where_it_stands(NAME, escape(NAME), ADDRESS)
    assert left - declared == set()
    assert {"agreements.Agreement.person_name", "agreements.Version.author_name"} <= left
    assert "indicators.Value.entered_by_name" in where_it_stands(FORGOTTEN)


def test_where_a_name_is_kept_is_told_with_duration_and_ground(client, db):
    page = client.get(reverse("privacy")).content.decode()
    for kept_name in house().kept_names:
        for text in (kept_name.what, kept_name.duration, kept_name.ground):
            assert escape(text).replace(" :", "\u00a0:") in page or escape(text) in page


def test_every_column_said_to_keep_a_name_exists():
    for kept_name in house().kept_names:
        for column in kept_name.columns:
            label, name = column.rsplit(".", 1)
            apps.get_model(label)._meta.get_field(name)
