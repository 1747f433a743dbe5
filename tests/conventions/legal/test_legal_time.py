"""What is in force on a day: the text as signed, then as each amendment has made it."""

import datetime
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from conventions.legal.amending import amending
from conventions.legal.reading import article_urls, axes_as_read, text_as_read
from conventions.models import Amendment, Article, Coverage, Objective
from tests import factories as f
from tests.databases import examples
from tests.stories import told_once

pytestmark = pytest.mark.both

START, END = datetime.date(2020, 1, 1), datetime.date(2024, 12, 31)
DAY = timedelta(days=1)
TERM = (END - START).days


@told_once
def convention(db):
    convention = f.ConventionFactory(signed_on=START, start=START, end=END)
    f.AmendmentFactory(convention=convention)
    return convention


@pytest.fixture
def amend(convention):
    """``amend(number, effective_on)`` signs an amendment the day before it takes effect."""

    def amend(number, effective_on):
        signed_on = effective_on and effective_on - DAY
        return f.AmendmentFactory(
            convention=convention, number=number, signed_on=signed_on, effective_on=effective_on
        )

    return amend


def reword(part, amendment, **words):
    with amending(amendment) as pen:
        pen.reword(part, **words)


def wordings(convention, day):
    return [article.text for article in text_as_read(convention, day, Article)]


# In force ------------------------------------------------------------------------------------


def test_signed_text_is_in_force_from_its_first_day_for_ever(convention):
    f.ArticleFactory(convention=convention, text="signé")
    articles = Article.objects
    assert not articles.in_force(START - DAY).exists()
    for day in (START, END, END + 1000 * DAY):
        assert articles.in_force(day).count() == 1


def test_text_signed_without_a_day_of_effect_is_never_in_force(convention, amend):
    f.ArticleFactory(convention=convention, since=amend(1, None))
    assert not Article.objects.in_force(END).exists()
    assert Article.objects.drafted().count() == 1


def test_replaced_article_gives_way_on_the_day_of_effect(convention, amend):
    effect = datetime.date(2022, 7, 1)
    article = f.ArticleFactory(convention=convention, text="ancien")
    reword(article, amend(1, effect), text="nouveau")
    assert wordings(convention, effect - DAY) == ["ancien"]
    assert wordings(convention, effect) == ["nouveau"]
    assert wordings(convention, None) == ["nouveau"]


def test_amendment_signed_later_changes_nothing_before_it_takes_effect(convention, amend):
    """The day of effect counts, not the signature nor the day when it was typed."""
    article = f.ArticleFactory(convention=convention, text="ancien")
    amendment = amend(1, datetime.date(2022, 7, 1))
    amendment.signed_on = datetime.date(2023, 3, 1)
    amendment.save()
    reword(article, amendment, text="nouveau")
    assert wordings(convention, datetime.date(2022, 6, 30)) == ["ancien"]
    assert wordings(convention, datetime.date(2022, 7, 1)) == ["nouveau"]


def test_amendment_without_a_day_of_effect_leaves_the_signed_text_in_force(convention, amend):
    article = f.ArticleFactory(convention=convention, text="signé")
    reword(article, amend(1, None), text="projet d'avenant")
    assert wordings(convention, END) == ["signé"]
    assert wordings(convention, None) == ["projet d'avenant"]


def test_a_part_that_an_amendment_adds_is_in_force_from_its_day(convention, amend):
    effect = datetime.date(2023, 1, 1)
    f.ArticleFactory(convention=convention, since=amend(1, effect), number=10)
    assert not Article.objects.in_force(effect - DAY).exists()
    assert Article.objects.in_force(effect).exists()


def test_ended_objective_is_in_force_until_the_day_before(convention, amend):
    effect = datetime.date(2022, 1, 1)
    objective = f.ObjectiveFactory(theme__axis__convention=convention)
    f.end(objective, amend(1, effect))
    assert list(Objective.objects.in_force(effect - DAY)) == [objective]
    assert not Objective.objects.in_force(effect).exists()
    assert not Objective.objects.drafted().exists()


def test_two_amendments_of_one_day_leave_the_second_wording(convention, amend):
    effect = datetime.date(2022, 1, 1)
    article = f.ArticleFactory(convention=convention, text="signé")
    reword(article, amend(1, effect), text="avenant 1")
    reword(article, amend(2, effect), text="avenant 2")
    assert wordings(convention, effect - DAY) == ["signé"]
    assert wordings(convention, effect) == ["avenant 2"]


def test_effective_amendments_are_those_whose_day_has_come(convention, amend):
    amend(1, datetime.date(2022, 1, 1))
    amend(2, None)
    numbers = Amendment.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers.effective(START - DAY)) == []
    assert list(numbers.effective(datetime.date(2021, 12, 31))) == [0]
    assert list(numbers.effective(datetime.date(2022, 1, 1))) == [0, 1]


# Days in the term, the last one more often; None: signed, without a day of effect.
DAYS_OF_EFFECT = st.lists(st.integers(0, TERM) | st.just(TERM), max_size=6).map(sorted)


@given(offsets=DAYS_OF_EFFECT, unsigned=st.integers(0, 2), day=st.integers(0, TERM))
@example(offsets=[0, 0], unsigned=1, day=0)
@example(offsets=[TERM, TERM], unsigned=0, day=TERM)
@settings(
    max_examples=examples(20), deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_an_article_has_one_wording_in_force_on_any_day(offsets, unsigned, day, db):
    with transaction.atomic():
        convention = f.ConventionFactory(signed_on=START, start=START, end=END)
        article = f.ArticleFactory(convention=convention, text="0")
        effects = [START + offset * DAY for offset in offsets] + [None] * unsigned
        for number, effect in enumerate(effects, 1):
            amendment = f.AmendmentFactory(
                convention=convention,
                number=number,
                signed_on=effect,
                effective_on=effect,
            )
            reword(article, amendment, text=str(number))
        past = [offset for offset in offsets if offset <= day]
        assert wordings(convention, START + day * DAY) == [str(len(past))]
        assert wordings(convention, None) == [str(len(effects))]


# The day that is read ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "read"),
    [
        (START - 100 * DAY, START),
        (START, START),
        (datetime.date(2022, 6, 1), datetime.date(2022, 6, 1)),
        (END, END),
        (END + DAY, END),
        (END + 1000 * DAY, END),
    ],
)
def test_reader_is_shown_the_text_of_today_kept_within_the_term(today, read):
    convention = f.ConventionFactory.build(signed_on=START, start=START, end=END)
    assert convention.reading_day(today) == read


def test_project_is_read_on_no_day():
    assert f.ConventionFactory.build(project=True).reading_day(START) is None
    dated = f.ConventionFactory.build(signed_on=None, start=START)
    assert dated.reading_day(START) is None


# Coverage ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("joined_on", "left_on", "day", "present"),
    [
        (None, None, START, True),
        (START, None, START, True),
        (START + DAY, None, START, False),
        (None, END, END, True),
        (None, END - DAY, END, False),
        (START, START, START, True),
    ],
)
def test_commune_is_present_from_its_entry_to_its_exit(joined_on, left_on, day, present, db):
    f.CoverageFactory(joined_on=joined_on, left_on=left_on)
    assert Coverage.objects.present(day).exists() == present


# Structure -----------------------------------------------------------------------------------


def outline(convention, day):
    """The structure as read, as nested titles."""
    return {
        axis.title: {
            theme.title: {
                orientation.title: [sub.title for sub in orientation.sub_objectives_read]
                for orientation in theme.orientations
            }
            for theme in axis.themes_read
        }
        for axis in axes_as_read(convention, day)
    }


def test_structure_is_read_on_the_day_with_its_amended_themes_and_objectives(convention, amend):
    since = convention.amendments.get(number=0)
    effect = datetime.date(2022, 1, 1)
    amendment = amend(1, effect)
    axis = f.AxisFactory(convention=convention, since=since, number=1, title="Familles")
    theme = f.ThemeFactory(axis=axis, rank=1, title="Petite enfance")
    unchanged = f.ObjectiveFactory(theme=theme, rank=1, title="Accueillir")
    f.ObjectiveFactory(parent=unchanged, rank=1, title="Accueillir le soir")
    f.end(f.ObjectiveFactory(parent=unchanged, rank=2, title="Ouvrir une crèche"), amendment)
    f.end(f.ObjectiveFactory(theme=theme, rank=2, title="Informer"), amendment)
    added = f.ObjectiveFactory(theme=theme, since=amendment, rank=3, title="Former")
    f.ObjectiveFactory(parent=added, since=amendment, title="Former les assistants")
    f.end(f.ThemeFactory(axis=axis, rank=2, title="Jeunesse"), amendment)
    f.ThemeFactory(axis=axis, since=amendment, rank=3, title="Parentalité")
    f.AxisFactory(convention=convention, since=amendment, number=2, title="Logement")

    assert outline(convention, effect - DAY) == {
        "Familles": {
            "Petite enfance": {
                "Accueillir": ["Accueillir le soir", "Ouvrir une crèche"],
                "Informer": [],
            },
            "Jeunesse": {},
        }
    }
    amended = {
        "Familles": {
            "Petite enfance": {
                "Accueillir": ["Accueillir le soir"],
                "Former": ["Former les assistants"],
            },
            "Parentalité": {},
        },
        "Logement": {},
    }
    assert outline(convention, effect) == amended
    assert outline(convention, None) == amended


def test_structure_follows_numbers_and_ranks_not_the_order_of_typing(convention):
    since = convention.amendments.get(number=0)
    for number, title in ((2, "Deux"), (1, "Un")):
        f.AxisFactory(convention=convention, since=since, number=number, title=title)
    theme = f.ThemeFactory(axis=convention.axes.get(number=1), rank=2, title="Second")
    f.ThemeFactory(axis=theme.axis, rank=1, title="Premier")
    later = f.ObjectiveFactory(theme=theme, rank=2, title="B")
    f.ObjectiveFactory(theme=theme, rank=1, title="A")
    f.ObjectiveFactory(parent=later, rank=2, title="B2")
    f.ObjectiveFactory(parent=later, rank=1, title="B1")
    read = outline(convention, START)
    assert list(read) == ["Un", "Deux"]
    assert list(read["Un"]) == ["Premier", "Second"]
    assert read["Un"]["Second"] == {"A": [], "B": ["B1", "B2"]}
    assert list(read["Un"]["Second"]) == ["A", "B"]


def test_orientations_are_counted_and_sub_objectives_are_not(convention):
    theme = f.ThemeFactory(axis__convention=convention)
    f.ObjectiveFactory(parent=f.ObjectiveFactory(theme=theme))
    f.ObjectiveFactory(theme=theme)
    (axis,) = axes_as_read(convention, START)
    assert axis.objective_count == 2


def test_objectives_beneath_a_heading_are_counted_and_the_heading_is_not(convention):
    text = f.ObjectiveFactory(theme__axis__convention=convention, is_objective=False)
    f.ObjectiveFactory(parent=text)
    f.ObjectiveFactory(parent=text, is_objective=False)
    (axis,) = axes_as_read(convention, START)
    assert axis.objective_count == 1


def test_only_articles_in_force_have_an_address(convention, amend):
    f.ArticleFactory(convention=convention, number=5)
    f.ArticleFactory(convention=convention, number=6, since=amend(1, END))
    f.ArticleFactory(number=7)
    page = f"/conventions/{convention.slug}/texte/"
    assert article_urls(convention, START) == {5: f"{page}#article-5"}
    assert article_urls(convention, END) == {5: f"{page}#article-5", 6: f"{page}#article-6"}
