"""How the fields of a commitment are read from a row, written to it, and shown."""

import datetime
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from agreements.commitments.canonical import canonical, read
from agreements.commitments.fields import (
    Children,
    Choice,
    Day,
    Field,
    Flag,
    Link,
    Links,
    Number,
    Text,
)
from conventions.models import CooperationPost, Objective
from tests import factories as f
from tests.stories import told_once

DAYS = st.none() | st.dates()
NUMBERS = st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=2)


def through(field: Field, value):
    """What a row has again after a version has kept its value."""
    row = SimpleNamespace(**{field.name: value})
    content = read(canonical({field.name: field.read(row)}))
    return field.parse(content[field.name])


@given(DAYS)
def test_a_day_written_is_read_back(day):
    assert through(Day("due_on", "Échéance"), day) == day


@given(NUMBERS | st.integers(0, 10**6))
def test_a_number_written_is_read_back(number):
    back = through(Number("fte", "ETP"), number)
    assert back == number
    assert not isinstance(back, float)


@given(st.none() | st.booleans())
def test_a_flag_written_is_read_back(flag):
    assert through(Flag("is_priority", "Prioritaire"), flag) is flag


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        (Text("title", "Intitulé"), "Ouvrir", "Ouvrir"),
        (Text("title", "Intitulé"), "", ""),
        (Text("title", "Intitulé"), None, ""),
        (Day("due_on", "Échéance"), "2024-12-31", "31\u00a0décembre 2024"),
        (Day("due_on", "Échéance"), "2024-01-01", "1er\u00a0janvier 2024"),
        (Day("due_on", "Échéance"), None, ""),
        (Day("due_on", "Échéance"), "", ""),
        (Number("fte", "Part", "ETP"), "0.7", "0,7\u00a0ETP"),
        (Number("fte", "Part"), "1200.5", "1\u202f200,5"),
        (Number("number", "Numéro"), 5, "5"),
        (Number("fte", "Part", "ETP"), None, ""),
        (Flag("is_priority", "Prioritaire"), True, "oui"),
        (Flag("is_priority", "Prioritaire"), False, "non"),
        (Flag("is_priority", "Prioritaire"), None, ""),
        (Choice("kind", "Nature", {"new": "nouvelle"}), "new", "nouvelle"),
        (Choice("kind", "Nature", {"new": "nouvelle"}), "gone", "gone"),
        (Choice("kind", "Nature", {"new": "nouvelle"}), None, ""),
    ],
)
def test_a_value_is_shown_as_french_text(field, value, shown):
    assert field.show(value) == shown
    assert field.is_informative(value) is (shown not in ("", "non"))


SHARES = Children(
    "shares",
    "Répartition",
    (Number("rank", "Rang"), Text("domain", "Domaine"), Number("fte", "Part", "ETP")),
)


@told_once
def post(db):
    convention = f.ConventionFactory()
    post = CooperationPost.objects.create(convention=convention, fte=1, cost_per_fte=48000)
    post.shares.create(rank=2, domain="Parentalité", fte=Decimal("0.30"))
    post.shares.create(rank=1, domain="Petite enfance", fte=Decimal("0.70"))
    return post


def test_children_are_read_in_their_order(post):
    assert SHARES.read(post) == [
        {"rank": 1, "domain": "Petite enfance", "fte": "0.7"},
        {"rank": 2, "domain": "Parentalité", "fte": "0.3"},
    ]


def test_children_are_replaced_whole(post):
    SHARES.write(post, [{"rank": 1, "domain": "Jeunesse", "fte": "0.45"}])
    [share] = post.shares.all()
    share.refresh_from_db()
    assert (share.rank, share.domain, share.fte) == (1, "Jeunesse", Decimal("0.45"))
    SHARES.write(post, [])
    assert SHARES.read(post) == []


LINES = Children("lines", "", (Text("who", ""), Number("year", "")), (("who", "year"), ("who",)))


def lines(*pairs) -> list[dict]:
    return [{"who": who, "year": year} for who, year in pairs]


@pytest.mark.parametrize(
    ("before", "after", "places"),
    [
        ("a1 b1", "b1 a1", [1, 0]),
        ("a1 b1", "b2 c1 a1", [1, None, 0]),
        ("a1 a2", "a2", [1]),  # what is unchanged goes before what is alike
        ("a1 a2", "a3 a2", [0, 1]),
        ("a1 a1", "a1 a1 a1", [0, 1, None]),
        ("a1 a2", "a3 a4", [0, 1]),  # two alike: in their order
        ("", "a1", [None]),
        ("a1", "", []),
    ],
)
def test_children_are_matched_with_those_that_they_were(before, after, places):
    sides = [lines(*((one[0], int(one[1])) for one in side.split())) for side in (before, after)]
    assert LINES.match_places(*sides) == places


SEVERAL = st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 3)), max_size=6)


@given(SEVERAL, SEVERAL)
def test_a_child_is_matched_with_one_child_at_most(before, after):
    before, after = lines(*before), lines(*after)
    places = LINES.match_places(before, after)
    known = [place for place in places if place is not None]
    assert len(known) == len(set(known))
    for child, place in zip(after, places, strict=True):
        left = [one["who"] for at, one in enumerate(before) if at not in known]
        assert child["who"] not in left if place is None else before[place]["who"] == child["who"]


def test_a_link_is_the_same_whatever_it_is_called():
    pays = Children("lines", "", (Link("funder", ""), Number("year", "")), (("funder",),))
    before = [{"funder": {"id": 7, "name": "CAF 86"}, "year": 1}]
    assert pays.match_places(before, [{"funder": {"id": 7, "name": "CAF 33"}, "year": 2}]) == [0]


def test_children_that_stay_keep_their_keys(post, django_assert_num_queries):
    small = post.shares.get(domain="Parentalité")
    shares = [{"rank": 2, "domain": "Parentalité", "fte": "0.25"},
            {"rank": 3, "domain": "Jeunesse", "fte": "0.7"}]  # fmt: skip
    by_domain = replace(SHARES, identity=(("domain",),))
    by_domain.write(post, shares)
    assert {share.domain: share.pk == small.pk for share in post.shares.all()} == {
        "Parentalité": True, "Jeunesse": False
    }  # fmt: skip
    with django_assert_num_queries(1):  # what changes nothing writes nothing
        by_domain.write(post, shares)
    assert by_domain.read(post) == shares


def test_children_are_shown_one_a_line(post):
    assert SHARES.show(SHARES.read(post)) == (
        "Rang\u00a0: 1\u202f; Domaine\u00a0: Petite enfance\u202f; Part\u00a0: 0,7\u00a0ETP\n"
        "Rang\u00a0: 2\u202f; Domaine\u00a0: Parentalité\u202f; Part\u00a0: 0,3\u00a0ETP"
    )
    assert SHARES.show([{"domain": "", "rank": 3}]) == "Rang\u00a0: 3"
    assert SHARES.show(None) == ""


def test_a_field_reads_what_canonical_texts_hold():
    row = SimpleNamespace(title="Cafe\u0301\r\n", due_on=datetime.date(2024, 5, 1))
    assert Text("title", "").read(row) == "Café\n"
    assert Day("due_on", "").read(row) == "2024-05-01"


ASKED = [
    (Objective, Text("title"), "Titre", forms.CharField),
    (Objective, Text("measure"), "Mesure", forms.CharField),
    (Objective, Day("due_on"), "Échéance", forms.DateField),
    (Objective, Flag("is_priority"), "Prioritaire", forms.BooleanField),
    (Objective, Choice("origin"), "Origine", forms.ChoiceField),
    (Objective, Number("rank"), "Rang", forms.IntegerField),
    (CooperationPost, Number("fte"), "ETP", forms.DecimalField),
]


@pytest.mark.parametrize(("model", "one", "label", "kind"), ASKED)
def test_a_field_is_called_and_asked_as_its_column_tells(model, one, label, kind):
    one = one.bind(model)
    asked = replace(one, help="Aide.").formfield(model)
    assert (one.label, asked.label, asked.help_text) == (label, label, "Aide.")
    assert isinstance(asked, kind)
    column = model._meta.get_field(one.name)
    if isinstance(one, Text):
        assert asked.max_length == (column.max_length or 5000)
    if isinstance(one, Choice):
        assert [key for key, _ in asked.choices] == [key for key, _ in column.choices]


def test_the_wording_given_to_a_field_goes_before_its_column():
    field = Text("title", "Intitulé", asked="Que faire ?").bind(Objective)
    assert (field.label, field.formfield(Objective).label) == ("Intitulé", "Que faire ?")


def linked(*keys: int) -> list[dict]:
    return [{"id": key, "name": f"Commune {key}"} for key in keys]


@given(st.permutations([1, 2, 3, 4]), st.permutations([3, 4, 5]))
def test_linked_rows_keep_their_former_order(before, after):
    ordered = Links("communes", "Communes").ordered_like(linked(*before), linked(*after))
    common = [key for key in before if key in after]
    assert ordered == linked(*common, 5)


def test_an_order_that_says_something_is_kept():
    rows = [{"name": "Deux"}, {"name": "Un"}]
    field = Children("leads", "Pilotes", fields=(Text("name", "Nom"),))
    assert field.ordered_like(rows[::-1], rows) == rows
