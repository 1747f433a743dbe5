"""Plans with a sheet for each action, and with a column for each funder."""

import pytest

from tests.actions.files.coming_in.office import answers_to, content_of
from tests.actions.files.coming_in.test_office_plans import leads, money, read
from tests.indicators.values.files.office import told, wrong

pytestmark = pytest.mark.django_db

FORM = [
    ["Fiche action n° 1 : Créer un relais"],
    [],
    ["Axe", "Services aux familles"],
    ["Thématique :", "Petite enfance"],
    ["Pilote", "CCAS", "Calendrier", "2022-2023"],
    ["Partenaires", "Caf", "MSA"],
    ["Constat", "Peu de places."],
    [None, "Des familles attendent."],
    ["Description"],
    ["Ouvrir un relais itinérant."],
    ["Couleur du dossier", "bleu"],
    ["Financeurs", 2022, 2023],
    ["Caf", 12000, "15 k€"],
    ["Région", 3000],
    ["Document de travail"],
]


def test_a_sheet_for_each_action(office):
    other = [["Titre", "Ouvrir une crèche"], ["Thème : Petite enfance"], ["Porteur : MSA"],
             ["Public", "Familles"], ["Budget 2022", "env. 3 000 €"]]  # fmt: skip
    sheets = {"Garde": [["Plan d’actions"]], "FA1": FORM, "FA2": other}
    preview = read(office, sheets=sheets)
    assert list(wrong(preview)) == ["FA2!B5"]
    other[4] = ["Budget 2022", "3 000 €"]
    preview = read(office, sheets=sheets)
    assert list(wrong(preview)) == ["FA2!B5"]  # who pays is asked
    preview = read(office, sheets=sheets, **answers_to(preview, "premier pilote"))
    assert wrong(preview) == {}
    relay, nursery = content_of(preview).values()
    assert (relay["title"], nursery["title"]) == ("Créer un relais", "Ouvrir une crèche")
    assert relay["theme"]["name"] == nursery["theme"]["name"] == "Petite enfance"
    assert leads(relay) == [("CCAS", "", "")]
    assert leads(nursery) == [("MSA", "", "")]
    assert [one["name"] for one in relay["partners"]] == ["CAF 99", "MSA"]
    assert (relay["starts_on"], relay["ends_on"]) == ("2022-01-01", "2023-12-31")
    assert relay["diagnosis"] == "Peu de places.\nDes familles attendent."
    assert relay["description"] == "Ouvrir un relais itinérant."
    assert sorted(money(relay)) == [
        ("CAF 99", 2022, "12000"), ("CAF 99", 2023, "15000"), ("Région", 2022, "3000")
    ]  # fmt: skip
    assert money(nursery) == [("MSA", 2022, "3000")]
    said = told(preview)
    assert "Garde|aucun tableau reconnu" in said
    assert "FA1!A11|ligne « Couleur du dossier » non reconnue" in said
    assert "FA1!A15|« Document de travail »" in said


def test_actions_side_by_side(office):
    preview = read(
        office,
        ["Action", "Créer un relais", "Ouvrir une crèche"],
        ["Thématique", "Petite enfance"],
        ["Pilote", "CCAS", "Caf"],
        ["Public", None, "Familles"],
        then=lambda book, sheet: sheet.merge_range("B2:C2", "Petite enfance"),
    )
    assert wrong(preview) == {}
    relay, nursery = content_of(preview).values()
    assert leads(relay) == [("CCAS", "", "")]
    assert leads(nursery) == [("CAF 99", "", "")]
    assert (relay["audience"], nursery["audience"]) == ("", "Familles")
    assert nursery["theme"]["name"] == "Petite enfance"


def test_the_title_of_a_form_is_asked_where_it_is_not_plain(office):
    rows = [["Créer un relais"], ["CTG d’Exemple"], ["Thématique", "Petite enfance"],
            ["Pilote", "Caf"], ["Public", "Familles"]]  # fmt: skip
    preview = read(office, *rows)
    assert "n’a pas de titre" in wrong(preview)["Feuille!B3"]
    preview = read(office, *rows, **answers_to(preview, "Créer un relais"))
    assert list(content_of(preview)) == ["Créer un relais"]
    assert "Feuille!A2|« CTG d’Exemple »" in told(preview)


def test_two_cells_that_say_it_otherwise_and_two_amounts(office):
    rows = [["Titre", "Créer un relais"], ["Thématique", "Petite enfance"],
            ["Début", "2022", "2023"], ["Caf 2022", 3000, 4000]]  # fmt: skip
    preview = read(office, *rows)
    assert "Deux cellules" in wrong(preview)["Feuille!C3"]
    rows[2] = ["Début", "2022"]
    preview = read(office, *rows)
    [question] = preview.open_questions
    assert question.place == "Feuille!A4"
    preview = read(office, *rows, **answers_to(preview, "C4"))
    [relay] = content_of(preview).values()
    assert money(relay) == [("CAF 99", 2022, "4000")]


def test_a_column_for_each_funder(office):
    rows = [
        ["Thématique", "Action", "Caf 2022", "Part MSA 2022", "Région (€) 2022", "Budget 2022"],
        ["Petite enfance", "Une", 12000, "3 k€", None, 15000],
        ["Petite enfance", "Deux", 1000, None, "env. 500", None],
    ]
    preview = read(office, *rows)
    assert list(wrong(preview)) == ["Feuille!E3"]
    rows[2][4] = 500
    preview = read(office, *rows)
    assert wrong(preview) == {}
    one, two = content_of(preview).values()
    assert money(one) == [("CAF 99", 2022, "12000"), ("MSA", 2022, "3000")]
    assert money(two) == [("CAF 99", 2022, "1000"), ("Région", 2022, "500")]


def test_a_total_that_is_not_the_sum_of_its_funders_is_asked(office):
    rows = [["Thématique", "Action", "Caf 2022", "MSA 2022", "Budget 2022"],
            ["Petite enfance", "Une", 12000, 3000, 20000]]  # fmt: skip
    preview = read(office, *rows)
    assert "font 15 000 €, et son total 20 000 €" in wrong(preview)["Feuille!E2"]
    preview = read(office, *rows, **answers_to(preview, "seuls"))
    [one] = content_of(preview).values()
    assert money(one) == [("CAF 99", 2022, "12000"), ("MSA", 2022, "3000")]
    assert "Feuille!E2|ce total n’est pas gardé" in told(preview)


def test_funders_below_one_merged_heading(office):
    def then(book, sheet):
        sheet.merge_range("C1:G1", "Plan de financement")

    rows = [
        ["Thématique", "Action", "Plan de financement"],
        [None, None, "Caf", "État", "Fondation Martin", "Écart", "Total"],
        ["Petite enfance", "Une", 12000, 500, 2000, 0, 12500],
    ]
    answers = {"annee:montants": "2022"}
    preview = read(office, *rows, then=then, **answers)
    said = told(preview)
    assert "Feuille!E2|colonne « Fondation Martin » non reconnue" in said
    assert "Feuille!F2|colonne « Écart » non reconnue" in said
    assert wrong(preview) == {}
    [one] = content_of(preview).values()
    assert money(one) == [("CAF 99", 2022, "12000"), ("État", 2022, "500")]
    answers["colonne:fondation martin"] = "part"
    rows[2][6] = 14500
    preview = read(office, *rows, then=then, **answers)
    assert money(content_of(preview)["Une"])[2] == ("Fondation Martin", 2022, "2000")


def test_a_year_over_funders_and_a_funder_over_years(office):
    expected = [("CAF 99", 2022, "100"), ("MSA", 2022, "200"),
                ("CAF 99", 2023, "300"), ("MSA", 2023, "400")]  # fmt: skip

    def years(book, sheet):
        sheet.merge_range("C1:D1", "2022")
        sheet.merge_range("E1:F1", "2023")

    preview = read(office, [], ["Thématique", "Action", "Caf", "MSA", "Caf", "MSA"],
                   ["Petite enfance", "Une", 100, 200, 300, 400], then=years)  # fmt: skip
    assert money(content_of(preview)["Une"]) == expected

    def funders(book, sheet):
        sheet.merge_range("C1:D1", "Caf")
        sheet.merge_range("E1:F1", "MSA")

    preview = read(office, [], ["Thématique", "Action", 2022, 2023, 2022, 2023],
                   ["Petite enfance", "Une", 100, 300, 200, 400], then=funders)  # fmt: skip
    assert sorted(money(content_of(preview)["Une"])) == sorted(expected)


def test_crosses_below_organisations_are_no_money(office):
    rows = [["Thématique", "Action", "Caf", "MSA"], ["Petite enfance", "Une", "X", None],
            ["Petite enfance", "Deux", "x", "X"]]  # fmt: skip
    preview = read(office, *rows)
    assert [one.place for one in preview.open_questions] == ["Feuille!C1", "Feuille!D1"]
    preview = read(office, *rows, **answers_to(preview, "partenaire"))
    one, two = content_of(preview).values()
    assert [who["name"] for who in one["partners"]] == ["CAF 99"]
    assert [who["name"] for who in two["partners"]] == ["CAF 99", "MSA"]

    def then(book, sheet):
        sheet.merge_range("C1:D1", "Partenaires")

    rows = [
        ["Thématique", "Action", "Partenaires"],
        [None, None, "Caf", "MSA"],
        ["Petite enfance", "Une", "oui", "non"],
        ["Petite enfance", "Deux", "X", "?"],
    ]
    preview = read(office, *rows, then=then)
    one, two = content_of(preview).values()
    assert [who["name"] for who in one["partners"]] == ["CAF 99"]
    assert [who["name"] for who in two["partners"]] == ["CAF 99"]
    assert "Feuille!D4|« ? » n’est ni une croix" in told(preview)
