"""Plans with a column for each funder, or for each partner."""

import pytest

from tests.actions.files.coming_in.office import answers_to, content_of, to_choose
from tests.actions.files.coming_in.test_office_plans import money, read
from tests.indicators.values.files.office import remarks_of, wrong

pytestmark = pytest.mark.django_db


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
    assert "Feuille!E2|ce total n’est pas gardé" in remarks_of(preview)


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
    assert wrong(preview) == {}
    assert to_choose(preview) == ["E", "F"]
    [one] = content_of(preview).values()
    assert money(one) == [("CAF 99", 2022, "12000"), ("État", 2022, "500")]
    rows[2][6] = 14500
    columns = {"E": "planned#Fondation Martin"}
    preview = read(office, *rows, then=then, columns=columns, **answers)
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
    assert to_choose(preview) == ["C", "D"]
    preview = read(office, *rows, columns={"C": "partners#Caf", "D": "partners#MSA"})
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
    assert "Feuille!D4|« ? » n’est ni une croix" in remarks_of(preview)
