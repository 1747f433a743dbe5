"""How a figure is shown, or why there is none: by sign and word, never a bare dash, never zero."""

import re
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from indicators.disclosure import MASKED, NOTHING, NUMBER, DisclosedFigure
from indicators.models import Absence
from indicators.series.attainment import MOVEMENT_WORDS, Movement
from indicators.templatetags import figures


def seen(html: str) -> str:
    """What is read on the screen: without what is for those who listen."""
    html = re.sub(r'<span class="visually-hidden">[^<]*</span>', "", html)
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def read_aloud(html: str) -> str:
    """What is read aloud: without the signs."""
    html = re.sub(r'<span[^>]*aria-hidden="true">[^<]*</span>', "", html)
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def figure(kind=NUMBER, **values) -> DisclosedFigure:
    if kind == NUMBER:
        values = {"number": Decimal(7), "text": "7"} | values
    return DisclosedFigure(kind, **values)


@pytest.mark.parametrize(
    ("shown", "whole", "short", "aloud"),
    [
        (figure(), "7", "7", "7"),
        (figure(is_provisional=True), "7 (p) provisoire", "7 (p)", "7 provisoire"),
        (figure(is_rounded=True), "≈ 7 arrondi", "≈ 7", "environ 7"),
        (figure(number=Decimal(0), text="0"), "0", "0", "0"),
        (NOTHING, "manquant", "manque", "manquant"),
        (figure(MASKED), "secret", "secret", "secret"),
        (figure(Absence.NOT_AVAILABLE), "n.d. non disponible", "n.d.", "non disponible"),
        (figure(Absence.NOT_APPLICABLE), "s.o. sans objet", "s.o.", "sans objet"),
    ],
)
def test_a_figure_is_shown_by_sign_and_word(shown, whole, short, aloud):
    full = figures.figure(shown)
    narrow = figures.short_figure(shown)
    assert seen(full) == whole
    assert seen(narrow) == short
    assert read_aloud(narrow) == aloud


def test_every_sign_is_in_the_legend():
    legend = render_to_string("indicators/parts/figure_legend.html")
    for kind in (MASKED, *Absence.values, NOTHING.kind):
        assert DisclosedFigure(kind).short in legend
    assert "(p)" in legend
    assert "≈" in legend


@pytest.mark.parametrize("movement", Movement)
def test_a_movement_has_a_sign_and_words(movement):
    html = figures.moved(movement, MOVEMENT_WORDS[movement])
    assert read_aloud(html) == MOVEMENT_WORDS[movement]
    assert len(seen(html)) > len(read_aloud(html)) + 1


def test_without_any_figure_there_is_no_movement():
    assert seen(figures.moved(None, "")) == "sans donnée"
