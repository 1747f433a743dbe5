"""Page and documents say the same of an action; each plain field is told in each of them."""

import csv
import datetime
import io
import re
from decimal import Decimal

import docx
import pytest

from actions.files.pdf import write_plan
from actions.files.plan import plan_of
from actions.files.reading import read_sheets
from actions.files.tables import plan_tables
from actions.files.word import sheet_docx
from actions.models import Action
from actions.plan.commitments import ActionCommitment
from actions.plan.forms import SECTIONS
from agreements.commitments.fields import FACT, Text
from agreements.models import Version
from conventions.models import Organisation
from ctg_portal.typography import polish
from documents.tables import to_csv
from tests import factories as f
from tests.accounts.reading import text_of
from tests.actions.factories import action_in_force, agreed_again, funding, proposed_action
from tests.actions.pages import reading  # noqa: F401  (fixture)
from tests.actions.ways.scene import plain
from tests.committee.pages import committee_url

pytestmark = [pytest.mark.django_db, pytest.mark.once]


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
def told(get):
    """``told(action)``: what page, PDF, Word and CSV say of it, with plain spaces."""

    def told(action) -> dict[str, str]:
        action = Action.objects.get(pk=action.pk)
        texts = {
            "page": get(f"{action.pk}/"),
            "pdf": pdf_of(action),
            "word": word_of(action),
            "csv": "\n".join(table_of(action).values()),
        }
        return {name: plain(polish(text)) for name, text in texts.items()}

    return told


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


def test_each_field_is_told_in_page_pdf_word_and_table(committee, told):
    known = samples(committee)
    for one in ActionCommitment.fields:
        if isinstance(one, Text):
            known[one.name] = (f"Mot de {one.name}.", f"Mot de {one.name}.")
    assert known.keys() == {one.name for one in ActionCommitment.fields}
    action = action_in_force(committee, **{name: value for name, (value, _) in known.items()})
    texts = told(action)
    for name, (_, words) in known.items():
        for where, text in texts.items():
            expected = IN_A_TABLE.get(words, words) if where == "csv" else words
            assert plain(polish(expected)) in text, (name, where)


@pytest.mark.parametrize(
    "one", [one for one in ActionCommitment.fields if one.shown == FACT and isinstance(one, Text)],
    ids=lambda one: one.name,
)  # fmt: skip
def test_each_plain_text_is_called_by_its_label(committee, told, one):
    action = action_in_force(committee, **{one.name: "Ici même."})
    texts = told(action)
    for where in ("page", "pdf", "word"):
        assert re.search(rf"{one.label}\s+Ici même\.", texts[where]), where
    assert table_of(Action.objects.get(pk=action.pk))[one.label] == "Ici même."


@pytest.mark.parametrize("one", ActionCommitment.fields, ids=lambda one: one.name)
def test_each_field_is_written_in_a_section(one):
    [section] = [section for section in SECTIONS if one.name in section.names]
    assert one.name in section.rows or one.name in section.fields


# Organisations are called as they are today -------------------------------------------------------


def test_who_was_renamed_has_one_name_everywhere(committee, told):
    action = action_in_force(
        committee, partners=[committee.caf],
        means=[{"organisation": committee.caf, "fte": 1, "note": ""}],
    )  # fmt: skip
    Organisation.objects.filter(pk=committee.caf.pk).update(acronym="CNEUVE")
    for name, text in told(action).items():
        assert "CNEUVE" in text, name
        assert "CAF 99" not in text, name


def test_so_has_who_is_renamed_while_it_is_discussed(committee, told):
    version = proposed_action(committee)
    Organisation.objects.filter(pk=committee.caf.pk).update(acronym="CNEUVE")
    for name, text in told(version.subject).items():
        assert "CNEUVE" in text, name
        assert "CAF 99" not in text, name


def test_a_past_version_says_what_was_agreed_to_then(committee, get):
    action = action_in_force(committee)
    Organisation.objects.filter(pk=committee.caf.pk).update(acronym="CNEUVE")
    agreed_again(committee, action, audience="Tous")
    past = Version.objects.of_subject(action).get(number=1)
    assert past.content["leads"][0]["organisation"]["name"] == "CAF 99"
    get.client.force_login(committee.coordinator)
    page = get.client.get(committee_url(committee, f"points/{past.pk}/"))
    assert "Nadia Lefèvre, Conseillère (CAF 99)" in plain(text_of(page.content.decode()))
