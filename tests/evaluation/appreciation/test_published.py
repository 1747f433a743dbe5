"""What was said of objectives, on the way to publication: frozen, compared, read by others."""

from dataclasses import asdict

import pytest
from django.urls import reverse

from evaluation.models import EditionState
from evaluation.publication.differences import changes_between
from evaluation.report.reading import read_report
from evaluation.verdicts.events import appreciate
from tests import factories as f
from tests.committee.pages import page_of
from tests.evaluation.publication.scene import YEAR, now, proposed, published, written_year
from tests.stories import told_once

SAID = "Faute de poste."


@told_once
def committee(db):
    committee = written_year()
    committee.reader = f.MembershipFactory(organisation=committee.epci, reader=True).user
    give(committee, "not_reached", SAID)
    return committee


def give(committee, verdict, text, *, revision=0):
    return appreciate(
        committee.orientation, YEAR, verdict, text, revision=revision, by=committee.coordinator
    )


def pages_of(client, committee, user) -> dict[str, str]:
    client.force_login(user)
    slug = committee.convention.slug
    year = reverse("evaluation:year", args=[slug, YEAR])
    found = reverse("conventions:search", args=[slug])
    final = reverse("evaluation:final", args=[slug])
    return {
        "year": page_of(client.get(year, {"theme": "tout"})),
        "search": page_of(client.get(found, {"q": "poste"})),
        "final": page_of(client.get(final)),
    }


def test_others_read_what_is_published_alone(client, committee):
    for page in pages_of(client, committee, committee.reader).values():
        assert "non atteint" not in page
    for page in pages_of(client, committee, committee.coordinator).values():
        assert "non atteint" in page
    published(committee)
    for page in pages_of(client, committee, committee.reader).values():
        assert "non atteint" in page
    give(committee, "to_adapt", "Un poste de plus.", revision=1)
    pages = pages_of(client, committee, committee.reader)
    assert SAID in pages["year"]
    assert "à adapter" not in " ".join(pages.values())
    assert "à adapter" in pages_of(client, committee, committee.coordinator)["year"]


def test_a_change_returns_what_is_proposed_and_is_told_before(client, committee):
    edition = proposed(committee)
    theme = committee.orientation.theme
    url = reverse("evaluation:appreciate", args=[committee.convention.slug, YEAR, theme.pk])
    client.force_login(committee.coordinator)
    assert "elle est rendue à la rédaction" in page_of(client.get(url))
    give(committee, "not_reached", SAID, revision=1)
    assert now(edition).state == EditionState.PROPOSED
    give(committee, "on_the_way", SAID, revision=1)
    assert now(edition).state == EditionState.RETURNED


@pytest.mark.parametrize("change", ["verdict", "text"])
def test_what_changed_is_told_by_the_objective(committee, change):
    before = asdict(read_report(committee.convention, committee.campaign))
    verdict = "to_adapt" if change == "verdict" else "not_reached"
    give(committee, verdict, SAID if change == "verdict" else "Un recrutement.", revision=1)
    after = asdict(read_report(committee.convention, committee.campaign))
    [told] = changes_between(before, after)
    word = {"verdict": "appréciation", "text": "justification"}[change]
    assert told.label.endswith(f"{committee.orientation.title} : {word}")
