"""An evaluation that goes back to those who write says so, and why (rule 12)."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from evaluation.models import EditionState
from evaluation.publication import events
from evaluation.writing.events import write_narrative
from indicators.models import Value
from indicators.values.giving import verify_value
from notifications.models import Notice
from tests import factories as f
from tests.committee.mail.mailing import after
from tests.committee.mail.mailing import mail_sent_at as mail_at
from tests.committee.pages import page_of
from tests.evaluation.publication.scene import (
    YEAR,
    agreed,
    now,
    proposed,
    submitted,
    written_year,
)
from tests.spreadsheets.files import xlsx
from tests.stories import told_once


@told_once
def committee(db):
    committee = written_year()
    committee.agent = f.MembershipFactory(organisation=committee.caf, role="contributor").user
    Value.objects.update(entered_by=committee.coordinator)
    committee.reader = f.MembershipFactory(organisation=committee.epci, reader=True).user
    return committee


def send(hours: int = 1) -> list:
    return mail_at(after(timezone.now(), hours=hours))


def to(user, messages) -> str:
    return "\n".join(f"{one.subject}\n{one.body}" for one in messages if user.email in one.to)


@pytest.mark.parametrize("reached", [submitted, agreed])
def test_the_coordinator_is_notified_that_a_figure_changed(committee, reached):
    reached(committee)
    send()
    verify_value(Value.objects.get(), by=committee.agent)
    sent = send(2)
    mail = to(committee.coordinator, sent).replace("\xa0", " ")
    assert "évaluation 2023 est rendue à la rédaction" in mail
    assert "Un chiffre de l’année a été modifié." in mail
    assert "rendue" not in to(committee.caf_member, sent)


@pytest.mark.parametrize("reached", [submitted, proposed, agreed])
def test_a_figure_corrected_by_a_command_returns_the_edition(committee, tmp_path, reached):
    """The portal returns it in nobody's name."""
    edition = reached(committee)
    path = tmp_path / "suivi.xlsx"
    path.write_bytes(xlsx(["Indicateur", "2023"], [committee.indicator.title, 450]))
    why, out = ["motif:annees-closes=Un comptage."], io.StringIO()
    call_command("import_values", committee.convention.slug, "toutes", path, answer=why, stdout=out)
    assert "1\xa0changée" in out.getvalue()
    step = now(edition).transitions.last()
    assert (step.to_state, step.by, step.capacity) == (EditionState.RETURNED, None, "")
    assert step.reason == "Un chiffre de l’année a été modifié."


def test_no_notice_of_a_return_is_sent_once_submitted_again(committee):
    submitted(committee)
    send()
    verify_value(Value.objects.get(), by=committee.agent)
    submitted(committee)
    assert "rendue" not in to(committee.coordinator, send(2))


def test_no_notice_is_sent_of_a_replaced_edition(committee):
    submitted(committee)
    committee.epci.name = "Renommée"
    committee.epci.save()
    submitted(committee)
    assert not Notice.objects.filter(kind="evaluation_returned").exists()


def test_the_page_says_why_an_edition_was_returned_to_who_prepares_it(client, committee):
    edition = submitted(committee)
    events.give_back(edition, "Le mot « crèche ».", by=committee.coordinator)
    address = reverse("evaluation:publication", args=[committee.convention.slug, YEAR])

    def reads_the_reason(user) -> bool:
        client.force_login(user)
        return "Rendue à la rédaction" in page_of(client.get(address))

    assert reads_the_reason(committee.coordinator)
    assert reads_the_reason(committee.caf_member)
    assert not reads_the_reason(committee.reader)
    write_narrative(committee.theme, YEAR, "Réécrit.", revision=1, by=committee.coordinator)
    submitted(committee)
    assert not reads_the_reason(committee.caf_member)
