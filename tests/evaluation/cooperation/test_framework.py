"""What a published evaluation tells of a post is found again by the words of the framework."""

from pathlib import Path

import pytest

from evaluation.cooperation.lines import BROUGHT
from evaluation.cooperation.post_record import post_year_from_line

RELEASED = Path(__file__).with_name("activities.tsv").read_text(encoding="utf-8").splitlines()
OTHERS = dict.fromkeys(("text", *BROUGHT), "")


@pytest.mark.parametrize("line", RELEASED)
def test_a_released_activity_is_matched_by_its_words(line):
    """A reworded activity is a line added in ``post_year_from_line``, beside the former one."""
    key, mission, title = line.split("\t")
    post = {"missions": [{"title": mission, "done": [title]}], "data": []}
    assert post_year_from_line(OTHERS | post).activities == [key]
