"""Page and documents say the same of an action; each plain field is told in each of them."""

import csv
import datetime
import io
import re
from decimal import Decimal

import docx
import pytest
from python_calamine import CalamineWorkbook

from actions.files.pdf import write_plan
from actions.files.plan import plan_of
from actions.files.reading import read_sheets
from actions.files.tables import plan_tables
from actions.files.word import sheet_docx
from actions.models import Action
from actions.plan.commitments import ActionCommitment
from actions.plan.forms import SECTIONS
from actions.sheet.columns import (
    FUNDINGS_IN_PDF,
    FUNDINGS_IN_TABLE,
    FUNDINGS_IN_WORD,
    FUNDINGS_ON_PAGE,
    MILESTONES_IN_DOCUMENT,
    MILESTONES_IN_TABLE,
    MILESTONES_ON_PAGE,
)
from agreements.commitments.fields import FACT, Text
from agreements.models import Version
from conventions.models import Organisation
from ctg_portal.text.typography import polish
from documents.tables import cells_of, to_csv, to_xlsx
from tests import factories as f
from tests.accounts.reading import text_of
from tests.actions.factories import (
    action_in_force,
    agreed_again,
    funding,
    proposed_action,
    spent,
    with_milestones,
)
from tests.actions.pages import reading  # noqa: F401  (fixture)
from tests.actions.ways.scene import plain
from tests.committee.pages import committee_url
from tests.stories import told_once

pytestmark = pytest.mark.django_db


def table_of(action) -> dict[str, str]:
    """What the CSV says of it, by column."""
    text = to_csv(plan_tables(action.convention, sheets_of(action))[0]).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text), delimiter=";")
    return row


def sheets_of(action):
    return read_sheets(action.convention, [action], action.convention.start)


def pdf_of(action) -> str:
    """What the PDF is drawn from."""
    plan = plan_of(action.convention, sheets_of(action), action.convention.start)
    return text_of(write_plan(plan))


def word_of(action) -> str:
    [sheet] = sheets_of(action)
    content = sheet_docx(sheet, action.convention, action.convention.start)
    document = docx.Document(io.BytesIO(content))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(one.text for one in (*document.paragraphs, *cells))


@pytest.fixture
def texts_of(get):
    """``texts_of(action)``: what page, PDF, Word and CSV say of it, with plain spaces."""

    def texts_of(action) -> dict[str, str]:
        action = Action.objects.get(pk=action.pk)
        texts = {
            "page": get(f"{action.pk}/"),
            "pdf": pdf_of(action),
            "word": word_of(action),
            "csv": "\n".join(table_of(action).values()),
        }
        return {name: plain(polish(text)) for name, text in texts.items()}

    return texts_of


# Each field is told in each ---------------------------------------------------------------------


def samples(committee) -> dict[str, tuple[object, str]]:
    """By field that is no text: a value that could be missed, and the words that tell it."""
    theme = committee.orientation.theme
    commune = f.CommuneFactory(convention=committee.convention, name="Lésigny")
    other = f.ThemeFactory(axis=theme.axis, rank=9, number="1.9", title="Jeunesse")
    partner = f.OrganisationFactory(convention=committee.convention, acronym="UDAF")
    lead = {"organisation": committee.epci, "name": "Ada Sow", "capacity": "Cheffe", "user": None}
    return {
        "theme": (theme, theme.title),
        "other_themes": ([other], "Jeunesse"),
        "objectives": ([committee.orientation], committee.orientation.title),
        "priority": ("high", "haute"),
        "is_innovative": (True, "nnovation"),
        "leads": ([lead], "Ada Sow, Cheffe (Exemple)"),
        "partners": ([partner], "UDAF"),
        "starts_on": (datetime.date(2022, 3, 17), "17 mars 2022"),
        "ends_on": (datetime.date(2023, 8, 29), "29 août 2023"),
        "is_continuous": (False, ""),
        "is_whole_territory": (False, ""),
        "communes": ([commune], "Lésigny"),
        "means": ([{"organisation": partner, "fte": Decimal("0.35"), "note": "Veille"}],
                  "UDAF : 0,35 ETP (Veille)"),
        "fundings": ([funding(committee.caf, 2022, planned="1234")], "1 234"),
        "plans": (["Pacte des solidarités"], "Pacte des solidarités"),
    }  # fmt: skip


# A table has a day, a number or « oui » where the others have words.
IN_A_TABLE = {
    "17 mars 2022": "17/03/2022", "29 août 2023": "29/08/2023", "1 234": "1234", "nnovation": "oui",
}  # fmt: skip


def test_each_field_is_told_in_page_pdf_word_and_table(committee, texts_of):
    known = samples(committee)
    for field in ActionCommitment.fields:
        if isinstance(field, Text):
            known[field.name] = (f"Mot de {field.name}.", f"Mot de {field.name}.")
    assert known.keys() == {field.name for field in ActionCommitment.fields}
    action = action_in_force(committee, **{name: value for name, (value, _) in known.items()})
    texts = texts_of(action)
    row = table_of(Action.objects.get(pk=action.pk))
    for field in ActionCommitment.fields:
        _, words = known[field.name]
        in_table = plain(polish(IN_A_TABLE.get(words, words)))
        # Under its own label, where the table has a column of it.
        texts["csv"] = plain(polish(row[field.label] if field.column else "\n".join(row.values())))
        for where, text in texts.items():
            expected = in_table if where == "csv" else plain(polish(words))
            assert expected in text, (field.name, where)


@pytest.mark.parametrize(
    "one", [one for one in ActionCommitment.fields if one.shown == FACT and isinstance(one, Text)],
    ids=lambda one: one.name,
)  # fmt: skip
def test_each_plain_text_is_called_by_its_label(committee, texts_of, one):
    action = action_in_force(committee, **{one.name: "Ici même."})
    texts = texts_of(action)
    for where in ("page", "pdf", "word"):
        assert re.search(rf"{one.label}\s+Ici même\.", texts[where]), where
    assert table_of(Action.objects.get(pk=action.pk))[one.label] == "Ici même."


@pytest.mark.parametrize("one", ActionCommitment.fields, ids=lambda one: one.name)
def test_each_field_is_written_in_a_section(one):
    [section] = [section for section in SECTIONS if one.name in section.names]
    assert one.name in section.rows or one.name in section.fields


# Its money and milestones are told in each, by one set of columns ---------------------------------


@told_once
def followed(committee):
    """An action with money and milestones, each of which tells something else."""
    lines = [funding(committee.caf, 2021, planned="1201.50", scheme="Bonus"),
             funding("Fondation", 2022, planned="3402")]  # fmt: skip
    action = action_in_force(committee, starts_on=datetime.date(2021, 1, 1), fundings=lines)
    first, _ = action.fundings.all()
    action = spent(action, {first.pk: (Decimal(1103), Decimal("904.25"))})
    return with_milestones(
        action, ("Recruter", "2021-03-05", "2021-03-02"), ("Étendre", "2021-04-06", None, 3)
    )


def words_of(columns, things) -> list[str]:
    """What documents say: labels, then each value."""
    cells = [cell for one in things for cell in cells_of(columns, one)]
    return [column.label for column in columns] + [cell.text for cell in cells]


def test_each_column_of_money_and_milestones_is_told_in_page_and_documents(followed, texts_of):
    texts, [sheet] = texts_of(followed), sheets_of(followed)
    milestones = sheet.follow_up.milestones
    shown = {
        "page": [(FUNDINGS_ON_PAGE, sheet.fundings), (MILESTONES_ON_PAGE, milestones)],
        "pdf": [(FUNDINGS_IN_PDF, sheet.fundings), (MILESTONES_IN_DOCUMENT, milestones)],
        "word": [(FUNDINGS_IN_WORD, sheet.fundings), (MILESTONES_IN_DOCUMENT, milestones)],
    }
    for where, tables in shown.items():
        for columns, things in tables:
            for words in words_of(columns, things):
                # The PDF sets the weight apart from the name.
                for part in words.removesuffix(")").split(" ("):
                    assert plain(polish(part)) in texts[where], (where, words)
    for where, text in texts.items():
        for words in () if where == "csv" else ("904,25 €", "4 603,50 €", "Bonus", "5 mars 2021"):
            assert words in text, (where, words)


def test_amounts_and_days_are_numbers_and_days_in_the_workbook(followed):
    [sheet] = sheets_of(followed)
    tables = {table.title: table for table in plan_tables(followed.convention, [sheet])}
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(*tables.values())))
    for title, columns in [("Financements", FUNDINGS_IN_TABLE), ("Jalons", MILESTONES_IN_TABLE)]:
        head, *rows = book.get_sheet_by_name(title).to_python()
        assert head[3:] == [column.heading for column in columns]
        assert len(rows) == 2
    [first, _] = book.get_sheet_by_name("Financements").to_python()[1:]
    assert first[3:] == ["CAF 99", "2021", "fonctionnement", "Bonus", 1201.5, 1103, 904.25]
    [first, other] = book.get_sheet_by_name("Jalons").to_python()[1:]
    assert first[3:] == [
        "Recruter", datetime.date(2021, 3, 5), datetime.date(2021, 3, 2), 1, "non"
    ]  # fmt: skip
    assert other[3:] == ["Étendre", datetime.date(2021, 4, 6), "", 3, "oui"]


# Organisations are called as they are today -------------------------------------------------------


def test_a_renamed_person_has_one_name_everywhere(committee, texts_of):
    action = action_in_force(
        committee, partners=[committee.caf],
        means=[{"organisation": committee.caf, "fte": 1, "note": ""}],
    )  # fmt: skip
    Organisation.objects.filter(pk=committee.caf.pk).update(acronym="CNEUVE")
    for name, text in texts_of(action).items():
        assert "CNEUVE" in text, name
        assert "CAF 99" not in text, name


def test_an_organisation_renamed_during_the_discussion_has_its_new_name_everywhere(
    committee, texts_of
):
    version = proposed_action(committee)
    Organisation.objects.filter(pk=committee.caf.pk).update(acronym="CNEUVE")
    for name, text in texts_of(version.subject).items():
        assert "CNEUVE" in text, name
        assert "CAF 99" not in text, name


def test_a_past_version_says_what_was_agreed_to_then(committee, get):
    action = action_in_force(committee)
    Organisation.objects.filter(pk=committee.caf.pk).update(acronym="CNEUVE")
    agreed_again(committee, action, audience="Tous")
    past = Version.objects.about(action).get(number=1)
    assert past.content["leads"][0]["organisation"]["name"] == "CAF 99"
    get.client.force_login(committee.coordinator)
    page = get.client.get(committee_url(committee, f"points/{past.pk}/"))
    assert "Nadia Lefèvre, Conseillère (CAF 99)" in plain(text_of(page.content.decode()))
