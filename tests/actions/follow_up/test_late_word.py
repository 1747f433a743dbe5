"""What an action is called that is behind what was agreed: it depends on the day alone."""

import datetime

import pytest

from actions.follow_up.words import LATE, UNFINISHED, late_word
from conventions.models import Convention

END = datetime.date(2024, 12, 31)
AFTER = END + datetime.timedelta(days=1)


@pytest.mark.parametrize(("day", "word"), [(END, LATE), (AFTER, UNFINISHED)])
def test_a_late_action_is_unfinished_from_the_day_after_the_last(day, word):
    assert late_word(Convention(end=END), day) == word


@pytest.mark.parametrize(
    ("count", "words", "predicate"),
    [
        (0, "", ""),
        (1, "1 non achevée au terme", "1\u00a0est non achevée au terme"),
        (2, "2 non achevées au terme", "2\u00a0sont non achevées au terme"),
    ],
)
def test_unfinished_actions_agree_in_number(count, words, predicate):
    assert (UNFINISHED.count(count), UNFINISHED.predicate(count)) == (words, predicate)
