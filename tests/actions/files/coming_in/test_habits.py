"""Plans as offices lay them out: thousands in headings, tables side by side, halves of years."""

import pytest

from actions.plan.commitments import ActionCommitment
from agreements.commitments.fields import Flag, Text
from tests.actions.files.coming_in.office import answers_to, content_of, to_choose
from tests.actions.files.coming_in.test_office_plans import leads, money, read
from tests.indicators.values.files.office import plain, remarks_of, wrong
from tests.spreadsheets.files import csv_text, xlsx

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("heading", ["Caf 2022 (en k€)", "Caf 2022 en milliers d’euros"])
def test_a_heading_in_thousands_is_one_of_its_amounts(office, heading):
    """« 12 » below « en k€ » was kept as twelve euros."""
    rows = [["Thématique", "Action", heading], ["Petite enfance", "Une", 12],
            ["Petite enfance", "Deux", "1,5 k€"]]  # fmt: skip
    one, two = content_of(read(office, *rows)).values()
    assert money(one) == [("CAF 99", 2022, "12000")]
    assert money(two) == [("CAF 99", 2022, "1500")]


def test_a_title_in_thousands_is_asked_about(office):
    rows = [["Tous les montants sont en k€"], ["Thématique", "Action", "Caf 2022"],
            ["Petite enfance", "Une", 12]]  # fmt: skip
    preview = read(office, *rows)
    assert "milliers d’euros" in wrong(preview)["Feuille!C3"]
    preview = read(office, *rows, **answers_to(preview, "oui"))
    assert money(content_of(preview)["Une"]) == [("CAF 99", 2022, "12000")]


def test_a_heading_in_millions_is_one_of_its_amounts(office):
    """« 1,5 » below « en M€ » was kept as one euro and a half."""
    rows = [["Thématique", "Action", "Caf 2022 (en M€)"], ["Petite enfance", "Une", 1.5]]
    assert money(content_of(read(office, *rows))["Une"]) == [("CAF 99", 2022, "1500000")]
    above = [["Montants en millions d’euros"], ["Thématique", "Action", "Caf 2022"], rows[1]]
    preview = read(office, *above)
    assert "millions d’euros" in wrong(preview)["Feuille!C3"]
    preview = read(office, *above, **answers_to(preview, "oui"))
    assert money(content_of(preview)["Une"]) == [("CAF 99", 2022, "1500000")]


def test_euros_below_thousands_are_asked_about(office):
    """They were multiplied by a thousand."""
    rows = [["Thématique", "Action", "Caf 2022 (en k€)"], ["Petite enfance", "Une", "12 000 €"]]
    preview = read(office, *rows)
    assert "dites si ces montants sont en milliers" in wrong(preview)["Feuille!C2"]
    preview = read(office, *rows, **answers_to(preview, "non"))
    assert money(content_of(preview)["Une"]) == [("CAF 99", 2022, "12000")]


@pytest.mark.parametrize("heading", ["Caf 2022 (%)", "Part Caf 2022 en %"])
def test_shares_are_no_amounts(office, heading):
    """« 50 » below « % » was kept as fifty euros."""
    preview = read(office, ["Thématique", "Action", heading], ["Petite enfance", "Une", 50])
    assert "parle de parts" in wrong(preview)["Feuille!C2"]


@pytest.mark.parametrize(
    "field",
    [one for one in ActionCommitment.fields if isinstance(one, Text | Flag) and one.column],
    ids=lambda one: one.name,
)
def test_a_plain_field_of_the_sheet_is_read_below_its_label(office, field):
    """Whatever is added to the sheet: what a workbook of ours says of it comes back."""
    typed, kept = ("oui", True) if isinstance(field, Flag) else ("Un mot", "Un mot")
    rows = [["Thématique", "Action", field.label], ["Petite enfance", "Une", typed]]
    assert content_of(read(office, *rows))["Une"][field.name] == kept


def test_totals_in_the_middle_and_negatives_at_their_cells(office):
    preview = read(
        office,
        ["Thématique ", "Action", "Caf 2022"],
        ["Petite enfance ", "Une", 100],
        ["Sous-total petite enfance", None, 100],
        ["Parentalité", "Deux", "(200)"],
        ["Parentalité", "Trois", -50],
        ["TOTAL GÉNÉRAL", None, -150],
    )
    assert [bool(one["fundings"]) for one in content_of(preview).values()] == [True, False, False]
    assert "sans parenthèses" in wrong(preview)["Feuille!C4"]
    assert "négatif" in wrong(preview)["Feuille!C5"]
    assert "Feuille!A3|« Sous-total petite enfance » : ligne de total" in remarks_of(preview)


def test_days_in_words_are_all_told_at_once(office):
    preview = read(
        office,
        ["Thématique", "Action", "Début", "Fin"],
        ["Petite enfance", "Une", "1er sem. 2023", "2e sem. 2023"],
        ["Petite enfance", "Deux", "printemps 2023", "été 2024"],
        ["Petite enfance", "Trois", "#######", "2023"],
    )
    assert list(wrong(preview)) == ["Feuille!C3", "Feuille!D3", "Feuille!C4"]
    days = [(one["starts_on"], one["ends_on"]) for one in content_of(preview).values()]
    assert days == [("2023-01-01", "2023-12-31"), (None, None), (None, "2023-12-31")]


def test_group_headings_over_the_whole_table_and_text_that_calls_itself_xls(office):
    def then(book, sheet):
        sheet.merge_range("A1:C1", "Identification")
        sheet.merge_range("D1:E1", "Mise en œuvre")

    preview = read(
        office,
        [],
        ["Axe", "Thématique", "Action", "Pilote", "Calendrier", "Commentaires"],
        [2, "Petite enfance", "Une", "Caf", "2023", "RAS"],
        then=then,
    )
    assert wrong(preview) == {}
    assert leads(content_of(preview)["Une"]) == [("CAF 99", "", "")]
    assert "Feuille!F2|colonne « Commentaires » : elle n’est pas lue" in remarks_of(preview)
    text = (
        "Thématique\tAction\tPilote \tCaf 2022\r\nPetite enfance \tCréer un relais\tCaf \t1 234,50"
    )
    preview = office.read("plan.xls", text.encode("cp1252"))
    assert money(content_of(preview)["Créer un relais"]) == [("CAF 99", 2022, "1234.5")]


def test_a_line_of_an_action_is_no_head_for_an_amount_that_is_not_known(office):
    """« n.d. » is not « n° », beside an organisation that may pay."""
    rows = [["Axe", "N°", "Action", "Pilote(s)", "Partenaires", "Calendrier", "Avancement", "Coût"],
            ["Animation de la vie sociale", "1", "Soutenir les bénévoles", "Ormeaux", "tous",
             "annuel", "pas démarré", "n.d."]]  # fmt: skip
    preview = office.read("plan.csv", csv_text(*rows, separator="\t").encode("cp1252"))
    assert [*content_of(preview)] == ["Soutenir les bénévoles"]
    assert ("plan!H2", "« n.d. » : aucun montant n’est enregistré.") in [
        (one.place, plain(one.text)) for one in preview.told
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["Action", "État 2022", "État 2023"]],
        [["Action", "État", None], [None, "2022", "2023"]],
    ],
)
def test_states_of_several_years_are_asked_about(office, rows):
    content = xlsx(*rows, [office.action.title, "en cours", "terminé"])
    preview = office.read("plan.xlsx", content)
    assert preview.to_keep == []
    assert to_choose(preview) == ["B", "C"]
    [line] = office.read("plan.xlsx", content, columns={"C": "state"}).to_keep
    assert "terminée" in line.after


def test_the_state_of_a_year_is_told_as_that_of_today(office):
    rows = [["Action 2023", "État au 31/12/2023"], [office.action.title, "terminé"]]
    preview = office.read("plan.xlsx", xlsx(*rows))
    assert len(preview.to_keep) == 1
    assert any("vaut aujourd’hui" in one.text for one in preview.told)


def test_a_sheet_a_year_says_of_which_its_notes_are(office):
    title = office.action.title
    sheets = {"2022": [["Action", "Bilan"], [title, "Lancé"]],
              "2023": [["Action", "Bilan"], [title, "Achevé"]]}  # fmt: skip
    [line] = office.read("suivi.xlsx", xlsx(sheets=sheets)).to_keep
    assert "Bilan 2022 : Lancé" in plain(line.after)
    assert "Bilan 2023 : Achevé" in plain(line.after)


def test_a_calendar_with_its_year_above_is_read_or_refused(office):
    rows = [["Thématique", "Action", "Calendrier 2023"], ["Petite enfance", "Une", "oct. 2023"]]
    [content] = content_of(read(office, *rows)).values()
    assert content["starts_on"] == "2023-10-01"
    rows = [["Thématique", "Action", "Calendrier 2022", "Calendrier 2023"],
            ["Petite enfance", "Une", "oct. 2022", "mai 2023"]]  # fmt: skip
    assert "Plusieurs années" in wrong(read(office, *rows))["Feuille!C2"]
