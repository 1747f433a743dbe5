"""What was said of objectives, on the way to publication: frozen, compared, read by others."""

import re
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

REASON = "Faute de poste."
NOT_REACHED = re.compile(r"\bnon atteint\b")  # of an objective; a target is « non atteinte »


@told_once
def committee(db):
    committee = written_year()
    committee.reader = f.MembershipFactory(organisation=committee.epci, reader=True).user
    give(committee, "not_reached", REASON)
    return committee


def give(committee, verdict, text, *, revision=0):
    return appreciate(
        committee.orientation, YEAR, verdict, text, revision=revision, by=committee.coordinator
    )


def pages_of(client, committee, user) -> dict[str, str]:
    client.force_login(user)
    slug = committee.convention.slug
    year = reverse("evaluation:year", args=[slug, YEAR])
    search = reverse("conventions:search", args=[slug])
    final = reverse("evaluation:final", args=[slug])
    return {
        "year": page_of(client.get(year, {"theme": "tout"})),
        "search": page_of(client.get(search, {"q": "poste"})),
        "final": page_of(client.get(final)),
    }


def test_a_reader_without_drafts_sees_published_verdicts_alone(client, committee):
    for page in pages_of(client, committee, committee.reader).values():
        assert not NOT_REACHED.search(page)
    for page in pages_of(client, committee, committee.coordinator).values():
        assert NOT_REACHED.search(page)
    published(committee)
    for page in pages_of(client, committee, committee.reader).values():
        assert NOT_REACHED.search(page)
    give(committee, "to_adapt", "Un poste de plus.", revision=1)
    pages = pages_of(client, committee, committee.reader)
    assert REASON in pages["year"]
    assert "à adapter" not in " ".join(pages.values())
    assert "à adapter" in pages_of(client, committee, committee.coordinator)["year"]


def test_a_changed_verdict_returns_a_proposed_evaluation_and_says_so_before(client, committee):
    edition = proposed(committee)
    theme = committee.orientation.theme
    url = reverse("evaluation:appreciate", args=[committee.convention.slug, YEAR, theme.pk])
    client.force_login(committee.coordinator)
    assert "elle est rendue à la rédaction" in page_of(client.get(url))
    give(committee, "not_reached", REASON, revision=1)
    assert now(edition).state == EditionState.PROPOSED
    give(committee, "on_the_way", REASON, revision=1)
    assert now(edition).state == EditionState.RETURNED


@pytest.mark.parametrize("change", ["verdict", "text"])
def test_a_changed_verdict_or_reason_is_named_by_its_objective(committee, change):
    before = asdict(read_report(committee.convention, committee.campaign))
    verdict = "to_adapt" if change == "verdict" else "not_reached"
    give(committee, verdict, REASON if change == "verdict" else "Un recrutement.", revision=1)
    after = asdict(read_report(committee.convention, committee.campaign))
    [difference] = changes_between(before, after)
    word = {"verdict": "appréciation", "text": "justification"}[change]
    assert difference.label.endswith(f"{committee.orientation.title} : {word}")
