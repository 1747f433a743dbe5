"""A stored text is read in the fields of today, whichever release wrote it."""

from contextlib import ExitStack
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError
from django.urls import reverse

from agreements.answers import events as answers
from agreements.commitments import canonical, upcasters
from agreements.commitments.commitment import Commitment, by_kind
from agreements.commitments.fields import Children, Number, Text
from agreements.models import State, Version
from agreements.versions import events as drafts
from conventions.access.rights import COORDINATION_ONLY, coordinates
from conventions.models import CooperationPost
from ctg_portal.house import house, overridden
from ctg_portal.rules import Refused
from tests.agreements.factories import committee_of
from tests.committee.pages import page_of
from tests.stories import told_once

SHARE = (Number("rank", "Rang"), Text("domain", "Domaine"), Number("fte", "Part", "ETP"))


def adds_cost(content: dict) -> dict:
    return content | {"cost_per_fte": "50000"}


def renames_time(content: dict) -> dict:
    """« time » is called « fte », « area » of a share « domain »."""
    shares = [{"domain": share.pop("area"), **share} for share in content["shares"]]
    return {"fte": content.pop("time"), **content, "shares": shares}


class OfPost(Commitment):
    """The coordinator's post, as if the committee decided on it."""

    kind, name, model, is_decided = "post", "poste", CooperationPost, True

    def subjects(self):
        return CooperationPost.objects.select_related("convention")

    def convention_of(self, row):
        return row.convention

    def may_draft(self, user, convention, row=None):
        return None if coordinates(user, convention) else COORDINATION_ONLY


class First(OfPost):
    """As the first release had it."""

    schema = 1
    fields = (
        Number("time", "Temps"),
        Children("shares", "Répartition",
                 (Number("rank", "Rang"), Text("area", "Secteur"), Number("fte", "Part"))),
    )  # fmt: skip


class Second(OfPost):
    schema = 2
    steps = {1: adds_cost}
    fields = (*First.fields, Number("cost_per_fte", "Coût"))


class Third(OfPost):
    schema = 3
    steps = {1: adds_cost, 2: renames_time}
    fields = (
        Number("fte", "Temps de travail", "ETP"),
        Children("shares", "Répartition", SHARE),
        Number("cost_per_fte", "Coût d’un ETP", "€"),
    )


@pytest.fixture
def deploy(monkeypatch):
    """``deploy(commitment)``: the release that declares it takes the place of the one before."""
    # What the model of the first releases called otherwise.
    for model, old, new in [
        (CooperationPost, "time", "fte"),
        (CooperationPost.shares.rel.related_model, "area", "domain"),
    ]:
        alias = property(
            lambda row, n=new: getattr(row, n), lambda row, v, n=new: setattr(row, n, v)
        )
        monkeypatch.setattr(model, old, alias, raising=False)
        # Read once a process by Django, which takes only these as keywords of a new row.
        names = model._meta._property_names | {old}
        monkeypatch.setattr(model._meta, "_property_names", names)
    with ExitStack() as release:

        def deploy(commitment: Commitment) -> None:
            others = [one for one in house().versions if one.kind != commitment.kind]
            release.enter_context(overridden(versions=[*others, commitment]))

        yield deploy


@told_once
def committee():
    return committee_of()


@told_once
def post(committee):
    return CooperationPost.objects.create(
        convention=committee.convention, fte=1, cost_per_fte=Decimal("40000")
    )


def agreed(committee, post, content) -> Version:
    draft = drafts.save_draft(post, content, by=committee.coordinator)
    version = drafts.propose(draft, by=committee.coordinator)
    committee.agree(version)
    return Version.objects.get(pk=version.pk)


def fresh(version) -> Version:
    return Version.objects.get(pk=version.pk)


@pytest.mark.django_db
class TestThreeReleases:
    """A text of the first release, read, compared and brought back by the two that follow."""

    def point(self, client, committee, version, **asked):
        client.force_login(committee.coordinator)
        url = reverse("committee:point", args=[committee.convention.slug, version.pk])
        return page_of(client.get(url, asked)).replace("\u202f", " ").replace("\xa0", " ")

    def test_a_text_is_read_after_each_release(self, client, committee, post, deploy):
        deploy(First())
        shares = [{"rank": 1, "area": "Petite enfance", "fte": "0.8"}]
        first = agreed(committee, post, {"time": "0.8", "shares": shares})
        bytes_of_first = first.text, first.digest
        assert first.schema == 1
        assert first.content == {"time": "0.8", "shares": shares}

        deploy(Second())
        assert fresh(first).content == {"time": "0.8", "shares": shares, "cost_per_fte": "50000"}
        assert "50 000" in self.point(client, committee, first)

        deploy(Third())
        renamed = [{"rank": 1, "domain": "Petite enfance", "fte": "0.8"}]
        content = {"fte": "0.8", "shares": renamed, "cost_per_fte": "50000"}
        assert fresh(first).content == content
        second = agreed(committee, post, content | {"cost_per_fte": "52000"})
        assert second.schema == 3
        compared = self.point(client, committee, second, depuis="1", vers="2")
        assert "Coût d’un ETP" in compared
        assert "Secteur" not in compared

        answers.retract(second, reason="Trop cher", by=committee.caf_member)
        first, post = fresh(first), CooperationPost.objects.get(pk=post.pk)
        assert first.state == State.IN_FORCE
        assert (post.fte, post.cost_per_fte) == (Decimal("0.8"), Decimal(50000))
        assert [(share.domain, share.fte) for share in post.shares.all()] == [
            ("Petite enfance", Decimal("0.8"))
        ]
        assert first.commitment.content(post) == first.content
        assert (first.text, first.digest) == bytes_of_first
        assert canonical.digest(first.text) == first.digest
        assert "Petite enfance" in self.point(client, committee, first)

    def test_an_old_content_in_the_schema_of_today_is_no_change(self, committee, post, deploy):
        deploy(First())
        first = agreed(committee, post, {"time": "0.8", "shares": []})
        deploy(Third())
        draft = drafts.save_draft(post, fresh(first).content, by=committee.coordinator)
        assert draft.text != first.text
        with pytest.raises(Refused) as refused:
            drafts.propose(draft, by=committee.coordinator)
        assert refused.value.refusal == drafts.NOTHING_CHANGED

    def test_drafts_of_two_releases_are_brought_together(self, committee, post, deploy):
        deploy(First())
        agreed(committee, post, {"time": "0.8", "shares": []})
        shares = [{"rank": 1, "area": "Jeunesse", "fte": "0.8"}]
        mine = drafts.save_draft(post, {"time": "0.8", "shares": shares}, by=committee.coordinator)
        other = committee.epci_seat.user.memberships.get()
        other.role = committee.coordinator.memberships.get().role
        other.save()
        deploy(Third())
        theirs = {"fte": "1", "shares": [], "cost_per_fte": "50000"}
        drafts.propose(drafts.save_draft(post, theirs, by=other.user), by=other.user)
        merged = drafts.merge_with_current(fresh(mine))
        assert merged.content == {
            "fte": "1",
            "shares": [{"rank": 1, "domain": "Jeunesse", "fte": "0.8"}],
            "cost_per_fte": "50000",
        }
        assert (merged.taken, merged.conflicts) == (["fte"], [])

    def test_an_older_draft_is_proposed_with_the_fields_of_today(self, committee, post, deploy):
        deploy(First())
        draft = drafts.save_draft(post, {"time": "0.8", "shares": []}, by=committee.coordinator)
        deploy(Third())
        version = fresh(drafts.propose(fresh(draft), by=committee.coordinator))
        assert version.schema == 3
        content = {"cost_per_fte": "50000", "fte": "0.8", "shares": []}
        assert version.text == canonical.canonical(content)
        assert version.digest == canonical.digest(version.text)

    def test_a_release_that_is_taken_back_guesses_nothing(self, committee, post, deploy):
        deploy(Third())
        content = {"cost_per_fte": "50000", "fte": "0.8", "shares": []}
        version = agreed(committee, post, content)
        deploy(Second())
        with pytest.raises(
            upcasters.UnreadableError, match="schema 3, this release knows schema 2"
        ):
            fresh(version).content  # noqa: B018


@pytest.mark.parametrize(
    ("schema", "steps"), [(2, {}), (1, {1: adds_cost}), (3, {1: adds_cost}), (2, {2: adds_cost})]
)
def test_a_commitment_without_the_right_steps_is_not_declared(schema, steps):
    wrong = type("Wrong", (First,), {"schema": schema, "steps": steps})
    with pytest.raises(ValueError, match="needs a step from each number below"):
        wrong()


# What a text lacks, or has more ------------------------------------------------------------------


def read(kind: str, content: dict, **fields) -> Version:
    return Version(kind=kind, schema=1, text=canonical.canonical(content), **fields)


def test_a_field_absent_from_a_text_has_the_value_of_a_new_row():
    content = read("action", {"title": "Ouvrir"}).content
    assert [field.name for field in by_kind("action").fields] == list(content)
    assert content["title"] == "Ouvrir"
    assert (content["theme"], content["objectives"], content["leads"]) == (None, [], [])
    assert (content["priority"], content["is_continuous"]) == ("normal", False)
    assert read("indicator", {}).content["factor"] == 1


def test_unknown_fields_of_a_text_are_not_read_and_stay():
    version = read("axis", {"title": "Habiter", "colour": "blue"})
    assert version.content == {"number": None, "title": "Habiter", "text": "", "is_priority": False}
    assert "blue" in version.text


def test_children_and_links_that_lack_fields_are_completed():
    line = {"planned": "12000", "year": 2024, "bank": "A"}
    content = read("action", {"fundings": [line], "leads": [{"organisation": {"id": 3}}]}).content
    assert content["fundings"] == [
        {"funder": None, "funder_name": "", "year": 2024, "nature": "operating", "scheme": "",
         "planned": "12000"}
    ]  # fmt: skip
    [lead] = content["leads"]
    assert lead == {"organisation": {"id": 3, "name": ""}, "name": "", "capacity": "", "user": None}
    nameless = read("action", {"communes": [{"name": "Naintré"}]}).content
    assert nameless["communes"] == [{"id": upcasters.NO_KEY, "name": "Naintré"}]


def test_a_text_tells_which_fields_it_lacks():
    whole = by_kind("axis").content(by_kind("axis").model())
    assert read("axis", whole).missing_fields == set()
    assert read("axis", {"title": "Habiter"}).missing_fields == {"number", "text", "is_priority"}
    assert read(
        "action", read("action", {}).content | {"leads": [{"name": "A"}]}
    ).missing_fields == {"leads"}


def test_the_withdrawal_is_no_field():
    version = read("objective", {"title": "Ouvrir", "ends": True}, ends=True)
    assert "ends" not in version.content


@pytest.mark.django_db
def test_the_database_takes_no_text_without_the_number_of_its_fields():
    version = committee_of().in_force()
    with pytest.raises(IntegrityError):
        Version.objects.filter(pk=version.pk).update(schema=0)


@pytest.mark.django_db
def test_a_row_keeps_its_values_where_a_text_lacks_required_ones():
    """No release writes such a text; an agreement is taken back all the same."""
    committee = committee_of()
    first = committee.in_force("Ouvrir")
    second = committee.edited(first, title="Agréer")
    committee.agree(second)
    text = canonical.canonical({"measure": "Nombre"})
    Version.objects.filter(pk=first.pk).update(text=text)
    answers.retract(second, reason="Trop tôt", by=committee.caf_member)
    row = ContentType.objects.get_for_id(first.content_type_id).get_object_for_this_type(
        pk=first.object_id
    )
    assert (row.measure, row.due_on) == ("Nombre", committee.convention.end)
