"""What the tests have Django do quicker (``tests.quick``) gives what Django gives."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q

from tests import quick
from tests.databases import few_of, is_exploring

# Nothing is asked of the database; how it is asked differs between the two.
pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def _back():
    yield
    quick.use(quick.DJANGOS if is_exploring() else quick.QUICK)


def queries_of(model):
    """Queries of each kind that the portal asks: related rows, annotations, any order, unions."""
    rows = model._default_manager.all()
    related = [field for field in model._meta.fields if field.many_to_one]
    names = [field.name for field in related]
    if model._meta.ordering:
        related = [one for one in related if one.related_model is not model]
    key = model._meta.pk.attname
    yield rows
    yield rows.reverse()
    yield rows.order_by()
    yield rows.order_by(F(key).desc(nulls_last=True), key)
    yield rows.order_by("?")
    yield rows.values_list(key, flat=True).order_by(f"-{key}")
    yield rows.values(key).annotate(many=Count("*")).order_by("many")
    yield rows.alias(same=Exists(model._base_manager.filter(pk=OuterRef("pk")))).filter(same=True)
    yield rows.annotate(again=F(key)).order_by("-again").distinct()
    yield rows.filter(Q(pk=1) | ~Q(pk__in=rows.filter(pk__gt=3)))
    yield rows.order_by().union(rows.order_by(), all=True).order_by(key)
    yield rows.order_by(key)[:3]
    if names:
        yield rows.select_related(*names)
    for field in related:
        yield rows.order_by(field.name, key)
        yield rows.filter(**{f"{field.name}__pk": 1})


def compiled(query) -> tuple:
    """The SQL of a query, its parameters, and what is made of the values of which places."""
    compiler = query.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    selected = [expression for expression, _, _ in compiler.select]
    converters = compiler.get_converters(selected)
    return sql, params, {place: len(found) for place, (found, _) in converters.items()}


def all_compiled() -> list[tuple]:
    models = few_of([*apps.get_models()], 40)
    return [compiled(query) for model in models for query in queries_of(model)]


def test_the_same_is_asked_of_the_database():
    quick.use(quick.DJANGOS)
    djangos = all_compiled()
    quick.use(quick.QUICK)
    differing = [pair for pair in zip(all_compiled(), djangos, strict=True) if pair[0] != pair[1]]
    assert differing == []
    assert len(djangos) > 400


def test_a_copy_of_an_expression_is_its_own():
    first = F("pk").desc()
    copy = quick.copy(first)
    assert copy is not first
    assert copy == first
    copy.descending = False
    assert first.descending
