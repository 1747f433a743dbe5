"""An event replaces the marks of what it has changed: last, and only if it is not refused."""

import pytest

from ctg_portal.marks.events import changed, changing, event, share_changed
from ctg_portal.marks.models import EVERYTHING, Mark, Subject, key_of
from ctg_portal.rules import Refusal, Refused
from tests.factories import ConventionFactory, ThemeFactory

pytestmark = pytest.mark.django_db


@event(Subject.PLAN)
def happen(row, *, within=lambda: None):
    within()


def word(convention, subject) -> str | None:
    mark = Mark.objects.filter(pk=key_of(convention.pk, subject)).first()
    return mark and mark.word


def test_an_event_replaces_the_mark_of_its_subject_alone():
    convention, other = ConventionFactory(), ConventionFactory()
    with changing():
        changed(convention, *Subject)
        changed(other, *Subject)
    before = {subject: word(convention, subject) for subject in Subject}

    happen(convention)

    after = {subject: word(convention, subject) for subject in Subject}
    assert {subject for subject in Subject if before[subject] != after[subject]} == {Subject.PLAN}
    assert word(other, Subject.PLAN) == before[Subject.PLAN]


def test_an_event_finds_the_convention_of_a_row():
    theme = ThemeFactory()

    happen(theme)

    assert word(theme.axis.convention, Subject.PLAN)


def test_a_refused_event_replaces_no_mark():
    convention = ConventionFactory()

    def refuse():
        raise Refused(Refusal("Non."))

    with pytest.raises(Refused):
        happen(convention, within=refuse)

    assert word(convention, Subject.PLAN) is None


def test_a_person_who_has_another_name_changes_everything():
    conventions = [ConventionFactory(), ConventionFactory()]
    for convention in conventions:
        happen(convention)
    before = set(Mark.objects.values_list("key", "word"))

    share_changed(EVERYTHING)

    after = set(Mark.objects.values_list("key", "word"))
    assert len(after) == len(before) == 2
    assert not after & before


def test_an_inner_event_replaces_marks_at_the_end_of_the_outer_one():
    convention, seen = ConventionFactory(), []

    def another():
        happen(convention)
        seen.append(word(convention, Subject.PLAN))

    happen(convention, within=another)

    assert seen == [None]
    assert word(convention, Subject.PLAN)
