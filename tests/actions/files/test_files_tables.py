"""The action plan as a workbook and as CSV: every field, numbers and dates as such."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from actions.files.reading import read_sheets
from actions.files.tables import plan_tables
from actions.models import Action
from actions.ways.budget import Budget
from actions.ways.list import Plan
from conventions.models import Convention
from documents.tables import to_csv, to_xlsx
from tests import factories as f
from tests.actions import factories as a
from tests.agreements.factories import committee_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db

DAY = datetime.date(2023, 7, 1)


@told_once
def committee(db):
    term = {"start": datetime.date(2020, 1, 1), "end": datetime.date(2024, 12, 31)}
    return committee_of(signed_on=datetime.date(2019, 12, 31), **term)


@told_once
def action(committee):
    commune = f.CommuneFactory(convention=committee.convention, name="Lésigny")
    action = a.action_in_force(
        committee,
        is_whole_territory=False,
        communes=[commune],
        means=[{"organisation": committee.caf, "fte": Decimal("0.5"), "note": ""}] * 2,
        fundings=[a.funding(committee.caf, 2021, planned="1200.50"), a.funding("État", 2022)],
    )
    first, _ = action.fundings.all()
    action = a.spent(action, {first.pk: (Decimal(1000), Decimal("980.25"))})
    action = a.with_milestones(
        action, ("Ouvrir", "2021-03-01", "2021-03-02"), ("Étendre", "2022-03-01", None)
    )
    a.noted(action, 2021, "Ouvert.", brakes="Le local")
    a.noted(action, 2022, "Étendu.")
    return action


def tables(convention):
    convention = Convention.objects.get(pk=convention.pk)
    rows = Action.objects.of(convention).readable().in_reading_order()
    return plan_tables(convention, read_sheets(convention, rows, DAY))


def sheets_of(convention) -> dict[str, list[dict]]:
    """The rows of each sheet of the workbook, by column."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(*tables(convention))))
    read = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    return {
        name: [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        for name, rows in read.items()
    }


class TestActions:
    def test_cells_of_numbers_and_dates_are_numbers_and_dates(self, committee, action):
        [row] = sheets_of(committee.convention)["Actions"]
        assert row["Numéro"] == action.number
        assert row["Début"] == datetime.date(2020, 1, 1)
        assert row["En vigueur depuis le"] == timezone.localdate()
        assert (row["Prévu (€)"], row["Accordé (€)"], row["Dépensé (€)"]) == (2200.5, 1000, 980.25)
        assert (row["ETP"], row["Avancement (%)"]) == (1, 50)
        assert row["Total incomplet"] == "accordé, dépensé"
        assert (row["Jalons"], row["Jalons atteints"]) == (2, 1)
        assert (row["En retard"], row["Concerne tout le territoire"], row["Communes"]) == (
            "oui", "non", "Lésigny"
        )  # fmt: skip

    def test_each_year_with_notes_has_a_column(self, committee, action):
        [row] = sheets_of(committee.convention)["Actions"]
        assert row["Bilan 2021"] == "Ouvert.\nFreins : Le local"
        assert row["Bilan 2022"] == "Étendu."
        assert "Bilan 2020" not in row

    def test_proposed_actions_are_marked(self, committee):
        a.proposed_action(committee)
        [row] = sheets_of(committee.convention)["Actions"]
        assert (row["Accord"], row["En vigueur depuis le"], row["État"]) == ("proposée", "", "")
        assert row["Réponses des parties"] == "CAF 99 : attendu\nExemple : attendu"

    def test_columns_have_the_words_of_the_territory(self, committee, action):
        committee.convention.labels = {"axe": "Enjeu", "thematique": "Volet", "objectif": "But"}
        committee.convention.save()
        [row] = sheets_of(committee.convention)["Actions"]
        assert {"Enjeu", "Volet", "Buts"} <= row.keys()
        assert "Axe" not in row

    def test_fictional_actions_are_marked_in_each_file(self, committee, action):
        assert "Données fictives" not in sheets_of(committee.convention)["Actions"][0]
        Action.objects.update(is_fictional=True)
        rows_by_table = sheets_of(committee.convention)
        assert rows_by_table["Actions"][0]["Données fictives"] == "oui"
        assert all(rows[-1]["Numéro"] == "Données fictives." for rows in rows_by_table.values())

    def test_a_total_without_any_line_or_with_all_is_not_incomplete(self, committee):
        lines = [a.funding(committee.caf, year) for year in (2021, 2022)]
        action = a.action_in_force(committee, fundings=lines)
        a.spent(action, {line.pk: (Decimal(0), None) for line in action.fundings.all()})
        [row] = sheets_of(committee.convention)["Actions"]
        assert (row["Accordé (€)"], row["Dépensé (€)"], row["Total incomplet"]) == (0, "", "")

    def test_names_are_called_as_on_the_pages(self, committee, action):
        theme = committee.orientation.theme
        for item, name in [(theme, "title"), (theme.axis, "title"), (action.communes.get(), "name"),
                          (committee.orientation, "title"), (action, "title")]:  # fmt: skip
            setattr(item, name, "L'accès à l'emploi")
            item.save()
        Action.objects.update(diagnosis="L'emploi")
        [row] = sheets_of(committee.convention)["Actions"]
        for column in ("Titre", "Axe", "Thématique", "Objectifs", "Communes"):
            assert row[column].endswith("L’accès à l’emploi"), column
        assert row["Diagnostic"] == "L'emploi"  # a text stays as it was written

    def test_csv_has_a_row_for_each_action(self, committee, action):
        text = to_csv(tables(committee.convention)[0]).decode("utf-8-sig")
        [row] = csv.DictReader(io.StringIO(text), delimiter=";")
        assert row["Prévu (€)"] == "2200,50"
        assert row["Fin"] == "31/12/2024"


class TestBeside:
    def test_the_table_of_notes_has_a_row_for_each_note(self, committee, action):
        rows = sheets_of(committee.convention)["Bilans"]
        assert [(row["Année"], row["Freins"]) for row in rows] == [
            ("2022", ""),
            ("2021", "Le local"),
        ]

    def test_rows_beside_the_actions_have_the_standing_of_their_action(self, committee, action):
        proposed = Action.objects.get(pk=a.proposed_action(committee).object_id)
        proposed.milestones.create(title="Plus tard", due_on=DAY)
        rows_by_table = sheets_of(committee.convention)
        standings = {(row["Numéro"], row["Accord"]) for row in rows_by_table["Actions"]}
        assert standings == {(action.number, "en vigueur"), (proposed.number, "proposée")}
        for name in ("Financements", "Jalons"):
            assert {(row["Numéro"], row["Accord"]) for row in rows_by_table[name]} == standings
        assert {row["Accord"] for row in rows_by_table["Bilans"]} == {"en vigueur"}

    def test_the_planned_sums_of_actions_in_force_are_those_of_the_budget(self, committee, action):
        a.proposed_action(committee, fundings=[a.funding("État", 2022, planned="999999")])
        rows = sheets_of(committee.convention)["Financements"]
        planned = sum(row["Prévu (€)"] for row in rows if row["Accord"] == "en vigueur")
        budget = Budget(Plan(committee.convention, committee.coordinator, {}, DAY))
        assert budget.total.planned.total == Decimal(planned) == Decimal("2200.5")

    def test_tables_of_an_empty_plan_have_no_row(self, committee):
        rows_by_table = sheets_of(committee.convention)
        assert rows_by_table == {"Actions": [], "Financements": [], "Jalons": [], "Bilans": []}
