"""Figures as offices lay them out: quarters, totals, tables side by side, texts for numbers."""

import pytest

from tests.indicators.values.files.office import told, wrong
from tests.spreadsheets.files import xlsx

pytestmark = pytest.mark.django_db
PLACES, ENFANTS = "Places agréées en EAJE", "Enfants accueillis en relais petite enfance"
ATELIERS = "Ateliers parents-enfants"


def read(office, *rows, then=None, sheets=None, **answers):
    return office.read("suivi.xlsx", xlsx(*rows, then=then, sheets=sheets), **answers)


def test_quarters_below_a_merged_year_are_no_figure_of_the_year(office):
    """The first quarter of a year was taken for the year."""

    def then(book, sheet):
        sheet.merge_range("A1:A2", "Indicateur")
        sheet.merge_range("B1:E1", 2022)
        sheet.merge_range("F1:J1", 2023)

    quarters = ["T1", "T2", "T3", "T4"]
    figures = [ATELIERS, 1, 2, 3, 4, 5, 6, 7, 8]
    preview = read(office, [], [None, *quarters, *quarters], figures, then=then)
    assert (preview.to_keep, preview.mistakes) == ([], [])
    assert "Feuille!F2|colonne « T1 » : elle n’est pas lue, n’étant que d’une" in told(preview)
    rows = [[], [None, *quarters, *quarters, "Total"], [*figures, 26]]
    assert office.after(read(office, *rows, then=then)) == {"1.10": "26"}


def test_halves_of_a_year_in_headings_and_in_a_column(office):
    preview = read(office, ["Code", "1er sem. 2023", "2e semestre 2023"], ["1.1", 200, 212])
    assert (preview.to_keep, preview.refusal) == ([], None)
    assert "Feuille!B1|colonne « 1er sem. 2023 »" in told(preview)
    rows = [["Code", "Période", "Valeur"], ["1.1", "1er sem. 2023", 200], ["1.2", "2023", 212]]
    preview = read(office, *rows)
    assert "partie d’année" in wrong(preview)["Feuille!B2"]
    assert office.after(preview) == {"1.2": "212"}


def test_tables_side_by_side_are_two(office):
    preview = read(
        office,
        ["Petite enfance", None, None, "Parentalité"],
        ["Code", "2023", None, "Code", "2023"],
        ["1.1 ", 412, None, "1.2", 30],
        ["Sous-total", 412, None, "\u00a01.10", "env. 5"],
        [None, None, None, "3.1 ", 7],
    )
    assert office.after(preview) == {"1.1": "412", "1.2": "30", "3.1": "7"}
    assert list(wrong(preview)) == ["Feuille!E4"]
    assert "Feuille!A4|« Sous-total » : ligne de total, non lue" in told(preview)


def test_what_a_narrow_column_hides_and_negatives_in_brackets(office):
    preview = read(
        office,
        ["Indicateur", "2023"],
        [PLACES, "#######"],
        ["TOTAL petite enfance", 500],
        [ATELIERS, "(12)"],
        [ENFANTS, 30],
    )
    said = wrong(preview)
    assert "trop étroite" in said["Feuille!B2"]
    assert "sans parenthèses" in said["Feuille!B4"]
    assert office.after(preview) == {"1.2": "30"}


def test_text_of_windows_that_calls_itself_xls_beside_a_sheet_of_notes(office):
    text = (
        'Code \tLibellé\t2023\r\n2.1 \tPart des familles monoparentales\t12,5\r\n1.1\t\t"1\xa0412"'
    )
    preview = office.read("chiffres.xls", text.encode("cp1252"))
    assert office.after(preview) == {"2.1": "12,5 %", "1.1": "1 412"}
    assert "c’est un fichier « texte »" in told(preview)
    notes = {"Notes": [["Fichier de la Caf"], ["Extraction du 3 mars 2024"]]}
    preview = read(office, sheets=notes)
    assert "Aucun tableau de données" in preview.refusal.reason
    assert "Notes|aucun tableau reconnu" in told(preview)


def test_a_name_like_no_other_is_chosen_among_the_few_there_are(office):
    """« Crèches » is nothing that likeness finds; those that have a word of it come first."""
    rows = [["Indicateur", "2023"], ["Places des crèches", 412], ["Petits-déjeuners", 7]]
    preview = read(office, *rows)
    assert list(wrong(preview)) == ["Feuille!A2", "Feuille!A3"]
    places, other = preview.questions
    assert places.choices[0].label == PLACES
    assert len(other.choices) > 5
    assert not places.is_open
    assert not other.is_open
    preview = read(office, *rows, **{places.key: places.choices[0].value, other.key: "-"})
    assert office.after(preview) == {"1.1": "412"}
    assert wrong(preview) == {}
