"""Files as offices have them, each with its habits: what is understood, asked, refused."""

import io
from collections import Counter
from decimal import Decimal
from difflib import SequenceMatcher

import pytest
from openpyxl import Workbook

from indicators.models import Value
from indicators.values.events import save_value
from indicators.values.figure import Figure
from indicators.values.files.importing import ImportOfValues
from indicators.values.files.lookup import LIKENED
from spreadsheets.matching.questions import LEFT, MOST_CHOICES, MOST_OPEN, Asking, Choice
from tests.factories import MembershipFactory
from tests.indicators.factories import campaign_of, indicator_in_force
from tests.indicators.values.files.office import plain, told, wrong
from tests.spreadsheets.files import csv_text, ods, xlsx

pytestmark = pytest.mark.django_db


def read(office, *rows, name="suivi.xlsx", then=None, sheets=None, user=None, **answers):
    return office.read(name, xlsx(*rows, then=then, sheets=sheets), user, **answers)


# Long form ---------------------------------------------------------------------------------------


def test_a_plain_table_in_any_order_and_spelling(office):
    preview = read(
        office,
        ["VALEUR", "Observations", "N° indicateur", "Libellé de l’indicateur"],
        [412, "Une crèche de plus", "1.1", "Places agréées en EAJE"],
        [1250, None, "1.2", "ENFANTS ACCUEILLIS EN RELAIS PETITE ENFANCE"],
    )
    assert wrong(preview) == {}
    assert office.after(preview) == {"1.1": "412, « Une crèche de plus »", "1.2": "1 250"}
    assert [line.place for line in preview.lines] == ["Feuille!A2", "Feuille!A3"]


def test_a_table_below_merged_titles_with_sections_and_totals(office):
    def then(book, sheet):
        sheet.merge_range("A1:D1", "CTG du Grand Territoire 2019-2024")
        sheet.merge_range("A2:D2", "Suivi des indicateurs, édité le 12/03/2024")
        sheet.merge_range("A6:D6", "Axe 1 : petite enfance")

    preview = read(
        office,
        [], [], [],
        ["Code", "Indicateur", "Unité", "2023"],
        [],
        [],
        ["1.1", "Places agréées en EAJE", "places", 412],
        ["1.2", "Enfants accueillis en relais petite enfance", "nb", 1250],
        ["", "TOTAL petite enfance", "", 1662],
        ["Source : Caf de la Vienne"],
        then=then,
    )  # fmt: skip
    assert wrong(preview) == {}
    assert office.after(preview) == {"1.1": "412", "1.2": "1 250"}
    assert "ligne de total, non lue" in told(preview)
    assert "Feuille!A6" in told(preview)
    assert "cellules fusionnées : A6:D6" in told(preview)


def test_numbers_as_their_formats_say(office):
    preview = read(
        office,
        ["Indicateur", "Valeur"],
        ["Part des familles monoparentales", (0.125, "0.0%")],
        ["Montant versé aux communes", (12500.5, "#,##0.00 €")],
        ["Places agréées en EAJE", "412 places"],
        ["Enfants accueillis en relais petite enfance", "1 250"],
        ["Taux de couverture", "120 / 480"],
        ["Jeunes accompagnés", "n.d."],
    )
    assert office.after(preview) == {
        "2.1": "12,5 %", "2.2": "12 500,50", "1.1": "412", "1.2": "1 250", "2.3": "25,0 %",
    }  # fmt: skip
    assert list(wrong(preview)) == ["Feuille!B7"]  # no reason is given


def test_what_is_no_number_is_asked_with_what_would_be_accepted(office):
    preview = read(
        office,
        ["Code", "Réalisé"],
        ["1.1", "12 k€"],
        ["1.2", "env. 3 000"],
        ["1.10", "2e semestre 2021"],
        ["2.1", (45291, "dd/mm/yyyy")],
        ["2.2", "en cours ?"],
        ["3.1", "12,5"],
        ["2.3", 25],
    )
    assert office.after(preview) == {}
    said = wrong(preview)
    assert list(said) == [f"Feuille!B{n}" for n in range(2, 9)]
    assert (
        "« env. 3 000 » : écrivez le nombre seul, écrivez « provisoire » dans une colonne « État »"
        in said["Feuille!B3"]
    )
    assert "une date semble avoir été collée" in said["Feuille!B5"]
    assert "nombre entier" in said["Feuille!B7"]
    assert "numérateur et le dénominateur" in said["Feuille!B8"]
    assert preview.refused == 7


def test_an_absence_has_its_reason_beside_or_in_the_comment(office):
    preview = read(
        office,
        ["Code", "Valeur", "Commentaire", "Motif"],
        ["1.1", "n.d.", "Logiciel en panne", None],
        ["1.2", "sans objet", "Un mot", "Pas de relais"],
        ["1.10", "n.c.", None, None],
    )
    assert office.after(preview) == {
        "1.1": "non disponible, motif : Logiciel en panne",
        "1.2": "sans objet, motif : Pas de relais, « Un mot »",
    }
    assert "n.d." in wrong(preview)["Feuille!B4"]


def test_what_stands_as_a_reason_beside_a_number_is_its_comment(office):
    preview = read(
        office,
        ["Code", "Valeur", "Commentaire", "Justification"],
        ["1.1", 12, None, "Sans le mois d’août"],
        ["1.10", 13, "Un mot", "Sans septembre"],
    )
    told = office.after(preview)
    assert "« Sans le mois d’août »" in told["1.1"]
    assert "Un mot" in told["1.10"]
    assert "Sans septembre" in told["1.10"]


def test_provisional_figures_and_sources(office):
    preview = read(
        office,
        ["Code", "Valeur", "Statut", "Source"],
        ["1.1", 412, "Provisoire", "Extraction du 3 mars"],
        ["1.2", 12, "définitif", office.committee.caf.acronym],
        ["1.10", 12, "à voir", None],
    )
    assert office.after(preview) == {
        "1.1": "412, provisoire, source : Extraction du 3 mars", "1.2": "12",
    }  # fmt: skip
    assert "provisoire" in wrong(preview)["Feuille!C4"]


def test_lines_of_other_years_are_told_and_not_read(office):
    preview = read(
        office,
        ["Année", "Code", "Valeur"],
        [2022, "1.1", 400], [2023, "1.1", 412], ["2021", "1.1", 390], ["l’an dernier", "1.2", 4],
    )  # fmt: skip
    assert office.after(preview) == {"1.1": "412"}
    assert "année 2022 : 1 valeur n’est pas lue" in told(preview)
    assert "n’est pas une année" in wrong(preview)["Feuille!A5"]


# Wide form ---------------------------------------------------------------------------------------


def test_a_column_a_year(office):
    preview = read(
        office,
        ["Indicateurs", "Réalisé 2021", "Réalisé 2022", "Réalisé 2023", "Cible 2024"],
        ["Places agréées en EAJE", 380, 400, 412, 500],
        ["Ateliers parents-enfants", None, 12, None, 20],
    )
    assert office.after(preview) == {"1.1": "412"}
    assert preview.empty == 1
    assert "année 2022 : 2 valeurs ne sont pas lues" in told(preview)


def test_years_as_numbers_with_no_heading_over_the_labels(office):
    preview = read(
        office,
        ["Bilan chiffré"],
        [None, 2021, 2022, 2023],
        ["Places agréées en EAJE", 380, 2020, 2023],
    )
    assert office.after(preview) == {"1.1": "2 023"}


def test_a_year_over_several_columns(office):
    def then(book, sheet):
        sheet.merge_range("A1:A2", "Indicateur")
        sheet.merge_range("B1:C1", 2022)
        sheet.merge_range("D1:E1", 2023)

    preview = read(
        office,
        [],
        [None, "Valeur", "Commentaire", "Valeur", "Commentaire"],
        ["Places agréées en EAJE", 400, "avant", 412, "après"],
        then=then,
    )
    assert office.after(preview) == {"1.1": "412, « après »"}


def test_a_sheet_a_year(office):
    rows = [["Indicateur", "Valeur"], ["Places agréées en EAJE", 400]]
    preview = read(
        office,
        sheets={"2022": rows, "Année 2023": [rows[0], ["Places agréées en EAJE", 412]],
                "Notice": [["Comment remplir ce classeur"]]},
    )  # fmt: skip
    assert office.after(preview) == {"1.1": "412"}
    assert "Notice|aucun tableau reconnu" in told(preview)


def test_a_column_whose_year_is_asked_then_remembered(office):
    rows = [["Indicateur", "N-1", "Année scolaire 2022-2023"], ["Places agréées en EAJE", 400, 412]]
    preview = read(office, ["Indicateur", "Valeur 2021", *rows[0][1:]],
                   ["Places agréées en EAJE", 1, 400, 412])  # fmt: skip
    assert [question.place for question in preview.open_questions] == ["Feuille!C1", "Feuille!D1"]
    assert not preview.is_whole
    answers = {"annee:n 1@2023": "-", "annee:annee scolaire 2022 2023": "2023"}
    preview = read(office, ["Indicateur", "Valeur 2021", *rows[0][1:]],
                   ["Places agréées en EAJE", 1, 400, 412], **answers)  # fmt: skip
    assert (preview.open_questions, office.after(preview)) == ([], {"1.1": "412"})


def test_two_columns_that_say_the_same_are_asked(office):
    rows = [["Code", "Valeur", "Résultat"], ["1.1", 1, 412]]
    preview = read(office, *rows)
    [question] = preview.open_questions
    assert office.after(preview) == {}
    preview = read(office, *rows, **{question.key: "C"})
    assert office.after(preview) == {"1.1": "412"}


# Lines -------------------------------------------------------------------------------------------


def test_a_code_and_a_label_that_disagree_are_refused(office):
    preview = read(
        office,
        ["Code", "Indicateur", "Valeur"],
        ["1.1", "Ateliers parents-enfants", 12],
        ["1.2", "Enfants accueillis au relais", 3],
    )
    assert "une colonne a peut-être glissé" in wrong(preview)["Feuille!A2"]
    assert office.after(preview) == {"1.2": "3"}


def test_a_label_that_is_nearly_one_is_asked(office):
    rows = [["Indicateur", "Valeur"], ["Places agrées en EAJE (multi-accueil)", 12],
            ["Nombre de bacheliers", 3]]  # fmt: skip
    preview = read(office, *rows)
    [question] = preview.open_questions
    assert "Vouliez-vous dire « Places agréées en EAJE » ?" in wrong(preview)["Feuille!A2"]
    assert "n’est pas un indicateur de ce recueil" in wrong(preview)["Feuille!A3"]
    key = str(office.entry("1.1").indicator_id)
    preview = read(office, *rows, **{question.key: key})
    assert office.after(preview) == {"1.1": "12"}


def test_a_file_about_something_else_is_not_compared_without_end(office, monkeypatch):
    compared = Counter()

    class Counting(SequenceMatcher):
        def quick_ratio(self):
            compared["titles"] += 1
            return super().quick_ratio()

    monkeypatch.setattr("spreadsheets.matching.likeness.SequenceMatcher", Counting)
    lines = [[f"Places de parking du quartier {n}", n] for n in range(3 * LIKENED)]
    preview = read(office, ["Indicateur", "Valeur"], *lines)
    assert len(wrong(preview)) == 3 * LIKENED
    assert compared["titles"] <= 2 * LIKENED * len(office.campaign.campaign_indicators.all())


def test_a_page_shows_so_many_choices():
    """A hundred questions of four hundred organisations each were three megabytes."""
    choices = [Choice(str(n), f"Structure {n}") for n in range(MOST_CHOICES // 10)]
    asking = Asking({f"répondue:{n}": "1" for n in range(30)})
    for n in range(30):
        assert asking.ask(f"répondue:{n}", "Qui ?", "A1", choices) == "1"
        assert asking.ask(f"ouverte:{n}", "Qui ?", "A1", choices) == ""
    assert [bool(one.answer) for one in asking.questions] == [False] * 10 + [True] * 10
    many = Asking()
    many.ask("une", "Qui ?", "A1", choices * 20)
    assert len(many.questions) == 1


def test_more_questions_than_a_page_can_hold_come_after_the_first(office):
    lines = [[f"Places agrées en EAJE {n}", n] for n in range(MOST_OPEN + 5)]
    rows = [["Indicateur", "Valeur", *(f"Humeur {n}" for n in range(MOST_OPEN + 5))], *lines]
    preview = read(office, *rows)
    assert len(preview.open_questions) == MOST_OPEN
    assert len(preview.questions) == 2 * MOST_OPEN
    assert len(wrong(preview)) == MOST_OPEN + 5
    answers = {question.key: LEFT for question in preview.open_questions}
    assert len(read(office, *rows, **answers).open_questions) == 5


def test_a_code_that_excel_has_made_a_number_is_not_another_one(office):
    """« 1.10 » becomes 1.1: the label tells that it is not."""
    preview = read(office, ["Code", "Indicateur", "Valeur"], [1.10, "Ateliers parents-enfants", 12])
    assert office.after(preview) == {}
    assert "Feuille!A2" in wrong(preview)


def test_lines_that_say_two_things_of_one_indicator(office):
    preview = read(office, ["Code", "Valeur"], ["1.1", 12], ["1.1", 13], ["1.2", 4], ["1.2", 4])
    assert office.after(preview) == {"1.2": "4"}
    assert set(wrong(preview)) == {"Feuille!B2", "Feuille!B3"}


def test_each_of_many_lines_of_one_indicator_tells_of_a_few_others(office):
    preview = read(office, ["Code", "Valeur"], *(["1.1", n] for n in range(300)))
    said = wrong(preview)
    assert len(said) == 300
    assert max(map(len, said.values())) < 200
    assert said["Feuille!B2"].endswith(": voyez Feuille!B3, Feuille!B4, Feuille!B5, Feuille!B6, "
                                       "Feuille!B7…")  # fmt: skip


def test_units_that_disagree_are_refused(office):
    preview = read(
        office,
        ["Code", "Unité", "Valeur"],
        ["2.2", "k€", 12],
        ["1.1", "place", 3],
        ["1.2", "nb", 4],
    )
    assert office.after(preview) == {"1.1": "3", "1.2": "4"}
    assert "« k€ »" in wrong(preview)["Feuille!B2"]


@pytest.mark.parametrize(("unit", "is_ours"), [("atel.", True), ("nb ateliers", True),
                                              ("el", False), ("M", False)])  # fmt: skip
def test_a_unit_within_a_word_is_another(office, unit, is_ours):
    preview = read(office, ["Code", "Unité", "Valeur"], ["1.10", unit, 12])
    assert list(office.after(preview)) == (["1.10"] if is_ours else [])
    assert is_ours or f"« {unit} »" in plain(wrong(preview)["Feuille!B2"])


def test_an_organisation_that_is_not_known_is_asked(office):
    rows = [["Code", "Valeur", "Fournisseur"], ["1.1", 12, "Allocations familiales"],
            ["1.2", 3, office.committee.epci.acronym]]  # fmt: skip
    preview = read(office, *rows)
    [question] = preview.open_questions
    assert "est quel organisme ?" in question.text
    assert set(wrong(preview)) == {"Feuille!C2", "Feuille!C3"}
    preview = read(office, *rows, **{question.key: str(office.committee.caf.pk)})
    assert office.after(preview) == {"1.1": "12"}


def test_figures_by_commune_are_offered_to_be_added_up(office):
    rows = [["Commune", "Indicateur", "Valeur"], ["Naintré", "Places agréées en EAJE", 30],
            ["Châtellerault", "Places agréées en EAJE", 300],
            ["Naintré", "Part des familles monoparentales", "12 %"]]  # fmt: skip
    preview = read(office, *rows)
    [question] = preview.open_questions
    assert office.after(preview) == {}
    preview = read(office, *rows, **{question.key: "oui"})
    assert office.after(preview) == {"1.1": "330, « Somme de 2 communes. »"}
    assert "ne s’additionnent pas" in wrong(preview)["Feuille!C4"]


def test_a_commune_without_its_figure_makes_no_sum(office):
    rows = [["Commune", "Code", "Valeur"], ["Naintré", "1.1", 30], ["Ingrandes", "1.1", "n.d."]]
    preview = read(office, *rows, **{"communes:additionner": "oui"})
    assert office.after(preview) == {}
    assert "la somme serait fausse" in wrong(preview)["Feuille!C3"]


# Cells that lie ----------------------------------------------------------------------------------


def test_a_formula_that_was_never_calculated_enters_no_zero(office):
    book = Workbook()
    for row in [["Code", "Valeur"], ["1.1", "=200+212"], ["1.2", 4]]:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    preview = office.read("a.xlsx", content.getvalue())
    assert office.after(preview) == {"1.2": "4"}
    assert "n’a jamais été calculée" in wrong(preview)["Sheet!B2"]


def test_a_zero_of_a_file_writer_is_asked(office):
    def then(book, sheet):
        sheet.write_formula("B2", "=SUM(C2:D2)")

    rows = [["Code", "Valeur"], ["1.1"]]
    preview = read(office, *rows, then=then)
    [question] = preview.open_questions
    assert "Est-ce bien zéro ?" in question.text
    assert office.after(read(office, *rows, then=then, **{question.key: "0"})) == {"1.1": "0"}
    left = read(office, *rows, then=then, **{question.key: "-"})
    assert (office.after(left), wrong(left)) == ({}, {})


def test_an_error_of_a_formula_is_told(office):
    def then(book, sheet):
        sheet.write_formula("B2", "=1/0", None, "#DIV/0!")

    preview = read(office, ["Code", "Valeur"], ["1.1"], then=then)
    assert "#DIV/0!" in wrong(preview)["Feuille!B2"]


def test_a_merged_figure_counts_once(office):
    def then(book, sheet):
        sheet.merge_range("B2:B3", 12)

    preview = read(office, ["Code", "Valeur"], ["1.1"], ["1.2"], then=then)
    assert office.after(preview) == {"1.1": "12"}
    assert preview.empty == 1


def test_hidden_lines_and_sheets_are_told_and_read(office):
    def then(book, sheet):
        if sheet.name == "Feuille":
            sheet.set_row(1, None, None, {"hidden": True})
        else:
            sheet.hide()

    rows = [["Code", "Valeur"], ["1.1", 12]]
    preview = read(office, sheets={"Feuille": rows, "Brouillon": [rows[0], ["1.2", 3]]}, then=then)
    assert office.after(preview) == {"1.1": "12", "1.2": "3"}
    assert "lignes masquées, lues aussi : 2." in told(preview)
    assert "Brouillon|cette feuille est masquée" in told(preview)


def test_columns_that_are_not_understood_are_listed(office):
    preview = read(
        office, ["Code", "Valeur", "Humeur"], ["1.1", 12, "bonne"], ["1.2", 3, None, "hors titre"]
    )
    assert "Feuille!C1|colonne « Humeur » non reconnue" in told(preview)
    assert "colonne D sans titre" in told(preview)
    assert [question.is_required for question in preview.questions] == [False]
    answered = read(office, ["Code", "Valeur", "Humeur"], ["1.1", 12, "bonne"],
                    **{"colonne:humeur": "comment"})  # fmt: skip
    assert office.after(answered) == {"1.1": "12, « bonne »"}


# Other formats -----------------------------------------------------------------------------------


def test_a_csv_of_windows_and_a_page_saved_as_xls(office):
    rows = [["Code", "Libellé", "2023"], ["1.1", "Places agréées en EAJE", "1 412,0"]]
    preview = office.read("export.csv", csv_text(*rows).encode("cp1252"))
    assert office.after(preview) == {"1.1": "1 412"}
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    preview = office.read("export.xls", f"<html><table>{cells}</table></html>".encode())
    assert office.after(preview) == {"1.1": "1 412"}
    assert "lu comme tel" in told(preview)


def test_an_opendocument_workbook(office):
    rows = [["Code", "Valeur"], ["2.1", (0.125, "12,5 %")], ["1.1", 412]]
    assert office.after(office.read("suivi.ods", ods(*rows))) == {"2.1": "12,5 %", "1.1": "412"}


def test_a_file_without_a_table_says_what_is_missing(office):
    preview = read(office, ["Bonjour"], ["Voici nos chiffres", 12])
    assert "il faut une ligne de titres" in preview.refusal.reason


# Compared with what is there ---------------------------------------------------------------------


def test_new_changed_unchanged_empty_and_erased(office, agent):
    first = [["Code", "Valeur", "Commentaire"], ["1.1", 412, "Un mot"], ["1.2", 3], ["1.10", 5]]
    keep(office, read(office, *first, user=agent), agent)
    preview = read(
        office,
        ["Code", "Valeur", "Commentaire"],
        ["1.1", 412, None], ["1.2", 4], ["1.10", "effacer"], ["2.1", None], ["3.1", "effacer"],
        user=agent,
    )  # fmt: skip
    assert [str(line.outcome) for line in preview.lines] == [
        "unchanged", "changed", "changed", "unchanged",
    ]  # fmt: skip
    assert [(plain(line.before), line.after) for line in preview.changed] == [
        ("3", "4"), ("5", "rien"),
    ]  # fmt: skip
    assert preview.empty == 1
    keep(office, preview, agent)
    assert {code: str(number) for code, number in office.kept().items()} == {
        "1.1": "412",
        "1.2": "4",
    }


def test_the_same_file_twice_changes_nothing(office, agent):
    rows = [["Code", "Valeur"], ["1.1", 412], ["2.1", (0.125, "0%")], ["2.3", "1/3"]]
    keep(office, read(office, *rows, user=agent), agent)
    before = list(Value.objects.order_by("pk").values())
    preview = read(office, *rows, user=agent)
    assert (preview.to_keep, len(preview.unchanged)) == ([], 3)
    keep(office, preview, agent)
    assert list(Value.objects.order_by("pk").values()) == before


def test_rights_are_asked_line_by_line(office, committee, agent):
    other = MembershipFactory(organisation=committee.epci).user
    preview = read(office, ["Code", "Valeur"], ["1.1", 412], user=other)
    assert "est saisie par" in wrong(preview)["Feuille!B2"]
    assert (preview.lines, preview.is_whole) == ([], False)


def test_what_surprises_is_told(office, agent):
    preview = read(office, ["Code", "Valeur"], ["1.1", 800], user=agent)
    assert "augmente" in preview.lines[0].doubts[0]
    explained = read(office, ["Code", "Valeur", "Commentaire"], ["1.1", 800, "Fusion"], user=agent)
    assert explained.lines[0].doubts == ()


def keep(office, preview, by):
    for line in preview.to_keep:
        ImportOfValues().keep(office.scope, line, by=by)


def test_a_percentage_that_is_a_share_is_asked(office):
    rows = [["Code", "Valeur"], ["2.1", 0.125]]
    [question] = read(office, *rows).open_questions
    assert plain(question.text).endswith("0,1250 est-il une part (soit 12,5 %), ou 0,1250 % ?")
    assert office.after(read(office, *rows, **{question.key: "part"})) == {"2.1": "12,5 %"}


def test_a_whole_share_beside_others_is_one_as_well(office):
    """« 1 » below « 0,95 » was kept as one per cent."""
    rows = [["Code", "Valeur"], ["2.1", 1]]
    [question] = read(office, *rows).open_questions
    assert plain(question.text).endswith("1 est-il une part (soit 100 %), ou 1 % ?")
    assert office.after(read(office, *rows, **{question.key: "part"})) == {"2.1": "100,0 %"}
    assert office.after(read(office, *rows, **{question.key: "pourcentage"})) == {"2.1": "1,0 %"}


def test_a_share_above_one_beside_others_is_one_as_well(office):
    """« 1,12 » below « 0,95 » was kept as little more than one per cent."""
    other = indicator_in_force(office.committee, code="2.4", title="Taux de présence", unit="%")
    entry = campaign_of(office.committee, 2040, [other]).campaign_indicators.get()
    entry.campaign = office.campaign
    entry.save()
    rows = [["Code", "Valeur"], ["2.1", 0.95], ["2.4", 1.12]]
    below, above = read(office, *rows).open_questions
    assert plain(above.text).endswith("1,12 est-il une part (soit 112 %), ou 1,12 % ?")
    preview = read(office, *rows, **{below.key: "part", above.key: "part"})
    assert office.after(preview) == {"2.1": "95,0 %", "2.4": "112 %"}
    alone = [["Code", "Valeur"], ["2.1", 95], ["2.4", 1.12]]
    assert not read(office, *alone).questions


def test_a_share_in_a_text_is_asked_too(office):
    """Of a CSV « 0,95 » was kept as less than one per cent; one with its sign says what it is."""
    preview = office.read("a.csv", b"Code;Valeur\n2.1;0,95")
    [question] = preview.open_questions
    preview = office.read("a.csv", b"Code;Valeur\n2.1;0,95", **{question.key: "part"})
    assert office.after(preview) == {"2.1": "95,0 %"}
    preview = office.read("a.csv", b"Code;Valeur\n2.1;0,95 %")
    assert (office.after(preview), preview.questions) == ({"2.1": "0,95 %"}, [])


def test_most_figures_that_surprise_tell_of_a_column_that_slipped(office, agent):
    for code in ("1.2", "1.10", "3.1", "2.2"):
        office.earlier(code, 1000)
    rows = [["Code", "Valeur"], *([code, 7] for code in ("1.1", "1.2", "1.10", "3.1", "2.2"))]
    assert "5 chiffres sur 5 surprennent" in told(read(office, *rows, user=agent))


@pytest.mark.parametrize(
    "heading",
    ["Valeur\n2023", "Valeur au 31/12/2023", "Données 2023", "Réel 2023", "Nb 2023", "2023*",
     "Année 2023 (définitif)", "RÉALISÉ (2023)", "Total 2023", 2023, (45291, "dd/mm/yyyy")],
)  # fmt: skip
def test_headings_of_a_year(office, heading):
    preview = read(office, ["Intitulé de l'indicateur", heading], ["Ateliers parents-enfants", 12])
    assert office.after(preview) == {"1.10": "12"}


@pytest.mark.parametrize(
    "label",
    ["1.10 – Ateliers parents-enfants", "1.10 Ateliers parents-enfants", "1.10 : ateliers",
     "a) Ateliers parents-enfants", "12. Ateliers parents-enfants", "• Ateliers parents / enfants",
     "Ateliers parents-enfants (en nombre)", "Ateliers parents-enfants (2023)",
     "Ateliers parents-enfants (au 31/12/2023)", "Ateliers parents-enfants (définitif)"],
)  # fmt: skip
def test_labels_with_a_number_before(office, label):
    preview = read(office, ["Indicateur", "Valeur"], [label, 12])
    assert office.after(preview) == {"1.10": "12"}


@pytest.mark.parametrize(
    "said", ["(2022)", "(au 31/12/2022)", "(2022-2023)", "(1er semestre)", "[T1]", "(objectif)",
             "(prévisionnel)", "(évolution)", "(moyenne 2021-2023)", "(cumul)"],
)  # fmt: skip
@pytest.mark.parametrize("columns", [["Indicateur"], ["Code", "Indicateur"]])
def test_what_a_label_says_in_brackets_of_its_figure_is_asked(office, said, columns):
    """A figure of 2022, of half a year or to be reached was read as what 2023 came to."""
    names = ["1.10", f"Ateliers parents-enfants {said}"][-len(columns) :]
    preview = read(office, [*columns, "Valeur"], [*names, 12])
    assert office.after(preview) == {}
    [question] = preview.questions
    assert question.choices[-1].value == LEFT


@pytest.mark.parametrize(
    ("code", "label", "unit"),
    [("2.2", "Montant versé aux communes (k€)", "k€"),
     ("2.2", "Montant versé aux communes [en milliers d’euros]", "milliers d’euros"),
     ("1.10", "Ateliers parents-enfants (%)", "%"),
     ("2.1", "Part des familles monoparentales (en nombre)", "effectif")],
)  # fmt: skip
@pytest.mark.parametrize("has_code", [True, False])
def test_a_unit_in_a_label_is_that_of_its_figure(office, code, label, unit, has_code):
    """« Montant (k€) » was kept in euros."""
    columns, names = (
        (["Code", "Indicateur"], [code, label]) if has_code else (["Indicateur"], [label])
    )
    preview = read(office, [*columns, "Valeur"], [*names, 12])
    assert office.after(preview) == {}
    [text] = wrong(preview).values()
    assert f"Le fichier compte en « {unit} »" in text


def test_a_unit_in_a_label_may_be_its_own(office):
    rows = [["Part des familles monoparentales (%)", 12], ["Montant versé aux communes (€)", 5]]
    preview = read(office, ["Indicateur", "Valeur"], *rows)
    assert office.after(preview) == {"2.1": "12,0 %", "2.2": "5,00"}


def test_what_a_title_has_in_brackets_is_no_other(office):
    """Those of 11 to 25 years were read as those of 11 to 17."""
    others = ["Jeunes accompagnés (11-25 ans)", "Jeunes accompagnés (filles)"]
    for label in others:
        assert office.after(read(office, ["Indicateur", "Valeur"], [label, 12])) == {}
    for label in ("Jeunes accompagnés", "Jeunes accompagnés (11-17 ans) (en nombre)"):
        preview = read(office, ["Indicateur", "Valeur"], [label, 12])
        assert office.after(preview) == {"3.1": "12"}


@pytest.mark.parametrize("called", ["Objectifs", "Objectifs 2023", "prévisionnel 2023", "Cible"])
@pytest.mark.parametrize("is_title", [True, False])
def test_a_sheet_of_what_is_to_be_reached_is_asked(office, called, is_title):
    """Its figures were read as what was counted."""
    rows, name = [["Code", "Valeur"], ["1.1", 450]], "Feuille" if is_title else called
    content = xlsx(*([[called], *rows] if is_title else rows), name=name)
    preview = office.read("a.xlsx", content)
    [question] = preview.open_questions
    assert office.after(preview) == {}
    assert "dites si ces chiffres sont réalisés" in str(wrong(preview))
    key = question.key
    assert office.after(office.read("a.xlsx", content, **{key: "realise"})) == {"1.1": "450"}
    preview = office.read("a.xlsx", content, **{key: LEFT})
    assert (office.after(preview), wrong(preview)) == ({}, {})
    assert "chiffres visés, laissés de côté" in told(preview)


def test_a_line_that_is_left_empty_is_not_counted_among_values(office, agent):
    keep(office, read(office, ["Code", "Valeur"], ["1.1", 412], user=agent), agent)
    preview = read(office, ["Code", "Unité", "Valeur"], ["1.1", "places", None], user=agent)
    assert (preview.lines, preview.empty) == ([], 1)


@pytest.mark.parametrize("number", ["12500.123456", "1.234", "0.5", "1234567.8"])
def test_a_comment_alone_leaves_its_figure_as_it_is(office, agent, number):
    save_value(office.entry("2.2"), Figure(number=Decimal(number)), by=agent)
    save_value(office.entry("1.2"), Figure(absence="not_available", reason="Panne"), by=agent)
    rows = [["Code", "Valeur", "Commentaire"], ["2.2", None, "Un mot"], ["1.2", None, "Un mot"],
            ["1.1", None, "Sans valeur"]]  # fmt: skip
    preview = read(office, *rows, user=agent)
    first, second = preview.changed
    assert (first.content.number, first.content.comment) == (Decimal(number), "Un mot")
    assert (second.content.absence, second.content.reason) == ("not_available", "Panne")
    assert preview.empty == 1
    assert "Feuille!A4|Places agréées en EAJE : ce qui est écrit sans valeur" in told(preview)
