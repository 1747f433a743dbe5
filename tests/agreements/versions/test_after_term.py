"""What is newly proposed after the term says why, and is marked so."""

import datetime
import io

import docx
import pytest
from django.urls import reverse
from django.utils import timezone

from actions.files.pdf import write_sheet
from actions.files.reading import read_sheets
from actions.files.tables import plan_tables
from actions.files.word import sheet_docx
from actions.models import Action
from agreements.models import State, VersionVerb
from agreements.versions import events as drafts
from agreements.versions.rights import AfterTerm
from ctg_portal.rules import Refused
from indicators.definitions.events import add_indicator
from indicators.series.files import figures_tables
from indicators.sheet.reading import IndicatorList
from tests.accounts.reading import text_of
from tests.actions.factories import draft_action
from tests.agreements import clock
from tests.agreements.factories import committee_of
from tests.indicators.factories import indicator_content
from tests.stories import told_once

pytestmark = pytest.mark.django_db
WHY = "La convention suivante n’est pas encore signée."
TOLD = WHY.removesuffix(".")


@told_once
def committee():
    """Of a convention that has ended."""
    return committee_of(signed_on=datetime.date(2019, 12, 31), end=datetime.date(2024, 12, 31))


def read(client, name, committee, *args) -> str:
    page = client.get(reverse(name, args=[committee.convention.slug, *args]))
    return text_of(page.content.decode()).replace("\u00a0", " ")


def proposed(committee, draft):
    return drafts.propose(draft, by=committee.coordinator, after_term=WHY)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_commitment_after_the_term_is_not_proposed_without_a_reason(committee, reason):
    draft = committee.draft()
    with pytest.raises(Refused) as refused:
        drafts.propose(draft, by=committee.coordinator, after_term=reason)
    assert isinstance(refused.value.refusal, AfterTerm)
    assert "pris fin le 31\u00a0décembre 2024" in refused.value.refusal.reason
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_any_kind_of_version_keeps_its_reason(committee):
    for draft in (committee.draft(), draft_action(committee)):
        version = proposed(committee, draft)
        version.refresh_from_db()
        assert (version.state, version.after_term) == (State.PROPOSED, WHY)
        committee.agree(version)
    ending = drafts.save_draft(
        version.subject, version.content, ends=True, by=committee.coordinator
    )
    with pytest.raises(Refused):
        drafts.propose(ending, by=committee.coordinator)


def test_a_version_proposed_before_the_term_needs_no_reason(committee):
    with clock.on(datetime.date(2024, 12, 31)):
        version = drafts.propose(committee.draft(), by=committee.coordinator, after_term=WHY)
    assert version.after_term == ""
    committee.agree(version)
    version.refresh_from_db()
    assert version.state == State.IN_FORCE
    assert not version.transitions.filter(verb=VersionVerb.WITHDRAWN).exists()


def test_an_action_that_begins_after_the_term_needs_a_reason():
    committee = committee_of()
    day = committee.convention.end + clock.days(1)
    draft = draft_action(committee, starts_on=day, ends_on=day + clock.days(90), fundings=[])
    with pytest.raises(Refused, match="et la convention finit le"):
        drafts.propose(draft, by=committee.coordinator)
    assert proposed(committee, draft).after_term == WHY
    within = draft_action(committee, title="Dans les temps")
    assert drafts.propose(within, by=committee.coordinator).after_term == ""
    last = {"starts_on": committee.convention.end, "ends_on": committee.convention.end}
    on_the_last_day = draft_action(committee, title="Le dernier jour", **last)
    assert drafts.propose(on_the_last_day, by=committee.coordinator).after_term == ""


def test_the_page_asks_for_the_reason_and_everybody_reads_the_reason(client, committee):
    draft = committee.draft("Ouvrir un relais")
    slug = committee.convention.slug
    client.force_login(committee.coordinator)
    seen = {"revision": draft.revision}
    proposing = reverse("committee:propose_draft", args=[slug, draft.pk])
    asked = client.post(proposing, seen, follow=True)
    asking = reverse("committee:propose_after_term", args=[slug, draft.pk])
    assert asked.redirect_chain[-1][0] == asking
    text = text_of(asked.content.decode()).replace("\u00a0", " ")
    assert "La convention a pris fin le 31 décembre 2024." in text
    assert "une prolongation par avenant" in text
    assert "art." not in text
    assert client.post(asking, seen | {"reason": " "}).status_code == 200
    unread = client.post(asking, {"revision": "", "reason": WHY})
    assert "Ce brouillon a été réécrit" in text_of(unread.content.decode())
    assert WHY in unread.content.decode()
    done = client.post(asking, seen | {"reason": WHY}, follow=True)
    assert "est proposée" in text_of(done.content.decode())
    client.force_login(committee.caf_member)
    point = read(client, "committee:point", committee, draft.pk)
    assert "Après le terme de la convention (31 décembre 2024)" in point
    assert WHY in point
    assert "après le terme" in read(client, "committee:register", committee)
    export = reverse("committee:register_export", args=[slug, "csv"])
    assert WHY in b"".join(client.get(export)).decode("utf-8-sig")


def test_the_sheet_of_an_action_shows_the_reason(client, committee):
    version = proposed(committee, draft_action(committee))
    committee.agree(version)
    client.force_login(committee.caf_member)
    sheet = read(client, "actions:action", committee, version.object_id)
    assert f"Après le terme de la convention : « {TOLD} »" in sheet


def cells(table, label: str) -> list[str]:
    """What a column of a table says."""
    place = [column.label for column in table.columns].index(label)
    return [row[place] for row in table.rows]


def test_the_files_of_the_plan_show_the_reason(committee):
    version = proposed(committee, draft_action(committee))
    committee.agree(version)
    convention, today = committee.convention, timezone.localdate()
    sheets = read_sheets(convention, [Action.objects.get()], today)
    assert cells(plan_tables(convention, sheets)[0], "Après le terme") == [WHY]
    document = docx.Document(io.BytesIO(sheet_docx(*sheets, convention, today)))
    text = "\n".join(one.text for one in document.paragraphs).replace("\u00a0", " ")
    assert f"(version 1), après le terme de la convention : « {TOLD} »." in text
    printed = text_of(write_sheet(*sheets, str(convention), today)).replace("\u00a0", " ")
    assert f"(version 1), après le terme de la convention : « {TOLD} »" in printed


def test_the_files_of_the_plan_show_the_reason_of_a_discussed_version(committee):
    version = proposed(committee, draft_action(committee))
    committee.agree(version)
    content = version.content | {"title": "Autre"}
    draft = drafts.save_draft(version.subject, content, by=committee.coordinator)
    drafts.propose(draft, by=committee.coordinator, after_term="Un financeur le demande.")
    convention, today = committee.convention, timezone.localdate()
    sheets = read_sheets(convention, [Action.objects.get()], today)
    assert cells(plan_tables(convention, sheets)[0], "Après le terme") == [
        f"{WHY}\nEn discussion : Un financeur le demande."
    ]
    assert "est en discussion, après le terme" in sheets[0].standing.discussed


@pytest.mark.parametrize("is_agreed", [True, False])
def test_the_page_of_an_indicator_and_its_files_show_the_reason(client, committee, is_agreed):
    content = indicator_content(committee)
    draft = add_indicator(committee.convention, content, by=committee.coordinator)
    version = proposed(committee, draft)
    if is_agreed:
        committee.agree(version)
    client.force_login(committee.caf_member)
    page = read(client, "indicators:indicator", committee, version.object_id)
    assert f"Après le terme de la convention : « {TOLD} »" in page
    series = IndicatorList(committee.convention, committee.caf_member, {}).series
    assert cells(figures_tables(committee.convention, series)[1], "Après le terme") == [WHY]


def test_a_member_reads_the_reason_on_every_page_that_takes_an_answer(client, committee):
    version = proposed(committee, committee.draft("Ouvrir un relais"))
    slug = committee.convention.slug
    client.force_login(committee.caf_member)
    assert "· après le terme" in read(client, "committee:points", committee)
    answer = read(client, "committee:answer", committee, version.pk)
    assert f"Après le terme de la convention : « {TOLD} »" in answer
    assert "Ouvrir un relais · après le terme" in read(client, "committee:recap", committee)
    answering = reverse("committee:answer", args=[slug, version.pk])
    client.post(answering, {"reponse": "accord", "pour": committee.caf.pk})
    recap = read(client, "committee:recap", committee)
    assert "Vous êtes sur le point de répondre" in recap
    assert "Ouvrir un relais · après le terme" in recap
    table = client.get(reverse("committee:points_file", args=[slug, "csv"]))
    assert WHY in b"".join(table).decode("utf-8-sig")
