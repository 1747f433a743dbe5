"""Office files whose figures stand the other way round, or bear marks that lead to notes."""

import pytest

from tests.indicators.values.files.office import told, wrong
from tests.spreadsheets.files import archive_of, csv_text, ods, parts_in, xlsx

pytestmark = pytest.mark.django_db
PLACES, ENFANTS = "Places agréées en EAJE", "Enfants accueillis en relais petite enfance"
ATELIERS, PART = "Ateliers parents-enfants", "Part des familles monoparentales"
MONTANT, TAUX = "Montant versé aux communes", "Taux de couverture"
NOTE = "écrivez le nombre sans son appel de note ; ce que dit la note va en commentaire."
PROVISIONAL = "écrivez le nombre seul, et écrivez « provisoire » dans une colonne « État »."


# Years in lines, indicators in columns -----------------------------------------------------------


def test_a_line_a_year_and_a_column_an_indicator(office):
    rows = [["Tableau de bord CTG"], ["Année", PLACES, ENFANTS, ATELIERS, PART],
            [2022, 400, 1100, 6, (0.24, "0 %")], [2023, 412, "1 234", None, (0.251, "0.0 %")],
            ["Total", 812, 2334, 6, None]]  # fmt: skip
    preview = office.read("tableau.xlsx", xlsx(*rows))
    assert office.after(preview) == {"1.1": "412", "1.2": "1 234", "2.1": "25,1 %"}
    assert [line.place for line in preview.to_keep] == ["Feuille!B4", "Feuille!C4", "Feuille!E4"]
    assert "Feuille!A5 : « Total » n’est pas une année, la ligne n’est pas lue." in told(preview)
    assert "année 2022 : 4 valeurs ne sont pas lues" in told(preview)


def test_mistakes_of_a_turned_table_stand_at_their_cells(office):
    """Codes as headings, the terms of a ratio, a section above, remarks, notes below."""
    rows = [["", "", "Petite enfance", "", "", "Parentalité"],
            ["", "Exercice", "1.1", f"{TAUX} (numérateur)", f"{TAUX} (dénominateur)", ATELIERS,
             "Remarques", "Places en crèche familiale"],
            ["", "31/12/2023", "412*", 350, 700, "env. 8", "à revoir", 12],
            ["(1) capacité installée"]]  # fmt: skip
    preview = office.read("tableau.ods", ods(*[[cell or None for cell in row] for row in rows]))
    assert office.after(preview) == {"2.3": "50,0 %"}
    mistakes = wrong(preview)
    assert mistakes["Feuille!C3"] == f"« 412* » : {NOTE}"
    assert "env. 8" in mistakes["Feuille!F3"]
    assert "n’est pas un indicateur" in mistakes["Feuille!H2"]
    assert set(mistakes) == {"Feuille!C3", "Feuille!F3", "Feuille!H2"}
    assert "Feuille!G : la colonne « Remarques » n’est pas lue." in told(preview)
    assert "Feuille!A4 : « (1) capacité installée » n’est pas une année" in told(preview)


def test_what_is_hidden_of_a_turned_table_is_told(office):
    def hide(book, sheet):
        sheet.set_column("B:B", None, None, {"hidden": True})

    rows = [["Année", PLACES, ENFANTS], [2023, 412, 1234]]
    preview = office.read("tableau.xlsx", xlsx(*rows, then=hide))
    assert office.after(preview) == {"1.1": "412", "1.2": "1 234"}
    assert "Feuille : colonnes masquées, lues aussi : B." in told(preview)


def test_a_year_that_stands_twice_is_refused(office):
    rows = [["Année", PLACES], [2023, 412], ["2023 (corrigé)", 413]]
    preview = office.read("tableau.xlsx", xlsx(*rows))
    assert preview.to_keep == []
    assert set(wrong(preview)) == {"Feuille!B2", "Feuille!B3"}


# What is raised, and other marks -----------------------------------------------------------------


def test_a_raised_mark_is_no_digit_of_a_page_saved_as_xls(office):
    page = (
        f"<table><tr><th>Indicateur</th><th>Réalisé 2023<sup>1</sup></th></tr>"
        f"<tr><td>{PLACES}</td><td>412<sup>1</sup></td></tr>"
        f"<tr><td>{ENFANTS}<sup>2</sup></td><td>1&nbsp;234</td></tr></table>"
    )
    preview = office.read("export.xls", page.encode("cp1252"))
    assert office.after(preview) == {"1.2": "1 234"}
    assert wrong(preview) == {"Tableau 1!B2": f"« 412¹ » : {NOTE}"}


def test_a_raised_mark_is_no_digit_of_a_workbook(office):
    def mark(book, sheet):
        above = book.add_format({"font_script": 1})
        sheet.write_rich_string("B2", "412", above, "1")
        sheet.write_rich_string("A3", ENFANTS, above, "2")
        sheet.write_rich_string("B1", "2023", above, "3")

    rows = [["Indicateur"], [PLACES], [None, 1234]]
    preview = office.read("suivi.xlsx", xlsx(*rows, then=mark))
    assert office.after(preview) == {"1.2": "1 234"}
    assert wrong(preview) == {"Feuille!B2": f"« 412¹ » : {NOTE}"}


@pytest.mark.parametrize("place", ["super 58%", "33% 58%"])
def test_a_raised_mark_is_no_digit_of_an_opendocument(office, place):
    cell = (
        '<table:table-cell office:value-type="string"><text:p>412'
        '<text:span text:style-name="T1">1</text:span></text:p></table:table-cell>'
    )
    parts = parts_in(ods(["Indicateur", "2023"], [PLACES, cell], [ENFANTS, 12]))
    style = (
        '<office:automatic-styles><style:style style:name="T1" style:family="text">'
        f'<style:text-properties style:text-position="{place}"/></style:style>'
    )
    parts["content.xml"] = parts["content.xml"].replace(
        b"<office:automatic-styles>", style.encode()
    )
    preview = office.read("suivi.ods", archive_of(parts))
    assert office.after(preview) == {"1.2": "12"}
    assert wrong(preview) == {"Feuille!B2": f"« 412¹ » : {NOTE}"}


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_marks_beside_numbers_are_asked_with_what_would_be_read(office, encoding):
    """A CSV that says by what its cells are cut, or one with tabs of Windows."""
    rows = [["Code", "Indicateur", "2022", "2023", "Remarques"], ["1.1", PLACES, "400", "412*"],
            ["1.2", ENFANTS, "1 200", "1 234 (p)", ""], ["1.10", ATELIERS, "12", "n.d.", "reporté"],
            ["2.1", PART, "24,5 %", "25,1 % (1)"], ["2.2", MONTANT, "12", "1.234,50 (e)"],
            ["* hors micro-crèches"]]  # fmt: skip
    if encoding == "utf-8":
        content = ("\ufeffsep=;\r\n" + csv_text(*rows)).encode()
    else:
        content = csv_text(*rows, separator="\t").encode(encoding)
    first = 3 if encoding == "utf-8" else 2
    preview = office.read("suivi.csv", content)
    assert office.after(preview) == {"1.10": "non disponible, motif : reporté"}
    assert wrong(preview) == {
        f"suivi!D{first}": f"« 412* » : {NOTE}",
        f"suivi!D{first + 1}": f"« 1 234 (p) » : {PROVISIONAL}",
        f"suivi!D{first + 3}": f"« 25,1 % (1) » : {NOTE}",
        f"suivi!D{first + 4}": "« 1.234,50 (e) » : écrivez le nombre seul, écrivez « provisoire » "
        "dans une colonne « État », et dites en commentaire qu’il est estimé.",
    }  # fmt: skip


def test_words_in_brackets_are_no_mark(office):
    preview = office.read("a.xlsx", xlsx(["Indicateur", "2023"], [ENFANTS, "12 (enfants)"]))
    assert "n’est pas un nombre" in wrong(preview)["Feuille!B2"]


# Headings ----------------------------------------------------------------------------------------


def test_values_that_tell_their_year_by_its_place_are_asked(office):
    rows = [["N°", "Intitulé de l’indicateur", "Val. N-1", "Val. N"], [1, PLACES, 400, 412]]
    preview = office.read("suivi.xlsx", xlsx(*rows))
    asked = [question.text for question in preview.open_questions]
    assert len(asked) == 2
    assert all("est de quelle année ?" in text for text in asked)
    told_of = {question.text: question.key for question in preview.open_questions}
    keys = {key: "2023" if "« Val. N »" in text else "2022" for text, key in told_of.items()}
    assert office.after(office.read("suivi.xlsx", xlsx(*rows), **keys)) == {"1.1": "412"}


def test_an_organisation_with_a_year_beside_is_read(office):
    rows = [["Indicateur", "Organisme 2023", "2023"], [PLACES, "La Ruche", 412]]
    preview = office.read("suivi.xlsx", xlsx(*rows))
    assert preview.to_keep == []
    assert preview.open_questions
