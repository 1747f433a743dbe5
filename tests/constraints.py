"""What the tests of constraints share: a table of impossible states of the rooms, each refused by
validation in French and by the database; what only looks impossible is kept."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model


def with_changes(row: Model, **changes) -> Model:
    """The saved ``row``, changed in memory."""
    for name, value in changes.items():
        setattr(row, name, value)
    return row


def another(row: Model, **changes) -> Model:
    """A second row like the saved ``row``, not saved."""
    twin = type(row)._base_manager.get(pk=row.pk)
    twin.pk, twin._state.adding = None, True
    return with_changes(twin, **changes)


def each_of(impossible: list[tuple]) -> pytest.MarkDecorator:
    """Plays a test once for each (name of the constraint, how to build the row, what is told)."""
    names = [name for name, *_ in impossible]
    return pytest.mark.parametrize(("name", "build", "message"), impossible, ids=names)


def constraints_of(*rooms: str) -> set[str]:
    models = [model for room in rooms for model in apps.get_app_config(room).get_models()]
    return {constraint.name for model in models for constraint in model._meta.constraints}


def assert_told(row: Model, *messages: str) -> None:
    with pytest.raises(ValidationError) as refused:
        row.validate_constraints()
    assert refused.value.messages == list(messages)


def assert_refused(row: Model, name: str) -> None:
    """By the database. SQLite names the columns of a unique constraint, PostgreSQL the constraint;
    of several that a row breaks, either names the first that it meets."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        row.save_base(raw=True)
    assert name in str(refused.value) or "UNIQUE constraint failed" in str(refused.value)


def assert_kept(row: Model) -> None:
    row.validate_constraints()
    row.save_base(raw=True)
    assert type(row)._base_manager.filter(pk=row.pk).exists()
