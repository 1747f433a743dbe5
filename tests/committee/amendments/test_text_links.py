"""From the text of the convention to a proposal for an amendment; from the axes to the points."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from committee.objectives.links import proposals_page, text_links
from conventions.legal.reading import PROPOSED_SHOWN
from conventions.models import Annex, Article
from tests import factories as f
from tests.accounts.reading import text_of
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.pages import committee_url as url
from tests.committee.pages import page_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db

AMEND = "Proposer pour un avenant"


@told_once
def committee():
    committee = committee_of()
    f.ArticleFactory(convention=committee.convention, number=5)
    f.AnnexFactory(convention=committee.convention, number=1)
    return committee


def parts_of(convention) -> list:
    return [*Article.objects.filter(convention=convention),
            *Annex.objects.filter(convention=convention)]  # fmt: skip


def offered(committee, user) -> dict[str, list[str]]:
    links = text_links(user, committee.convention, parts_of(committee.convention))
    return {anchor: [action.label for action in actions] for anchor, actions in links.items()}


def test_who_sits_or_coordinates_may_propose_another_wording(committee):
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    everything = {"article-5": [AMEND], "annexe-1": [AMEND]}
    for user in (committee.caf_member, committee.coordinator, adviser):
        assert offered(committee, user) == everything
    reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
    assert offered(committee, reader) == {}


def test_an_amendment_is_not_offered_for_a_text_unsigned_or_ended(committee):
    convention = committee.convention
    later = f.AmendmentFactory(convention=convention, number=1, signed_on=None, effective_on=None)
    f.ArticleFactory(convention=convention, number=6, since=later)
    now = f.AmendmentFactory(convention=convention, number=2)
    f.end(Article.objects.get(convention=convention, number=5), now)
    assert offered(committee, committee.caf_member) == {"annexe-1": [AMEND]}
    convention.signed_on = convention.start = None
    convention.save()
    assert offered(committee, committee.coordinator) == {}


def test_the_page_leads_each_part_to_its_own_proposal(committee, client):
    client.force_login(committee.caf_member)
    response = client.get(f"/conventions/{committee.convention.slug}/texte/")
    html = response.content.decode()
    for part, kind, called in zip(
        parts_of(committee.convention), ["article", "annex"], ["Article 5", "Annexe 1"], strict=True
    ):
        address = url(committee, f"avenant/proposer/{kind}/{part.pk}/")
        assert html.count(f'href="{address}"') == 1
        assert html.index(f'id="{part.anchor}"') < html.index(address)
        page_of(client.get(address))
        assert f"{AMEND} : {called}" in unescape(text_of(html)).replace("\u00a0", " ")
    page_of(response)


def test_links_of_many_texts_are_read_in_as_many_queries(committee):
    def asked() -> int:
        parts = parts_of(committee.convention)
        with CaptureQueriesContext(connection) as queries:
            text_links(committee.caf_member, committee.convention, parts)
        return len(queries)

    few = asked()
    for number in range(10, 30):
        f.ArticleFactory(convention=committee.convention, number=number)
    assert asked() == few


def test_other_proposals_of_an_axis_lead_to_its_points(committee, client):
    """The link of the axes opens the list of points, of that axis alone."""
    axis = committee.orientation.theme.axis
    for n in range(PROPOSED_SHOWN + 2):
        committee.proposed(f"Ouvrir le lieu {n}")
    elsewhere = f.ObjectiveFactory(theme__axis__convention=committee.convention)
    committee.orientation = elsewhere
    committee.proposed("Fermer ailleurs")
    client.force_login(committee.caf_member)
    address = proposals_page(committee.convention, axis)
    html = client.get(f"/conventions/{committee.convention.slug}/axes/").content.decode()
    links = rf'<a href="{re.escape(address)}">\s*2\u00a0autres propositions<span'
    assert re.search(links, html)
    text = page_of(client.get(address))
    assert f"{PROPOSED_SHOWN + 2} points répondent à votre recherche" in text.replace("\u00a0", " ")
    assert "Ouvrir le lieu 6" in text
    assert "Fermer ailleurs" not in text
