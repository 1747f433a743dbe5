"""Typography, dates and numbers: how the portal writes French."""

import datetime
import re
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString, mark_safe
from hypothesis import example, given
from hypothesis import strategies as st

from ctg_portal.templatetags.french import (
    at_place,
    de,
    enumerate_words,
    euros,
    feminine,
    in_words,
    long_date,
    number,
    plural,
    quoted_within,
    time_left,
    typo,
    unit_of,
)
from ctg_portal.text import typography
from ctg_portal.text.typography import polish

# In the expected texts, ~ stands for a no-break space and ^ for a narrow one.
PRETTY = str.maketrans({"~": "\u00a0", "^": "\u202f"})
# What the rules of typography look at, more often than chance would bring it.
FRENCH_TEXT = st.text(st.sampled_from("ab1 5\u00a0\u202f«»;:!?.…'’%€n°(),-\nM.Dé\"<&>"))

PLAIN = str.maketrans({"\u202f": "", ",": ".", "−": "-"})


def pretty(text: str) -> str:
    return text.translate(PRETTY)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("L'accueil d'Émilie", "L’accueil d’Émilie"),
        ("les '400 coups'", "les &#x27;400 coups&#x27;"),
        ("à suivre...", "à suivre…"),
        ("sommaire ....... 12", "sommaire ....... 12"),
        ("dit «\u202foui\u00a0»", "dit «~oui~»"),
        ("dit «oui»", "dit «~oui~»"),
        ("dit « oui »", "dit «~oui~»"),
        ("Qui ? Nous ! Oui ; non", "Qui^? Nous^! Oui^; non"),
        ("Qui? Nous! Oui; non", "Qui^? Nous^! Oui^; non"),
        ("Qui  ?", "Qui^?"),
        ("Objet : la famille", "Objet~: la famille"),
        ("Objet: la famille", "Objet~: la famille"),
        ("(la Caf): oui", "(la Caf)~: oui"),
        ("« oui »: non", "«~oui~»~: non"),
        ("en fin de ligne :", "en fin de ligne~:"),
        ("84 904 habitants", "84^904 habitants"),
        ("1 234 567 euros", "1^234^567 euros"),
        ("le 12 2024 personnes", "le 12 2024 personnes"),
        ("18 à 25 ans", "18 à 25 ans"),
        ("12 % et 5%", "12^% et 5^%"),
        ("48 000 €", "48^000^€"),
        ("n° 5 et N°12", "n°~5 et N°~12"),
        ("article 5, Articles 3 et art. 7", "article~5, Articles~3 et art.~7"),
        ("axe 2 et annexe 1", "axe~2 et annexe~1"),
        ("un article de la Caf", "un article de la Caf"),
        ("M. Garnier, Mme Conci et Dr Élan", "M.~Garnier, Mme~Conci et Dr~Élan"),
        ("M. le maire", "M. le maire"),
    ],
)
def test_typo_sets_text_as_french_typography_wants(typed, expected):
    assert typo(typed) == pretty(expected)


@pytest.mark.parametrize(
    "text",
    [
        "https://www.caf.fr/allocataires?page=2;tri=nom",
        "mailto:caf@caf.example",
        "ouvert à 12:30",
        "ratio 1:2",
        "deux:points",
        "vraiment?!",
    ],
)
def test_typo_leaves_addresses_and_hours_whole(text):
    assert polish(text) == text


def test_typo_leaves_the_address_of_a_sentence_whole():
    text = "Voir https://caf.example/a?b=1;c=2 : tout y est !"
    assert typo(text) == pretty("Voir https://caf.example/a?b=1;c=2~: tout y est^!")


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in typography.RULES], ids=str)
def test_no_rule_begins_with_a_repetition(pattern):
    """A repetition would read the rest from each space of a run: 20,000 took four seconds."""
    first, _ = re._parser.parse(pattern.pattern)[0]
    assert "REPEAT" not in str(first)


@pytest.mark.parametrize("around", ["{}", "a{}b", "«{}»", "a{}!", "a{}:"])
def test_runs_of_spaces_are_read_as_one_space_is(around):
    run = polish(around.format(" " * 20_000))
    assert run.replace(" ", "") == polish(around.format(" ")).replace(" ", "")


class Counted:
    """A rule that counts how often it is applied."""

    def __init__(self):
        self.texts = []

    def sub(self, _, text):
        self.texts.append(text)
        return text


def test_a_text_that_comes_again_is_not_read_again(monkeypatch):
    rule = Counted()
    monkeypatch.setattr(typography, "RULES", [(rule, "")])
    for text in ["Un mot que rien d’autre ne dit", "Un mot que rien d’autre ne dit", "x" * 301]:
        polish(text)
    assert len(rule.texts) == 2


def test_a_cached_safe_html_does_not_make_an_equal_text_safe():
    text = "<b>rien d’autre</b>"
    polish(mark_safe(text))
    assert not isinstance(polish(text), SafeString)
    assert typo(text) == "&lt;b&gt;rien d’autre&lt;/b&gt;"


def test_typo_escapes_what_is_not_html():
    result = typo("<b>Caf & MSA</b> !")
    assert result == pretty("&lt;b&gt;Caf &amp; MSA&lt;/b&gt;^!")
    assert isinstance(result, SafeString)


def test_typo_leaves_the_tags_of_safe_html_alone():
    html = mark_safe("<a href='/x?a=1; b : c' title=\"l'axe 2\">l'axe 2 ?</a>")
    result = typo(html)
    assert result == pretty("<a href='/x?a=1; b : c' title=\"l'axe 2\">l’axe~2^?</a>")
    assert isinstance(result, SafeString)


def test_typo_leaves_the_entities_of_safe_html_whole():
    html = mark_safe("Enfance &amp; jeunesse &lt; &#233; &#xe9; !")
    assert typo(html) == pretty("Enfance &amp; jeunesse &lt; &#233; &#xe9;^!")


def test_typo_takes_what_is_not_text():
    assert typo(5) == "5"


@given(FRENCH_TEXT)
@example("« ! »")
@example("5%;")
@example("«»:;")
def test_typo_is_idempotent(text):
    assert polish(polish(text)) == polish(text)


@given(FRENCH_TEXT)
def test_typo_changes_only_spaces_apostrophes_and_ellipses(text):
    def bare(any_text):
        any_text = any_text.replace("…", "...").replace("’", "'")
        return "".join(char for char in any_text if not char.isspace())

    assert bare(polish(text)) == bare(text)


@given(FRENCH_TEXT)
def test_plain_and_safe_text_are_set_alike(text):
    words = text.translate({ord(sign): None for sign in "<>&'\""})
    assert typo(words) == typo(mark_safe(words))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"),
        (1234, "1^234"),
        (1234567, "1^234^567"),
        (-1234, "−1^234"),
        (100, "100"),
        (Decimal("100.0000"), "100"),
        (Decimal("0.0000"), "0"),
        (Decimal("12.5000"), "12,5"),
        (Decimal("1E+3"), "1^000"),
        (1234.5, "1^234,5"),
        ("1.10", "1,1"),
        (None, ""),
        ("", ""),
    ],
)
def test_number_has_the_decimals_that_it_has(value, expected):
    assert number(value) == pretty(expected)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (12, 1, "12,0"),
        (Decimal("12.5"), 2, "12,50"),
        (Decimal("12.57"), 1, "12,6"),
        (Decimal("12.25"), 1, "12,3"),
        (Decimal("0.04"), 1, "0,0"),
        (Decimal("-2.5"), 0, "−3"),
        (1999.9, 0, "2^000"),
    ],
)
def test_number_is_rounded_to_the_decimals_asked_for(value, decimals, expected):
    assert number(value, decimals) == pretty(expected)


@given(st.integers(-(10**12), 10**12), st.integers(0, 4))
def test_number_reads_back_as_itself(digits, decimals):
    value = Decimal(digits).scaleb(-decimals)
    assert Decimal(number(value).translate(PLAIN)) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (48000, "48^000^€"),
        (Decimal("48000.00"), "48^000^€"),
        (Decimal("1234.5"), "1^234,50^€"),
        (Decimal("33600.0050"), "33^600,01^€"),
        (0, "0^€"),
        (None, ""),
    ],
)
def test_euros_show_centimes_only_where_there_are_some(value, expected):
    assert euros(value) == pretty(expected)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "0~commune"),
        (1, "1~commune"),
        (1.5, "1,5~commune"),
        (2, "2~communes"),
        (-2, "−2~communes"),
        (1000, "1^000~communes"),
    ],
)
def test_plural_starts_at_two(count, expected):
    assert plural(count, "commune,communes") == pretty(expected)


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "aucun point"), (1, "un point"), (2, "deux points"), (16, "seize points"),
     (17, "17~points"), (1000, "1^000~points")],
)  # fmt: skip
def test_small_counts_are_told_in_words(count, expected):
    assert in_words(count, "point,points") == pretty(expected)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (datetime.date(2024, 12, 31), "31~décembre 2024"),
        (datetime.date(2020, 1, 1), "1er~janvier 2020"),
        (datetime.datetime(2020, 8, 11, 23, 59, tzinfo=datetime.UTC), "12~août 2020"),
        (datetime.datetime(2020, 8, 11, 23, 59), "11~août 2020"),
        (None, ""),
        ("", ""),
    ],
)
def test_long_date_says_the_day_in_words(day, expected):
    assert long_date(day) == pretty(expected)


def test_long_date_of_a_moment_is_the_day_in_paris():
    moment = datetime.datetime(2026, 12, 31, 23, 30, tzinfo=datetime.UTC)
    page = Template("{{ moment|long_date }}").render(Context({"moment": moment}))
    assert page == pretty("1er~janvier 2027")
    assert long_date(moment) == pretty("1er~janvier 2027")


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], ""),
        (["la Caf"], "la Caf"),
        (["la Caf", "la MSA"], "la Caf et la MSA"),
        (iter(["la Caf", "la MSA", "Poitiers"]), "la Caf, la MSA et Poitiers"),
        ([1, 2], "1 et 2"),
    ],
)
def test_words_are_enumerated(items, expected):
    assert enumerate_words(items) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Claire Morin", "de Claire Morin"),
        ("Émilie Faure", "d’Émilie Faure"),
        ("Antoine", "d’Antoine"),
        ("Œdipe", "d’Œdipe"),
        ("Hélène", "d’Hélène"),
        ("Hyacinthe", "d’Hyacinthe"),
        ("Hjalmar", "de Hjalmar"),
        ("Yves", "d’Yves"),
        ("Yann", "de Yann"),
        ("Haute-Savoie", "de Haute-Savoie"),
        ("Hauts-de-France", "de Hauts-de-France"),
        ("agent@caf.example", "d’agent@caf.example"),
        ("", "de "),
    ],
)
def test_de_is_elided_before_a_vowel(name, expected):
    assert de(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Poitiers", "à Poitiers"),
        ("Le Havre", "au Havre"),
        ("Les Anses-d’Arlet", "aux Anses-d’Arlet"),
        ("La Rochelle", "à La Rochelle"),
        ("L’Isle-Adam", "à L’Isle-Adam"),
        ("Lesparre", "à Lesparre"),
        ("", "à "),
    ],
)
def test_a_place_is_contracted_with_its_article(name, expected):
    assert at_place(name) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (1, "1~jour"),
        (59, "59~jours"),
        (61, "environ deux mois"),
        (420, "environ quatorze mois"),
        (640, "environ 21~mois"),
        (1096, "trois ans"),
        (1498, "un peu plus de quatre ans"),
        (1640, "environ quatre ans et demi"),
        (1780, "près de cinq ans"),
        (1827, "cinq ans"),
    ],
)
def test_the_time_left_is_counted_as_one_says_it(days, expected):
    assert time_left(days) == pretty(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le transport reste à financer.", "Le transport reste à financer"),
        ("Oui !", "Oui !"),
        ("à suivre...", "à suivre..."),
        ("Sans point", "Sans point"),
        ("Les ateliers «\u00a0Habiter\u00a0» et « Bouger ».", "Les ateliers “Habiter” et “Bouger”"),
    ],
)
def test_a_quotation_leaves_the_full_stop_to_its_sentence(text, expected):
    assert quoted_within(text) == expected


def test_counts_of_one_list_are_written_the_same_way():
    assert feminine(16) == "Seize"
    assert feminine(16, largest=17) == "16"
    assert feminine(1, largest=3) == "Une"


def test_de_leaves_a_name_to_be_escaped():
    page = Template("{{ name|de }}").render(Context({"name": "Émilie <b>"}))
    assert page == "d’Émilie &lt;b&gt;"


@pytest.mark.parametrize(
    ("count", "unit", "expected"),
    [
        (0, "foyers", "foyer"),
        (1, "places", "place"),
        (2, "places", "places"),
        (1, "assistants maternels", "assistant maternel"),
        (0, "enfants de moins de 3 ans", "enfant de moins de 3 ans"),
        (1, "places pour 100 enfants", "place pour 100 enfants"),
        (1, "heures d’accueil", "heure d’accueil"),
        (1, "mois", "mois"),
        (1, "%", "%"),
    ],
)
def test_a_unit_agrees_with_its_count(count, unit, expected):
    assert unit_of(count, unit) == expected
