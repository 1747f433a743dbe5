"""Whether figures may be below zero: chosen with the definition, and read from earlier texts."""

from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps

from indicators.definitions.faults import incoherent
from indicators.definitions.steps import with_negatives
from indicators.models import Indicator, Target
from tests.committee.pages import page_of
from tests.indicators.factories import campaign_of, indicator_in_force, value_of

BEFORE = {"unit": "places", "calculation": "direct", "baseline_value": None, "minimum": None,
          "maximum": None, "targets": []}  # fmt: skip


@pytest.mark.parametrize(
    ("held", "is_taken"),
    [
        ({}, False),
        ({"unit": "%", "calculation": "ratio"}, False),
        ({"unit": "%"}, True),
        ({"unit": "€ par habitant"}, True),
        ({"minimum": "0"}, False),
        ({"minimum": "-500"}, True),
        ({"maximum": "-1"}, True),
        ({"baseline_value": "-3"}, True),
        ({"targets": [{"year": None, "value": "-3"}]}, True),
    ],
)
def test_an_older_text_that_let_figures_be_negative_still_does(held, is_taken):
    assert with_negatives(BEFORE | held)["allows_negative"] is is_taken


@pytest.mark.django_db
def test_rows_say_after_the_upgrade_what_their_texts_say(committee):
    rows = [
        indicator_in_force(committee, title=title, baseline_value=None, targets=[], **values)
        for title, values in [
            ("Places", {"unit": "places"}), ("Montant", {"unit": "€"}),
            ("Solde", {"unit": "habitants"}),
        ]
    ]  # fmt: skip
    Target.objects.create(indicator=rows[2], value=Decimal(-5))
    import_module("indicators.migrations.0025_figures_below_zero").mark_negatives(apps, None)
    assert [Indicator.objects.get(pk=row.pk).allows_negative for row in rows] == [False, True, True]


@pytest.mark.django_db
def test_a_figure_below_zero_of_before_is_kept_and_read(client, committee):
    indicator = indicator_in_force(committee, unit="places")
    value = value_of(campaign_of(committee, 2023, [indicator], state="closed"), indicator, -7)
    client.force_login(committee.coordinator)
    assert "−7" in page_of(client.get(indicator.get_absolute_url()))
    value.refresh_from_db()
    assert value.number == -7


@pytest.mark.parametrize("name", ["baseline_value", "minimum", "maximum", "targets"])
def test_a_definition_that_is_not_signed_names_nothing_below_zero(name):
    below_zero = [{"year": None, "value": "-3"}] if name == "targets" else "-3"
    whole = {"aggregation": "none", "grain": "territory", "parts": [], "factor": 1, "decimals": 0,
             "baseline_year": 2019}  # fmt: skip
    content = BEFORE | whole | {name: below_zero}
    [(field, reason)] = incoherent(content | {"allows_negative": False})
    assert field == name
    assert "négatif. Seul peut l’être" in reason
    assert list(incoherent(content | {"allows_negative": True})) == []
