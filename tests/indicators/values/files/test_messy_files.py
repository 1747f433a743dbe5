"""Workbooks with bad habits: what would be misread is asked or refused, nothing is guessed."""

import pytest

from spreadsheets.reading.formats import unit_of
from tests.indicators.values.files.office import told, wrong
from tests.spreadsheets.files import csv_text, ods, xlsx

pytestmark = pytest.mark.django_db
PLACES, ENFANTS = "Places agréées en EAJE", "Enfants accueillis en relais petite enfance"
ATELIERS, PART = "Ateliers parents-enfants", "Part des familles monoparentales"
MONTANT = "Montant versé aux communes"


def read(office, *rows, then=None, sheets=None, **answers):
    return office.read("suivi.xlsx", xlsx(*rows, then=then, sheets=sheets), **answers)


# What its numbers are counted in -----------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        [["Indicateur", "2023 (en k€)"], [MONTANT, 12.5]],
        [["Indicateur", "Valeur (en milliers)"], [PLACES, 12]],
        [["Indicateur", "2023 %"], [PLACES, 12]],
        [["Indicateur", "Résultat 2023\n(en %)"], [PLACES, 12]],
        [["Budget en milliers d’euros"], [], ["Indicateur", "Valeur"], [MONTANT, 12.5]],
        [["Indicateur", "Unité", "Valeur"], [MONTANT, "k€", 12.5]],
    ],
)
def test_a_unit_that_changes_the_number_is_not_left_out(office, rows):
    preview = read(office, *rows)
    assert preview.to_keep == []
    [text] = wrong(preview).values()
    assert "Le fichier compte en" in text


def test_a_unit_that_is_the_indicators_own_is_none_to_tell(office):
    rows = [["Indicateur", "Unité", "2023 (en %)"], [PART, None, 12.5]]
    assert office.after(read(office, *rows)) == {"2.1": "12,5 %"}
    rows = [["Budget en k€"], ["Indicateur", "Unité", "2023"], [PLACES, "nb de places", 12]]
    assert office.after(read(office, *rows)) == {"1.1": "12"}


def test_a_format_that_shows_thousands_is_read_as_it_is_seen(office):
    rows = [["Indicateur", "Valeur"], [MONTANT, (12.5, '0.0 "k€"')], [PLACES, (12000, '0, "k"')],
            [ATELIERS, (5, '0 "ateliers"')]]  # fmt: skip
    preview = read(office, *rows)
    assert office.after(preview) == {"1.1": "12 000", "1.10": "5"}
    assert "avec tous ses zéros" in wrong(preview)["Feuille!B2"]
    shown = '<table:table-cell office:value-type="float" office:value="12"><text:p>12 k€</text:p></table:table-cell>'  # noqa: E501
    preview = office.read("a.ods", ods(["Indicateur", "Valeur"], [MONTANT, shown]))
    assert "12 k€" in wrong(preview)["Feuille!B2"]


@pytest.mark.parametrize(
    ("code", "unit"),
    [(None, ""), ('0 "k€"', "k€"), ('#,##0.0\\ "M€";-0', "M€"), ('0, "k€"', ""), ('0.0,,"M€"', ""),
     ('0 "places"', ""), ('#,##0.00 €', ""), ('"env. "0', ""), ("[$-40C]0 \\k\\€", "k€")],
)  # fmt: skip
def test_the_unit_that_a_format_writes(code, unit):
    assert unit_of(code) == unit


# Of which year ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    ["2023 (prévisionnel)", "2023 (objectif)", "Prévu 2023", "Évolution 2022-2023",
     "Taux de réalisation 2023"],
)  # fmt: skip
def test_what_was_aimed_at_is_no_figure(office, heading):
    preview = read(office, ["Indicateur", "2022", heading], [PLACES, 400, 412])
    assert preview.to_keep == []
    assert "année 2022" in told(preview)


def test_a_column_that_is_provisional_says_so_of_its_figures(office):
    preview = read(office, ["Indicateur", "2023 (provisoire)"], [PLACES, 412])
    assert office.after(preview) == {"1.1": "412, provisoire"}


def test_a_school_year_is_asked_also_where_there_is_no_other_column(office):
    preview = read(office, ["Indicateur", "2021-2022", "2022-2023"], [PLACES, 400, 412])
    assert [question.place for question in preview.open_questions] == ["Feuille!B1", "Feuille!C1"]
    answers = {"annee:2021 2022": "2022", "annee:2022 2023": "2023"}
    preview = read(office, ["Indicateur", "2021-2022", "2022-2023"], [PLACES, 400, 412], **answers)
    assert office.after(preview) == {"1.1": "412"}


def test_a_month_is_no_year(office):
    """« janv-23 » is stored as the first of January."""
    preview = read(office, ["Indicateur", (44927, "mmm-yy")], [PLACES, 34])
    assert preview.to_keep == []
    assert preview.open_questions


def test_columns_without_a_year_beside_those_of_years_are_asked(office):
    preview = read(office, ["Code", "Valeur 2022", "Valeur"], ["1.1", 400, 412])
    [question] = preview.open_questions
    assert question.key == "annee:valeur@2023"
    preview = read(office, ["Code", "2021", "2022", "Total"], ["1.1", 380, 400, 780])
    assert (preview.to_keep, preview.open_questions) == ([], [])
    assert "« Total » non reconnue" in told(preview)


def test_years_that_stand_over_the_first_of_their_columns(office):
    rows = [["", "2022", None, "2023"], ["Indicateur", "Prévu", "Réalisé", "Prévu", "Réalisé"],
            [PLACES, 390, 400, 410, 412]]  # fmt: skip
    assert office.after(read(office, *rows)) == {"1.1": "412"}


@pytest.mark.parametrize("title", ["Extraction du 15/03/2024", "Suivi, édition 2024",
                                   "Mis à jour le 3 mars 2024", "CTG 2020-2024"])  # fmt: skip
def test_the_day_on_which_a_file_was_made_is_no_year_of_its_figures(office, title):
    preview = read(office, [title], [], ["Indicateur", "Valeur"], [PLACES, 412])
    assert office.after(preview) == {"1.1": "412"}


@pytest.mark.parametrize("title", ["Bilan 2022", "Situation au 31/12/2022", "Année 2022"])
def test_the_year_of_a_title_is_that_of_its_figures(office, title):
    preview = read(office, [title], [], ["Indicateur", "Valeur"], [PLACES, 412])
    assert (preview.to_keep, "année 2022" in told(preview)) == ([], True)


def test_a_line_without_its_year_is_refused_where_others_have_one(office):
    rows = [["Code", "Année", "Valeur"], ["1.1", 2023, 412], ["1.2", None, 30]]
    preview = read(office, *rows)
    assert office.after(preview) == {"1.1": "412"}
    assert "ne dit pas son année" in wrong(preview)["Feuille!B3"]

    def then(book, sheet):
        sheet.merge_range("B2:B3", 2023)

    assert office.after(read(office, *rows, then=then)) == {"1.1": "412", "1.2": "30"}


# Of which commune ---------------------------------------------------------------------------------


def test_a_commune_over_several_lines_is_that_of_each(office):
    """Else the second line would be the figure of the whole territory."""
    rows = [["Commune", "Indicateur", "2023"], ["Naintré", PLACES, 10], [None, ATELIERS, 3]]
    preview = read(office, *rows)
    assert "ne dit pas sa commune" in wrong(preview)["Feuille!A3"]

    def then(book, sheet):
        sheet.merge_range("A2:A3", "Naintré")

    answer = {"communes:additionner": "oui"}
    preview = read(office, *rows, then=then, **answer)
    assert office.after(preview) == {
        "1.1": "10, « Somme de 1 commune. »", "1.10": "3, « Somme de 1 commune. »",
    }  # fmt: skip


# How its cells are --------------------------------------------------------------------------------


def test_a_csv_whose_decimals_tear_its_lines_is_refused_line_by_line(office):
    content = b"Code,Valeur\n1.1,412\n2.2,12,5\n"
    preview = office.read("a.csv", content)
    assert office.after(preview) == {"1.1": "412"}
    assert "une virgule y sépare peut-être des décimales" in wrong(preview)["a!A3"]
    quoted = csv_text(["Code", "Valeur"], ["2.2", "12,5"], separator=",").encode()
    assert office.after(office.read("a.csv", quoted)) == {"2.2": "12,50"}


@pytest.mark.parametrize("text", ["#REF!", "#DIV/0!", "#N/A", "#VALEUR!", "Err:502"])
def test_the_error_of_a_formula_is_one_also_as_a_text(office, text):
    preview = read(office, ["Code", "Valeur", "Motif"], ["1.1", text, "x"])
    assert "montre l’erreur" in wrong(preview)["Feuille!B2"]


@pytest.mark.parametrize("text", ["s", "ss", "Secret stat."])
def test_the_sign_of_a_secret_asks_what_may_be_told(office, text):
    preview = read(office, ["Code", "Valeur", "Motif"], ["1.1", text, "x"])
    assert "le secret statistique" in wrong(preview)["Feuille!B2"]


def test_words_are_answered_as_words_also_for_a_ratio(office):
    preview = read(office, ["Code", "Valeur"], ["2.3", "NC"])
    assert "« n.d. »" in wrong(preview)["Feuille!B2"]


@pytest.mark.parametrize("head", ["Indicateurs", "Code"])
def test_codes_under_any_heading(office, head):
    rows = [[head, None, "2023"], ["n°1.1" if head == "Code" else "1.1", PLACES, 412]]
    assert office.after(read(office, *rows)) == {"1.1": "412"}


def test_a_workbook_of_a_whole_office(office):
    """Titles, themes as sheets and as lines, totals, notes, a second table, hidden lines."""

    def then(book, sheet):
        sheet.set_row(4, None, None, {"hidden": sheet.name == "Jeunesse"})

    sheets = {
        "Petite enfance": [
            ["CTG – Petite enfance"], ["Édité le 12/03/2024"], [],
            ["N°", "Libellé de\nl’indicateur", "Unité", "Réalisé\n2022", "Réalisé\n2023",
             "Objectif\n2024"],
            ["Accueil collectif"],
            [" 1.1 ", f"{PLACES} (1)", "nb", 400, "412", 420],
            ["1,2", ENFANTS.upper(), "enfants", "1 200", "1\u202f250", None],
            [None, "Sous-total", None, 1600, 1662, None],
            ["(1) au 31 décembre"],
        ],
        "Jeunesse": [
            ["Indicateur", "2023"], ["Jeunes accompagnés", "env. 120"], [],
            ["Code", "Valeur"], ["2.1", (0.125, "0.0%")],
        ],
        "Graphiques": [["Voir le site"]],
    }  # fmt: skip
    preview = read(office, sheets=sheets, then=then)
    assert office.after(preview) == {"1.1": "412", "1.2": "1 250", "2.1": "12,5 %"}
    assert list(wrong(preview)) == ["Jeunesse!B2"]
    said = told(preview)
    for text in ("année 2022 : 2 valeurs", "ligne de total", "Graphiques|aucun tableau",
                 "lignes masquées, lues aussi : 5"):  # fmt: skip
        assert text in said
