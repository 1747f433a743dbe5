"""After the term of a convention, no page or file says of an action that it is late."""

import datetime
import io

import docx
import pytest
from django.urls import reverse
from django.utils import timezone

from actions.files.pdf import write_plan, write_sheet
from actions.files.plan import plan_of
from actions.files.reading import read_sheets
from actions.files.tables import plan_tables
from actions.files.word import sheet_docx
from tests import factories as f
from tests.actions.ways.scene import (
    action_row,
    plain,
    reading,  # noqa: F401  (fixtures)
    ways_url,
)
from tests.agreements.factories import committee_of, yesterday
from tests.committee.pages import page_of
from tests.reading import on_one_line
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee(db):
    """Its convention ended yesterday, as did two of its actions, one of which is blocked."""
    start = yesterday() - datetime.timedelta(days=1000)
    committee = committee_of(signed_on=start, start=start, end=yesterday())
    commune = f.CommuneFactory(convention=committee.convention)
    past = {"ends_on": yesterday() - datetime.timedelta(days=30), "communes": [commune]}
    action_row(committee, "Ouvrir un lieu", **past)
    action_row(committee, "Louer un local", state="blocked", state_reason="Sans bail.", **past)
    return committee


def is_told(text: str, words: str) -> None:
    text = plain(text)
    assert words in text
    assert "en retard" not in text.lower()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "2 actions en vigueur, dont 2 non achevées au terme"),
        ("", "! non achevée au terme"),
        ("?etat=bloquee", "1 action sur 2, non achevée au terme"),
        ("etats/", "1 action est bloquée, 2 non achevées au terme"),
        ("etats/", "Une action est non achevée au terme quand elle n’est"),
        ("calendrier/", "! 2 actions non achevées au terme"),
        ("objectifs/", "! non achevée au terme"),
        ("communes/", "! 2 non achevées au terme"),
        ("1/", "en cours, non achevée au terme"),
    ],
)
def test_a_way_to_read_the_plan_calls_late_actions_unfinished(committee, get, address, words):
    action = committee.convention.actions.order_by("pk").first()
    is_told(get(address.replace("1/", f"{action.pk}/")), words)


def test_who_leads_unfinished_actions_reads_how_many(committee, client):
    client.force_login(f.MembershipFactory(organisation=committee.caf).user)
    is_told(page_of(client.get(ways_url(committee, "mes-actions/"))),
            "Vous pilotez deux actions, dont deux non achevées au terme")  # fmt: skip
    home = page_of(client.get(committee.convention.get_absolute_url()))
    is_told(home, "Deux actions que vous pilotez sont non achevées au terme")


def test_the_dashboard_counts_unfinished_actions(committee, client):
    client.force_login(committee.caf_member)
    home = page_of(client.get(reverse("conventions:dashboard", args=[committee.convention.slug])))
    is_told(home, "2 sont non achevées au terme")


def test_the_documents_of_the_plan_call_late_actions_unfinished(committee):
    convention, today = committee.convention, timezone.localdate()
    sheets = read_sheets(convention, convention.actions.all(), today)
    plan = plan_of(convention, sheets, today)
    assert plain(plan.sentence).endswith("; 2 sont non achevées au terme.")
    is_told(on_one_line(write_plan(plan)), "Non achevées au terme")
    is_told(on_one_line(write_sheet(sheets[0], convention.title, today)), "Non achevée au terme :")
    document = docx.Document(io.BytesIO(sheet_docx(sheets[0], convention, today)))
    is_told("\n".join(p.text for p in document.paragraphs), "Non achevée au terme :")
    headings = [column.heading for column in plan_tables(convention, sheets)[0].columns]
    assert "Non achevée au terme" in headings
    assert "En retard" not in headings
