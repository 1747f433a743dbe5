"""Drafts that are proposed together: one act, one dossier, one message."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.models import State, Version
from agreements.versions import events as drafts
from committee.dossiers.events import propose_dossier
from committee.models import Dossier
from conventions.models import Convention
from ctg_portal.rules import Refused
from tests.actions.factories import draft_action
from tests.agreements.factories import committee_of
from tests.committee.dossiers.scene import messages_of, seen_text, versions_of
from tests.committee.mail.mailing import NOON, TERM, after, at, mail_sent_at
from tests.committee.pages import count_queries, value_of
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@told_once
def committee():
    return committee_of(**TERM)


@pytest.fixture
def coordination(committee, client):
    client.force_login(committee.coordinator)
    return client


def page_url(committee, query: str = "") -> str:
    return reverse("committee:propose_drafts", args=[committee.convention.slug]) + query


def several(committee, count: int) -> list[Version]:
    return [draft_action(committee, title=f"Action {n + 1}") for n in range(count)]


def sent(page, *versions, **values) -> dict:
    """What the summary of the page sends."""
    typed = {"title": "Plan de 2025", "points": [version.pk for version in versions]}
    return typed | {"revisions": value_of(page, "revisions"), "envoyer": "oui"} | values


def test_the_chosen_drafts_are_proposed_and_sent_as_one_dossier(committee, coordination):
    first, second, third = several(committee, 3)
    page = coordination.get(page_url(committee))
    assert "Trois brouillons" in seen_text(page)
    done = coordination.post(page_url(committee), sent(page, first, third), follow=True)
    assert messages_of(done) == [
        "Deux points sont proposés aux parties, et le dossier leur est envoyé."
    ]
    dossier = Dossier.objects.get()
    assert versions_of(dossier) == [first, third]
    assert dossier.title == "Plan de 2025"
    states = dict(Version.objects.values_list("pk", "state"))
    assert states[first.pk] == states[third.pk] == State.PROPOSED
    assert states[second.pk] == State.DRAFT


def test_the_plan_leads_to_all_its_drafts_at_once(committee, coordination):
    several(committee, 3)
    plan = coordination.get(reverse("actions:plan", args=[committee.convention.slug]))
    asked = page_url(committee, "?nature=action&points=tous")
    assert asked.replace("&", "&amp;") in plan.content.decode()
    assert "Proposer les 3 brouillons" in seen_text(plan).replace("\xa0", " ")
    assert len(coordination.get(asked).context["form"].ticked) == 3


def test_drafts_are_shown_before_they_are_proposed(committee, coordination):
    first, second = several(committee, 2)
    page = coordination.get(page_url(committee))
    data = sent(page, first, second)
    del data["envoyer"]
    recap = coordination.post(page_url(committee), data)
    assert "Proposer deux brouillons au comité, en un dossier" in seen_text(recap)
    assert not Dossier.objects.exists()
    again = coordination.post(page_url(committee), data | {"modifier": "oui"})
    assert again.context["form"].ticked == {str(first.pk), str(second.pk)}
    carried = {name: value_of(recap, name) for name in ("title", "revisions")}
    coordination.post(page_url(committee), data | carried | {"envoyer": "oui"})
    assert versions_of(Dossier.objects.get()) == [first, second]


def test_an_incomplete_draft_cannot_be_ticked_and_says_why(committee, coordination):
    ready = draft_action(committee, title="Prête")
    lacking = draft_action(committee, title="Sans pilote", leads=[])
    page = coordination.post(page_url(committee), {"cocher": "tout"})
    assert page.context["form"].ticked == {str(ready.pk)}
    assert "Une action a un pilote : qui la conduit ?" in seen_text(page)
    refused = coordination.post(page_url(committee), sent(page, ready, lacking))
    assert "n’est plus à proposer" in seen_text(refused)
    assert not Version.objects.proposed().exists()


def test_no_draft_is_proposed_if_one_is_refused(committee, coordination):
    first, second = several(committee, 2)
    page = coordination.get(page_url(committee))
    drafts.save_draft(
        second.subject, second.content | {"audience": "Tous"}, by=committee.coordinator
    )
    refused = coordination.post(page_url(committee), sent(page, first, second))
    assert "Action 2 : Ce brouillon a été réécrit depuis" in seen_text(refused)
    assert not Version.objects.proposed().exists()
    assert not Dossier.objects.exists()
    coordination.post(page_url(committee), sent(refused, first, second))
    assert versions_of(Dossier.objects.get()) == [first, second]


def test_a_draft_begun_before_another_version_is_not_ready(committee, coordination):
    version = committee.in_force("Deux espaces")
    content = version.content
    mine = drafts.save_draft(
        version.subject, content | {"title": "Trois"}, by=committee.coordinator
    )
    Version.objects.filter(pk=mine.pk).update(base=None)
    text = seen_text(coordination.get(page_url(committee)))
    assert "Une autre version a été proposée depuis" in text


def test_drafts_are_proposed_after_the_term_with_a_reason_only(committee, coordination):
    [draft] = several(committee, 1)
    ended = {"end": timezone.localdate() - datetime.timedelta(days=1)}
    signed = {"start": ended["end"] - datetime.timedelta(days=900)}
    Convention.objects.update(**ended, **signed, signed_on=signed["start"])
    page = coordination.get(page_url(committee))
    refused = coordination.post(page_url(committee), sent(page, draft))
    assert "Dites pourquoi." in seen_text(refused)
    reason = "La convention suivante se prépare."
    coordination.post(page_url(committee), sent(page, draft, after_term=reason))
    assert Version.objects.get(pk=draft.pk).after_term == reason


def test_the_address_ticks_the_drafts_that_it_names(committee, coordination):
    first, _second = several(committee, 2)
    committee.draft("Un objectif")
    page = coordination.get(page_url(committee, f"?nature=action&points={first.pk}"))
    assert page.context["form"].ticked == {str(first.pk)}
    assert "Un objectif" not in seen_text(page)


def test_only_the_coordination_proposes(committee, client):
    several(committee, 1)
    client.force_login(committee.caf_member)
    assert client.get(page_url(committee)).status_code == 403
    with pytest.raises(Refused):
        propose_dossier(
            committee.convention, Version.objects.drafts(), title="A", by=committee.caf_member
        )


def test_each_member_gets_one_message_that_names_the_drafts_by_title(committee):
    with at(NOON):
        propose_dossier(
            committee.convention, several(committee, 14), title="Plan", by=committee.coordinator
        )
    [message] = mail_sent_at(after(minutes=10), committee.caf_member.email)
    assert "12. Action 12 – Nouvelle fiche action" in message.body
    assert "Et deux autres." in message.body
    assert "Description" not in message.body


def test_the_page_and_its_summary_ask_as_many_queries_for_four_drafts_as_for_forty(
    committee, coordination
):
    def read() -> tuple[int, int]:
        page = coordination.get(page_url(committee))
        data = sent(page, *Version.objects.drafts())
        del data["envoyer"]
        return (
            count_queries(coordination.get, page_url(committee)),
            count_queries(coordination.post, page_url(committee), data),
        )

    several(committee, 4)
    read()
    few = read()
    several(committee, 36)
    assert read() == few
