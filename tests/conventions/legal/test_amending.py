"""What amendments make of the text, and when: nothing moves by itself, nothing vanishes."""

import datetime

import pytest
from django.utils import timezone

from conventions.legal.amending import amending, bring_due, bring_forward
from conventions.legal.reading import axes_as_read, read_structure, text_as_read
from conventions.models import Amendment, Article, Axis, Convention, Objective, Theme
from ctg_portal.rules import Refused
from tests import factories as f
from tests.conventions.legal.test_legal_time import outline
from tests.stories import told_once

pytestmark = pytest.mark.postgresql

FAR = datetime.date(2099, 1, 1)


@told_once
def theme(db):
    return f.ThemeFactory(axis__number=1, number="1.1", title="Enfance")


@pytest.fixture
def convention(theme):
    return theme.axis.convention


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def amend(convention, today):
    """``amend(effective_on)`` signs the next amendment; by default it takes effect today."""

    def amend(effective_on=today, **values):
        number = convention.amendments.count() + (not convention.amendments.exists())
        return f.AmendmentFactory(
            convention=convention, number=number, signed_on=effective_on and today,
            effective_on=effective_on, **values,
        )  # fmt: skip

    return amend


def reword(part, amendment, **words):
    with amending(amendment) as pen:
        pen.reword(part, **words)


def outline_on(convention, day):
    return outline(convention, day)


def test_a_text_that_takes_effect_later_is_not_in_force_today(theme, convention, amend, today):
    objective = f.ObjectiveFactory(theme=theme, title="Accueillir")
    with amending(amend(FAR)) as pen:
        pen.reword(objective, title="Accueillir mieux")
        pen.open(Objective(theme=theme, rank=30_001, title="Former"))
        pen.close(theme)
    assert list(outline_on(convention, today).values()) == [{"Enfance": {"Accueillir": []}}]
    objective.refresh_from_db()
    assert objective.title == "Accueillir"
    (axis,) = axes_as_read(convention, FAR)
    (closed,) = axis.themes_read
    assert [o.title for o in closed.orientations] == ["Accueillir mieux", "Former"]
    assert closed.is_closed


def test_on_its_day_the_clock_brings_the_rows_to_it(theme, convention, amend, monkeypatch):
    objective = f.ObjectiveFactory(theme=theme, title="Accueillir")
    Convention.objects.update(end=FAR)
    reword(objective, amend(FAR), title="Accueillir mieux")
    bring_due()
    objective.refresh_from_db()
    assert (objective.title, objective.until.effective_on) == ("Accueillir", FAR)
    monkeypatch.setattr("conventions.legal.amending.timezone.localdate", lambda: FAR)
    bring_due()
    objective.refresh_from_db()
    assert (objective.title, objective.until) == ("Accueillir mieux", None)
    assert Objective.objects.matching("mieux").get() == objective


def test_a_clock_without_due_amendment_takes_one_query(theme, amend, django_assert_num_queries):
    reword(theme, amend(), title="Petite enfance")
    with django_assert_num_queries(1):
        bring_due()


def test_an_amendment_typed_without_its_rows_is_brought_forward(convention, amend, today):
    amend()
    assert convention.worded_on is None
    bring_due()
    convention.refresh_from_db()
    assert convention.worded_on == today


def test_amendments_follow_by_day_of_effect_not_by_number(theme, convention, amend, today):
    """The second amendment takes effect before the first."""
    article = f.ArticleFactory(convention=convention, text="signé")
    start = convention.start
    late, early = start + datetime.timedelta(60), start + datetime.timedelta(30)
    reword(article, amend(late), text="un")
    reword(article, amend(early), text="deux")
    days = [start, early, late - datetime.timedelta(1), late, today]
    texts = [text_as_read(convention, day, Article)[0].text for day in days]
    assert texts == ["signé", "deux", "deux", "un", "un"]
    for day in days:
        assert article.wordings.in_force(day).count() == 1


def test_numbers_change_hands_in_one_amendment(theme, convention, amend, today):
    first = theme.axis
    second = f.AxisFactory(convention=convention, number=2, since=first.since)
    with amending(amend()) as pen:
        pen.reword(first, number=2)
        pen.reword(second, number=1)
        pen.open(Axis(convention=convention, number=3, title="Trois"))
    assert list(convention.axes.values_list("pk", "number")[:2]) == [(second.pk, 1), (first.pk, 2)]
    assert [axis.number for axis in axes_as_read(convention, today)] == [1, 2, 3]


def test_an_orientation_moves_with_what_is_beneath_it(theme, convention, amend, today):
    orientation = f.ObjectiveFactory(theme=theme)
    sub = f.ObjectiveFactory(parent=orientation)
    other = f.ThemeFactory(axis=theme.axis, number="1.2", rank=2, title="Jeunesse")
    reword(orientation, amend(), theme=other)
    sub.refresh_from_db()
    assert sub.theme == other
    assert outline_on(convention, today)[theme.axis.title] == {
        "Enfance": {}, "Jeunesse": {orientation.title: [sub.title]}
    }  # fmt: skip
    before = convention.start
    assert outline_on(convention, before)[theme.axis.title]["Enfance"] == {
        orientation.title: [sub.title]
    }


def test_rows_that_depend_on_a_closed_orientation_stay_and_readers_see_its_successor(
    theme, convention, amend, today
):
    old = f.ObjectiveFactory(theme=theme, rank=1, title="Ancienne")
    own = f.ObjectiveFactory(parent=old, committee=True, title="Du comité")
    amendment = amend()
    with amending(amendment) as pen:
        new = pen.open(Objective(theme=theme, rank=2, title="Nouvelle"))
        pen.close(old, into=(new,))
    (axis,) = axes_as_read(convention, today)
    closed, opened = axis.themes_read[0].orientations
    assert (closed, opened) == (old, new)
    assert closed.is_closed
    assert closed.closed_by == amendment
    assert closed.successors == [new]
    assert closed.sub_objectives_read == [own]
    assert axis.objective_count == 1
    assert not read_structure(convention, today).former


def test_the_writer_of_an_amendment_reassigns_what_it_closes(theme, convention, amend, today):
    old = f.ObjectiveFactory(theme=theme, rank=1, title="Ancienne")
    own = f.ObjectiveFactory(parent=old, committee=True, title="Du comité")
    with amending(amend()) as pen:
        new = pen.open(Objective(theme=theme, rank=2, title="Nouvelle"))
        pen.close(old, into=(new,))
        pen.reword(own, parent=new)
    own.refresh_from_db()
    own.title = "Du comité, revu depuis"
    own.save()
    structure = read_structure(convention, today)
    (orientation,) = structure.axes[0].themes_read[0].orientations
    assert [sub.title for sub in orientation.sub_objectives_read] == ["Du comité, revu depuis"]
    assert structure.former == [old]
    before = axes_as_read(convention, convention.start)[0].themes_read[0].orientations
    assert [sub.title for sub in before[0].sub_objectives_read] == ["Du comité, revu depuis"]


def test_successors_are_followed_through_splits_and_merges(theme, convention, amend, today):
    first = f.ObjectiveFactory(theme=theme, title="A")
    with amending(amend()) as pen:
        b, c = (pen.open(Objective(theme=theme, rank=n, title=title))
                for n, title in ((1, "B"), (2, "C")))  # fmt: skip
        pen.close(first, into=(b, c))
    with amending(amend()) as pen:
        d = pen.open(Objective(theme=theme, rank=3, title="D"))
        pen.close(b, into=(d,))
        pen.close(c, into=(d, first))
        pen.reword(first, title="A, de nouveau")
    with amending(amend()) as pen:
        pen.close(first, into=(d,))
    former = {part.title: part.successors for part in read_structure(convention, today).former}
    assert former == {"A, de nouveau": [d], "B": [d], "C": [d]}


def test_a_theme_that_is_closed_stays_while_something_is_beneath(theme, convention, amend, today):
    orientation = f.ObjectiveFactory(theme=theme)
    with amending(amend()) as pen:
        pen.close(theme)
        pen.close(theme.axis)
    (axis,) = axes_as_read(convention, today)
    assert axis.is_closed
    assert axis.anchor == f"ancien-axe-{axis.pk}"
    assert axis.themes_read[0].orientations == [orientation]
    with amending(amend()) as pen:
        pen.close(orientation)
    structure = read_structure(convention, today)
    assert (structure.axes, len(structure.former)) == ([], 3)


class TestRefused:
    def test_an_amendment_of_another_convention_is_refused(self, amend):
        other = f.ArticleFactory()
        with pytest.raises(Refused, match="n’est pas celui"), amending(amend()) as pen:
            pen.reword(other, title="Autre")

    def test_amending_the_signed_text_itself_is_refused(self, theme):
        with pytest.raises(Refused, match="que par un avenant"), amending(theme.since):
            pass

    def test_a_number_taken_on_a_day_to_come_is_refused(self, theme, convention, amend):
        f.AxisFactory(convention=convention, number=2, since=theme.since)
        with pytest.raises(Refused, match="le numéro ou le code d’un autre"):
            reword(theme.axis, amend(FAR), number=2)
        assert theme.axis.wordings.count() == 1

    def test_a_place_that_has_not_begun_is_refused(self, theme, amend):
        orientation = f.ObjectiveFactory(theme=theme)
        with amending(amend(FAR)) as pen:
            later = pen.open(Theme(axis=theme.axis, rank=2, number="1.2", title="Plus tard"))
        with pytest.raises(Refused, match="n’aurait pas sa place"):
            reword(orientation, amend(), theme=later)

    def test_a_third_level_of_objectives_is_refused(self, theme, amend):
        sub = f.ObjectiveFactory(parent=f.ObjectiveFactory(theme=theme))
        orientation = f.ObjectiveFactory(theme=theme)
        with pytest.raises(Refused, match="n’aurait pas sa place"):
            reword(orientation, amend(), parent=sub)


def test_a_part_in_the_words_of_another_day_is_never_saved(theme, convention, amend):
    reword(theme, amend(), title="Petite enfance")
    (axis,) = axes_as_read(convention, convention.start)
    (then,) = axis.themes_read
    assert then.title == "Enfance"
    with pytest.raises(ValueError, match="never saved"):
        then.save()


def test_saving_a_part_corrects_the_wording_that_it_holds(theme, convention, amend):
    reword(theme, amend(), title="Petite enfence")
    theme.refresh_from_db()
    theme.title = "Petite enfance"
    theme.save(update_fields=["title"])
    titles = [w.title for w in theme.wordings.order_by("since__number")]
    assert titles == ["Enfance", "Petite enfance"]


def test_a_day_of_effect_that_is_corrected_is_read_at_once(theme, convention, amend, today):
    amendment = amend(FAR)
    reword(theme, amendment, title="Petite enfance")
    Amendment.objects.filter(pk=amendment.pk).update(effective_on=today)
    assert list(outline_on(convention, today)[theme.axis.title]) == ["Petite enfance"]
    bring_forward(convention)
    theme.refresh_from_db()
    assert theme.title == "Petite enfance"


def test_rows_made_many_at_once_have_their_wordings(theme, convention, today):
    rows = [Objective(theme=theme, since=theme.since, rank=n, title=f"O{n}") for n in range(3)]
    Objective.objects.bulk_create(rows)
    assert Objective.objects.in_force(today).count() == 3


def test_an_amended_coverage_follows_days_of_effect(convention, amend):
    start = convention.start
    late, early = start + datetime.timedelta(60), start + datetime.timedelta(30)
    first, second = amend(late), amend(early)
    signed = f.CoverageFactory(commune__convention=convention)
    commune, model = signed.commune, type(signed)
    model.objects.filter(pk=signed.pk).update(until=first)
    mid = f.CoverageFactory(commune=commune, since=first)
    model.objects.filter(pk=mid.pk).update(until=second)
    last = f.CoverageFactory(commune=commune, since=second)
    for day, row in ((start, signed), (early, last), (late, mid)):
        assert list(model.objects.in_force(day)) == [row]
