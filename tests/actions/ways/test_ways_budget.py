"""The money of the plan, against sums made by hand; what is not told is no zero."""

import re
from decimal import Decimal

import pytest

from actions.models import Funding
from actions.ways.budget import Sums, format_short_euros
from tests import factories as f
from tests.actions.factories import action_in_force, draft_action, funding, proposed_action, spent
from tests.actions.ways.scene import (
    action_row,
    heading_of,
    plain,
    reading,  # noqa: F401  (fixtures)
    ways_url,
)
from tests.agreements.factories import committee_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


def tables(html: str) -> dict[str, list[str]]:
    """The rows of each table as text, by the beginning of its caption."""
    result = {}
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        caption = plain(re.search(r"<caption[^>]*>(.*?)</caption>", table)[1])
        rows = table.partition("</thead>")[2].split("<tr")[1:]
        result[caption] = [plain(re.sub(r"<[^>]+>|^[^>]*>", " ", row)).strip() for row in rows]
    return result


def sums_by(html: str, what: str) -> list[str]:
    return tables(html)[f"Prévu, accordé et dépensé par {what}"]


def funders(html: str) -> list[str]:
    return tables(html)["Montants par financeur et par année, en euros"]


@told_once
def funded(committee):
    """Two actions, of two axes:

    ==========  ====  ==============  ========  ========  ========
    funder      year  nature          planned   granted   spent
    ==========  ====  ==============  ========  ========  ========
    CAF 99      2021  fonctionnement  12 000    10 000    9 999,50
    CAF 99      2022  investissement  30 000    30 000    not told
    Région      2021  fonctionnement   8 000    0         not told
    CAF 99      2021  investissement   1 000    not told  1 500
    ==========  ====  ==============  ========  ========  ========
    """
    number = committee.orientation.theme.axis.number + 1
    other = f.ThemeFactory(axis__convention=committee.convention, axis__number=number)
    caf = committee.caf
    first = action_row(committee, "Un", fundings=[
        (caf, 2021, 12000, 10000, "9999.50"), ("Région", 2021, 8000, 0, None),
    ])  # fmt: skip
    second = action_row(committee, "Deux", theme=other, priority="high")
    for line in [(2022, 30000, 30000, None), (2021, 1000, None, 1500)]:
        year, *amounts = line
        Funding.objects.create(
            action=second, funder=caf, year=year, nature="investment",
            **dict(zip(("planned", "granted", "spent"), amounts, strict=True)),
        )  # fmt: skip
    return first, second


# Sums by hand ------------------------------------------------------------------------------------


def test_the_title_tells_planned_and_spent(funded, get):
    text = get("budget/")
    # 12 000 + 8 000 + 30 000 + 1 000 ; 9 999,50 + 1 500 ; 11 499,50 / 13 000 = 88,5 %
    assert heading_of(get.html) == "51 000 € prévus, 11 500 € de dépenses connues"
    share = "88 % du prévu : 11 500 € sur 13 000 €, pour 2 lignes sur 4."
    assert share in text
    assert "2 lignes n’ont pas encore de dépense renseignée : ce ne sont pas des zéros." in text


def test_the_table_by_year_sums_each_year(funded, get):
    get("budget/")
    assert sums_by(get.html, "année") == [
        "2021 21 000 € 10 000 € ◐ incomplet 11 499,50 € ◐ incomplet "
        "88 % 11 500 € sur 13 000 €, 2 lignes sur 3",
        "2022 30 000 € 30 000 € ○ non renseigné ○ non renseignée",
        "Ensemble 51 000 € 40 000 € ◐ incomplet 11 499,50 € ◐ incomplet "
        "88 % 11 500 € sur 13 000 €, 2 lignes sur 4",
    ]


def test_the_tables_by_axis_and_nature_sum_each(committee, funded, get):
    get("budget/")
    first, second, whole = sums_by(get.html, "partie de la convention")
    axis = committee.orientation.theme.axis
    running = "20 000 € 10 000 € 9 999,50 € ◐ incomplet 83 % 10 000 € sur 12 000 €, 1 ligne sur 2"
    investment = (
        "31 000 € 30 000 € ◐ incomplet 1 500 € ◐ incomplet 150 % 1 500 € sur 1 000 €, 1 ligne sur 2"
    )
    assert first.startswith(f"{axis.number}. {axis.title}")
    assert first.endswith(running)
    assert second.endswith(investment)
    assert whole == sums_by(get.html, "année")[-1]
    by_nature = sums_by(get.html, "nature")
    assert by_nature == [f"Fonctionnement {running}", f"Investissement {investment}", whole]


def test_the_table_of_funders_sums_each_year(funded, get):
    get("budget/")
    assert funders(get.html) == [
        "CAF 99",
        "Prévu 13 000 30 000 43 000",
        "Accordé 10 000 ◐ incomplet 30 000 40 000 ◐ incomplet",
        "Dépensé 11 499,50 ○ non renseigné 11 499,50 ◐ incomplet",
        "Région",
        "Prévu 8 000 aucune ligne 8 000",
        "Accordé 0 aucune ligne 0",
        "Dépensé ○ non renseigné aucune ligne ○ non renseigné",
        "Ensemble",
        "Prévu 21 000 30 000 51 000",
        "Accordé 10 000 ◐ incomplet 30 000 40 000 ◐ incomplet",
        "Dépensé 11 499,50 ◐ incomplet ○ non renseigné 11 499,50 ◐ incomplet",
    ]


def test_the_budget_sums_the_actions_that_the_address_asks_for(funded, get):
    text = get("budget/?priorite=haute")
    assert heading_of(get.html) == "31 000 € prévus, 1 500 € de dépenses connues"
    assert "qui répondent à votre recherche" in text
    assert "Région" not in text
    assert len(sums_by(get.html, "nature")) == 1  # one nature alone has no total beneath it


def test_cents_do_not_drift(committee, get):
    lines = [("Région", 2021, "0.10", "0.10", "0.10")] * 1
    lines += [(f"Financeur {n}", 2021, "0.10", "0.20", "0.30") for n in range(9)]
    action_row(committee, "Un", fundings=lines)
    get("budget/")
    assert sums_by(get.html, "année") == ["2021 1 € 1,90 € 2,80 € 280 %"]


# What counts -------------------------------------------------------------------------------------


def test_what_is_only_proposed_is_said_apart(committee, get):
    lines = [funding(committee.caf, 2025, planned="700"), funding("Région", 2026, planned="50.50")]
    proposed_action(committee, fundings=lines)
    proposed_action(committee, fundings=[funding("Région", 2026, planned="9")])
    proposed_action(committee, fundings=[])
    draft_action(committee, fundings=[funding("Région", 2026, planned="1000000")])
    text = get("budget/")
    assert heading_of(get.html) == "Aucune action n’est encore en vigueur"
    assert "2 actions proposées prévoient 759,50 €, qui ne sont pas comptés" in text
    action = action_in_force(committee, fundings=[funding(committee.caf, 2025, planned="2")])
    [line] = action.fundings.all()
    spent(action, {line.pk: (None, Decimal(1))})
    get("budget/")
    assert heading_of(get.html) == "2 € prévus, 1 € dépensé"


@told_once
def ended(committee, funded):
    """Two withdrawn actions that had money, and one that had none."""
    caf = committee.caf
    for title, lines in [("Fermer", [(caf, 2021, 8000, 6000, None), (caf, 2022, 1, None, None)]),
                         ("Cesser", [("Région", 2021, None, 0, "2500.50")]),
                         ("Renoncer", [(caf, 2021, 500, None, None)])]:  # fmt: skip
        high = {"priority": "high"} if title == "Fermer" else {}
        action_row(committee, title, standing="withdrawn", fundings=lines, **high)


def test_the_money_of_withdrawn_actions_does_not_vanish(ended, get):
    text = get("budget/")
    assert heading_of(get.html) == "51 000 € prévus, 11 500 € de dépenses connues"
    assert "2 actions retirées : 6 000 € accordés et 2 500,50 € dépensés, qui ne sont plus" in text
    text = get("budget/?priorite=haute")
    assert "1 action retirée : 6 000 € accordés, qui ne sont plus comptés." in text
    assert 'href="?priorite=haute&amp;accord=retiree"' in get.html
    assert "retirée :" not in get("budget/?priorite=basse")
    assert "retirées :" not in get("budget/?accord=en-vigueur")


def test_the_money_of_withdrawn_actions_may_be_asked_for(ended, get):
    text = get("budget/?accord=retiree")
    expected = (
        "3 actions retirées : 6 000 € accordés et 2 500,50 € dépensés, qui ne sont plus comptés"
    )
    assert heading_of(get.html) == expected
    assert text.count("qui ne sont plus comptés") == 2  # in the tab of the browser too
    assert sums_by(get.html, "année")[0] == (
        "2021 8 500 € 6 000 € ◐ incomplet 2 500,50 € ◐ incomplet ○ non renseignée"
    )
    assert "Les sommes portent sur les actions retirées qui répondent" in text
    get("budget/?accord=retiree&mots=renoncer")
    assert heading_of(get.html) == "1 action retirée, sans argent accordé ni dépensé"
    get("budget/?accord=retiree&mots=introuvable")
    assert heading_of(get.html) == "Aucune action ne répond à votre recherche"


def test_a_plan_without_money_says_so(committee, get):
    action_row(committee, "Un")
    get("budget/")
    assert heading_of(get.html) == "Aucun financement n’est prévu"
    assert "<table" not in get.html


def test_a_plan_without_known_spending_says_so(committee, get):
    action_row(committee, "Un", fundings=[("Région", 2021, 500, None, None)])
    text = get("budget/")
    assert heading_of(get.html) == "500 € prévus, dépenses non renseignées"
    assert "1 ligne n’a pas encore de dépense renseignée" in text
    assert sums_by(get.html, "année") == [
        "2021 500 € ○ non renseigné ○ non renseigné ○ non renseignée"
    ]
    assert "○ non renseigné : aucune ligne" in text


def test_a_line_that_is_not_planned_is_no_zero(committee, get):
    action_row(committee, "Un", fundings=[("Région", 2021, None, 300, 200)])
    get("budget/")
    assert heading_of(get.html) == "0 € prévu, 200 € dépensés"
    assert sums_by(get.html, "année") == ["2021 ∅ non prévu 300 € 200 € sans objet"]
    assert funders(get.html)[1] == "Prévu ∅ non prévu ∅ non prévu"


def test_a_funder_typed_twice_by_one_name_is_one_funder(committee, get):
    action_row(committee, "Un", fundings=[("Région Nouvelle-Aquitaine", 2021, 1, 1, 1)])
    action_row(committee, "Deux", fundings=[("région nouvelle aquitaine", 2022, 2, 2, 2)])
    action_row(committee, "Trois", fundings=[("CAF 99", 2022, 3, 3, 3)])
    action_row(committee, "Quatre", fundings=[(committee.caf, 2022, 4, 4, 4)])
    get("budget/")
    names = [row for row in funders(get.html) if not re.search(r"Prévu|Accordé|Dépensé", row)]
    assert names == ["CAF 99", "Région Nouvelle-Aquitaine", "Ensemble"]
    assert funders(get.html)[5] == "Prévu 1 2 3"


def test_the_budget_has_the_words_of_the_territory(client):
    committee = committee_of(labels={"axe": "Volet"})
    theme = f.ThemeFactory(axis__convention=committee.convention, untitled=True)
    lines = [("CCAS d’Exemple", 1990, 1, 1, 1), ("CCAS d’Exemple", 2100, 1, 1, 1)]
    action_row(committee, "Un", theme=theme, fundings=lines)
    client.force_login(committee.coordinator)
    html = client.get(ways_url(committee, "budget/")).content.decode()
    assert "<h2>Par volet</h2>" in html
    assert [row[:4] for row in sums_by(html, "année")] == ["1990", "2100", "Ense"]
    assert funders(html)[0] == "CCAS d’Exemple"


# The pieces --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "expected"), [
    ("0", "0 €"), ("1.4", "1 €"), ("839999.60", "840 000 €"), ("999999", "999 999 €"),
    ("1000000", "1 M€"), ("1249999", "1,2 M€"), ("12000000", "12 M€"),
])  # fmt: skip
def test_amounts_of_titles_are_short(amount, expected):
    assert plain(format_short_euros(Decimal(amount))) == expected


def line(planned=None, granted=None, spent=None) -> Funding:
    return Funding(planned=planned, granted=granted, spent=spent)


def test_sums_know_what_they_lack():
    sums = Sums.of([line(Decimal(10), None, Decimal(0)), line(None, Decimal(5), None)])
    assert (sums.planned.total, sums.planned.unknown) == (10, 0)
    assert (sums.granted.total, sums.granted.known, sums.granted.unknown) == (5, 1, 1)
