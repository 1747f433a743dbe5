"""How long an agreement recorded for a member may be contested: the file may say."""

import pytest

from conventions.models import Convention
from tests.conventions.loading.samples import FULL, changed, line_with

WRITTEN = "delai_contestation_jours: 21"


@pytest.mark.parametrize("days", [1, 366])
def test_delay_of_the_file_is_the_conventions(days, load_text):
    load_text(changed(WRITTEN, f"delai_contestation_jours: {days}"))
    assert Convention.objects.get().contest_days == days


def test_file_without_delay_leaves_fifteen_days(load_text):
    load_text(FULL.replace(f"  {WRITTEN}\n", ""))
    assert Convention.objects.get().contest_days == 15


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("0", "0 est trop petit ; le minimum est 1"),
        ("367", "367 est trop grand ; le maximum est 366"),
        ("7.5", "« 7.5 » n’est pas un nombre entier"),
        ("quinze jours", "« quinze jours » n’est pas un nombre entier"),
        ("[15]", "un nombre entier est attendu, pas une liste"),
    ],
)
def test_delay_that_cannot_be_is_told_at_its_line(value, sentence, mistakes):
    place = f"ligne {line_with(WRITTEN, FULL)} : convention, delai_contestation_jours : "
    assert mistakes(changed(WRITTEN, f"delai_contestation_jours: {value}")) == [place + sentence]
