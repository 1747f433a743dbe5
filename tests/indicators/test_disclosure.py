"""Secrecy, rounding, attainment: what each comes to, by hand."""

from decimal import Decimal

import pytest
from django.utils import timezone

from agreements.commitments.canonical import canonical
from agreements.models import Version
from conventions.models import Organisation
from indicators.definitions.definition import Definition
from indicators.disclosure import (
    MASKED,
    MISSING,
    NOTHING,
    NUMBER,
    DisclosedFigure,
    disclose,
    is_lifted,
    is_protected,
    is_under_stated_rule,
)
from indicators.disclosure.families import Links, Tables, Total, mask_tables
from indicators.disclosure.masking import Perimeter
from indicators.figures.campaigns import EffectiveRule
from indicators.models import Campaign, CampaignIndicator, Disclosure, Value
from indicators.series.attainment import Attainment, Movement, attainment, movement, variation

NOW = timezone.now()


def definition_with(**content) -> Definition:
    content = {"is_confidential": True, "calculation": "direct", "decimals": 2, "unit": "foyers",
               "factor": 100} | content  # fmt: skip
    return Definition(content)


def ratio(**content) -> Definition:
    return definition_with(calculation="ratio", **content)


def count(number, **values) -> Value:
    return Value(state="verified", number=Decimal(number), **values)


THRESHOLD = Organisation(masking_threshold=5)
NO_RULE = Organisation(opts_out_of_secrecy=True)
# States none: fewer than five is secret.
BY_DEFAULT = Organisation()


def rule_with(rule: Organisation, **disclosure) -> EffectiveRule:
    """A rule under which a figure of the whole territory was disclosed so, or not yet."""
    entry = CampaignIndicator(provider=rule)
    if disclosure:
        row = Disclosure(disclosed_at=NOW, **disclosure)
        row.campaign_indicator = entry
        entry.disclosure = row
    return EffectiveRule(rule, entry)


class TestMasking:
    @pytest.mark.parametrize(
        ("number", "is_masked"), [(0, False), (1, True), (4, True), (5, False), (6, False)]
    )
    def test_a_count_from_one_up_to_the_threshold_is_masked(self, number, is_masked):
        reasons = mask_tables(Tables({"n": {"whole": number}}, 5), Perimeter(["whole"]))
        assert bool(reasons["n"]) == is_masked

    @pytest.mark.parametrize(
        ("numerator", "denominator", "is_masked"),
        [(4, 50, True), (5, 50, False), (0, 50, False), (46, 50, True), (45, 50, False),
         (50, 50, False), (0, 4, True), (4, 4, True)],
    )  # fmt: skip
    def test_a_ratio_is_masked_where_a_term_or_the_rest_is_small(
        self, numerator, denominator, is_masked
    ):
        counts = {"n": {"whole": numerator}, "d": {"whole": denominator}}
        links = Links([Total("d", frozenset("n"))])
        reasons = mask_tables(Tables(counts, 5, links), Perimeter(["whole"]))
        assert bool(reasons["n"]) == is_masked

    def test_a_figure_that_is_not_confidential_is_not_masked(self):
        definition = definition_with(is_confidential=False)
        assert disclose(count(3), definition, rule_with(THRESHOLD)).text == "3,00"

    def test_a_figure_whose_provider_has_no_rule_is_not_masked(self):
        assert disclose(count(3), definition_with(), rule_with(NO_RULE)).text == "3,00"

    @pytest.mark.parametrize("rule", [THRESHOLD, BY_DEFAULT], ids=["stated", "by default"])
    def test_an_undisclosed_figure_is_pending(self, rule):
        figure = disclose(count(30), definition_with(), rule_with(rule))
        assert (figure.words, figure.number, figure.is_pending) == ("en attente", None, True)

    def test_a_disclosed_number_is_shown_whatever_is_given_since(self):
        rule = rule_with(THRESHOLD, shown={"": ["30"]})
        assert disclose(count(3), definition_with(), rule).text == "30,00"

    def test_a_masked_figure_stays_masked_whatever_rule_applies_since(self):
        rule = rule_with(NO_RULE, reasons={"": "primary"})
        assert disclose(count(30), definition_with(), rule).words == "secret"

    @pytest.mark.parametrize("is_provisional", [True, False])
    def test_a_masked_figure_shows_only_whether_it_is_provisional(self, is_provisional):
        value = count(3, provisional=is_provisional, reason="Trois foyers.")
        rule = rule_with(THRESHOLD, reasons={"": "primary"})
        shown = disclose(value, definition_with(), rule)
        assert shown == DisclosedFigure(MASKED, is_provisional=is_provisional)
        assert (shown.number, shown.text, shown.reason) == (None, "", "")
        value.state = "submitted"
        assert not disclose(value, definition_with(), rule).is_verified


class TestRounding:
    def test_a_count_is_rounded_to_its_multiple(self):
        rule = rule_with(Organisation(rounding_base=5), shown={"": ["10"]}, base=5)
        figure = disclose(count(12), definition_with(), rule)
        assert (figure.kind, figure.number, figure.is_rounded) == (NUMBER, Decimal(10), True)

    @pytest.mark.parametrize(
        ("terms", "factor", "shown"),
        [(["10", "35"], 100, "28,57"), (["10", "35"], 1000, "285,71"), (["0", "0"], 100, "0,00")],
    )
    def test_a_ratio_is_that_of_its_rounded_terms(self, terms, factor, shown):
        """A ratio of none among none is told as zero."""
        rule = rule_with(Organisation(rounding_base=5), shown={"": terms}, base=5)
        value = count(36, numerator=Decimal(12), denominator=Decimal(33))
        figure = disclose(value, ratio(factor=factor), rule)
        assert (figure.text, figure.is_rounded) == (shown, True)

    def test_a_shown_figure_says_whether_it_is_provisional_and_verified(self):
        figure = disclose(count(12, provisional=True), definition_with(), NO_RULE)
        assert (figure.is_provisional, figure.is_verified) == (True, True)
        value = count(12)
        value.state = "submitted"
        figure = disclose(value, definition_with(), NO_RULE)
        assert (figure.is_provisional, figure.is_verified) == (False, False)


class TestAbsence:
    def test_a_value_that_is_not_given_is_missing(self):
        for value in (None, Value(state="draft", number=Decimal(50))):
            assert disclose(value, definition_with(), NO_RULE) is NOTHING
        assert (NOTHING.kind, NOTHING.is_missing) == (MISSING, True)
        assert {NOTHING.is_number, NOTHING.is_masked} == {False}
        assert {NOTHING.is_provisional, NOTHING.is_rounded} == {False}

    def test_each_kind_of_figure_has_its_words_and_its_sign(self):
        masked = rule_with(THRESHOLD, reasons={"": "primary"})
        shown = disclose(count(3), definition_with(), masked)
        assert (shown.words, shown.short) == ("secret", "secret")
        assert (NOTHING.words, NOTHING.short) == ("manquant", "manque")
        shown = disclose(count(7), definition_with(), rule_with(NO_RULE))
        assert (shown.words, shown.short) == ("7,00", "7,00")

    @pytest.mark.parametrize(
        ("absence", "words", "sign"),
        [("not_available", "non disponible", "n.d."), ("not_applicable", "sans objet", "s.o.")],
    )
    def test_a_stated_absence_has_its_own_words_and_sign(self, absence, words, sign):
        absent = Value(state="verified", absence=absence)
        shown = disclose(absent, definition_with(), rule_with(THRESHOLD))
        assert (shown.words, shown.short) == (words, sign)

    def test_a_stated_absence_gives_its_reason(self):
        value = Value(state="submitted", absence="not_available", reason="Fermé en 2023.")
        shown = disclose(value, definition_with(), NO_RULE)
        assert shown == DisclosedFigure("not_available", reason="Fermé en 2023.", is_verified=False)
        assert {shown.is_number, shown.is_masked, shown.is_missing} == {False}


def told_beside(figure: DisclosedFigure) -> tuple[str, str, str]:
    return figure.comment, figure.reason, figure.source


FROZEN = {"is_rule_frozen": True, "campaign": Campaign(state="closed")}


class TestTextsBeside:
    """Rounded or not, masked or not: 44 of today says « deux de plus » than what is masked."""

    @pytest.mark.parametrize(
        "rule",
        [rule_with(THRESHOLD), rule_with(BY_DEFAULT), rule_with(Organisation(rounding_base=5)),
         CampaignIndicator(masking_threshold=5, provider=NO_RULE, **FROZEN).rule,
         CampaignIndicator(provider=THRESHOLD, **FROZEN).rule],
        ids=["masks", "by default", "rounds", "masked when closed", "masks since"],
    )  # fmt: skip
    @pytest.mark.parametrize("number", [3, 44])
    def test_texts_of_a_protected_figure_are_replaced_by_a_reserved_mention(self, rule, number):
        value = count(number, comment="Exactement 44, deux de plus", source="44 dossiers")
        shown = disclose(value, definition_with(), rule)
        reserved = "réservé à l’organisme qui fournit la donnée"
        assert (shown.comment, shown.source) == (f"commentaire {reserved}", "")
        absent = Value(state="verified", absence="not_available", reason="Moins de 3", comment="2")
        shown = disclose(absent, definition_with(), rule)
        assert told_beside(shown) == (f"commentaire {reserved}", f"motif {reserved}", "")

    @pytest.mark.parametrize(("is_confidential", "rule"), [(True, NO_RULE), (False, THRESHOLD)])
    def test_texts_beside_other_figures_are_read_by_all(self, is_confidential, rule):
        definition = definition_with(is_confidential=is_confidential)
        shown = disclose(count(44, comment="Deux de plus", source="Bilan"), definition, rule)
        assert told_beside(shown) == ("Deux de plus", "", "Bilan")

    def test_a_figure_without_texts_says_nothing_of_them(self):
        rule = rule_with(THRESHOLD, shown={"": ["44"]})
        assert told_beside(disclose(count(44), definition_with(), rule)) == ("", "", "")


@pytest.mark.parametrize(
    ("is_confidential", "rule", "protects", "guards"),
    [(True, NO_RULE, False, False), (True, BY_DEFAULT, True, False), (True, THRESHOLD, True, True),
     (True, Organisation(rounding_base=5), True, True), (False, THRESHOLD, False, False)],
    ids=["opted out", "none stated", "masks", "rounds", "open"],
)  # fmt: skip
def test_a_definition_and_its_rule_decide_protection_and_who_may_enter(
    is_confidential, rule, protects, guards
):
    definition = definition_with(is_confidential=is_confidential)
    assert is_protected(definition, rule) == protects
    assert is_under_stated_rule(definition, rule) == guards


@pytest.mark.parametrize(
    ("then", "now", "is_less"),
    [(THRESHOLD, BY_DEFAULT, True), (BY_DEFAULT, NO_RULE, True), (BY_DEFAULT, THRESHOLD, False),
     (NO_RULE, BY_DEFAULT, False)],
)  # fmt: skip
def test_a_rule_that_became_laxer_since_a_year_closed_is_lifted(then, now, is_less):
    version = Version(text=canonical({"is_confidential": True}), kind="indicator", schema=5)
    earlier, entry = (CampaignIndicator(provider=rule, version=version, campaign=Campaign())
                      for rule in (then, now))  # fmt: skip
    assert is_lifted(earlier, entry) == is_less


# Not of the target: 441 places of 448 may be 81 % of the way from 411.
WAY = "\u202f% du chemin depuis 2019"


class TestAttainment:
    def test_a_loss_to_be_limited_is_limited_or_not(self):
        words = [attainment(Decimal(n), Decimal(100), Decimal(80), "up").words for n in (80, 79)]
        assert words == ["atteinte", "non tenue"]

    @pytest.mark.parametrize(
        ("share", "percent", "words"),
        [("-0.2", 0, f"0{WAY}"), ("0", 0, f"0{WAY}"), ("0.005", 1, f"1{WAY}"),
         ("0.025", 3, f"3{WAY}"), ("0.994", 99, f"99{WAY}"), ("0.9999", 99, f"99{WAY}"),
         ("1", 100, "atteinte"), ("1.7", 100, "atteinte")],
    )  # fmt: skip
    def test_a_share_is_written_in_percent_or_as_reached(self, share, percent, words):
        attained = Attainment(Decimal(share), since=2019)
        assert (attained.percent, attained.words) == (percent, words)
        assert attained.is_reached == (Decimal(share) >= 1)
        assert attained.is_regression == (Decimal(share) < 0)

    @pytest.mark.parametrize(
        ("value", "baseline", "target", "way", "share"),
        [(15, 10, 20, "up", "0.5"), (8, 10, 20, "up", "-0.2"), (25, 10, 20, "up", "1.5"),
         (15, 20, 10, "down", "0.5"), (25, 20, 10, "down", "-0.5"), (10, 10, 20, "up", "0"),
         (10, 10, 10, "up", "1"), (9, 10, 10, "up", "0"), (11, 10, 10, "down", "0"),
         (80, 100, 80, "up", "1"), (79, 100, 80, "up", "0"), (80, 60, 80, "down", "1"),
         (81, 60, 80, "down", "0")],
    )  # fmt: skip
    def test_attainment_is_the_share_of_the_way_gone(self, value, baseline, target, way, share):
        numbers = [Decimal(n) for n in (value, baseline, target)]
        assert attainment(*numbers, way).share == Decimal(share)

    def test_attainment_without_a_figure_or_a_direction_is_undefined(self):
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
def test_a_movement_follows_the_direction_of_the_indicator(value, before, way, expected):
    assert movement(Decimal(value), Decimal(before), way) == expected


@pytest.mark.parametrize(
    ("value", "before", "expected"),
    [(15, 10, 50), (5, 10, -50), (5, -10, 150), (-15, -10, -50), (0, 10, -100), (10, 10, 0),
     (5, 0, None), (None, 10, None), (5, None, None)],
)  # fmt: skip
def test_a_variation_is_in_percent_of_the_figure_before(value, before, expected):
    numbers = [None if n is None else Decimal(n) for n in (value, before)]
    assert variation(*numbers) == expected
