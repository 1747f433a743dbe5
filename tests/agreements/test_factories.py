"""Factories that write what events would leave write the very rows."""

import datetime
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from unittest import mock

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from committee.points.notices import PointAwaited
from ctg_portal.marks.models import Mark
from indicators.models import Indicator
from notifications.models import Notice
from tests import factories as f
from tests import sequences
from tests.actions.factories import action_in_force, funding, proposed_action
from tests.agreements import clock
from tests.agreements import factories as of_agreements
from tests.agreements.factories import Committee, DelegationFactory, committee_of
from tests.agreements.writing import write_version
from tests.databases import filled_tables
from tests.indicators.factories import communes, indicator_in_force, proposed_indicator

pytestmark = pytest.mark.django_db


def plain_committee() -> Committee:
    return committee_of()


def committee_after_term() -> Committee:
    """One that tells why it proposes something all the same."""
    return committee_of(
        signed_on=datetime.date(2019, 12, 31), end=datetime.date(2024, 12, 31)
    )  # fmt: skip


def committee_by_delegation() -> Committee:
    """One whose Caf speaks by a delegate."""
    committee = committee_of()
    delegation = DelegationFactory(seat=committee.caf_seat)
    committee.caf_seat.user = delegation.user
    return committee


def whole_indicator(committee: Committee):
    """One that has something in every field that holds rows."""
    theme = committee.orientation.theme
    return indicator_in_force(
        committee, code=f"PE-{Indicator.objects.count()}",
        other_themes=[f.ThemeFactory(axis=theme.axis, rank=2)], objectives=[committee.orientation],
        actions=[action_in_force(committee)],
        parts=[indicator_in_force(committee, title=title) for title in ("Filles", "Garçons")],
        targets=[{"year": None, "value": Decimal(9)}, {"year": 2023, "value": Decimal("7.5")}],
        enterer=committee.epci, baseline_value=None,
    )  # fmt: skip


def whole_action(committee: Committee):
    """The same, of an action."""
    theme, year = committee.orientation.theme, committee.convention.start.year
    return action_in_force(
        committee,
        other_themes=[f.ThemeFactory(axis=theme.axis, rank=2)],
        partners=[committee.epci, committee.caf],
        leads=[
            {"organisation": committee.caf, "name": "Nadia", "user": committee.caf_member},
            {"organisation": committee.epci, "name": "Émilie"},
        ],
        means=[{"organisation": committee.epci, "fte": Decimal("0.5"), "note": "animation"}],
        fundings=[funding(committee.caf, year), funding("Région", year + 1, scheme="Bonus")],
        is_whole_territory=False,
        communes=communes(committee, "Naintré", "Thuré"),
        plans=["SDSF"],
    )


def refused_to_one(committee: Committee):
    """What a third party must agree to as well stays proposed."""
    f.PartyFactory(organisation__convention=committee.convention)
    return committee.in_force()


MADE = {
    "an indicator in force": (plain_committee, indicator_in_force),
    "an indicator with all": (plain_committee, whole_indicator),
    "an indicator proposed": (plain_committee, proposed_indicator),
    "an indicator after the term": (committee_after_term, indicator_in_force),
    "an action in force": (plain_committee, action_in_force),
    "an action with all": (plain_committee, whole_action),
    "an action proposed": (plain_committee, proposed_action),
    "an action by delegation": (committee_by_delegation, action_in_force),
    "an objective in force": (plain_committee, Committee.in_force),
    "an objective proposed": (plain_committee, Committee.proposed),
    "an objective of three parties": (plain_committee, refused_to_one),
}


@pytest.mark.parametrize(("found", "make"), MADE.values(), ids=MADE)
def test_a_factory_writes_the_rows_that_its_events_write(found, make):
    committee = found()
    make(committee)  # what comes second has a rank and a number of its own
    with stopped_clock():
        direct = mock.Mock(wraps=write_version)
        written = rows_left(committee, make, direct)
        played = rows_left(committee, make, mock.Mock(return_value=None))
    assert direct.called
    assert written == played


def test_rows_of_a_version_in_force_are_dated_in_order():
    version = committee_of().in_force()
    proposed, agreed = version.transitions.order_by("pk")
    moments = [
        version.proposed_at, proposed.created_at, Notice.objects.get(kind=PointAwaited.kind).since,
        *version.agreements.order_by("pk").values_list("created_at", flat=True),
        version.in_force_at, agreed.created_at,
    ]  # fmt: skip
    assert moments == sorted(moments)


def rows_left(committee: Committee, make, write) -> dict[str, list[str]]:
    """The rows of every table after ``make``, where versions are written by ``write``; what it did
    is undone."""
    give_keys_again()
    numbers, savepoint = sequences.counted(), transaction.savepoint()
    with mock.patch.object(of_agreements, "write_version", write):
        make(committee)
    by_table = {model._meta.db_table: rows_of(model) for model in filled_models()}
    transaction.savepoint_rollback(savepoint)
    sequences.count_from(numbers)
    return by_table


def give_keys_again() -> None:
    """Have the next row of each table take the key after those that are there: PostgreSQL gives no
    key a second time, though its row was undone."""
    models = apps.get_models(include_auto_created=True)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def filled_models() -> list[type[Model]]:
    tables = filled_tables()
    models = apps.get_models(include_auto_created=True)
    # What an event marks as changed is a word drawn by chance.
    tables = [table for table in tables if table != Mark._meta.db_table]
    return [model for model in models if model._meta.db_table in tables]


def rows_of(model: type[Model]) -> list[str]:
    """All rows of a table. A pair of rows that belong together has a key that tells nothing: pairs
    are written in the order of a set. How often a row was written is left out."""
    names = [field.attname for field in model._meta.concrete_fields]
    columns = [name for name in names if name != "revision"]
    if model._meta.auto_created:
        columns.remove("id")
    return sorted(map(repr, model._base_manager.values_list(*columns)))


@contextmanager
def stopped_clock():
    """It is noon, for the defaults of rows too, which hold the function that tells the time."""
    running = timezone.now
    with ExitStack() as stack:
        stack.enter_context(clock.on(timezone.localdate()))
        for model in apps.get_models():
            for field in model._meta.concrete_fields:
                if field.default is running:
                    patched = mock.patch.object(field, "_get_default", timezone.now)
                    stack.enter_context(patched)
        yield
