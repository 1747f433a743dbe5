"""What the search finds of the committee's work."""

import pytest
from django.urls import reverse

from agreements.answers.events import Reply, answer
from agreements.models import Answer
from committee.amendments.events import propose_amendment, withdraw_amendment
from committee.comments.events import comment
from committee.dossiers.events import send_dossier
from conventions.search.reading import search
from tests import factories as f
from tests.agreements.factories import Committee, SeatFactory, committee_of, yesterday
from tests.stories import told_once

pytestmark = pytest.mark.both


@told_once
def committee(db) -> Committee:
    return committee_of()


def hits_of(committee, query) -> dict:
    groups = search(committee.convention, committee.convention.start, query)
    return {group.heading: [(hit.title, hit.url) for hit in group.hits] for group in groups}


def at(committee, name, *args) -> str:
    return reverse(f"committee:{name}", args=[committee.convention.slug, *args])


def test_answer_is_found_by_its_reason_and_its_person(committee):
    version = committee.proposed("Ouvrir un guichet")
    reply = Reply(version, Answer.CHANGE_REQUESTED, reason="Il manque un calendrier réaliste.")
    entry = answer(reply, by=committee.caf_member)
    ((title, url),) = hits_of(committee, "calendrier realiste")["Registre du comité"]
    assert title.startswith("Ouvrir un guichet : CAF 99 a demandé une modification")
    assert url == at(committee, "entry", entry.pk)


def test_version_is_found_in_the_register_by_who_proposed_it(committee):
    version = committee.proposed("Ouvrir un guichet")
    acts = hits_of(committee, "guichet")["Registre du comité"]
    assert acts == [("Ouvrir un guichet : version proposée", at(committee, "point", version.pk))]


def test_comment_is_found_at_its_point(committee):
    version = committee.proposed()
    comment(version, text="Pensons aux horaires décalés.", by=committee.caf_member)
    ((_, url),) = hits_of(committee, "horaires décalés")["Commentaires"]
    assert url == at(committee, "point", version.pk)


def test_dossier_is_found_by_its_title_and_message(committee):
    dossier = send_dossier(
        committee.convention,
        [committee.proposed()],
        title="Avant la plénière",
        by=committee.coordinator,
    )
    assert hits_of(committee, "pléniere")["Dossiers"] == [
        ("Avant la plénière", at(committee, "dossier", dossier.pk))
    ]


def test_proposal_for_an_amendment_is_found_until_it_is_withdrawn(committee):
    proposal = propose_amendment(
        committee.orientation, wording="Développer le périscolaire", reason="Un besoin.",
        by=committee.caf_member,
    )  # fmt: skip
    ((_, url),) = hits_of(committee, "periscolaire")["Propositions d’avenant"]
    assert url == at(committee, "amendments") + f"#proposition-{proposal.pk}"
    withdraw_amendment(proposal, by=committee.caf_member)
    assert hits_of(committee, "periscolaire") == {}


def test_a_member_is_found_on_the_page_of_the_composition(committee):
    SeatFactory(organisation=committee.caf, name="Odile Vasseur")
    SeatFactory(organisation=committee.caf, name="Odile Ancien", ends_on=yesterday())
    assert dict(hits_of(committee, "odile")["Personnes"]) == {
        "Odile Vasseur": at(committee, "composition") + f"#organisme-{committee.caf.pk}",
        "Odile Ancien": at(committee, "composition_history"),
    }


def test_nothing_of_a_draft_or_of_another_convention_is_found(committee):
    other = committee_of()
    version = other.proposed("Zinnia")
    comment(version, text="Zinnia", by=other.caf_member)
    send_dossier(other.convention, [version], title="Zinnia", by=other.coordinator)
    SeatFactory(organisation=other.caf, name="Zinnia")
    committee.draft("Zinnia")
    assert hits_of(committee, "zinnia") == {}
    assert set(hits_of(other, "zinnia")) == {
        "Objectifs", "Personnes", "Dossiers", "Registre du comité", "Commentaires",
    }  # fmt: skip


def test_search_finds_for_the_reader_as_the_page_shows_it(client, committee):
    comment(committee.proposed(), text="Pensons aux horaires.", by=committee.caf_member)
    reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
    client.force_login(reader)
    page = client.get(f"/conventions/{committee.convention.slug}/recherche/", {"q": "horaires"})
    assert "Pensons aux <mark>horaires</mark>." in page.content.decode()
