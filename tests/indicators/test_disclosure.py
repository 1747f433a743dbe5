"""Secrecy, rounding, attainment: what each comes to, by hand."""

from decimal import Decimal

import pytest

from conventions.models import Organisation
from indicators.definitions.definition import Definition
from indicators.disclosure import (
    MASKED,
    MISSING,
    NOTHING,
    NUMBER,
    DisclosedFigure,
    disclose,
    is_protected,
)
from indicators.models import Campaign, CampaignIndicator, Value
from indicators.series.attainment import Attainment, Movement, attainment, movement, variation


def definition_with(**content) -> Definition:
    content = {"is_confidential": True, "calculation": "direct", "decimals": 2, "unit": "foyers",
               "factor": 100} | content  # fmt: skip
    return Definition(content)


def ratio(**content) -> Definition:
    return definition_with(calculation="ratio", **content)


def of(numerator, denominator, **values) -> Value:
    """A verified ratio."""
    number = Decimal(numerator) / denominator * 100
    return Value(state="verified", numerator=Decimal(numerator), denominator=Decimal(denominator),
                 number=number, **values)  # fmt: skip


def count(number, **values) -> Value:
    return Value(state="verified", number=Decimal(number), **values)


THRESHOLD = Organisation(masking_threshold=5)


class TestMasking:
    @pytest.mark.parametrize(
        ("number", "is_masked"), [(0, False), (1, True), (4, True), (5, False), (6, False)]
    )
    def test_a_count_from_one_up_to_the_threshold(self, number, is_masked):
        assert disclose(count(number), definition_with(), THRESHOLD).is_masked == is_masked

    @pytest.mark.parametrize("unit", ["%", "pour 100 enfants", "places"])
    @pytest.mark.parametrize(
        ("numerator", "denominator", "is_masked"),
        [(4, 50, True), (5, 50, False), (0, 50, False), (46, 50, True), (45, 50, False),
         (50, 50, False), (0, 4, True), (4, 4, True), (60, 50, False), (54, 50, False),
         (60, 4, True), (60, 5, False)],
    )  # fmt: skip
    def test_a_ratio_by_its_terms_and_by_those_that_are_not_of_it(
        self, unit, numerator, denominator, is_masked
    ):
        value = of(numerator, denominator)
        assert disclose(value, ratio(unit=unit), THRESHOLD).is_masked == is_masked

    def test_a_ratio_without_its_terms_has_no_count(self):
        assert disclose(count(3), ratio(unit="%"), THRESHOLD).words == "3,00\u202f%"

    def test_the_difference_of_two_numbers_that_are_no_ratio_is_none(self):
        value = of(46, 50)
        assert disclose(value, definition_with(unit="%"), THRESHOLD).is_number

    def test_only_what_is_confidential(self):
        assert disclose(count(3), definition_with(is_confidential=False), THRESHOLD).text == "3,00"

    def test_only_by_who_masks(self):
        assert disclose(count(3), definition_with(), Organisation()).text == "3,00"

    @pytest.mark.parametrize("told", [True, False])
    def test_what_is_masked_says_no_more_than_how_sure_it_is(self, told):
        value = count(3, provisional=told, reason="Trois foyers.")
        shown = disclose(value, definition_with(), THRESHOLD)
        assert shown == DisclosedFigure(MASKED, is_provisional=told)
        assert (shown.number, shown.text, shown.reason) == (None, "", "")
        value.state = "submitted"
        assert not disclose(value, definition_with(), THRESHOLD).is_verified


class TestRounding:
    @pytest.mark.parametrize(
        ("base", "number", "shown"),
        [(5, 12, 10), (5, 13, 15), (10, 14, 10), (10, 15, 20), (10, 25, 30), (10, -15, -20),
         (2, 1, 2), (5, 2, 0), (100, 149, 100), (100, 150, 200)],
    )  # fmt: skip
    def test_a_count(self, base, number, shown):
        figure = disclose(count(number), definition_with(), Organisation(rounding_base=base))
        assert (figure.kind, figure.number, figure.is_rounded) == (NUMBER, Decimal(shown), True)

    @pytest.mark.parametrize(
        ("base", "numerator", "denominator", "factor", "shown"),
        [
            (5, 12, 33, 100, "28,57"),  # 10 of 35
            (5, 13, 32, 100, "50,00"),  # 15 of 30
            (5, 12, 33, 1000, "285,71"),
            (5, 1, 2, 100, "0,00"),  # 0 of 5, the least that is told
            (5, 30, 2, 100, "600,00"),  # 30 for 5
            (10, 25, 45, 1, "0,60"),  # 30 of 50: halves go up, even ones too
            (10, 40, 40, 100, "100,00"),
            (2, 3, 7, 100, "50,00"),  # 4 of 8
        ],
    )
    def test_a_ratio_is_that_of_its_rounded_terms(
        self, base, numerator, denominator, factor, shown
    ):
        rule = Organisation(rounding_base=base)
        figure = disclose(of(numerator, denominator), ratio(factor=factor), rule)
        assert (figure.text, figure.is_rounded) == (shown, True)
        assert figure.number == Decimal(shown.replace(",", "."))

    def test_a_ratio_without_its_terms_is_rounded_itself(self):
        assert disclose(count(33), ratio(), Organisation(rounding_base=5)).text == "35,00"

    def test_the_terms_of_what_is_no_ratio_are_not_divided(self):
        value = of(12, 33)
        value.number = Decimal(41)
        assert disclose(value, definition_with(), Organisation(rounding_base=5)).text == "40,00"

    def test_only_what_is_confidential(self):
        definition = definition_with(is_confidential=False)
        figure = disclose(count(12), definition, Organisation(rounding_base=5))
        assert (figure.text, figure.is_rounded) == ("12,00", False)

    def test_what_is_shown_says_how_sure_it_is(self):
        figure = disclose(count(12, provisional=True), definition_with(), Organisation())
        assert (figure.is_provisional, figure.is_verified) == (True, True)
        value = count(12)
        value.state = "submitted"
        figure = disclose(value, definition_with(), Organisation())
        assert (figure.is_provisional, figure.is_verified) == (False, False)


class TestAbsence:
    def test_nothing_given_yet(self):
        for value in (None, Value(state="draft", number=Decimal(50))):
            assert disclose(value, definition_with(), Organisation()) is NOTHING
        assert (NOTHING.kind, NOTHING.is_missing) == (MISSING, True)
        assert {NOTHING.is_number, NOTHING.is_masked} == {False}
        assert {NOTHING.is_provisional, NOTHING.is_rounded} == {False}

    def test_each_has_its_words_and_its_sign(self):
        shown = disclose(count(3), definition_with(), THRESHOLD)
        assert (shown.words, shown.short) == ("secret", "secret")
        assert (NOTHING.words, NOTHING.short) == ("manquant", "manque")
        shown = disclose(count(7), definition_with(), THRESHOLD)
        assert (shown.words, shown.short) == ("7,00", "7,00")

    @pytest.mark.parametrize(
        ("absence", "words", "sign"),
        [("not_available", "non disponible", "n.d."), ("not_applicable", "sans objet", "s.o.")],
    )
    def test_a_stated_one_has_its_own(self, absence, words, sign):
        shown = disclose(Value(state="verified", absence=absence), definition_with(), THRESHOLD)
        assert (shown.words, shown.short) == (words, sign)

    def test_a_stated_one_gives_its_reason(self):
        value = Value(state="submitted", absence="not_available", reason="Fermé en 2023.")
        shown = disclose(value, definition_with(), Organisation())
        assert shown == DisclosedFigure("not_available", reason="Fermé en 2023.", is_verified=False)
        assert {shown.is_number, shown.is_masked, shown.is_missing} == {False}


def told_beside(figure: DisclosedFigure) -> tuple[str, str, str]:
    return figure.comment, figure.reason, figure.source


FROZEN = {"is_rule_frozen": True, "campaign": Campaign(state="closed")}


class TestTextsBeside:
    """Rounded or not, masked or not: 44 of today says « deux de plus » than what is masked."""

    @pytest.mark.parametrize(
        "rule",
        [THRESHOLD, Organisation(rounding_base=5),
         CampaignIndicator(masking_threshold=5, provider=Organisation(), **FROZEN),
         CampaignIndicator(provider=THRESHOLD, **FROZEN)],
        ids=["masks", "rounds", "masked when closed", "masks since"],
    )  # fmt: skip
    @pytest.mark.parametrize("number", [3, 44])
    def test_of_what_a_rule_protects_they_are_reserved_and_that_is_told(self, rule, number):
        value = count(number, comment="Exactement 44, deux de plus", source="44 dossiers")
        shown = disclose(value, definition_with(), getattr(rule, "rule", rule))
        reserved = "réservé à l’organisme qui fournit la donnée"
        assert told_beside(shown) == (f"commentaire {reserved}", "", "")
        absent = Value(state="verified", absence="not_available", reason="Moins de 3", comment="2")
        shown = disclose(absent, definition_with(), rule)
        assert told_beside(shown) == (f"commentaire {reserved}", f"motif {reserved}", "")

    @pytest.mark.parametrize(
        ("is_confidential", "rule"), [(True, Organisation()), (False, THRESHOLD)]
    )
    def test_of_others_they_are_read_by_all(self, is_confidential, rule):
        definition = definition_with(is_confidential=is_confidential)
        shown = disclose(count(44, comment="Deux de plus", source="Bilan"), definition, rule)
        assert told_beside(shown) == ("Deux de plus", "", "Bilan")

    def test_where_there_is_none_nothing_is_said(self):
        assert told_beside(disclose(count(44), definition_with(), THRESHOLD)) == ("", "", "")


@pytest.mark.parametrize(
    ("is_confidential", "rule", "expected"),
    [(True, Organisation(), False), (True, THRESHOLD, True),
     (True, Organisation(rounding_base=5), True), (False, THRESHOLD, False)],
    ids=["no rule", "masks", "rounds", "open"],
)  # fmt: skip
def test_what_a_rule_protects(is_confidential, rule, expected):
    assert is_protected(definition_with(is_confidential=is_confidential), rule) == expected


# Not of the target: 441 places of 448 may be 81 % of the way from 411.
WAY = "\u202f% du chemin depuis 2019"


class TestAttainment:
    def test_a_loss_to_be_limited_is_limited_or_not(self):
        told = [attainment(Decimal(n), Decimal(100), Decimal(80), "up").words for n in (80, 79)]
        assert told == ["atteinte", "non tenue"]

    @pytest.mark.parametrize(
        ("share", "percent", "words"),
        [("-0.2", 0, f"0{WAY}"), ("0", 0, f"0{WAY}"), ("0.005", 1, f"1{WAY}"),
         ("0.025", 3, f"3{WAY}"), ("0.994", 99, f"99{WAY}"), ("0.9999", 99, f"99{WAY}"),
         ("1", 100, "atteinte"), ("1.7", 100, "atteinte")],
    )  # fmt: skip
    def test_how_a_share_is_told(self, share, percent, words):
        found = Attainment(Decimal(share), since=2019)
        assert (found.percent, found.words) == (percent, words)
        assert found.is_reached == (Decimal(share) >= 1)
        assert found.is_regression == (Decimal(share) < 0)

    @pytest.mark.parametrize(
        ("value", "baseline", "target", "way", "share"),
        [(15, 10, 20, "up", "0.5"), (8, 10, 20, "up", "-0.2"), (25, 10, 20, "up", "1.5"),
         (15, 20, 10, "down", "0.5"), (25, 20, 10, "down", "-0.5"), (10, 10, 20, "up", "0"),
         (10, 10, 10, "up", "1"), (9, 10, 10, "up", "0"), (11, 10, 10, "down", "0"),
         (80, 100, 80, "up", "1"), (79, 100, 80, "up", "0"), (80, 60, 80, "down", "1"),
         (81, 60, 80, "down", "0")],
    )  # fmt: skip
    def test_the_way_gone(self, value, baseline, target, way, share):
        numbers = [Decimal(n) for n in (value, baseline, target)]
        assert attainment(*numbers, way).share == Decimal(share)

    def test_undefined(self):
        known = [Decimal(1), Decimal(2), Decimal(3)]
        for missing in range(3):
            numbers = [None if n == missing else known[n] for n in range(3)]
            assert attainment(*numbers, "up") is None
        assert attainment(*known, "neutral") is None


@pytest.mark.parametrize(
    ("value", "before", "way", "expected"),
    [(2, 1, "up", Movement.PROGRESS), (1, 2, "up", Movement.SETBACK),
     (2, 1, "down", Movement.SETBACK), (1, 2, "down", Movement.PROGRESS),
     (2, 2, "up", Movement.STABLE), (2, 2, "down", Movement.STABLE),
     (2, 1, "neutral", Movement.CONTEXT), (2, 2, "neutral", Movement.CONTEXT)],
)  # fmt: skip
def test_movement(value, before, way, expected):
    assert movement(Decimal(value), Decimal(before), way) == expected


@pytest.mark.parametrize(
    ("value", "before", "expected"),
    [(15, 10, 50), (5, 10, -50), (5, -10, 150), (-15, -10, -50), (0, 10, -100), (10, 10, 0),
     (5, 0, None), (None, 10, None), (5, None, None)],
)  # fmt: skip
def test_variation(value, before, expected):
    told = [None if n is None else Decimal(n) for n in (value, before)]
    assert variation(*told) == expected
