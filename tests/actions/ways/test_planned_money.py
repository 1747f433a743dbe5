"""What was given and spent hangs on lines that later versions may plan no more."""

import json
from decimal import Decimal

import pytest

from actions.models import Action, Funding
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.commitments.commitment import by_kind
from agreements.models import Answer, Version
from agreements.versions import endings
from agreements.versions import events as drafts
from conventions.models import Standing
from tests.actions.factories import (
    action_in_force,
    agree,
    agreed_again,
    funding,
    spent,
    text_of,
)
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def funded(committee):
    """Three lines planned: with money given, with money spent (nothing), without."""
    lines = [funding(committee.caf, 2025), funding("Région", 2025), funding(committee.epci, 2025)]
    action = action_in_force(committee, fundings=lines)
    caf, region, _ = (line_of(action, who) for who in ("CAF 99", "Région", "Exemple"))
    return spent(action, {caf.pk: (Decimal(800), None), region.pk: (None, Decimal(0))})


def line_of(action, who) -> Funding:
    return next(line for line in action.fundings.all() if line.who == who)


def lines_of(action) -> dict:
    """(planned, granted, spent) by funder."""
    rows = Action.objects.get(pk=action.pk).fundings.all()
    return {line.who: (line.planned, line.granted, line.spent) for line in rows}


def test_what_was_given_stays_on_a_line_that_stays(committee, funded):
    pk = line_of(funded, "CAF 99").pk
    lines = [funding(committee.caf, 2025, planned="900"), funding(committee.epci, 2026)]
    action = agreed_again(committee, funded, fundings=lines)
    assert line_of(action, "CAF 99").pk == pk
    assert lines_of(action) == {
        "CAF 99": (900, 800, None),
        "Région": (None, None, 0),  # planned no more; zero was spent, and that was told
        "Exemple": (1000, None, None),
    }
    assert line_of(action, "Exemple").year == 2026
    assert [line["funder_name"] for line in by_kind("action").content(action)["fundings"]] == [
        "", "",
    ]  # fmt: skip


def test_a_line_planned_again_finds_its_money(committee, funded):
    none = agreed_again(committee, funded, fundings=[])
    assert lines_of(none) == {"CAF 99": (None, 800, None), "Région": (None, None, 0)}
    assert text_of(none) == Version.objects.about(none).in_force().get().text
    lines = [funding("Région", 2025, planned="7"), funding(committee.caf, 2025, planned="5")]
    assert lines_of(agreed_again(committee, none, fundings=lines)) == {
        "CAF 99": (5, 800, None),
        "Région": (7, None, 0),
    }


@pytest.mark.parametrize(
    "other",
    [{"nature": "investment"}, {"scheme": "Bonus"}, {"year": 2026}],
    ids=["nature", "scheme", "year"],
)
def test_money_does_not_slip_onto_another_line(committee, funded, other):
    line = funding(committee.caf, 2025, planned="1") | other
    action = agreed_again(committee, funded, fundings=[line])
    amounts = {
        (line.planned, line.granted) for line in action.fundings.filter(funder=committee.caf)
    }
    assert amounts == {(None, 800), (1, None)}


def test_an_agreement_retracted_brings_the_former_plan_back(committee, funded):
    action = agreed_again(committee, funded, fundings=[funding(committee.epci, 2030)])
    first = Version.objects.about(action).get(number=1)
    latest = Version.objects.about(action).in_force().get()
    answers.retract(latest, reason="Trop tôt", by=committee.caf_member)
    assert lines_of(action) == {
        "CAF 99": (1000, 800, None),
        "Région": (1000, None, 0),
        "Exemple": (1000, None, None),
    }
    assert text_of(action) == first.text
    last = latest.agreements.get(answer=Answer.RETRACTED)
    answers.answer(Reply(latest, last_rank=last.rank), by=committee.caf_member)
    assert lines_of(action)["Exemple"] == (1000, None, None)
    assert text_of(action) == latest.text


def test_an_action_without_former_version_is_discussed_again_with_its_money(committee, funded):
    version = Version.objects.about(funded).get()
    answers.retract(version, reason="Trop tôt", by=committee.caf_member)
    action = Action.objects.get(pk=funded.pk)
    assert action.is_proposed
    assert lines_of(action)["CAF 99"] == (1000, 800, None)


def test_an_action_given_up_may_come_back(committee, funded):
    draft = endings.draft_ending(funded, by=committee.coordinator, note="Sans objet")
    assert draft.ends
    assert draft.content == json.loads(text_of(funded))
    version = drafts.propose(draft, by=committee.coordinator)
    assert Action.objects.get(pk=funded.pk).is_agreed
    agree(committee, version)
    assert Action.objects.get(pk=funded.pk).standing == Standing.WITHDRAWN
    answers.retract(version, reason="Elle continue", by=committee.epci_member)
    assert Action.objects.get(pk=funded.pk).is_agreed
    assert lines_of(funded)["CAF 99"] == (1000, 800, None)
