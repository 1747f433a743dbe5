"""What an action asks of the party that reads it, in one sentence."""

import pytest

from actions.plan.commitments import ActionCommitment
from conventions.models import Organisation

CAF, CITY = Organisation(pk=1, name="Caf de la Vienne"), Organisation(pk=2, name="Naintré")


def content(*, lead=None, **planned) -> dict:
    """Return the leads and fundings of a sheet; ``planned``: the euros of each funder."""
    funders = {"caf": CAF, "city": CITY}
    lines = [
        {"funder": {"id": funders[key].pk, "name": funders[key].name}, "planned": amount}
        for key, amounts in planned.items()
        for amount in amounts
    ]
    leads = [{"organisation": {"id": lead.pk, "name": lead.name}}] if lead else []
    return {"leads": leads, "fundings": [*lines, {"funder": None, "planned": "7"}]}


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            None,
            content(lead=CAF, caf=["4500", "500.00"]),
            "Vous la pilotez ; 5 000 € à votre charge.",
        ),
        (None, content(lead=CITY, city=["4500"]), "Rien ne vous est demandé."),
        (content(caf=["100"]), content(caf=["100", "50"]), "50 € de plus à votre charge."),
        (content(caf=["100"]), content(caf=["40"]), "60 € de moins à votre charge."),
        (content(lead=CAF), content(lead=CITY), "Vous ne la pilotez plus."),
        (content(lead=CAF, city=["5"]), content(lead=CAF, city=["9"]), "Rien ne change pour vous."),
    ],
)
def test_a_party_reads_what_it_leads_and_pays_or_how_that_changes(before, after, sentence):
    assert _plain(ActionCommitment().describe_part(CAF, after, before)) == sentence


def test_who_reads_for_no_party_learns_who_leads_a_new_action():
    commitment = ActionCommitment()
    assert commitment.describe_part(None, content(lead=CAF), None) == (
        "Pilotée par la Caf de la Vienne."
    )
    assert commitment.describe_part(None, content(lead=CAF), content()) == ""


@pytest.mark.parametrize(
    ("begins", "ends", "phrase"),
    [
        ("2024-01-01", "2025-06-30", "du 1er janvier 2024 au 30 juin 2025"),
        ("2024-01-01", None, "à partir du 1er janvier 2024"),
        (None, "2025-06-30", "jusqu’au 30 juin 2025"),
        (None, None, ""),
    ],
)
def test_a_new_action_says_when_it_takes_place(begins, ends, phrase):
    days = {"starts_on": begins, "ends_on": ends}
    assert _plain(ActionCommitment().describe_new(days)) == phrase


def test_a_change_of_money_is_said_in_sums():
    before, after = (content(caf=[amount])["fundings"] for amount in ("1000", "1500"))
    field = next(field for field in ActionCommitment.fields if field.name == "fundings")
    change = _plain(field.change(before, after, {}))
    assert change == "Le financement prévu passe de 1 007 € à 1 507 €."
    assert field.change(before, before, {}) == ""


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")
