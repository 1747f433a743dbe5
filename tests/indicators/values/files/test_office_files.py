"""Files of offices as they are: what comes in by itself, what is doubted, what is put right."""

import io

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font

from conventions.models import Organisation
from spreadsheets.importing.rows import RowState
from tests.indicators.factories import campaign_of, indicator_in_force, proposed_indicator
from tests.indicators.values.files.office import YEAR, Office, plain, remarks_of
from tests.spreadsheets.files import xlsx

pytestmark = pytest.mark.django_db

PLACES = "Places agréées en EAJE"


def texts(preview, state: RowState) -> list[str]:
    """Return the lines in a state: place, and why."""
    rows = preview.sheetful.in_state(state)
    return [plain(f"{row.place} {row.note or row.yellow[0].hint}") for row in rows]


def doubts(preview) -> list[str]:
    rows = preview.sheetful.in_state(RowState.TO_CORRECT)
    return [plain(doubt.text) for row in rows for doubt in row.open_doubts]


# What comes in -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.1;Places;2023;412\n1.2;Relais;2023;95", {"1.1": "412", "1.2": "95"}),
        ("code;label;year;value\n1.1;x;2023;412\n1.2;y;2023;30", {"1.1": "412", "1.2": "30"}),
        (f"Indicateur;au 31.12.23\n{PLACES};412", {"1.1": "412"}),
        (f"Indicateur;déc. 2022;déc. 2023\n{PLACES};400;412", {"1.1": "412"}),
        (f"Suivi 2023\n\nLIB;NB\n{PLACES};412", {"1.1": "412"}),
    ],
    ids=["no headings", "unknown headings", "a day", "two Decembers", "a title above"],
)  # fmt: skip
def test_a_csv_of_lines_comes_in(office, text, expected):
    preview = office.read("suivi.csv", text.encode())
    assert office.after(preview) == expected


def test_the_first_row_with_a_known_code_is_data_and_its_year_no_value(office):
    preview = office.read("suivi.csv", b"1.1;Places;2023;412\n1.2;Relais;2023;95")
    (sheet,) = preview.sheetful.sheets
    assert sheet["head"] == []
    assert [column["role"] for column in sheet["columns"]] == ["code", "", "year", "value"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("410 places", "410"), ("412*", "412"), ("412 (1)", "412"), ("412 pl.", "412"),
        ("nb 412", "412"), ("412 (p)", "412, provisoire"), ("412¹", "412"),
        ("n.c.", "non disponible, motif : Le fichier indique « n.c. » (non communiqué)."),
        ("nd", "non disponible, motif : Le fichier indique « nd » (non disponible)."),
        ("so", "sans objet, motif : Le fichier indique « so » (sans objet)."),
        ("-", "non disponible, motif : Le fichier indique « - »."),
    ],
)  # fmt: skip
def test_habits_of_cells_are_read(office, cell, expected):
    preview = office.read("suivi.csv", f"Code;Valeur\n1.1;{cell}".encode())
    assert office.after(preview) == {"1.1": expected}


def test_a_ratio_and_thousands_of_euros_are_read_with_their_unit(office):
    rows = [["Code", "Valeur"], ["2.3", "12 / 50"], ["2.2", "52 k€"]]
    assert office.after(office.read("a.xlsx", xlsx(*rows))) == {"2.2": "52 000,00", "2.3": "24,0 %"}


def test_headings_of_two_lines_are_read(office):
    rows = [["Indicateur", "2022", None, "2023", None],
            [None, "Numérateur", "Dénominateur", "Numérateur", "Dénominateur"],
            ["Taux de couverture", 10, 50, 12, 50]]  # fmt: skip

    def merge(book, sheet):
        sheet.merge_range(0, 1, 0, 2, "2022")
        sheet.merge_range(0, 3, 0, 4, "2023")

    preview = office.read("a.xlsx", xlsx(*rows, then=merge))
    assert office.after(preview) == {"2.3": "24,0 %"}


def test_a_page_saved_as_a_workbook_is_read_and_said_to_be_one(office):
    page = f"<html><table><tr><td>Indicateur<td>2023<tr><td>{PLACES}<td>412</table></html>"
    preview = office.read("suivi.xls", page.encode())
    assert office.after(preview) == {"1.1": "412"}
    assert "c’est un fichier « page web »" in preview.told[0].text


def test_a_row_that_names_nothing_known_is_kept_yellow_beside_the_others(office):
    rows = [["Indicateur", "Valeur"], [PLACES, 412], ["Machin", 3], ["Machin", 4]]
    preview = office.read("a.xlsx", xlsx(*rows))
    assert office.after(preview) == {"1.1": "412"}
    (group,) = preview.sheetful.groups
    assert (group.text, group.places) == ("Machin", ["3", "4"])
    chosen = str(office.entry("1.2").indicator_id)
    answered = office.read("a.xlsx", xlsx(*rows[:3]), **{group.name: chosen})
    assert office.after(answered) == {"1.1": "412", "1.2": "3"}


def test_a_cell_that_is_not_read_keeps_its_words_and_is_typed_in_place(office):
    rows = [["Code", "Valeur"], ["1.1", "environ 410"]]
    preview = office.read("a.xlsx", xlsx(*rows))
    (row,) = preview.sheetful.rows
    (box,) = row.yellow
    assert (box.value, box.name) == ("environ 410", "typed@Feuille!B2")
    answered = office.read("a.xlsx", xlsx(*rows), **{box.name: "410"})
    assert office.after(answered) == {"1.1": "410"}


def test_a_hidden_sheet_is_off_until_it_is_chosen(office):
    sheets = {
        "Données": [["Code", "Valeur"], ["1.1", 412]],
        "Vieux": [["Code", "Valeur"], ["1.1", 9]],
    }

    def hide(book, sheet):
        sheet.hide()

    preview = office.read(
        "a.xlsx", xlsx(sheets=sheets, then=lambda b, s: s.name == "Vieux" and hide(b, s))
    )
    assert office.after(preview) == {"1.1": "412"}
    assert [(s["name"], s["is_read"]) for s in preview.sheetful.sheets] == [
        ("Données", True), ("Vieux", False),
    ]  # fmt: skip


# What is doubted ---------------------------------------------------------------------------------


def test_a_doubt_is_kept_once_it_is_confirmed(office):
    rows = [["Code", "Valeur"], ["1.1", 2023]]
    preview = office.read("a.xlsx", xlsx(*rows))
    assert (preview.to_keep, doubts(preview)[0]) == ([], "le nombre est celui de l’année")
    sure = {doubt.name: "1" for row in preview.sheetful.rows for doubt in row.doubts}
    assert office.after(office.read("a.xlsx", xlsx(*rows), **sure)) == {"1.1": "2 023"}


def struck(book, sheet):
    sheet.write(1, 1, 412, book.add_format({"font_strikeout": True}))


def hidden(book, sheet):
    sheet.set_row(1, None, None, {"hidden": True})


def elsewhere(book, sheet):
    sheet.write_formula(1, 1, "='[autre.xlsx]Feuil1'!A1", None, 412)


def stale(book, sheet):
    sheet.write(1, 3, 6)
    sheet.write(1, 4, 9)
    sheet.write_formula(1, 1, "=SUM(D2:E2)", None, 412)


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        (struck, "cellule barrée"), (hidden, "cellule masquée"),
        (elsewhere, "calculée dans un autre fichier"), (stale, "la formule donnerait 15"),
    ],
)  # fmt: skip
def test_a_cell_that_its_workbook_makes_doubtful_waits(office, then, expected):
    preview = office.read("a.xlsx", xlsx(["Code", "Valeur"], ["1.1", 412], then=then))
    assert preview.to_keep == []
    assert doubts(preview)[0].startswith(expected)


def test_a_text_that_is_struck_out_inside_its_cell_is_doubted(office):
    book = load_workbook(io.BytesIO(xlsx(["Code", "Valeur"], ["1.1", 412])))
    book.active["B2"].font = Font(strike=True)
    content = io.BytesIO()
    book.save(content)
    assert doubts(office.read("a.xlsx", content.getvalue())) == ["cellule barrée"]


def test_a_formula_that_was_never_calculated_is_no_zero(office):
    def uncalculated(book, sheet):
        sheet.write_formula(1, 1, "=1+1", None, "")

    preview = office.read("a.xlsx", xlsx(["Code", "Valeur"], ["1.1", 412], then=uncalculated))
    assert preview.to_keep == []


def test_one_value_down_a_column_is_doubted(office):
    rows = [["Code", "Valeur"], *([code, 407] for code in ("1.1", "1.2", "1.10", "3.1"))]
    preview = office.read("a.xlsx", xlsx(*rows))
    assert preview.to_keep == []
    assert len(doubts(preview)) == 4


def test_two_lines_that_disagree_wait_for_a_choice(office):
    rows = [["Code", "Valeur"], ["1.1", 412], ["1.1", 398]]
    preview = office.read("a.xlsx", xlsx(*rows))
    assert preview.to_keep == []
    chosen = office.read("a.xlsx", xlsx(*rows), **{"sure-twin@Feuille!B3": "1"})
    assert office.after(chosen) == {"1.1": "398"}


def test_a_code_beside_the_title_of_another_indicator_is_no_silent_choice(office):
    rows = [["Code", "Indicateur", "Valeur"], ["1.1", "Ateliers parents-enfants", 9],
            ["1.2", "Fréquentation de la piscine", 9]]  # fmt: skip
    preview = office.read("a.xlsx", xlsx(*rows))
    assert preview.to_keep == []
    assert "se contredisent" in texts(preview, RowState.TO_CORRECT)[0]
    assert "et le libellé dit « Fréquentation de la piscine »" in doubts(preview)[0]


def test_a_figure_ten_times_that_of_the_year_before_in_the_file_is_doubted(office):
    rows = [["Code", "2023"], ["1.1", 4120]]
    office.earlier("1.2", 30)
    preview = office.read("a.xlsx", xlsx(*rows))
    assert preview.to_keep == []
    assert "augmente" in doubts(preview)[0]


def test_a_share_of_one_is_asked_about(office):
    rows = [["Code", "Valeur"], ["2.1", 0.125]]
    preview = office.read("a.xlsx", xlsx(*rows))
    assert "est-ce 12,5 %" in doubts(preview)[0]
    typed = office.read("a.xlsx", xlsx(*rows), **{"typed@Feuille!B2": "12,5 %"})
    assert office.after(typed) == {"2.1": "12,5 %"}


def test_a_unit_of_another_kind_is_doubted(office):
    rows = [["Code", "Valeur", "Unité"], ["1.1", 412, "heures"]]
    assert "compte en « heures »" in doubts(office.read("a.xlsx", xlsx(*rows)))[0]


def test_another_year_of_the_file_is_left_and_said(office):
    preview = office.read("a.csv", f"Indicateur;2021;2022\n{PLACES};380;400".encode())
    assert texts(preview, RowState.LEFT) == [
        "B2 de 2021, une autre année", "C2 de 2022, une autre année",
    ]  # fmt: skip


def test_a_figure_of_another_organisation_is_doubted(office):
    rows = [["Code", "Valeur", "Organisme"], ["1.1", 412, office.committee.epci.acronym]]
    assert "le fichier dit" in doubts(office.read("a.xlsx", xlsx(*rows)))[0]


def test_figures_of_a_sheet_of_targets_are_doubted(office):
    preview = office.read("a.xlsx", xlsx(["Code", "Valeur"], ["1.1", 412], name="Cible 2023"))
    assert "est-ce bien réalisé" in doubts(preview)[0]


def test_an_indicator_under_discussion_is_said_to_be_so(office):
    proposed_indicator(office.committee, title="Piscines ouvertes")
    rows = [["Indicateur", "Valeur"], ["Piscines ouvertes", 3]]
    (row,) = office.read("a.xlsx", xlsx(*rows)).sheetful.rows
    assert "encore en discussion" in row.yellow[0].hint


def test_a_commune_outside_the_territory_is_said_to_be_so(office):
    rows = [["Commune", "Code", "Valeur"], ["Poitiers", "1.1", 12]]
    preview = office.read("a.xlsx", xlsx(*rows))
    (row,) = preview.sheetful.rows
    assert (preview.to_keep, row.yellow[0].text) == ([], "Poitiers")
    assert row.yellow[0].hint == "cette commune n’est pas du territoire"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [({}, True), ({"masking_threshold": 11}, False), ({"opts_out_of_secrecy": True}, False)],
    ids=["none", "stated", "opts out"],
)
def test_an_organisation_without_disclosure_rule_is_said_to_have_none(committee, rule, expected):
    Organisation.objects.filter(pk=committee.caf.pk).update(**rule)
    counted = indicator_in_force(committee, code="5.1", title="Allocataires", is_confidential=True)
    office = Office(committee, campaign_of(committee, YEAR, [counted]))
    preview = office.read("a.xlsx", xlsx(["Code", "Valeur"], ["5.1", 95]))
    assert len(preview.to_keep) == 1
    unstated = "Aucune règle de secret statistique n’est déclarée par"
    assert (unstated in remarks_of(preview)) is expected
    unread = office.read("a.xlsx", xlsx(["Code", "Valeur"], ["5.1", "environ 95"]))
    assert unstated not in remarks_of(unread)


def test_a_title_and_a_name_of_two_years_ask_which(office):
    sheets = {"2022": [["Bilan 2023"], [], ["Code", "Valeur"], ["1.1", 412]]}
    preview = office.read("a.xlsx", xlsx(sheets=sheets))
    assert preview.sheetful.sheets[0]["asks"] == ["year"]
    assert (preview.sheetful.is_settled, preview.to_keep) == (False, [])
    answered = office.read("a.xlsx", xlsx(sheets=sheets), **{"year@2022": "2023"})
    assert office.after(answered) == {"1.1": "412"}


@pytest.mark.parametrize("count", [24, 500])
def test_a_preview_asks_as_many_queries_whatever_its_lines(
    office, count, django_assert_max_num_queries
):
    rows = [["Code", "Valeur"], *(["1.1", 412] for _ in range(count))]
    with django_assert_max_num_queries(20):
        office.read("a.xlsx", xlsx(*rows))
