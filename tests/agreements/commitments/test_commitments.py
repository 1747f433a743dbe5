"""Any model takes part by declaring its commitment; nothing else knows it."""

from decimal import Decimal

import pytest

from agreements.answers import events as answers
from agreements.answers.lights import point_of
from agreements.commitments.commitment import (
    SIGNED,
    Commitment,
    by_kind,
    commitment_of,
    commitments,
    committee_commitments,
)
from agreements.commitments.fields import Children, Number, Text
from agreements.models import State, Version
from agreements.versions import events as drafts
from committee.amendments import events as talk
from conventions.access.rights import COORDINATION_ONLY, coordinates
from conventions.models import Annex, CooperationPost, Objective
from ctg_portal.house import house, overridden
from ctg_portal.rules import Refusal, Refused
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


class PostCommitment(Commitment):
    """The coordinator's post, as if the committee decided on it."""

    kind, name, schema, model = "post", "poste", 1, CooperationPost
    is_decided = True
    fields = (
        Number("fte", "Temps de travail", "ETP"),
        Children(
            "shares",
            "Répartition",
            (Number("rank", "Rang"), Text("domain", "Domaine"), Number("fte", "Part", "ETP")),
        ),
    )

    def subjects(self):
        return CooperationPost.objects.select_related("convention")

    def convention_of(self, row):
        return row.convention

    def may_draft(self, user, convention, row=None):
        return None if coordinates(user, convention) else COORDINATION_ONLY

    def refuse_incomplete(self, convention, content, row=None):
        shares = sum(Decimal(share["fte"]) for share in content["shares"])
        if shares != Decimal(content["fte"]):
            return Refusal("La répartition n’est pas celle du temps de travail.")
        return None


@pytest.fixture
def post_commitment():
    commitment = PostCommitment()
    with overridden(versions=[*house().versions, commitment]):
        yield commitment


@told_once
def committee():
    return committee_of()


@told_once
def post(committee):
    post = CooperationPost.objects.create(
        convention=committee.convention, fte=1, cost_per_fte=Decimal("48000")
    )
    post.shares.create(rank=1, domain="Petite enfance", fte=Decimal("0.7"))
    post.shares.create(rank=2, domain="Parentalité", fte=Decimal("0.3"))
    return post


def shares_of(post):
    post.refresh_from_db()
    return [(share.domain, share.fte) for share in post.shares.all()]


def wanted(*shares, fte="1.5"):
    children = [{"rank": n, "domain": d, "fte": part} for n, (d, part) in enumerate(shares, 1)]
    return {"fte": Decimal(fte), "shares": children}


def test_a_row_and_its_children_are_agreed_to_as_one(committee, post, post_commitment):
    before = shares_of(post)
    content = wanted(("Petite enfance", Decimal("1.00")), ("Jeunesse", "0.5"))
    draft = drafts.save_draft(post, content, by=committee.coordinator)
    version = drafts.propose(draft, by=committee.coordinator)
    assert (version.number, version.kind, version.schema) == (1, "post", 1)
    committee.agree(version, committee.caf_member)
    version.refresh_from_db()
    assert version.state == State.PROPOSED
    committee.agree(version, committee.epci_member)
    version.refresh_from_db()
    assert version.state == State.IN_FORCE
    assert shares_of(post) == [("Petite enfance", Decimal("1.00")), ("Jeunesse", Decimal("0.50"))]
    assert shares_of(post) != before
    assert (post.fte, post.cost_per_fte) == (Decimal("1.5"), Decimal("48000"))
    assert version.content["shares"][1] == {"rank": 2, "domain": "Jeunesse", "fte": "0.5"}
    assert post_commitment.content(post) == version.content


def test_the_rules_of_a_new_commitment_hold_in_the_events(committee, post, post_commitment):
    draft = drafts.save_draft(post, wanted(("Jeunesse", "0.5")), by=committee.coordinator)
    with pytest.raises(Refused, match="La répartition"):
        drafts.propose(draft, by=committee.coordinator)
    with pytest.raises(Refused, match="Seule la coordination"):
        drafts.save_draft(post, wanted(), by=committee.caf_member)


def test_drafts_that_change_different_parts_of_a_commitment_are_merged(
    committee, post, post_commitment
):
    other = f.MembershipFactory(organisation=committee.caf, coordinator=True).user
    first = wanted(("Jeunesse", "1.5"))
    version = drafts.propose(
        drafts.save_draft(post, first, by=committee.coordinator), by=committee.coordinator
    )
    committee.agree(version)
    mine = drafts.save_draft(post, first | {"fte": Decimal(2)}, by=committee.coordinator)
    shared = wanted(("Jeunesse", "1"), ("Logement", "0.5"))
    drafts.propose(drafts.save_draft(post, shared, by=other), by=other)
    merged = drafts.merge_with_current(mine)
    assert (merged.content["fte"], merged.taken, merged.conflicts) == ("2", ["shares"], [])
    assert [share["domain"] for share in merged.content["shares"]] == ["Jeunesse", "Logement"]


def test_taking_the_agreement_back_brings_the_children_back(committee, post, post_commitment):
    first, second = wanted(("Jeunesse", "1.5")), wanted(("Logement", "1.5"))
    for content in (first, second):
        version = drafts.propose(
            drafts.save_draft(post, content, by=committee.coordinator), by=committee.coordinator
        )
        committee.agree(version)
    assert shares_of(post) == [("Logement", Decimal("1.50"))]
    answers.retract(version, reason="Trop tôt", by=committee.caf_member)
    assert shares_of(post) == [("Jeunesse", Decimal("1.50"))]


def test_a_commitment_taken_away_leaves_nothing_behind(committee, post):
    """What other models do does not change when one takes part, or no longer does."""
    known = commitments()
    commitment = PostCommitment()
    with overridden(versions=[*known, commitment]):
        assert by_kind("post") is commitment_of(post) is commitment
        assert commitment in committee_commitments()
        version = committee.in_force()
    assert commitments() == known
    with pytest.raises(KeyError):
        commitment_of(post)
    assert point_of(version).is_agreed
    assert committee.edited(version, title="Autre").number == 2
    assert [v.kind for v in Version.objects.of(committee.convention)] == ["objective"] * 2


# What the convention itself commits to -----------------------------------------------------------


@pytest.mark.parametrize("kind", ["article", "annex", "axis", "theme"])
def test_signed_texts_are_written_by_nobody(committee, kind):
    for user in (committee.coordinator, committee.caf_member, None):
        assert by_kind(kind).may_draft(user, committee.convention) == SIGNED


def test_signed_objectives_are_not_edited_and_own_ones_are(committee):
    commitment = by_kind("objective")
    own = committee.in_force().subject
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    for user in (committee.coordinator, adviser, None):
        assert commitment.may_draft(user, committee.convention, own) is None
        assert commitment.may_draft(user, committee.convention, committee.orientation) == SIGNED
    member = committee.caf_member
    assert commitment.may_draft(member, committee.convention, own) == COORDINATION_ONLY
    with pytest.raises(Refused, match="signé"):
        drafts.save_draft(committee.orientation, committee.content(), by=committee.coordinator)


@pytest.mark.parametrize(
    "lacking", [{"title": "  "}, {"measure": ""}, {"due_on": None}, {"due_on": "2001-01-01"}]
)
def test_an_objective_is_dated_within_the_term_and_measurable(committee, lacking):
    with pytest.raises(Refused, match=r"(intitulé, une échéance|pendant la convention)"):
        committee.proposed(**({"title": "Ouvrir"} | lacking))


def test_the_first_and_the_last_day_of_the_term_are_within(committee):
    commitment, convention = by_kind("objective"), committee.convention
    for day in (convention.start, convention.end):
        content = committee.content() | {"due_on": day.isoformat()}
        assert commitment.refuse_incomplete(convention, content) is None


def test_headings_are_in_the_words_of_the_territory():
    convention = f.ConventionFactory(labels={"axe": "Défi", "objectif": "Priorité"})
    own = committee_of().in_force().subject
    theme = f.ThemeFactory(axis__convention=convention, axis__number=3, number="3.1")
    orientation = f.ObjectiveFactory(theme=theme)
    part = f.ObjectiveFactory(parent=orientation)
    committees = f.ObjectiveFactory(parent=orientation, committee=True)
    headings = [commitment_of(row).heading(row) for row in (theme.axis, theme, orientation, part)]
    assert headings == ["Défi 3", "Thématique 3.1", "Priorité", "Sous-priorité"]
    assert commitment_of(committees).heading(committees) == "Priorité du comité"
    assert commitment_of(own).heading(own) == "Objectif du comité"


def test_each_kind_of_commitment_has_its_french_word():
    rooms = ("agreements.", "committee.")
    own = [c for c in commitments() if type(c).__module__.startswith(rooms)]
    assert [c.word(f.ConventionFactory.build()).the for c in own] == [
        "l’article", "l’annexe", "l’axe", "la thématique", "l’objectif", "la requalification",
        "l’enjeu partagé", "le compte rendu",
    ]  # fmt: skip
    assert [c.plural for c in own][-3:] == [
        "requalifications", "enjeux partagés", "comptes rendus",
    ]  # fmt: skip
    decided = [c.kind for c in committee_commitments() if c in own]
    assert decided == ["objective", "reclassification", "stake", "minutes"]


def test_lines_leave_out_what_a_version_did_not_know():
    article = by_kind("article")
    lines = article.lines({"title": "Objet", "text": "Les **parties**"})
    assert [(line.label, line.is_prose) for line in lines] == [("Titre", False), ("Texte", True)]


def test_an_objective_is_edited_on_its_page_and_a_text_on_none(committee):
    row = committee.in_force().subject
    url = f"/conventions/{committee.convention.slug}/comite/objectifs/{row.pk}/modifier/"
    assert by_kind("objective").edit_url(row) == url
    annex = f.AnnexFactory(convention=committee.convention)
    assert by_kind("annex").edit_url(annex) is None
    assert by_kind("objective").end_url(row) == url.replace("modifier", "retirer")
    assert by_kind("annex").end_url(annex) is None
    assert by_kind("annex").model is Annex
    assert talk.refuse_unsigned(annex) is None


def test_only_what_is_signed_and_still_in_force_is_for_an_amendment(committee):
    own = Objective.objects.get(pk=committee.in_force().object_id)
    ended = f.AnnexFactory(convention=committee.convention)
    f.end(ended, f.AmendmentFactory(convention=committee.convention, number=1))
    project = f.ArticleFactory(convention__project=True)
    for row in (own, ended, project):
        assert talk.refuse_unsigned(row) == talk.UNSIGNED
    assert talk.refuse_unsigned(committee.orientation) is None
